"""Walk-ins: who comes without a seat is put on record with how they came in (INV-26)."""

from dataclasses import dataclass
from uuid import UUID

from kit.auth import STAFF, Caller
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from training.commands.presence import roll_of, store_presence
from training.commands.seating import (
    eligibility_of,
    must_not_be_erased,
    must_not_overlap,
    save_seating,
    seating_of,
)
from training.commands.telling import nomination_changed, seat_confirmed
from training.domain.errors import NominationExists
from training.domain.nomination import (
    OUTCOMES,
    SEATED,
    Candidate,
    Nomination,
    NominationStatus,
    Origin,
)
from training.domain.presence import PROVABLE, Claim, Refusal, refuse
from training.domain.training_event import TAKING_PLACE, TrainingEvent
from training.storage import bookings, nominations, programmes, sessions, training_events


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Who came, from which organisation and country, why they were let in, and to what.

    `claim` is the record of presence that proves it; an event with sessions needs one.
    """

    candidate: Candidate
    organisation: str
    country: str
    reason: str
    claim: Claim | None = None


async def admit_walk_in(unit: Unit, event_id: UUID, came: WalkIn, *, by: Caller) -> Nomination:
    """Give somebody who came a free seat, as host, and record their presence with it.

    Who was endorsed but had no confirmed seat gets one; for anybody else a nomination is made
    that says it was a walk-in. No travel hangs on it, because nobody sent them. The same record
    of presence sent again changes nothing.

    Refused: NoSuchEvent, NominationsClosed, AttendanceRefused, NominationExists, NotEndorsed,
    QuotaFull, NoSeatsOffered, ParticipationSuspended, ParticipationScope, EventsOverlap,
    ParticipantErased.
    """
    async with unit.begin() as tx:
        await must_not_be_erased(tx, came.candidate.participant_id)
        event = await training_events.lock(tx, event_id, by=by)
        event.must_be(TAKING_PLACE)
        person = came.candidate.participant_id
        standing = await nominations.standing_of(tx, event.id, [person])
        if standing and standing[0].status in PROVABLE:
            return tx.result(await _known(tx, event, standing[0], came))
        await _must_be_admissible(tx, event, came, by=by)
        admitted = await _seat(tx, event, standing[0] if standing else None, came)
        event = await training_events.lock_known(tx, event.id)
        if came.claim is not None:
            admitted = await _record(tx, event, admitted, came.claim, by=by)
        return tx.result(admitted)


async def _known(tx: Tx, event: TrainingEvent, found: Nomination, came: WalkIn) -> Nomination:
    """Return the nomination if this record of presence is there already."""
    if came.claim is not None:
        roll = await roll_of(tx, event, [found.participant_id], [came.claim])
        session = roll.sessions.get(came.claim.session)
        key = session and (session.id, came.claim.nonce)
        if key and [each.nomination_id for each in await sessions.by_nonce(tx, [key])] == [
            found.id
        ]:
            return found
    raise NominationExists("the participant has a seat: record the presence alone")


async def _must_be_admissible(tx: Tx, event: TrainingEvent, came: WalkIn, *, by: Caller) -> None:
    programme = await programmes.find(tx, event.plan.programme_code)
    if programme is not None and not programme.runs:
        raise refuse(Refusal.PROGRAMME_CLOSED, f"the programme is `{programme.status}`")
    if came.claim is None and await sessions.of_event(tx, event.id):
        raise refuse(Refusal.UNKNOWN_SESSION, "the session they came to is not named")
    person, reason = came.candidate.participant_id, came.candidate.overlap_reason
    await bookings.lock_persons(tx, [person])
    beside = SEATED | OUTCOMES
    await must_not_overlap(tx, event, person, reason=reason, by=by, beside=beside)


async def _seat(
    tx: Tx, event: TrainingEvent, nominated: Nomination | None, came: WalkIn
) -> Nomination:
    if nominated is not None:
        confirmed = nominated.confirm(overlap_reason=came.candidate.overlap_reason)
        if not nominated.seated:
            await _take_seat(tx, event, nominated)
        saved = await nominations.save(tx, confirmed)
        tx.tell(seat_confirmed(saved, event), about=saved)
        return saved
    made = await _made(tx, event, came)
    await _take_seat(tx, event, made)
    await nominations.add(tx, made)
    tx.tell(nomination_changed(made), about=made)
    return made


async def _take_seat(tx: Tx, event: TrainingEvent, nomination: Nomination) -> None:
    seating = await seating_of(tx, event)
    if event.full:
        raise refuse(Refusal.EVENT_FULL, "no seat is free")
    await save_seating(tx, seating, seating.with_seat(nomination))


async def _made(tx: Tx, event: TrainingEvent, came: WalkIn) -> Nomination:
    candidate = came.candidate
    return Nomination(
        id=uuid7(tx.now),
        version=1,
        audience=frozenset({STAFF, f"org:{came.organisation}"}),
        event_id=event.id,
        participant_id=candidate.participant_id,
        organisation=came.organisation,
        country=came.country,
        unit_code=candidate.unit_code,
        status=NominationStatus.CONFIRMED,
        rank=None,
        reason=came.reason,
        synthetic=event.plan.synthetic,
        role=candidate.role,
        origin=Origin.WALK_IN,
        eligibility=await eligibility_of(tx, event, came.country),
        overlap_reason=candidate.overlap_reason,
    )


async def _record(
    tx: Tx, event: TrainingEvent, admitted: Nomination, claim: Claim, *, by: Caller
) -> Nomination:
    roll = await roll_of(tx, event, [admitted.participant_id], [claim])
    entry = roll.judge(admitted.participant_id, claim)
    assert entry is not None  # noqa: S101 (who has just got a seat has no record yet)
    await store_presence(tx, event, [entry], by=by)
    [recorded] = await nominations.standing_of(tx, event.id, [admitted.participant_id])
    return recorded
