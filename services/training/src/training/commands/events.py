"""Planning training events and moving them from plan to proof."""

from dataclasses import dataclass, replace
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from kit.errors import StaleVersion
from kit.ids import uuid7
from training.commands import experts
from training.commands.amending import keep_within
from training.commands.delivery import delivered
from training.commands.presence import conclude
from training.commands.reaching import count_reach
from training.commands.replacing import expire_waiting, put_off
from training.commands.seating import forget_seats
from training.commands.telling import (
    event_changed,
    nomination_changed,
    seat_released,
    series_changed,
)
from training.domain.event_series import EventSeries, SeriesPlan
from training.domain.fuzzy_date import FuzzyDate
from training.domain.training_event import EventPlan, EventStatus, TrainingEvent
from training.storage import event_series, evidence, nominations, programmes, training_events


async def create_series(unit: Unit, plan: SeriesPlan, *, by: Caller) -> EventSeries:
    """Put a series on record; whoever sees the programme sees it.

    Refused: UnknownProgramme, ReferenceTaken.
    """
    async with unit.begin() as tx:
        programme = await programmes.hold(tx, plan.programme_code, by=by)
        series = EventSeries(uuid7(tx.now), 1, programme.audience, plan)
        await event_series.add(tx, series)
        tx.tell(series_changed(series), about=series)
        return tx.result(series)


async def create_event(unit: Unit, plan: EventPlan, *, by: Caller) -> TrainingEvent:
    """Plan an event: it starts as a draft.

    Refused: UnknownProgramme, EventOutsideProgramme, ReferenceTaken; NoSuchSeries or NoSuchEvent
    where the plan names a series or another event that the caller cannot see.
    """
    async with unit.begin() as tx:
        return tx.result(await _put_on_record(tx, plan, EventStatus.DRAFT, by=by))


async def record_event(
    unit: Unit, plan: EventPlan, *, status: EventStatus, by: Caller
) -> TrainingEvent:
    """Put an event on record as a source tells it: announced, or already held.

    Refused like `create_event`, with PlanInvalid where no source is cited, and EventNotYet where
    it is still to come.
    """
    plan.must_be_published_as(status)
    async with unit.begin() as tx:
        plan.must_be_due(status, tx.now)
        return tx.result(await _put_on_record(tx, plan, status, by=by))


@dataclass(frozen=True, slots=True)
class Step:
    """Where an event is to go, why, and on which other days it will be."""

    to: EventStatus
    reason: str | None = None
    dates: FuzzyDate | None = None


async def take_step(
    unit: Unit, event_id: UUID, step: Step, *, expected: int, by: Caller
) -> TrainingEvent:
    """Move an event on, put it off, or cancel it, whichever the step says."""
    if step.to is EventStatus.CANCELLED:
        return await cancel_event(unit, event_id, reason=step.reason, expected=expected, by=by)
    if step.to is EventStatus.POSTPONED:
        return await postpone_event(unit, event_id, step, expected=expected, by=by)
    return await move_event(unit, event_id, to=step.to, dates=step.dates, expected=expected, by=by)


async def postpone_event(
    unit: Unit, event_id: UUID, step: Step, *, expected: int, by: Caller
) -> TrainingEvent:
    """Put an event off: who would travel is told as released and keeps an accepted seat.

    Refused: NoSuchEvent, StaleVersion, EventStepNotAllowed, ReasonRequired,
    EventOutsideProgramme.
    """
    async with unit.begin() as tx:
        event = await _lock(tx, event_id, expected=expected, by=by)
        put_off_to = event.postpone(step.reason, step.dates)
        await _must_be_in_programme(tx, put_off_to)
        put = await training_events.save(tx, put_off_to)
        await put_off(tx, put)
        await keep_within(tx, put)
        tx.tell(event_changed(put), about=put)
        return tx.result(put)


async def move_event(
    unit: Unit,
    event_id: UUID,
    *,
    to: EventStatus,
    expected: int,
    by: Caller,
    dates: FuzzyDate | None = None,
) -> TrainingEvent:
    """Take the next step of an event of version `expected`; one put off may get new dates.

    Refused: NoSuchEvent, StaleVersion, EventStepNotAllowed, EventNotReady, EventNotYet,
    EventNotProven, EventOutsideProgramme.
    """
    async with unit.begin() as tx:
        event = await _lock(tx, event_id, expected=expected, by=by)
        proven = to is EventStatus.REPORTED and await _is_proven(tx, event_id)
        if event.status is EventStatus.POSTPONED:
            event = event.redated(dates)
        moved = event.move(to, proven=proven)
        moved.plan.must_be_due(to, tx.now)
        if dates is not None or to is EventStatus.CONFIRMED:
            await _must_be_in_programme(tx, moved)
        if to is EventStatus.IN_PROGRESS:
            await expire_waiting(tx, moved)
        if to is EventStatus.COMPLETED:
            await conclude(tx, moved)
        if dates is not None:
            await keep_within(tx, moved)
        moved = replace(moved, delivered=await delivered(tx, moved))
        moved = await training_events.save(tx, moved)
        await count_reach(tx, moved)
        tx.tell(event_changed(moved), about=moved)
        return tx.result(moved)


async def cancel_event(
    unit: Unit, event_id: UUID, *, reason: str | None, expected: int, by: Caller
) -> TrainingEvent:
    """Call an event off with its nominations; every held seat is told as released (INV-27).

    Refused: NoSuchEvent, StaleVersion, EventStepNotAllowed, ReasonRequired.
    """
    async with unit.begin() as tx:
        event = await _lock(tx, event_id, expected=expected, by=by)
        cancelled = await training_events.save(tx, event.cancel(reason))
        await _end_nominations(tx, cancelled)
        await experts.lose_event(tx, cancelled)
        await forget_seats(tx, event_id)
        tx.tell(event_changed(cancelled), about=cancelled)
        return tx.result(cancelled)


async def _put_on_record(
    tx: Tx, plan: EventPlan, status: EventStatus, *, by: Caller
) -> TrainingEvent:
    programme = await programmes.hold(tx, plan.programme_code, by=by)
    programme.must_span(plan.dates)
    if plan.series_id is not None:
        await event_series.get(tx, plan.series_id, by=by)
    for other in (plan.follow_up_of, plan.part_of):
        if other is not None:
            await training_events.get(tx, other, by=by)
    event = TrainingEvent(uuid7(tx.now), 1, programme.audience, plan, status, 0, None)
    await training_events.add(tx, event)
    await count_reach(tx, event)
    tx.tell(event_changed(event), about=event)
    return event


async def _lock(tx: Tx, event_id: UUID, *, expected: int, by: Caller) -> TrainingEvent:
    event = await training_events.lock(tx, event_id, by=by)
    if event.version != expected:
        raise StaleVersion("the training event has changed since you read it")
    return event


async def _must_be_in_programme(tx: Tx, event: TrainingEvent) -> None:
    programme = await programmes.find(tx, event.plan.programme_code)
    if programme is not None:
        programme.must_span(event.plan.dates)


async def _is_proven(tx: Tx, event_id: UUID) -> bool:
    return await nominations.any_outcome(tx, event_id) or await evidence.has_report(tx, event_id)


async def _end_nominations(tx: Tx, event: TrainingEvent) -> None:
    for nomination in await nominations.lock_active_of(tx, event.id):
        ended = await nominations.save(tx, nomination.lose_event(event.reason))
        if nomination.seated:
            tx.tell(seat_released(ended, reason="event_cancelled"), about=ended)
        else:
            tx.tell(nomination_changed(ended), about=ended)
