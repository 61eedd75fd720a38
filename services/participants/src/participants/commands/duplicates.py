"""Possible duplicates: somebody decides; a merge keeps its history, and nothing merges itself."""

from dataclasses import dataclass
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from participants.commands.telling import person_merged
from participants.domain.duplicate import Proposal, ProposalState, Verdict
from participants.domain.errors import MergeInvalid
from participants.domain.person import Person
from participants.storage import duplicates, identities, persons


@dataclass(frozen=True, slots=True)
class Merge:
    """Which of two records stays."""

    survivor: UUID
    merged: UUID


async def decide_duplicate(
    unit: Unit,
    proposal_id: UUID,
    *,
    verdict: Verdict,
    survivor: UUID | None,
    expected: int,
    by: Caller,
) -> Proposal:
    """Decide whether two records are one person; if so, trips go to the one that stays.

    Refused: NoSuchProposal, NoSuchPerson, StaleVersion, ProposalDecided, MergeInvalid,
    PersonClosed, TripOverlaps where both records travel at the same time.
    """
    async with unit.begin() as tx:
        proposal = await duplicates.lock(tx, proposal_id, by=by)
        proposal.must_be_at(expected)
        if verdict is Verdict.DIFFERENT_PEOPLE:
            done = proposal.ruled(ProposalState.DISMISSED, by.subject)
        else:
            done = proposal.ruled(ProposalState.MERGED, by.subject)
            await _merge(tx, _chosen(proposal, survivor), by)
        await duplicates.save(tx, done)
        return tx.result(done)


def _chosen(proposal: Proposal, survivor: UUID | None) -> Merge:
    pair = {proposal.one, proposal.other}
    if survivor is None or survivor not in pair:
        raise MergeInvalid("`survivor` must be one of the two records")
    (merged,) = pair - {survivor}
    return Merge(survivor, merged)


async def _merge(tx: Tx, merge: Merge, by: Caller) -> None:
    people = {each: await _open(tx, each, by) for each in sorted((merge.survivor, merge.merged))}
    stays, number = people[merge.survivor]
    gone, _ = people[merge.merged]
    moved = await duplicates.move(tx, gone.id, stays.id, number)
    await duplicates.keep_history(tx, stays.id, gone.id, moved, by.subject)
    await identities.put_standing(tx, gone.id, merged_into=stays.id)
    closed, grown = gone.amended(), stays.amended()
    await persons.save(tx, closed)
    await persons.save(tx, grown)
    tx.tell(person_merged(closed, stays.id), about=closed)


async def _open(tx: Tx, person_id: UUID, by: Caller) -> tuple[Person, int]:
    found = await persons.lock(tx, person_id, by=by)
    (await identities.standing(tx, person_id)).must_be_open()
    return found
