"""Seats of an event as they are given and freed, and who may have one; under the event's lock."""

from dataclasses import replace
from uuid import UUID

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.errors import StaleVersion
from training.commands.telling import event_changed, nomination_changed
from training.domain.eligibility import Participation, must_be_eligible
from training.domain.errors_seats import EventsOverlap, ParticipantErased
from training.domain.nomination import STANDING, Nomination, NominationStatus
from training.domain.quota import Quota, Seating
from training.domain.training_event import TrainingEvent
from training.storage import bookings, erased, nominations, quotas, training_events
from training.storage.bookings import Busy


async def set_quotas(
    unit: Unit, event_id: UUID, wanted: list[Quota], *, expected: int, by: Caller
) -> TrainingEvent:
    """Set seats aside in place of what was set aside before; who waits gets those that fit now.

    Refused: NoSuchEvent, StaleVersion, QuotasInvalid, QuotaBelowTaken, NoSeatsOffered.
    """
    async with unit.begin() as tx:
        event = await training_events.lock(tx, event_id, by=by)
        if event.version != expected:
            raise StaleVersion("the training event has changed since you read it")
        standing = await nominations.lock_active_of(tx, event_id)
        seated = [each for each in standing if each.occupies_seat]
        divided = Seating(event, ()).divided(wanted, seated)
        await quotas.put(tx, event_id, divided.quotas)
        changed = await training_events.save(tx, replace(event, divided=bool(wanted)))
        tx.tell(event_changed(changed), about=changed)
        return tx.result(await fill_seats(tx, changed))


async def copy_participation(unit: Unit, decision: Participation) -> None:
    """Store a decision of the programmes service on a country's participation."""
    async with unit.begin() as tx:
        await quotas.put_decision(tx, decision)


async def seating_of(tx: Tx, event: TrainingEvent) -> Seating:
    """Return the seats of an event that is locked."""
    if event.divided is False:
        return Seating(event, ())
    return Seating(event, await quotas.of_event(tx, event.id))


async def save_seating(tx: Tx, before: Seating, after: Seating) -> TrainingEvent:
    """Store what changed of the seats; a changed number of taken seats is told."""
    changed = set(after.quotas) - set(before.quotas)
    await quotas.keep_taken(tx, after.event.id, sorted(changed, key=lambda each: each.key))
    if after.event == before.event:
        return after.event
    saved = await training_events.save(tx, after.event)
    tx.tell(event_changed(saved), about=saved)
    return saved


async def forget_seats(tx: Tx, event_id: UUID) -> None:
    """Free every seat of the quotas of an event that was called off."""
    kept = [replace(each, taken=0) for each in await quotas.of_event(tx, event_id)]
    await quotas.keep_taken(tx, event_id, kept)


async def pass_seat_on(tx: Tx, before: Seating, left: Nomination) -> None:
    """Give the seat that `left` leaves to the first waiting whom it fits, or back."""
    after = before.without_seat(left)
    for waiting in await nominations.lock_waiting(tx, before.event.id):
        if after.refusal(waiting) is None:
            after = after.with_seat(waiting)
            promoted = await nominations.save(tx, waiting.accept())
            tx.tell(nomination_changed(promoted), about=promoted)
            break
    await save_seating(tx, before, after)


async def fill_seats(tx: Tx, event: TrainingEvent) -> TrainingEvent:
    """Give seats that became free to those who wait, in order, as far as they fit."""
    before = after = await seating_of(tx, event)
    for waiting in await nominations.lock_waiting(tx, event.id):
        if after.refusal(waiting) is None:
            after = after.with_seat(waiting)
            promoted = await nominations.save(tx, waiting.accept())
            tx.tell(nomination_changed(promoted), about=promoted)
    return await save_seating(tx, before, after)


async def eligibility_of(tx: Tx, event: TrainingEvent, country: str) -> dict[str, object] | None:
    """Return the decision on a country that applies to an event, or refuse (INV-04).

    What counts is the first day of the event; today, where it is not known.
    """
    decisions = await quotas.decisions_on(tx, event.plan.programme_code, country)
    day = event.plan.dates.earliest or home_day(tx.now)
    return must_be_eligible(decisions, event.plan, day)


async def must_not_be_erased(tx: Tx, *people: UUID) -> None:
    """Refuse whoever was erased, and let nobody of them be erased until the transaction ends.

    It comes before the lock of any event: an erasure takes both in this order.
    """
    if await erased.hold(tx, people):
        raise ParticipantErased("nobody is to be found under this id any more")


async def must_not_overlap(
    tx: Tx,
    event: TrainingEvent,
    participant_id: UUID,
    *,
    reason: str | None,
    by: Caller,
    beside: frozenset[NominationStatus] = STANDING,
) -> None:
    """Refuse an overlap with an event elsewhere unless a reason is given (INV-24).

    Nominations there count in the states `beside`, assignments as expert always.
    """
    dates = event.plan.dates
    if reason is not None or not dates.exact or dates.earliest is None or dates.latest is None:
        return
    busy = Busy(participant_id, dates.earliest, dates.latest, beside, event.plan.action)
    others = await bookings.elsewhere(tx, event, busy)
    if others:
        seen = bookings.shown(others, by)
        raise EventsOverlap("another event elsewhere is at that time", **seen)
