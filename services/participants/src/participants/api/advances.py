"""Routes of advances."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from kit.db.paging import Asked
from kit.db.unit import Unit
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
from participants.domain.settlement import AdvanceState
from participants.domain.trip import HOME_ZONE
from participants.queries import advances

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["payments"])
_MOVING = (errors.PaymentCannotMove, errors.FourEyes, StaleVersion, PreconditionRequired)
_OVERDUE = Query(description="Whether the traveller should have accounted for it before today.")


def today(unit: Unit) -> date:
    """Return the day it is in Warsaw."""
    return unit.clock.now().astimezone(HOME_ZONE).date()


@router.post(
    "/advances",
    status_code=201,
    response_model=wire.Advance,
    responses=problems(errors.NoSuchTrip, errors.PaymentCannotMove, errors.AdvanceExists),
    operation_id="ask_advance",
)
async def ask_advance(body: NewAdvance, caller: Writer, once: Once, unit: UnitDep) -> Response:
    """Ask for money before a trip, at most what the trip is estimated at."""
    return await once(
        lambda one: commands.ask_advance(one, body.trip_id, body.amount.money(), by=caller),
        partial(wire.Advance.of, today=today(unit)),
    )


@router.post(
    "/advances/{advance_id}/approval",
    status_code=201,
    response_model=wire.Advance,
    responses=problems(errors.NoSuchAdvance, *_MOVING),
    operation_id="approve_advance",
)
async def approve_advance(
    advance_id: UUID, caller: Verifier, expected: IfMatch, once: Once, unit: UnitDep
) -> Response:
    """Approve an advance that somebody else asked for."""
    return await once(
        lambda one: commands.approve_advance(one, advance_id, expected=expected, by=caller),
        partial(wire.Advance.of, today=today(unit)),
    )


@router.post(
    "/advances/{advance_id}/payment",
    status_code=201,
    response_model=wire.Advance,
    responses=problems(errors.NoSuchAdvance, *_MOVING),
    operation_id="pay_advance",
)
async def pay_advance(
    advance_id: UUID, body: Paid, caller: Payer, expected: IfMatch, *, once: Once, unit: UnitDep
) -> Response:
    """Note that an advance was paid out, by a third person."""
    return await once(
        lambda one: commands.pay_advance(
            one, advance_id, on=body.paid_on, expected=expected, by=caller
        ),
        partial(wire.Advance.of, today=today(unit)),
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
    *,
    state: AdvanceState | None = None,
    trip_id: UUID | None = None,
    overdue: Annotated[bool | None, _OVERDUE] = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List the advances you may see, the oldest first."""
    day = today(unit)
    wanted = advances.AdvanceFilter(state, trip_id, overdue)
    found = await advances.advances_of(
        unit, Asked(caller.client, after, limit, wanted.as_filters()), wanted, today=day, by=caller
    )
    items = [wire.Advance.of(advance, day) for advance in found.items]
    return answer(Listing[wire.Advance](items=items, next=found.next))


@router.get(
    "/advances/{advance_id}",
    response_model=wire.Advance,
    responses=problems(errors.NoSuchAdvance),
    operation_id="advance",
)
async def read_advance(advance_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read one advance."""
    found = await advances.advance(unit, advance_id, by=caller)
    return answer(wire.Advance.of(found, today(unit)), version=found.version)
