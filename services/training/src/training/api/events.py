"""Routes of training events and series."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import problems
from kit.reply import IfMatch, Listing, answer, dump, etag, unless_known
from kit.route import StrictRoute
from kit.wire import Day
from training.api.wire import Event, NewEvent, Step
from training.api.wire_amending import EventPatch
from training.api.wire_series import NewSeries, Series
from training.commands import amending
from training.commands import events as commands
from training.context import Cursor, Host, Limit, ProgrammeCode, Reader, UnitDep
from training.domain.errors import (
    CapacityBelowTaken,
    CountInconsistent,
    DatesInvalid,
    EventNotProven,
    EventNotReady,
    EventNotYet,
    EventOutsideProgramme,
    EventSettled,
    EventStepNotAllowed,
    NoSeatsOffered,
    NoSuchEvent,
    NoSuchSeries,
    PlanInvalid,
    ReasonRequired,
    ReferenceTaken,
    UnknownProgramme,
)
from training.domain.event_kind import EventKind
from training.domain.training_event import EventStatus
from training.queries import events as queries
from training.queries import series
from training.queries.events import Wanted

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["events"])


async def _wanted(
    *,
    programme: ProgrammeCode = None,
    kind: EventKind | None = None,
    country: Annotated[
        str | None, Query(pattern="^[A-Z]{2}$", description="Where it is held, or for whom.")
    ] = None,
    topic: Annotated[str | None, Query(max_length=40)] = None,
    status: EventStatus | None = None,
    series_id: UUID | None = None,
    follow_up_of: UUID | None = None,
    first: Annotated[
        Day | None, Query(alias="from", description="Events that may touch this day or a later.")
    ] = None,
    last: Annotated[
        Day | None, Query(alias="to", description="Events that may touch this day or an earlier.")
    ] = None,
) -> Wanted:
    return Wanted(
        programme=programme,
        kind=kind,
        country=country,
        topic=topic,
        status=status,
        series_id=series_id,
        follow_up_of=follow_up_of,
        first=first,
        last=last,
    )


@router.post(
    "/event-series",
    status_code=201,
    response_model=Series,
    operation_id="create_series",
    responses=problems(UnknownProgramme, ReferenceTaken, CountInconsistent, DatesInvalid),
)
async def create_series(body: NewSeries, caller: Host, once: Once) -> Response:
    """Put a series on record: trainings or visits that are counted together."""
    plan = body.plan()
    return await once(
        lambda unit: commands.create_series(unit, plan, by=caller),
        Series.of,
        location=lambda made: f"/v1/event-series/{made.id}",
    )


@router.get("/event-series", response_model=Listing[Series], operation_id="event_series_list")
async def event_series_list(
    caller: Reader,
    unit: UnitDep,
    *,
    programme: ProgrammeCode = None,
    kind: EventKind | None = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List series, of a programme or of a kind."""
    found = await series.listed(
        unit, programme=programme, kind=kind, limit=limit, after=after, by=caller
    )
    return answer(Listing(items=[Series.of(each) for each in found.items], next=found.next))


@router.get(
    "/event-series/{series_id}",
    response_model=Series,
    operation_id="event_series",
    responses=problems(NoSuchSeries),
)
async def event_series(series_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read one series."""
    found = await series.one(unit, series_id, by=caller)
    return answer(Series.of(found), version=found.version)


@router.post(
    "/events",
    status_code=201,
    response_model=Event,
    operation_id="create_event",
    responses=problems(
        UnknownProgramme,
        EventOutsideProgramme,
        ReferenceTaken,
        NoSuchSeries,
        NoSuchEvent,
        DatesInvalid,
        PlanInvalid,
    ),
)
async def create_event(body: NewEvent, caller: Host, once: Once) -> Response:
    """Plan a training event; it starts as a draft."""
    plan = body.plan()
    return await once(
        lambda unit: commands.create_event(unit, plan, by=caller),
        Event.of,
        location=lambda made: f"/v1/events/{made.id}",
    )


@router.get("/events", response_model=Listing[Event], operation_id="events")
async def events(
    caller: Reader,
    unit: UnitDep,
    wanted: Annotated[Wanted, Depends(_wanted)],
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List events by date. `from` and `to` find what may overlap; unknown dates never do."""
    found = await queries.events(unit, wanted, limit=limit, after=after, by=caller)
    return answer(Listing(items=[Event.of(each) for each in found.items], next=found.next))


@router.get(
    "/events/{event_id}",
    response_model=Event,
    operation_id="event",
    responses=problems(NoSuchEvent),
)
async def event(event_id: UUID, request: Request, caller: Reader, unit: UnitDep) -> Response:
    """Read one event."""
    found = await queries.event(unit, event_id, by=caller)
    return unless_known(request, dump(Event.of(found)), etag(found.version))


@router.patch(
    "/events/{event_id}",
    response_model=Event,
    operation_id="amend_event",
    responses=problems(
        NoSuchEvent,
        StaleVersion,
        EventSettled,
        EventNotReady,
        CapacityBelowTaken,
        EventOutsideProgramme,
        NoSeatsOffered,
        DatesInvalid,
        PlanInvalid,
    ),
)
async def amend_event(
    event_id: UUID, body: EventPatch, caller: Host, unit: UnitDep, expected: IfMatch
) -> Response:
    """Plan an event otherwise with a merge patch before it begins; added seats go to who waits.

    Title, topic, note, institutions, component, action and `training_of_trainers` may be put right
    until the event is reported.
    """
    change = body.change()
    amended = await amending.amend_event(unit, event_id, change, expected=expected, by=caller)
    return answer(Event.of(amended), version=amended.version)


@router.post(
    "/events/{event_id}/transitions",
    response_model=Event,
    operation_id="move_event",
    responses=problems(
        NoSuchEvent,
        StaleVersion,
        EventStepNotAllowed,
        EventNotReady,
        EventNotYet,
        EventNotProven,
        ReasonRequired,
        DatesInvalid,
        EventOutsideProgramme,
    ),
)
async def move_event(
    event_id: UUID, body: Step, caller: Host, unit: UnitDep, expected: IfMatch
) -> Response:
    """Take an event one step further, put it off, or cancel it with its nominations."""
    step = body.step()
    moved = await commands.take_step(unit, event_id, step, expected=expected, by=caller)
    return answer(Event.of(moved), version=moved.version)
