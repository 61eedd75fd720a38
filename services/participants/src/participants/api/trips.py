"""Routes of trips and their explained per diems."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from kit.db.paging import Asked
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer, unless_known
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from kit.wire import Code
from participants.api import wire
from participants.api.replies import listing
from participants.api.requests import Cancellation, NewTrip
from participants.api.requests_travel import ExchangeIn, TravelFacts
from participants.api.wire_per_diem import TripPerDiem
from participants.commands import travel
from participants.commands import trips as commands
from participants.context import Cursor, Limit, Reader, UnitDep, Writer
from participants.domain.errors import (
    NoEstimate,
    NoSuchPerson,
    NoSuchTrip,
    PersonClosed,
    TripCannotMove,
    TripEndsBeforeItStarts,
    TripFactsRefused,
    TripOverlaps,
)
from participants.domain.trip import Trip, TripState
from participants.queries import trips

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["trips"])
_MOVING = problems(NoSuchTrip, TripCannotMove, StaleVersion, PreconditionRequired)
Revision = Annotated[int | None, Query(ge=1, le=1_000_000, description="An earlier one.")]


def _location(trip: Trip) -> str:
    return f"/v1/trips/{trip.id}"


@router.post(
    "/trips",
    status_code=201,
    response_model=wire.Trip,
    responses=problems(NoSuchPerson, PersonClosed, TripOverlaps, TripEndsBeforeItStarts),
    operation_id="open_trip",
)
async def open_trip(body: NewTrip, caller: Writer, once: Once) -> Response:
    """Open a trip that no seat led to; its per diem is estimated at once."""
    journey = body.journey()
    return await once(
        lambda unit: commands.open_trip(
            unit,
            body.person_id,
            journey,
            programme_code=body.programme_code,
            event_id=body.event_id,
            budget_line_code=body.budget_line_code,
            by=caller,
        ),
        wire.Trip.of,
        location=_location,
    )


@router.get(
    "/trips",
    response_model=Listing[wire.Trip],
    responses=problems(CursorInvalid),
    operation_id="trips",
)
async def list_trips(
    caller: Reader,
    unit: UnitDep,
    *,
    programme: Code | None = None,
    state: TripState | None = None,
    event_id: UUID | None = None,
    person_id: UUID | None = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List the trips you may see, the oldest first; filter by what they wait for, for example."""
    wanted = trips.TripFilter(programme, state, event_id, person_id)
    asked = Asked(caller.client, after, limit, wanted.as_filters())
    return listing(await trips.trips(unit, asked, wanted, by=caller))


@router.get(
    "/trips/{trip_id}",
    response_model=wire.Trip,
    responses=problems(NoSuchTrip),
    operation_id="trip",
)
async def read_trip(trip_id: UUID, request: Request, caller: Reader, unit: UnitDep) -> Response:
    """Read one trip: where it stands and what it waits for."""
    body, tag = await trips.trip(unit, trip_id, by=caller)
    return unless_known(request, body.encode(), tag)


@router.get(
    "/trips/{trip_id}/per-diem",
    response_model=TripPerDiem,
    responses=problems(NoSuchTrip, NoEstimate),
    operation_id="per_diem_of_trip",
)
async def read_per_diem(
    trip_id: UUID, request: Request, caller: Reader, unit: UnitDep, revision: Revision = None
) -> Response:
    """Read how a trip's per diem was computed: each line, its rule, its rate, in two languages."""
    body, tag = await trips.per_diem(unit, trip_id, revision, by=caller)
    return unless_known(request, body.encode(), tag)


@router.post(
    "/trips/{trip_id}/cancellation",
    status_code=201,
    response_model=wire.Trip,
    responses=_MOVING,
    operation_id="cancel_trip",
)
async def cancel_trip(
    trip_id: UUID, body: Cancellation, caller: Writer, expected: IfMatch, once: Once
) -> Response:
    """End a trip that will not take place; what was committed for it is free again."""
    return await once(
        lambda unit: commands.cancel_trip(
            unit, trip_id, reason=body.reason, expected=expected, by=caller
        ),
        wire.Trip.of,
    )


@router.put(
    "/trips/{trip_id}/travel-facts",
    response_model=wire.Trip,
    responses=problems(
        NoSuchTrip,
        TripCannotMove,
        TripEndsBeforeItStarts,
        TripFactsRefused,
        TripOverlaps,
        StaleVersion,
        PreconditionRequired,
    ),
    operation_id="record_travel_facts",
)
async def record_travel_facts(
    trip_id: UUID, body: TravelFacts, caller: Writer, expected: IfMatch, unit: UnitDep
) -> Response:
    """Record how a trip went: times, borders, meals, nights, costs; it is computed again."""
    facts, found = body.facts(), body.time_violations()
    trip = await travel.record_travel(unit, trip_id, facts, found, expected=expected, by=caller)
    return answer(wire.Trip.of(trip), version=trip.version)


@router.put(
    "/trips/{trip_id}/exchange",
    response_model=wire.Trip,
    responses=problems(
        NoSuchTrip, TripCannotMove, TripFactsRefused, StaleVersion, PreconditionRequired
    ),
    operation_id="record_exchange",
)
async def record_exchange(
    trip_id: UUID, body: ExchangeIn, caller: Writer, expected: IfMatch, unit: UnitDep
) -> Response:
    """Record the rates, by the rule of the contract, that convert a trip's currencies."""
    exchange = body.exchange()
    trip = await travel.record_exchange(unit, trip_id, exchange, expected=expected, by=caller)
    return answer(wire.Trip.of(trip), version=trip.version)


@router.post(
    "/trips/{trip_id}/estimates",
    status_code=201,
    response_model=wire.Trip,
    responses=_MOVING,
    operation_id="estimate_trip",
)
async def estimate_trip(trip_id: UUID, caller: Writer, expected: IfMatch, once: Once) -> Response:
    """Compute a trip's per diem again, as a new revision that replaces the former one."""
    return await once(
        lambda unit: commands.estimate_trip(unit, trip_id, expected=expected, by=caller),
        wire.Trip.of,
    )
