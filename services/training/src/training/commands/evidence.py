"""Proof that events took place: attendance of individuals, or a reported head count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from kit.errors import StaleVersion
from kit.ids import uuid7
from training.commands.delivery import recount, recount_locked
from training.commands.nominations import lock_both
from training.commands.presence import must_keep_certified
from training.commands.telling import attendance_recorded, headcount_reported
from training.domain.attendance import DayPresence, outcome
from training.domain.errors import NotConfirmed
from training.domain.event_kind import EventKind
from training.domain.headcount import Headcount, HeadcountReport, must_be_countable
from training.domain.nomination import OUTCOMES, Nomination
from training.domain.training_event import TAKING_PLACE, TrainingEvent
from training.storage import (
    event_series,
    evidence,
    nominations,
    programmes,
    sessions,
    training_events,
)

Change = Callable[[Headcount], Headcount]


async def record_attendance(
    unit: Unit,
    nomination_id: UUID,
    days: Sequence[DayPresence],
    *,
    by: Caller,
    expected: int | None = None,
    reason: str | None = None,
) -> Nomination:
    """Record the presence of one participant, once; it decides how the nomination ends.

    With a `reason` it takes the place of what is on record, unless sessions decide. Refused:
    NoSuchNomination, NominationsClosed, EventNotYet, NotConfirmed, AttendanceInvalid,
    AttendanceRefused, MandatoryMinutesUnknown, AttendanceCertified.
    """
    async with unit.begin() as tx:
        event, nomination = await lock_both(tx, nomination_id, expected=expected, by=by)
        if reason is not None and nomination.status in OUTCOMES:
            return tx.result(await _correct(tx, event, nomination, days, reason=reason, by=by))
        [ended] = await _record(tx, event, {nomination: days}, by=by)
        return tx.result(ended)


async def record_attendance_list(
    unit: Unit, event_id: UUID, presence: Mapping[UUID, Sequence[DayPresence]], *, by: Caller
) -> list[Nomination]:
    """Record the presence of many, by participant id: all of it, or nothing.

    Whoever is nominated but not on the list is left as is. Refused like `record_attendance`.
    """
    async with unit.begin() as tx:
        event = await training_events.lock(tx, event_id, by=by)
        listed = {
            nomination: presence[nomination.participant_id]
            for nomination in await nominations.lock_active_of(tx, event_id)
            if nomination.participant_id in presence
        }
        return tx.result(await _record(tx, event, listed, by=by))


async def report_headcount(unit: Unit, count: Headcount, *, by: Caller) -> HeadcountReport:
    """Put a published head count of an event or a series on record.

    Refused: NoSuchEvent, EventNotYet, EventOver, NoSuchSeries, UnknownProgramme, ReferenceTaken.
    """
    async with unit.begin() as tx:
        code, kind = await _subject(tx, count, by=by)
        programme = await programmes.hold(tx, code, by=by)
        report = HeadcountReport(uuid7(tx.now), 1, programme.audience, code, kind, count)
        await evidence.add_report(tx, report)
        tx.tell(headcount_reported(report), about=report)
        if count.event_id is not None:
            await recount_locked(tx, count.event_id)
        return tx.result(report)


async def correct_headcount(
    unit: Unit, report_id: UUID, change: Change, *, expected: int, by: Caller
) -> HeadcountReport:
    """Put right what a head count says, as host; it stays about what it was about.

    Whoever follows is told of the report anew, so that nothing is counted twice.
    Refused: NoSuchReport, StaleVersion, CountInconsistent.
    """
    async with unit.begin() as tx:
        event_id = (await evidence.get_report(tx, report_id, by=by)).count.event_id
        event = None if event_id is None else await training_events.lock_known(tx, event_id)
        report = await evidence.get_report(tx, report_id, by=by)
        if report.version != expected:
            raise StaleVersion("the head-count report has changed since you read it")
        saved = await evidence.save_report(tx, replace(report, count=change(report.count)))
        tx.tell(headcount_reported(saved), about=saved)
        if event is not None:
            await recount(tx, event)
        return tx.result(saved)


async def _record(
    tx: Tx,
    event: TrainingEvent,
    listed: Mapping[Nomination, Sequence[DayPresence]],
    *,
    by: Caller,
) -> list[Nomination]:
    event.must_be(TAKING_PLACE)
    presence = {nomination.id: days for nomination, days in listed.items()}
    ended = await nominations.save_all(
        tx, [each.attend(outcome(days, event.plan, now=tx.now)) for each, days in listed.items()]
    )
    await evidence.add_presence(tx, presence, recorded_by=by.client)
    for each in ended:
        minutes = sum(day.minutes for day in presence[each.id])
        tx.tell(attendance_recorded(each, minutes=minutes), about=each)
    await recount(tx, event)
    return ended


async def _correct(
    tx: Tx,
    event: TrainingEvent,
    nomination: Nomination,
    days: Sequence[DayPresence],
    *,
    reason: str,
    by: Caller,
) -> Nomination:
    event.must_be(TAKING_PLACE)
    if any(each.plan.counted_minutes for each in await sessions.of_event(tx, event.id)):
        status = nomination.status.value
        raise NotConfirmed("presence at the sessions decides", status=status)
    ended = nomination.reassess(outcome(days, event.plan, now=tx.now))
    saved = await nominations.save(tx, ended)
    await evidence.correct_presence(tx, saved.id, days, reason=reason, recorded_by=by.client)
    minutes = sum(day.minutes for day in days)
    tx.tell(attendance_recorded(saved, minutes=minutes), about=saved)
    await must_keep_certified(tx, [nomination], [saved])
    await recount(tx, event)
    return saved


async def _subject(tx: Tx, count: Headcount, *, by: Caller) -> tuple[str, EventKind]:
    if count.event_id is not None:
        event = await training_events.get(tx, count.event_id, by=by)
        must_be_countable(event, tx.now)
        return event.plan.programme_code, event.plan.kind
    assert count.series_id is not None  # noqa: S101 (a report has one subject)
    series = await event_series.get(tx, count.series_id, by=by)
    return series.plan.programme_code, series.plan.kind
