"""Recording who was at which session, and what that makes of nominations."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from training.commands.delivery import recount
from training.commands.telling import attendance_recorded, presence_recorded
from training.domain.attendance import outcome_of
from training.domain.certificate import must_keep_attendance
from training.domain.errors import NoSuchPresence
from training.domain.nomination import OUTCOMES, Nomination, NominationStatus
from training.domain.presence import (
    Claim,
    Presence,
    Refusal,
    Stay,
    counted,
    in_place_of,
    refuse,
)
from training.domain.roll import Entry, Roll
from training.domain.session import Session, SessionPlan, mandatory_minutes
from training.domain.training_event import HELD, TAKING_PLACE, EventStatus, TrainingEvent
from training.storage import certificates, erased, nominations, seats, sessions, training_events
from training.storage.sessions import NewPresence


@dataclass(frozen=True, slots=True)
class Correction:
    """What takes the place of a record, and why."""

    nonce: str
    stay: Stay
    reason: str


async def record_presence(
    unit: Unit, event_id: UUID, participant_id: UUID, claim: Claim, *, by: Caller
) -> Presence:
    """Record one scan or one line of a list; sent again, it is the same record (INV-25).

    Refused: NoSuchEvent, NominationsClosed, AttendanceRefused, ParticipantErased.
    """
    async with unit.begin() as tx:
        event = await training_events.lock(tx, event_id, by=by)
        event.must_be(TAKING_PLACE)
        roll = await roll_of(tx, event, [participant_id], [claim])
        entry = roll.judge(participant_id, claim)
        if entry is None:
            key = roll.sessions[claim.session].id, claim.nonce
            [known] = await sessions.by_nonce(tx, [key])
            return tx.result(known)
        [record] = await store_presence(tx, event, [entry], by=by)
        return tx.result(record)


async def correct_presence(
    unit: Unit, presence_id: int, correction: Correction, *, by: Caller
) -> Presence:
    """Put another record in the place of one; both stay on record.

    Refused: NoSuchPresence, NominationsClosed, AttendanceRefused, AttendanceCertified.
    """
    async with unit.begin() as tx:
        wrong = await sessions.find_presence(tx, presence_id, by=by)
        if wrong is None:
            raise NoSuchPresence("there is no such record of presence")
        event, nomination = await seats.lock(tx, wrong.nomination_id, by=by)
        event.must_be(TAKING_PLACE)
        held = {each.id: each for each in await sessions.of_event(tx, event.id)}
        session = held[wrong.session_id]
        stay = in_place_of(wrong, correction.stay)
        minutes = counted(stay, session, event.plan.begins_at, now=tx.now)
        await _must_be_free(tx, wrong, correction)
        new = _corrected(wrong, correction, stay, minutes)
        [record] = await sessions.add_presence(tx, [new], recorded_by=by.client)
        settled = await settle(tx, event, [nomination], list(held.values()))
        await must_keep_certified(tx, [nomination], settled)
        return tx.result(record)


async def conclude(tx: Tx, event: TrainingEvent) -> None:
    """Decide, now that an event is over, how every confirmed nomination ended.

    Events without sessions are decided by their attendance list.
    """
    held = await sessions.of_event(tx, event.id)
    if mandatory_minutes(held, event.plan) is None or not held:
        return
    standing = await nominations.lock_active_of(tx, event.id)
    confirmed = [each for each in standing if each.status is NominationStatus.CONFIRMED]
    await _decide(tx, event, confirmed, held)


async def roll_of(
    tx: Tx, event: TrainingEvent, participants: Sequence[UUID], claims: Sequence[Claim]
) -> Roll:
    """Return the roll of an event as far as it concerns these participants and claims."""
    held = await sessions.of_event(tx, event.id)
    numbers = {each.plan.number: each.id for each in held}
    standing = await nominations.standing_of(tx, event.id, participants)
    records = await sessions.presence_of_nominations(tx, [each.id for each in standing])
    keys = [(numbers[c.session], c.nonce) for c in claims if c.session in numbers]
    others = {each.id: each for each in await sessions.by_nonce(tx, keys)}
    known = list((others | {each.id: each for each in records}).values())
    gone = await erased.among(tx, participants)
    return Roll.of(held, standing, known, plan=event.plan, now=tx.now, erased=gone)


async def store_presence(
    tx: Tx, event: TrainingEvent, entries: Sequence[Entry], *, by: Caller
) -> Sequence[Presence]:
    """Store judged entries, and decide again on nominations whose event is over."""
    new = [
        NewPresence(
            nomination_id=each.nomination.id,
            session_id=each.session.id,
            nonce=each.claim.nonce,
            stay=each.stay,
            minutes=each.minutes,
            source=each.claim.source,
            departed_from=each.claim.departed_from,
            corrects=each.corrects,
            reason=each.reason,
        )
        for each in entries
    ]
    records = await sessions.add_presence(tx, new, recorded_by=by.client)
    touched = list({each.nomination.id: each.nomination for each in entries}.values())
    await settle(tx, event, touched, await sessions.of_event(tx, event.id))
    return records


async def settle(
    tx: Tx, event: TrainingEvent, touched: Sequence[Nomination], held: Sequence[Session]
) -> Sequence[Nomination]:
    """Add up the minutes of nominations, and, of an event that is over, decide how they ended.

    How many took part in an event that is over may have changed with it.
    """
    settled = await _decide(tx, event, touched, held)
    await recount(tx, event)
    return settled


async def measure_again(
    tx: Tx, event: TrainingEvent, session: Session, *, before: SessionPlan
) -> None:
    """Measure who is on record anew, by a session that was planned otherwise `before`.

    Raises SessionAttended, AttendanceCertified, MandatoryMinutesUnknown.
    """
    records = await sessions.presence_at_event(tx, event.id)
    here = {each.nomination_id for each in records if each.session_id == session.id}
    if here:
        session.plan.must_measure_like(before)
    anew = {each.nomination_id for each in records} if event.status in HELD else here
    standing = await nominations.lock_active_of(tx, event.id)
    touched = [each for each in standing if each.id in anew]
    settled = await settle(tx, event, touched, await sessions.of_event(tx, event.id))
    await must_keep_certified(tx, touched, settled)


async def must_keep_certified(
    tx: Tx, before: Sequence[Nomination], after: Sequence[Nomination]
) -> None:
    """Raise AttendanceCertified where a valid certificate states attendance that is lost."""
    attended = {each.id for each in before if each.status is NominationStatus.ATTENDED}
    kept = {each.id for each in after if each.status is NominationStatus.ATTENDED}
    if attended - kept:
        must_keep_attendance(await certificates.valid_for(tx, attended - kept))


async def _decide(
    tx: Tx, event: TrainingEvent, touched: Sequence[Nomination], held: Sequence[Session]
) -> Sequence[Nomination]:
    records = await sessions.presence_of_nominations(tx, [each.id for each in touched])
    roll = Roll.of(held, touched, records, plan=event.plan, now=tx.now)
    minutes = {each.id: roll.minutes_of(each) for each in touched}
    if event.status is not EventStatus.COMPLETED:
        saved = await nominations.save_all(tx, touched)
        for each in saved:
            tx.tell(presence_recorded(each, minutes=minutes[each.id]), about=each)
        return saved
    mandatory = mandatory_minutes(held, event.plan)
    ended = [
        _ended(
            each,
            outcome_of(
                minutes[each.id], mandatory=mandatory, plan=event.plan, came=roll.came(each)
            ),
        )
        for each in touched
    ]
    saved = await nominations.save_all(tx, ended)
    for each in saved:
        tx.tell(attendance_recorded(each, minutes=minutes[each.id]), about=each)
    return saved


def _ended(nomination: Nomination, outcome: NominationStatus) -> Nomination:
    if nomination.status in OUTCOMES:
        return nomination.reassess(outcome)
    return nomination.attend(outcome)


async def _must_be_free(tx: Tx, wrong: Presence, correction: Correction) -> None:
    records = await sessions.presence_of_nominations(tx, [wrong.nomination_id])
    if any(each.corrects == wrong.id for each in records):
        raise refuse(Refusal.ALREADY_CORRECTED, "another record stands in its place already")
    if await sessions.by_nonce(tx, [(wrong.session_id, correction.nonce)]):
        raise refuse(Refusal.NONCE_REUSED, "the nonce names another record")


def _corrected(wrong: Presence, correction: Correction, stay: Stay, minutes: int) -> NewPresence:
    return NewPresence(
        nomination_id=wrong.nomination_id,
        session_id=wrong.session_id,
        nonce=correction.nonce,
        stay=stay,
        minutes=minutes,
        source=wrong.source,
        departed_from=wrong.departed_from,
        corrects=wrong.id,
        reason=correction.reason,
    )
