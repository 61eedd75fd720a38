"""From nomination to seat: who nominates, who endorses, who decides.

Every command that gives or frees a seat locks the event before any nomination, so that seats
are counted one after another and no two commands wait for one another.
"""

from dataclasses import replace
from uuid import UUID

from kit.auth import STAFF, Caller
from kit.db.unit import Tx, Unit
from kit.errors import StaleVersion
from kit.ids import uuid7
from training.commands.seating import (
    eligibility_of,
    must_not_be_erased,
    must_not_overlap,
    pass_seat_on,
    save_seating,
    seating_of,
)
from training.commands.telling import nomination_changed, seat_confirmed, seat_released
from training.domain.nomination import (
    OUTCOMES,
    SEATED,
    Candidate,
    Nomination,
    NominationStatus,
)
from training.domain.training_event import DECIDING, TAKING_PLACE, EventStatus, TrainingEvent
from training.storage import bookings, nominations, programmes, seats, training_events


async def submit_nomination(
    unit: Unit, event_id: UUID, candidate: Candidate, *, by: Caller
) -> Nomination:
    """Nominate a participant in the name of the caller's organisation.

    Refused: NoSuchEvent, UnknownProgramme, ProgrammeNotRunning, NominationsClosed,
    NominationExists, ParticipationSuspended, ParticipationScope, EventsOverlap,
    ParticipantErased.
    """
    async with unit.begin() as tx:
        await must_not_be_erased(tx, candidate.participant_id)
        event = await training_events.lock(tx, event_id, by=by)
        nomination = await new_nomination(tx, event, candidate, by=by)
        await nominations.add(tx, nomination)
        tx.tell(nomination_changed(nomination), about=nomination)
        return tx.result(nomination)


async def endorse(
    unit: Unit, nomination_id: UUID, *, by: Caller, expected: int | None = None
) -> Nomination:
    """Stand behind a nomination, as the organisation that made it; at the door, too.

    Refused: NoSuchNomination, NotYourNomination, NominationsClosed, NominationStepNotAllowed.
    """
    async with unit.begin() as tx:
        event, nomination = await lock_both(tx, nomination_id, expected=expected, by=by)
        endorsed = nomination.endorse(organisation=by.organisation)
        event.must_be(DECIDING | TAKING_PLACE)
        endorsed = await nominations.save(tx, endorsed)
        tx.tell(nomination_changed(endorsed), about=endorsed)
        return tx.result(endorsed)


async def accept(
    unit: Unit, nomination_id: UUID, *, by: Caller, expected: int | None = None
) -> Nomination:
    """Want a nominee, as host: a seat is held, or the nominee waits for one in order.

    Refused: NoSuchNomination, NominationsClosed, NoSeatsOffered, NotEndorsed, AlreadyDecided.
    """
    async with unit.begin() as tx:
        event, nomination = await lock_both(tx, nomination_id, expected=expected, by=by)
        event.must_be(DECIDING)
        seating = await seating_of(tx, event)
        if seating.refusal(nomination) is not None:
            decided = nomination.wait()
        else:
            decided = nomination.accept()
            await save_seating(tx, seating, seating.with_seat(nomination))
        decided = await nominations.save(tx, decided)
        tx.tell(nomination_changed(decided), about=decided)
        return tx.result(decided)


async def confirm_seat(
    unit: Unit,
    nomination_id: UUID,
    *,
    by: Caller,
    expected: int | None = None,
    overlap_reason: str | None = None,
) -> Nomination:
    """Make a seat final, as host: one seat is taken, or nothing happens.

    A seat held since acceptance is not taken a second time. Nobody is confirmed in two events
    elsewhere at the same time unless a reason is on record or given now (INV-24), nor from a
    country that was suspended since.
    Refused: NoSuchNomination, NominationsClosed, NotEndorsed, AlreadyDecided, EventFull,
    QuotaFull, EventsOverlap, ProgrammeNotRunning, ParticipationSuspended, ParticipationScope.
    """
    async with unit.begin() as tx:
        event, nomination = await lock_both(tx, nomination_id, expected=expected, by=by)
        event.must_be(DECIDING)
        confirmed = nomination.confirm(overlap_reason=overlap_reason)
        await _must_still_travel(tx, event, nomination)
        await bookings.lock_persons(tx, [nomination.participant_id])
        await must_not_overlap(
            tx,
            event,
            nomination.participant_id,
            reason=confirmed.overlap_reason,
            by=by,
            beside=SEATED | OUTCOMES,
        )
        if not nomination.seated:
            seating = await seating_of(tx, event)
            event = await save_seating(tx, seating, seating.with_seat(nomination))
        confirmed = await nominations.save(tx, confirmed)
        tx.tell(seat_confirmed(confirmed, event), about=confirmed)
        return tx.result(confirmed)


async def _must_still_travel(tx: Tx, event: TrainingEvent, nomination: Nomination) -> None:
    """Refuse a final seat to whom no nomination would be taken now (INV-04)."""
    programme = await programmes.find(tx, event.plan.programme_code)
    if programme is not None:
        programme.must_run()
    await eligibility_of(tx, event, nomination.country)


async def withdraw(
    unit: Unit,
    nomination_id: UUID,
    *,
    reason: str | None,
    by: Caller,
    expected: int | None = None,
) -> Nomination:
    """Take a nomination back, as the organisation that made it; its seat moves on at once.

    Refused: NoSuchNomination, NotYourNomination, NominationsClosed, NominationStepNotAllowed.
    """
    async with unit.begin() as tx:
        event, nomination = await lock_both(tx, nomination_id, expected=expected, by=by)
        nomination.must_be_of(by.organisation)
        event.must_be(nomination.leaves_while)
        withdrawn = nomination.withdraw(reason)
        return tx.result(await let_go(tx, event, nomination, withdrawn, released="withdrawn"))


async def let_go(
    tx: Tx, event: TrainingEvent, nomination: Nomination, ended: Nomination, *, released: str
) -> Nomination:
    """Store how a nomination ended; a seat it held is told as `released` and moves on at once."""
    saved = await nominations.save(tx, ended)
    if nomination.seated:
        tx.tell(seat_released(saved, reason=released), about=saved)
        await pass_seat_on(tx, await seating_of(tx, event), nomination)
    else:
        tx.tell(nomination_changed(saved), about=saved)
    return saved


async def admit(
    unit: Unit, event_id: UUID, candidates: list[Candidate], *, by: Caller
) -> list[Nomination]:
    """Nominate, endorse, accept and confirm a whole list at once: all of it, or nothing.

    The caller is host and nominating organisation in one; every rule of the single steps holds.
    """
    async with unit.begin() as tx:
        people = [each.participant_id for each in candidates]
        await must_not_be_erased(tx, *people)
        event = await training_events.lock(tx, event_id, by=by)
        await bookings.lock_persons(tx, people)
        seating = before = await seating_of(tx, event)
        confirmed: list[Nomination] = []
        for candidate in candidates:
            submitted = await new_nomination(tx, event, candidate, by=by)
            confirmed.append(submitted.endorse(organisation=by.organisation).accept().confirm())
            seating = seating.with_seat(submitted)
        await nominations.add(tx, *confirmed)
        event = await save_seating(tx, before, seating)
        for each in confirmed:
            tx.tell(seat_confirmed(each, event), about=each)
        return tx.result(confirmed)


async def new_nomination(
    tx: Tx, event: TrainingEvent, candidate: Candidate, *, by: Caller
) -> Nomination:
    """Make a nomination, not stored yet, after every check that a nomination has to pass."""
    await must_take_nominations(tx, event, by=by)
    eligibility = await eligibility_of(tx, event, by.country)
    await must_not_overlap(
        tx, event, candidate.participant_id, reason=candidate.overlap_reason, by=by
    )
    return replace(nomination_of(tx, event, candidate, by=by), eligibility=eligibility)


async def must_take_nominations(tx: Tx, event: TrainingEvent, *, by: Caller) -> None:
    """Refuse unless the programme runs and the event takes nominations."""
    programme = await programmes.get(tx, event.plan.programme_code, by=by)
    programme.must_run()
    event.must_be(frozenset({EventStatus.NOMINATIONS_OPEN}))


def nomination_of(tx: Tx, event: TrainingEvent, candidate: Candidate, *, by: Caller) -> Nomination:
    """Return what a caller's organisation submits, as it is made."""
    return Nomination(
        id=uuid7(tx.now),
        version=1,
        audience=frozenset({STAFF, f"org:{by.organisation}"}),
        event_id=event.id,
        participant_id=candidate.participant_id,
        organisation=by.organisation,
        country=by.country,
        unit_code=candidate.unit_code,
        status=NominationStatus.SUBMITTED,
        rank=None,
        reason=None,
        synthetic=event.plan.synthetic,
        role=candidate.role,
        overlap_reason=candidate.overlap_reason,
    )


async def lock_both(
    tx: Tx, nomination_id: UUID, *, expected: int | None, by: Caller
) -> tuple[TrainingEvent, Nomination]:
    """Lock the event of a nomination, then the nomination, in that order everywhere.

    Raises NoSuchNomination, and StaleVersion if the caller decided on another version.
    """
    event, nomination = await seats.lock(tx, nomination_id, by=by)
    if expected is not None and nomination.version != expected:
        raise StaleVersion("the nomination has changed since you read it")
    return event, nomination
