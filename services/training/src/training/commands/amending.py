"""Planning an event otherwise before it begins: days become known, seats are added."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from kit.errors import StaleVersion
from training.commands import experts
from training.commands.presence import measure_again
from training.commands.reaching import count_reach
from training.commands.seating import fill_seats, seating_of
from training.commands.telling import event_changed
from training.domain.session import Session, SessionPlan, must_be_replannable
from training.domain.training_event import TAKING_PLACE, EventPlan, TrainingEvent
from training.storage import nominations, programmes, sessions, training_events

Change = Callable[[EventPlan], EventPlan]


async def amend_event(
    unit: Unit, event_id: UUID, change: Change, *, expected: int, by: Caller
) -> TrainingEvent:
    """Change what is planned, as host; seats that are added go to those who wait, in order.

    What describes an event may be put right until it is reported. Sessions and experts' days that
    the event no longer has lose their times, not their minutes.
    Refused: NoSuchEvent, StaleVersion, EventSettled, EventNotReady, CapacityBelowTaken,
    EventOutsideProgramme, DatesInvalid, PlanInvalid.
    """
    async with unit.begin() as tx:
        event = await training_events.lock(tx, event_id, by=by)
        if event.version != expected:
            raise StaleVersion("the training event has changed since you read it")
        travelling = await nominations.any_confirmed(tx, event.id)
        amended = event.amended(change(event.plan), travelling=travelling)
        await _must_be_possible(tx, amended)
        saved = await training_events.save_plan(tx, amended)
        if saved.plan.dates != event.plan.dates:
            await keep_within(tx, saved)
        tx.tell(event_changed(saved), about=saved)
        if saved.plan.capacity != event.plan.capacity:
            saved = await fill_seats(tx, saved)
        if saved.plan.topic != event.plan.topic:
            await count_reach(tx, saved)
        return tx.result(saved)


async def replan_session(
    unit: Unit, event_id: UUID, plan: SessionPlan, *, expected: int, by: Caller
) -> Session:
    """Plan a session otherwise, as host, until its event is reported.

    One that was called off, or listed twice, is no longer mandatory; once the event has begun,
    everybody is measured again. Refused: NoSuchEvent, NoSuchSession, StaleVersion, EventOver,
    SessionOutsideEvent, SessionAttended, AttendanceCertified, MandatoryMinutesUnknown.
    """
    async with unit.begin() as tx:
        event = await training_events.lock(tx, event_id, by=by)
        must_be_replannable(event)
        found = await sessions.of_number(tx, event.id, plan.number)
        if found.version != expected:
            raise StaleVersion("the session has changed since you read it")
        plan.must_lie_in(event.plan)
        saved = await sessions.save(tx, replace(found, plan=plan))
        changed = await training_events.save(tx, event)
        tx.tell(event_changed(changed), about=changed)
        if event.status in TAKING_PLACE:
            await measure_again(tx, changed, saved, before=found.plan)
        return tx.result(saved)


async def keep_within(tx: Tx, event: TrainingEvent) -> None:
    """Take their times from sessions and experts on days that the event no longer has."""
    for each in await sessions.of_event(tx, event.id):
        inside = each.within(event.plan)
        if inside != each:
            await sessions.save(tx, inside)
    await experts.put_off(tx, event)


async def _must_be_possible(tx: Tx, event: TrainingEvent) -> None:
    programme = await programmes.find(tx, event.plan.programme_code)
    if programme is not None:
        programme.must_span(event.plan.dates)
    seating = await seating_of(tx, event)
    seating.must_fit_in(event.plan.capacity or 0)
