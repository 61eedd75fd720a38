"""Possible duplicates: somebody decides; a merge keeps its history, and nothing merges itself."""

from dataclasses import dataclass
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from participants.commands.telling import (
    advance_moved,
    claim_moved,
    person_amended,
    person_merge_undone,
    person_merged,
    settlement_moved,
    trip_moved,
)
from participants.domain.duplicate import Proposal, ProposalState, Verdict
from participants.domain.errors import MergeInvalid, MergeStands
from participants.domain.person import Person
from participants.storage import duplicates, identities, persons
from participants.storage.duplicates import Moved


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


async def undo_merge(unit: Unit, proposal_id: UUID, *, expected: int, by: Caller) -> Proposal:
    """Part two records that were merged by mistake; the pair counts as two people from then on.

    The trips that the merge moved go back with their claims, advances and settlements; what came
    to the other record since stays there. Names, documents and keys never moved. The last merge
    is undone first. Refused: NoSuchProposal, NoSuchPerson, StaleVersion, MergeStands.
    """
    async with unit.begin() as tx:
        proposal = await duplicates.lock(tx, proposal_id, by=by)
        proposal.must_be_at(expected)
        done = proposal.undone(by.subject)
        await _part(tx, await _parting(tx, proposal, by), by)
        await duplicates.save(tx, done)
        return tx.result(done)


async def reopen_decision(unit: Unit, proposal_id: UUID, *, expected: int, by: Caller) -> Proposal:
    """Let two records that were held apart by mistake, or parted, be decided about again.

    Refused: NoSuchProposal, StaleVersion, NotHeldApart.
    """
    async with unit.begin() as tx:
        proposal = await duplicates.lock(tx, proposal_id, by=by)
        proposal.must_be_at(expected)
        done = proposal.undecided()
        await duplicates.save(tx, done)
        return tx.result(done)


async def _parting(tx: Tx, proposal: Proposal, by: Caller) -> Merge:
    pair = sorted((proposal.one, proposal.other))
    for each in pair:
        await persons.lock(tx, each, by=by)
    standing = {each: await identities.standing(tx, each) for each in pair}
    if any(each.erased for each in standing.values()):
        raise MergeStands("who they were was erased", reason="erased")
    for gone, stays in (pair, pair[::-1]):
        if standing[gone].merged_into == stays and standing[stays].merged_into is None:
            return Merge(stays, gone)
    raise MergeStands("one of them was merged again since", reason="merged_again")


async def _part(tx: Tx, merge: Merge, by: Caller) -> None:
    stays, _ = await persons.lock(tx, merge.survivor, by=by)
    gone, number = await persons.lock(tx, merge.merged, by=by)
    trips = await duplicates.moved_trips(tx, stays.id, gone.id)
    moved = await duplicates.move_back(tx, stays.id, gone.id, number, trips)
    await identities.put_standing(tx, gone.id, merged_into=None)
    opened, shrunk = gone.amended(), stays.amended()
    await persons.save(tx, opened)
    await persons.save(tx, shrunk)
    tx.tell(person_merge_undone(opened, stays.id), about=opened)
    _tell_rest(tx, shrunk, moved)
    for each in await identities.merged_into(tx, gone.id):
        before, _ = await persons.lock(tx, each, by=by)
        again = before.amended()
        await persons.save(tx, again)
        tx.tell(person_merged(again, gone.id), about=again)


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
    trips = sorted(each.id for each in moved.trips)
    await duplicates.keep_history(tx, stays.id, gone.id, trips, by.subject)
    await identities.put_standing(tx, gone.id, merged_into=stays.id)
    closed, grown = gone.amended(), stays.amended()
    await persons.save(tx, closed)
    await persons.save(tx, grown)
    tx.tell(person_merged(closed, stays.id), about=closed)
    _tell_rest(tx, grown, moved)


def _tell_rest(tx: Tx, survivor: Person, moved: Moved) -> None:
    """Tell what was written besides: copies name the person, and carry the version to write on."""
    tx.tell(person_amended(survivor, "merge"), about=survivor)
    for trip in moved.trips:
        tx.tell(trip_moved(trip), about=trip)
    for claim in moved.claims:
        tx.tell(claim_moved(claim), about=claim)
    for advance in moved.advances:
        tx.tell(advance_moved(advance), about=advance)
    for settlement in moved.settlements:
        tx.tell(settlement_moved(settlement), about=settlement)


async def _open(tx: Tx, person_id: UUID, by: Caller) -> tuple[Person, int]:
    found = await persons.lock(tx, person_id, by=by)
    (await identities.standing(tx, person_id)).must_be_open()
    return found
