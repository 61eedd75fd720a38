"""Routes of advances."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from kit.days import home_day
from kit.db.paging import Asked
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from participants.api import wire_claims as wire
from participants.api.requests_claims import NewAdvance, Paid
from participants.commands import advances as commands
from participants.context import Cursor, Limit, Payer, Reader, UnitDep, Verifier, Writer
from participants.domain import errors
from participants.domain.settlement import Advance, AdvanceState
from participants.queries import advances

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["payments"])
Shown = Callable[[Advance], wire.Advance]
_MOVING = (errors.PaymentCannotMove, errors.FourEyes, StaleVersion, PreconditionRequired)
_OVERDUE = Query(description="Whether the traveller should have accounted for it before today.")


async def _today(unit: UnitDep) -> date:
    return home_day(unit.clock.now())


Today = Annotated[date, Depends(_today)]


async def _shown(today: Today) -> Shown:
    return partial(wire.Advance.of, today=today)


Showing = Annotated[Shown, Depends(_shown)]


@router.post(
    "/advances",
    status_code=201,
    response_model=wire.Advance,
    responses=problems(
        errors.NoSuchTrip, errors.PersonClosed, errors.PaymentCannotMove, errors.AdvanceExists
    ),
    operation_id="ask_advance",
)
async def ask_advance(body: NewAdvance, caller: Writer, once: Once, shown: Showing) -> Response:
    """Ask for money before a trip, at most what the trip is estimated at."""
    return await once(
        lambda one: commands.ask_advance(one, body.trip_id, body.amount.money(), by=caller),
        shown,
    )


@router.post(
    "/advances/{advance_id}/approval",
    status_code=201,
    response_model=wire.Advance,
    responses=problems(errors.NoSuchAdvance, errors.NoSuchTrip, *_MOVING),
    operation_id="approve_advance",
)
async def approve_advance(
    advance_id: UUID, caller: Verifier, expected: IfMatch, once: Once, shown: Showing
) -> Response:
    """Approve an advance that somebody else asked for."""
    return await once(
        lambda one: commands.approve_advance(one, advance_id, expected=expected, by=caller),
        shown,
    )


@router.post(
    "/advances/{advance_id}/payment",
    status_code=201,
    response_model=wire.Advance,
    responses=problems(errors.NoSuchAdvance, errors.NoSuchTrip, *_MOVING),
    operation_id="pay_advance",
)
async def pay_advance(
    advance_id: UUID, body: Paid, caller: Payer, expected: IfMatch, *, once: Once, shown: Showing
) -> Response:
    """Note that an advance was paid out, by a third person, before its trip is settled."""
    return await once(
        lambda one: commands.pay_advance(
            one, advance_id, on=body.paid_on, expected=expected, by=caller
        ),
        shown,
    )


@router.post(
    "/advances/{advance_id}/refusal",
    status_code=201,
    response_model=wire.Advance,
    responses=problems(
        errors.NoSuchAdvance, errors.PaymentCannotMove, StaleVersion, PreconditionRequired
    ),
    operation_id="refuse_advance",
)
async def refuse_advance(
    advance_id: UUID, caller: Verifier, expected: IfMatch, once: Once, shown: Showing
) -> Response:
    """Refuse an advance that is not paid, approved or not; another one can be asked for then."""
    return await once(
        lambda one: commands.refuse_advance(one, advance_id, expected=expected, by=caller),
        shown,
    )


@router.post(
    "/advances/{advance_id}/return",
    status_code=201,
    response_model=wire.Advance,
    responses=problems(
        errors.NoSuchAdvance, errors.PaymentCannotMove, StaleVersion, PreconditionRequired
    ),
    operation_id="return_advance",
)
async def return_advance(
    advance_id: UUID, body: Paid, caller: Payer, expected: IfMatch, *, once: Once, shown: Showing
) -> Response:
    """Note that a paid advance was given back whole, as for a trip that was cancelled.

    What a settlement counts too much is given back with the payment of that settlement.
    """
    return await once(
        lambda one: commands.return_advance(
            one, advance_id, on=body.paid_on, expected=expected, by=caller
        ),
        shown,
    )


@router.get(
    "/advances",
    response_model=Listing[wire.Advance],
    responses=problems(CursorInvalid),
    operation_id="advances",
)
async def list_advances(
    caller: Reader,
    unit: UnitDep,
    today: Today,
    *,
    state: AdvanceState | None = None,
    trip_id: UUID | None = None,
    overdue: Annotated[bool | None, _OVERDUE] = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List the advances you may see, the oldest first."""
    wanted = advances.AdvanceFilter(state, trip_id, overdue)
    found = await advances.advances_of(
        unit,
        Asked(caller.client, after, limit, wanted.as_filters()),
        wanted,
        today=today,
        by=caller,
    )
    items = [wire.Advance.of(advance, today) for advance in found.items]
    return answer(Listing[wire.Advance](items=items, next=found.next))


@router.get(
    "/advances/{advance_id}",
    response_model=wire.Advance,
    responses=problems(errors.NoSuchAdvance),
    operation_id="advance",
)
async def read_advance(advance_id: UUID, caller: Reader, unit: UnitDep, shown: Showing) -> Response:
    """Read one advance."""
    found = await advances.advance(unit, advance_id, by=caller)
    return answer(shown(found), version=found.version)
