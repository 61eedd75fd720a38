"""Routes of claims."""

from uuid import UUID

from fastapi import APIRouter, Response

from kit.db.paging import Asked
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from kit.wire import Code
from participants.api import wire_claims as wire
from participants.api.requests_claims import (
    ClaimDecision,
    ClaimedItems,
    NewClaim,
    Reopening,
    Resolution,
    Taking,
)
from participants.commands import claims as commands
from participants.commands.reopening import reopen_claim
from participants.context import Cursor, Limit, Reader, UnitDep, Verifier, Writer
from participants.domain import errors
from participants.domain.claim import Claim, ClaimState
from participants.queries import claims

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["claims"])
_CHECKING = (
    errors.NoSuchClaim,
    errors.ClaimCannotMove,
    errors.ClaimInvalid,
    errors.FourEyes,
    errors.NoSuchTrip,
    errors.TripCannotMove,
    StaleVersion,
    PreconditionRequired,
)


def _location(claim: Claim) -> str:
    return f"/v1/claims/{claim.id}"


@router.post(
    "/claims",
    status_code=201,
    response_model=wire.Claim,
    responses=problems(
        errors.NoSuchTrip,
        errors.PersonClosed,
        errors.ClaimInvalid,
        errors.ClaimCannotMove,
        errors.ClaimExists,
        errors.DayAlreadyPaid,
        errors.TripCannotMove,
    ),
    operation_id="declare_claim",
)
async def declare_claim(body: NewClaim, caller: Writer, once: Once) -> Response:
    """Declare what a trip cost; no day can have an allowance twice."""
    return await once(
        lambda unit: commands.declare_claim(
            unit, body.trip_id, body.asked(), draft=body.draft, by=caller
        ),
        wire.Claim.of,
        location=_location,
    )


@router.get(
    "/claims",
    response_model=Listing[wire.Claim],
    responses=problems(CursorInvalid),
    operation_id="claims",
)
async def list_claims(
    caller: Reader,
    unit: UnitDep,
    *,
    state: ClaimState | None = None,
    programme: Code | None = None,
    trip_id: UUID | None = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List the claims you may see, the oldest first."""
    wanted = claims.ClaimFilter(state, programme, trip_id)
    asked = Asked(caller.client, after, limit, wanted.as_filters())
    found = await claims.claims_of(unit, asked, wanted, by=caller)
    items = [wire.Claim.of(claim) for claim in found.items]
    return answer(Listing[wire.Claim](items=items, next=found.next))


@router.get(
    "/claims/{claim_id}",
    response_model=wire.Claim,
    responses=problems(errors.NoSuchClaim),
    operation_id="claim",
)
async def read_claim(claim_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read one claim with its items."""
    found = await claims.claim(unit, claim_id, by=caller)
    return answer(wire.Claim.of(found), version=found.version)


@router.put(
    "/claims/{claim_id}/items",
    response_model=wire.Claim,
    responses=problems(*_CHECKING),
    operation_id="rewrite_draft_claim",
)
async def rewrite_draft(
    claim_id: UUID, body: ClaimedItems, caller: Writer, expected: IfMatch, unit: UnitDep
) -> Response:
    """Put other items in the place of those of a draft."""
    claim = await commands.rewrite_draft(unit, claim_id, body.asked(), expected=expected, by=caller)
    return answer(wire.Claim.of(claim), version=claim.version)


@router.post(
    "/claims/{claim_id}/submission",
    status_code=201,
    response_model=wire.Claim,
    responses=problems(*_CHECKING, errors.DayAlreadyPaid),
    operation_id="submit_claim",
)
async def submit_claim(claim_id: UUID, caller: Writer, expected: IfMatch, once: Once) -> Response:
    """Submit a draft: its days are taken from now on, and its trip is claimed."""
    return await once(
        lambda unit: commands.submit_claim(unit, claim_id, expected=expected, by=caller),
        wire.Claim.of,
    )


@router.post(
    "/claims/{claim_id}/withdrawal",
    status_code=201,
    response_model=wire.Claim,
    responses=problems(
        errors.NoSuchClaim, errors.ClaimCannotMove, StaleVersion, PreconditionRequired
    ),
    operation_id="withdraw_claim",
)
async def withdraw_claim(claim_id: UUID, caller: Writer, expected: IfMatch, once: Once) -> Response:
    """Give up a draft: it stays on record, and its trip can have another claim."""
    return await once(
        lambda unit: commands.withdraw_claim(unit, claim_id, expected=expected, by=caller),
        wire.Claim.of,
    )


@router.post(
    "/claims/{claim_id}/check",
    status_code=201,
    response_model=wire.Claim,
    responses=problems(*_CHECKING),
    operation_id="take_claim_to_check",
)
async def take_to_check(
    claim_id: UUID, body: Taking, caller: Verifier, expected: IfMatch, once: Once
) -> Response:
    """Take a claim to check it; not by who declared it, unless `override` says why.

    A claim that a colleague has taken can be taken over, under its newest tag.
    """
    return await once(
        lambda unit: commands.take_to_check(
            unit, claim_id, override=body.override, expected=expected, by=caller
        ),
        wire.Claim.of,
    )


@router.post(
    "/claims/{claim_id}/decision",
    status_code=201,
    response_model=wire.Claim,
    responses=problems(*_CHECKING),
    operation_id="decide_claim",
)
async def decide_claim(
    claim_id: UUID, body: ClaimDecision, caller: Verifier, expected: IfMatch, once: Once
) -> Response:
    """Certify, deduct or park each item; never more than was declared."""
    return await once(
        lambda unit: commands.decide_claim(
            unit, claim_id, body.decisions(), expected=expected, by=caller
        ),
        wire.Claim.of,
    )


@router.post(
    "/claims/{claim_id}/parked-decision",
    status_code=201,
    response_model=wire.Claim,
    responses=problems(*_CHECKING, errors.ParkedResolved),
    operation_id="resolve_parked",
)
async def resolve_parked(
    claim_id: UUID, body: Resolution, caller: Verifier, expected: IfMatch, once: Once
) -> Response:
    """Decide what the check had parked: a claim of its own, which names this one."""
    return await once(
        lambda unit: commands.resolve_parked(
            unit,
            claim_id,
            body.decisions(),
            override=body.override,
            expected=expected,
            by=caller,
        ),
        wire.Claim.of,
        location=_location,
    )


@router.post(
    "/claims/{claim_id}/reopening",
    status_code=201,
    response_model=wire.Claim,
    responses=problems(*_CHECKING, errors.ParkedResolved, errors.PaymentCannotMove),
    operation_id="reopen_claim",
)
async def reopen(
    claim_id: UUID, body: Reopening, caller: Verifier, expected: IfMatch, once: Once
) -> Response:
    """Take back the decision about a claim that is not paid, to have it checked again."""
    return await once(
        lambda unit: reopen_claim(
            unit,
            claim_id,
            reason=body.reason,
            override=body.override,
            expected=expected,
            by=caller,
        ),
        wire.Claim.of,
    )
