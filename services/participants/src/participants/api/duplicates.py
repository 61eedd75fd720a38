"""Routes of possible duplicates."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from fastapi import APIRouter, Response

from kit.db.paging import Asked, Page
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer, etag
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from kit.wire import Answer, Ref, Request
from participants.commands import duplicates as commands
from participants.commands.looking import note_looks
from participants.context import Cursor, Finder, GlanceDep, Limit, Protector, UnitDep
from participants.domain import duplicate as domain
from participants.domain import errors
from participants.domain.access import FieldClass
from participants.domain.duplicate import ProposalState, Verdict
from participants.queries import duplicates

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["people"])


class DuplicateDecision(Request):
    """Whether two records are one person, and then which one stays."""

    verdict: Verdict
    survivor: Ref | None = None


class PossibleDuplicate(Answer):
    """Two records that may be one person; `grounds` says what is alike, never a value.

    It is of `spelling`, `sound` and `born`, and `document` where both have the same number.
    """

    id: UUID
    etag: str
    one: UUID
    other: UUID
    grounds: Sequence[str]
    state: ProposalState
    decided_by: str | None

    @classmethod
    def of(cls, proposal: domain.Proposal) -> Self:
        """Return the wire form."""
        return cls(
            id=proposal.id,
            etag=etag(proposal.version),
            one=proposal.one,
            other=proposal.other,
            grounds=proposal.grounds,
            state=proposal.state,
            decided_by=proposal.decided_by,
        )


def _listing(found: Page[domain.Proposal]) -> Listing[PossibleDuplicate]:
    items = [PossibleDuplicate.of(each) for each in found.items]
    return Listing[PossibleDuplicate](items=items, next=found.next)


@router.get(
    "/possible-duplicates",
    response_model=Listing[PossibleDuplicate],
    responses=problems(CursorInvalid),
    operation_id="possible_duplicates",
)
async def list_duplicates(
    caller: Finder,
    look: GlanceDep,
    unit: UnitDep,
    *,
    state: ProposalState | None = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List records that may be one person, in whatever spelling or alphabet; looks are logged."""
    asked = Asked(caller.client, after, limit, {"state": state})
    found = await duplicates.proposals(unit, asked, state=state, by=caller)
    pairs = {person_id for each in found.items for person_id in (each.one, each.other)}
    await note_looks(unit, look, pairs, FieldClass.LIKENESS, operation="list_duplicates")
    return answer(_listing(found))


@router.post(
    "/possible-duplicates/{proposal_id}/decision",
    status_code=201,
    response_model=PossibleDuplicate,
    responses=problems(
        errors.NoSuchProposal,
        errors.NoSuchPerson,
        errors.ProposalDecided,
        errors.MergeInvalid,
        errors.PersonClosed,
        errors.TripOverlaps,
        errors.DayAlreadyPaid,
        StaleVersion,
        PreconditionRequired,
    ),
    operation_id="decide_duplicate",
)
async def decide_duplicate(
    proposal_id: UUID, body: DuplicateDecision, caller: Protector, expected: IfMatch, once: Once
) -> Response:
    """Decide about two records; merged, trips and claims go to the one that stays."""
    return await once(
        lambda unit: commands.decide_duplicate(
            unit,
            proposal_id,
            verdict=body.verdict,
            survivor=body.survivor,
            expected=expected,
            by=caller,
        ),
        PossibleDuplicate.of,
    )


@router.post(
    "/possible-duplicates/{proposal_id}/undoing",
    status_code=201,
    response_model=PossibleDuplicate,
    responses=problems(
        errors.NoSuchProposal,
        errors.NoSuchPerson,
        errors.MergeStands,
        StaleVersion,
        PreconditionRequired,
    ),
    operation_id="undo_merge",
)
async def undo_merge(
    proposal_id: UUID, caller: Protector, expected: IfMatch, once: Once
) -> Response:
    """Part two records merged by mistake; the trips the merge moved go back."""
    return await once(
        lambda unit: commands.undo_merge(unit, proposal_id, expected=expected, by=caller),
        PossibleDuplicate.of,
    )


@router.post(
    "/possible-duplicates/{proposal_id}/reopening",
    status_code=201,
    response_model=PossibleDuplicate,
    responses=problems(
        errors.NoSuchProposal, errors.NotHeldApart, StaleVersion, PreconditionRequired
    ),
    operation_id="reopen_duplicate",
)
async def reopen_duplicate(
    proposal_id: UUID, caller: Protector, expected: IfMatch, once: Once
) -> Response:
    """Decide again about two records held apart by mistake, or parted to let the other stay."""
    return await once(
        lambda unit: commands.reopen_decision(unit, proposal_id, expected=expected, by=caller),
        PossibleDuplicate.of,
    )
