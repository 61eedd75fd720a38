"""Assigning experts to events, series and actions, and never a person to two by mistake."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.errors import StaleVersion
from kit.ids import uuid7
from training.commands.delivery import recount
from training.commands.seating import must_not_be_erased
from training.commands.telling import assignment_changed
from training.domain.errors_experts import ExpertDoubleBooked
from training.domain.expert import (
    Assignment,
    AssignmentPlan,
    AssignmentStatus,
    Terms,
    must_take_experts,
)
from training.domain.nomination import OUTCOMES, PERSON_ERASED, SEATED
from training.domain.training_event import OPEN_TO_CHANGE, TrainingEvent
from training.storage import bookings, event_series, programmes, training_events
from training.storage import experts as stored
from training.storage.bookings import Booking, Busy


async def assign_expert(unit: Unit, plan: AssignmentPlan, *, by: Caller) -> Assignment:
    """Assign somebody to an event, a series or an action, as host.

    Refused: NoSuchEvent, NoSuchSeries, UnknownProgramme, EventOver, AssignmentOutsideEvent,
    AssignmentInvalid, ExpertDoubleBooked, AssignmentExists, ReferenceTaken, ParticipantErased.
    """
    async with unit.begin() as tx:
        if plan.participant_id is not None:
            await must_not_be_erased(tx, plan.participant_id)
        if plan.event_id is None:
            return tx.result(await _assign_without_event(tx, plan, by=by))
        event = await training_events.lock(tx, plan.event_id, by=by)
        must_take_experts(event)
        await _must_be_free(tx, event, plan.participant_id, plan.terms, by=by)
        audience = plan.audience(event.audience, event.plan.host)
        made = await _put_on_record(
            tx, plan, audience, event.plan.programme_code, synthetic=event.plan.synthetic
        )
        await recount(tx, event)
        return tx.result(made)


async def change_terms(
    unit: Unit, assignment_id: UUID, terms: Terms, *, expected: int, by: Caller
) -> Assignment:
    """Give an assignment other days, or another payer, as host.

    Refused: NoSuchAssignment, NoSuchEvent, StaleVersion, EventOver, AssignmentStepNotAllowed,
    AssignmentOutsideEvent, AssignmentInvalid, ExpertDoubleBooked.
    """
    async with unit.begin() as tx:
        event, found = await _lock(tx, assignment_id, expected=expected, by=by)
        changed = found.changed(terms)
        if event is not None:
            must_take_experts(event)
            await _must_be_free(tx, event, found.plan.participant_id, terms, by=by)
        else:
            await _must_be_free_for_action(tx, changed.plan, by=by)
        host = event.plan.host if event is not None else None
        changed = replace(changed, audience=changed.plan.audience(found.audience, host))
        lost = found.audience - changed.audience
        return tx.result(await _store(tx, changed, event, lost=lost))


async def withdraw_expert(
    unit: Unit, assignment_id: UUID, *, reason: str, expected: int, by: Caller
) -> Assignment:
    """End an assignment, as host; it stays on record with the reason.

    Refused: NoSuchAssignment, NoSuchEvent, StaleVersion, EventOver, AssignmentStepNotAllowed.
    """
    async with unit.begin() as tx:
        event, found = await _lock(tx, assignment_id, expected=expected, by=by)
        withdrawn = found.leave(reason)
        if event is not None:
            must_take_experts(event)
        return tx.result(await _store(tx, withdrawn, event))


async def lose_event(tx: Tx, event: TrainingEvent) -> None:
    """End the assignments to an event that was called off: its experts are free on these days."""
    for each in await stored.lock_standing_of(tx, event.id):
        await _store(tx, each.lose_with_event(event.reason), None)


async def lose_person(tx: Tx, event: TrainingEvent, participant_id: UUID) -> None:
    """End the assignments of somebody who was erased to an event that has not begun."""
    if event.status in OPEN_TO_CHANGE:
        for each in await stored.lock_standing_of(tx, event.id):
            if each.plan.participant_id == participant_id:
                await _store(tx, each.leave(PERSON_ERASED), None)


async def lose_person_for_actions(tx: Tx, participant_id: UUID) -> None:
    """End what somebody who was erased was still to do for actions."""
    for each in await stored.lock_of_actions(tx, participant_id):
        if each.is_ahead(home_day(tx.now)):
            await _store(tx, each.leave(PERSON_ERASED), None)


async def put_off(tx: Tx, event: TrainingEvent) -> None:
    """Keep experts for whatever days a postponed event will have."""
    for each in await stored.lock_standing_of(tx, event.id):
        if each.plan.terms.first_on is not None:
            await _store(tx, each.put_off(), None)


async def _assign_without_event(tx: Tx, plan: AssignmentPlan, *, by: Caller) -> Assignment:
    code = plan.programme_code
    if plan.series_id is not None:
        code = (await event_series.get(tx, plan.series_id, by=by)).plan.programme_code
    assert code is not None  # noqa: S101 (a plan is about an event, a series or an action)
    programme = await programmes.hold(tx, code, by=by)
    await _must_be_free_for_action(tx, plan, by=by)
    audience = plan.audience(programme.audience, None)
    return await _put_on_record(tx, plan, audience, programme.code, synthetic=False)


async def _put_on_record(
    tx: Tx, plan: AssignmentPlan, audience: frozenset[str], programme_code: str, *, synthetic: bool
) -> Assignment:
    made = Assignment(
        id=uuid7(tx.now),
        version=1,
        audience=audience,
        programme_code=programme_code,
        plan=plan,
        status=AssignmentStatus.ASSIGNED,
        synthetic=synthetic,
    )
    await stored.add(tx, made)
    tx.tell(assignment_changed(made), about=made)
    return made


async def _store(
    tx: Tx,
    changed: Assignment,
    event: TrainingEvent | None,
    *,
    lost: frozenset[str] = frozenset(),
) -> Assignment:
    saved = await stored.save(tx, changed)
    tx.tell(assignment_changed(saved), about=saved, lost=lost)
    if event is not None:
        await recount(tx, event)
    return saved


async def _lock(
    tx: Tx, assignment_id: UUID, *, expected: int, by: Caller
) -> tuple[TrainingEvent | None, Assignment]:
    """Lock the event of an assignment, if it has one, and then the assignment."""
    seen = await stored.get(tx, assignment_id, by=by)
    event = None
    if seen.plan.event_id is not None:
        event = await training_events.lock_known(tx, seen.plan.event_id)
    found = await stored.lock(tx, assignment_id)
    if found.version != expected:
        raise StaleVersion("the assignment has changed since you read it")
    return event, found


async def _must_be_free(
    tx: Tx, event: TrainingEvent, person: UUID | None, terms: Terms, *, by: Caller
) -> None:
    """Refuse days outside the event, and days on which a person is booked without a reason."""
    terms.must_fit(event)
    if person is None:
        return
    await bookings.lock_persons(tx, [person])
    dates = event.plan.dates
    first, last = terms.first_on or dates.earliest, terms.last_on or dates.latest
    known = terms.first_on is not None or dates.exact
    if terms.overlap_reason is not None or not known or first is None or last is None:
        return
    busy = Busy(person, first, last, SEATED | OUTCOMES, event.plan.action)
    _refuse_booked(await bookings.anywhere(tx, event, busy), by=by)


async def _must_be_free_for_action(tx: Tx, plan: AssignmentPlan, *, by: Caller) -> None:
    """Refuse stated days of an action on which a person is booked without a reason."""
    person, terms = plan.participant_id, plan.terms
    if person is None:
        return
    await bookings.lock_persons(tx, [person])
    if terms.overlap_reason is None and terms.first_on is not None and terms.last_on is not None:
        action = plan.programme_code or "", plan.action_code
        busy = Busy(person, terms.first_on, terms.last_on, SEATED | OUTCOMES, action)
        _refuse_booked(await bookings.beside_action(tx, busy), by=by)


def _refuse_booked(others: Sequence[Booking], *, by: Caller) -> None:
    if others:
        seen = bookings.shown(others, by)
        raise ExpertDoubleBooked("the expert is booked on these days", **seen)
