"""Routes of claims as money sees them: what trips may spend, what waits, booking it elsewhere."""

from datetime import date
from functools import partial
from typing import Self
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi import Request as Asking

from kit.db.paging import Asked
from kit.errors import StaleVersion
from kit.money import CurrenciesDiffer
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer, etag, unless_known
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from kit.wire import Amount, Answer, Code, Instant, Request
from programmes.api.examples import shown
from programmes.api.exports import FILES, Format, Formatted, given
from programmes.commands import claims as commands
from programmes.context import Cursor, Limit, ProgrammeCode, Reader, UnitDep, Writer
from programmes.domain import claim, errors
from programmes.domain.budget_line import RefusalReason
from programmes.queries import claims as queries

router = APIRouter(
    prefix="/v1/programmes/{code}/claims", route_class=StrictRoute, tags=["budget lines"]
)


class BookedClaim(Answer):
    """A claim after it was booked on a line."""

    id: UUID
    trip_id: UUID
    revision: int
    resolves: UUID | None
    budget_line: str | None
    certified: Amount
    parked: Amount
    currency: str
    state: claim.ClaimState
    reason: RefusalReason | None
    available: Amount | None
    available_currency: str | None
    settlement_id: UUID | None
    paid: Amount | None
    paid_on: date | None
    version: int

    @classmethod
    def of(cls, it: claim.Claim) -> Self:
        """Return the wire form of a claim."""
        shown_ = {name: getattr(it, name, None) for name in cls.model_fields}
        paid, left = it.payment, it.available
        own = {
            "budget_line": it.line,
            "certified": it.certified.amount,
            "currency": it.certified.currency,
            "available": left and left.amount,
            "available_currency": left and left.currency,
            "settlement_id": paid and paid.settlement_id,
            "paid": paid and paid.amount,
            "paid_on": paid and paid.paid_on,
        }
        return cls.model_validate({**shown_, **own})


class Claim(BookedClaim):
    """What a checked claim of a trip may spend, and where that money stands.

    `covered` is committed, `spent` is paid and booked. What is `waiting` is on no line: `reason`
    says why, `available` what the line had. `parked` is kept until a claim that `resolves` this
    one decides it.
    """

    updated_at: Instant


class NewBooking(Request):
    """The line that a claim which waits is booked on."""

    model_config = shown(budget_line="PER-DIEM")

    budget_line: Code


@router.get(
    "",
    operation_id="list_spending_claims",
    response_model=Listing[Claim],
    responses=FILES | problems(errors.NoSuchProgramme, CursorInvalid),
)
async def list_claims(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    *,
    state: claim.ClaimState | None = None,
    form: Formatted = Format.JSON,
    after: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List the checked claims of trips, oldest first; `state=waiting` is what lacks money."""
    asked = Asked(caller.client, after, limit, {"programme": code, "state": state})
    fetch = partial(queries.claims, unit, code=code, state=state and state.value, by=caller)
    return await given(fetch, asked, form, f"claims-{code}")


@router.get(
    "/{claim_id}",
    operation_id="spending_claim",
    response_model=Claim,
    responses=problems(claim.NoSuchClaim),
)
async def read_claim(
    request: Asking, code: ProgrammeCode, claim_id: UUID, caller: Reader, unit: UnitDep
) -> Response:
    """Read a claim and where its money stands."""
    body, version = await queries.claim_of(unit, code, claim_id, by=caller)
    return unless_known(request, body.encode(), etag(version))


@router.post(
    "/{claim_id}/booking",
    operation_id="book_claim",
    response_model=BookedClaim,
    responses=problems(
        claim.NoSuchClaim,
        claim.ClaimNotWaiting,
        errors.NoSuchBudgetLine,
        errors.BudgetLineClosed,
        errors.BudgetExceeded,
        CurrenciesDiffer,
        StaleVersion,
        PreconditionRequired,
    ),
)
async def book_claim(
    code: ProgrammeCode,
    claim_id: UUID,
    new: NewBooking,
    caller: Writer,
    unit: UnitDep,
    *,
    expected: IfMatch,
) -> Response:
    """Book a claim that waits for money on a line: committed, and spent if it is paid."""
    booked = await commands.book_claim(
        unit, code, claim_id, new.budget_line, expected=expected, by=caller
    )
    return answer(BookedClaim.of(booked), version=booked.version)
