"""Declining nominees, and handing seats over from one nomination to another."""

from dataclasses import replace
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from training.commands.nominations import let_go, lock_both, nomination_of
from training.commands.seating import (
    eligibility_of,
    must_not_be_erased,
    must_not_overlap,
    save_seating,
    seating_of,
)
from training.commands.telling import nomination_changed, seat_confirmed, seat_released
from training.domain.errors import NominationExists, NominationStepNotAllowed
from training.domain.nomination import Candidate, Nomination, NominationStatus, Origin
from training.domain.training_event import DECIDING, TrainingEvent
from training.storage import bookings, nominations, programmes


async def reject(
    unit: Unit, nomination_id: UUID, *, reason: str, by: Caller, expected: int | None = None
) -> Nomination:
    """Decline an endorsed nominee, as host, from the waiting list too, or take a seat back.

    The seat goes to the first who waits. Refused: NoSuchNomination, NominationsClosed,
    NotEndorsed, NominationStepNotAllowed.
    """
    async with unit.begin() as tx:
        event, nomination = await lock_both(tx, nomination_id, expected=expected, by=by)
        event.must_be(nomination.declined_while)
        rejected = nomination.reject(reason)
        return tx.result(await let_go(tx, event, nomination, rejected, released="rejected"))


async def replace_nominee(
    unit: Unit,
    nomination_id: UUID,
    candidate: Candidate,
    *,
    reason: str,
    by: Caller,
    expected: int | None = None,
) -> Nomination:
    """Send somebody else in a seat, as the organisation that nominated; the seat is kept.

    So it is for the same participant from another unit, or in another role. Returns the
    nomination that took over. Refused: NoSuchNomination, NotYourNomination, NominationsClosed,
    NominationStepNotAllowed, NominationExists, QuotaFull, UnknownProgramme, ProgrammeNotRunning,
    ParticipationSuspended, ParticipationScope, EventsOverlap, ParticipantErased.
    """
    async with unit.begin() as tx:
        await must_not_be_erased(tx, candidate.participant_id)
        event, nomination = await lock_both(tx, nomination_id, expected=expected, by=by)
        nomination.must_be_of(by.organisation)
        event.must_be(DECIDING)
        if not nomination.seated:
            raise NominationStepNotAllowed(
                f"`{nomination.status.value}` holds no seat", status=nomination.status.value
            )
        if nomination.is_of(candidate):
            raise NominationExists("nobody takes over their own seat")
        successor = await _successor(tx, event, nomination, candidate, by=by)
        event = await _reseat(tx, event, nomination, successor)
        await take_over(tx, nomination, successor, reason=reason, released="replaced")
        if successor.status is NominationStatus.CONFIRMED:
            tx.tell(seat_confirmed(successor, event), about=successor)
        else:
            tx.tell(nomination_changed(successor), about=successor)
        return tx.result(successor)


async def put_off(tx: Tx, event: TrainingEvent) -> None:
    """Free everybody who would travel to an event that is postponed; they keep their seats.

    Each gets a further nomination that is accepted: the travel of the former ends with it.
    """
    for each in await nominations.lock_active_of(tx, event.id):
        if each.status is not NominationStatus.CONFIRMED:
            continue
        kept = replace(
            each,
            id=uuid7(tx.now),
            version=1,
            status=NominationStatus.ACCEPTED,
            origin=Origin.POSTPONEMENT,
            replaces=each.id,
            external_id=None,
        )
        reason = event.reason or "the event was postponed"
        await take_over(tx, each, kept, reason=reason, released="event_postponed")
        tx.tell(nomination_changed(kept), about=kept)


async def expire_waiting(tx: Tx, event: TrainingEvent) -> None:
    """End the waiting list of an event that begins."""
    waiting = await nominations.lock_waiting(tx, event.id)
    for each in await nominations.save_all(tx, [each.expire() for each in waiting]):
        tx.tell(nomination_changed(each), about=each)


async def take_over(
    tx: Tx, nomination: Nomination, successor: Nomination, *, reason: str, released: str
) -> None:
    """Store that a nomination ended because another took over its seat."""
    ended = await nominations.save(tx, nomination.hand_over(reason))
    tx.tell(seat_released(ended, reason=released), about=ended)
    await nominations.add(tx, successor)


async def _successor(
    tx: Tx, event: TrainingEvent, nomination: Nomination, candidate: Candidate, *, by: Caller
) -> Nomination:
    programme = await programmes.get(tx, event.plan.programme_code, by=by)
    programme.must_run()
    eligibility = await eligibility_of(tx, event, nomination.country)
    await bookings.lock_persons(tx, [candidate.participant_id])
    await must_not_overlap(
        tx, event, candidate.participant_id, reason=candidate.overlap_reason, by=by
    )
    return replace(
        nomination_of(tx, event, candidate, by=by),
        status=nomination.status,
        country=nomination.country,
        origin=Origin.REPLACEMENT,
        replaces=nomination.id,
        eligibility=eligibility,
    )


async def _reseat(
    tx: Tx, event: TrainingEvent, nomination: Nomination, successor: Nomination
) -> TrainingEvent:
    seating = await seating_of(tx, event)
    after = seating.without_seat(nomination).with_seat(successor)
    return await save_seating(tx, seating, after)
