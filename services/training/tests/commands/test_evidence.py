"""Attendance and head counts: recorded once, with their consequences."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from make_training import (
    GEORGIA,
    OFFICER,
    SOURCE,
    endorsed,
    known_programme,
    moved,
    opened,
    planned,
)
from told import facts, untouched

from kit.errors import StaleVersion
from training.commands import certificates, events, evidence, nominations, sessions
from training.domain.attendance import DayPresence
from training.domain.errors import (
    AttendanceInvalid,
    MandatoryMinutesUnknown,
    NominationsClosed,
    NoSuchEvent,
    NoSuchNomination,
    NoSuchReport,
    NoSuchSeries,
    NotConfirmed,
    ReferenceTaken,
)
from training.domain.errors_evidence import AttendanceCertified
from training.domain.event_kind import EventKind
from training.domain.event_series import SeriesPlan
from training.domain.figures import Basis, Count, Qualifier
from training.domain.headcount import Headcount
from training.domain.nomination import Candidate, NominationStatus
from training.domain.session import SessionPlan
from training.domain.training_event import EventStatus
from training.queries.events import event as read_event
from training.queries.totals import portfolio_totals, programme_totals

FIRST, SECOND = date(2026, 5, 4), date(2026, 5, 5)
WHOLE = [DayPresence(FIRST, 300), DayPresence(SECOND, 300)]


async def running(unit, **changes):
    """An event under way with one confirmed and one merely endorsed nominee."""
    event = await opened(unit, **changes)
    confirmed, other = await endorsed(unit, event.id), await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, confirmed.id, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    return await moved(unit, event, EventStatus.IN_PROGRESS), confirmed, other


def headcount(**changes):
    given = {
        "reference": "COUNT-1",
        "event_id": None,
        "series_id": None,
        "participants": Count(144, Qualifier.EXACT, Basis.PERSONS),
        "participants_of": "persons",
        "units": None,
        "units_of": None,
        "source": SOURCE,
    }
    return Headcount(**(given | changes))


async def test_attendance_when_recorded_decides_how_the_nomination_ends(unit):
    _, confirmed, _ = await running(unit)
    ended = await evidence.record_attendance(unit, confirmed.id, WHOLE, by=OFFICER)
    assert ended.status is NominationStatus.ATTENDED
    told = (await facts(unit))[-1]
    assert told["type"] == "training.attendance_recorded.v1"
    assert (told["data"]["minutes"], told["data"]["outcome"]) == (600, "attended")
    async with untouched(unit):
        with pytest.raises(NotConfirmed):
            await evidence.record_attendance(unit, confirmed.id, WHOLE, by=OFFICER)


async def test_attendance_when_recorded_of_another_is_put_right_with_a_reason(unit):
    _, confirmed, _ = await running(unit)
    await evidence.record_attendance(unit, confirmed.id, [], by=OFFICER)
    why = {"reason": "the line below was meant", "by": OFFICER}
    right = await evidence.record_attendance(unit, confirmed.id, WHOLE, **why)
    assert right.status is NominationStatus.ATTENDED
    told = (await facts(unit))[-1]["data"]
    assert (told["minutes"], told["outcome"]) == (600, "attended")
    await certificates.issue_certificate(unit, confirmed.id, by=OFFICER)
    async with untouched(unit):
        with pytest.raises(AttendanceCertified):
            await evidence.record_attendance(unit, confirmed.id, [], **why)


async def test_attendance_when_sessions_decide_is_put_right_at_them(unit):
    event, confirmed, _ = await running(unit)
    await sessions.add_session(unit, event.id, SessionPlan(1, "Part", minutes=60), by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    await moved(unit, event, EventStatus.COMPLETED)
    async with untouched(unit):
        with pytest.raises(NotConfirmed):
            await evidence.record_attendance(
                unit, confirmed.id, WHOLE, reason="was there after all", by=OFFICER
            )


async def test_attendance_when_never_present_is_a_no_show(unit):
    _, confirmed, _ = await running(unit)
    ended = await evidence.record_attendance(unit, confirmed.id, [], by=OFFICER)
    assert ended.status is NominationStatus.NO_SHOW


async def test_attendance_when_it_cannot_be_writes_nothing(unit):
    _, confirmed, other = await running(unit)
    outside = [DayPresence(date(2026, 6, 1), 60)]
    async with untouched(unit):
        with pytest.raises(NotConfirmed):
            await evidence.record_attendance(unit, other.id, WHOLE, by=OFFICER)
        with pytest.raises(AttendanceInvalid):
            await evidence.record_attendance(unit, confirmed.id, outside, by=OFFICER)
        with pytest.raises(NoSuchNomination):
            await evidence.record_attendance(unit, uuid4(), WHOLE, by=OFFICER)


async def test_attendance_when_the_event_has_not_begun_is_refused(unit):
    event = await opened(unit)
    confirmed = await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, confirmed.id, by=OFFICER)
    async with untouched(unit):
        with pytest.raises(NominationsClosed):
            await evidence.record_attendance(unit, confirmed.id, WHOLE, by=OFFICER)


async def test_attendance_when_no_minutes_are_mandatory_is_refused(unit):
    _, confirmed, _ = await running(unit, mandatory_minutes=None)
    async with untouched(unit):
        with pytest.raises(MandatoryMinutesUnknown):
            await evidence.record_attendance(unit, confirmed.id, WHOLE, by=OFFICER)


async def test_list_when_recorded_is_whole_or_nothing(unit):
    event = await opened(unit)
    one, two = uuid4(), uuid4()
    await nominations.admit(unit, event.id, [Candidate(one), Candidate(two)], by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    await moved(unit, event, EventStatus.IN_PROGRESS)
    wrong = {one: WHOLE, two: [DayPresence(FIRST, 10), DayPresence(FIRST, 10)]}
    async with untouched(unit):
        with pytest.raises(AttendanceInvalid):
            await evidence.record_attendance_list(unit, event.id, wrong, by=OFFICER)
    right = {one: WHOLE, two: [DayPresence(FIRST, 10)], uuid4(): WHOLE}
    ended = await evidence.record_attendance_list(unit, event.id, right, by=OFFICER)
    assert {each.participant_id: each.status.value for each in ended} == {
        one: "attended",
        two: "partially_attended",
    }


async def test_event_when_attendance_or_a_head_count_proves_it_is_reported(unit):
    event, confirmed, _ = await running(unit)
    await evidence.record_attendance(unit, confirmed.id, WHOLE, by=OFFICER)
    assert (await moved(unit, event, EventStatus.REPORTED)).status is EventStatus.REPORTED
    other = await moved(unit, await planned(unit, reference="OTHER"), EventStatus.COMPLETED)
    await evidence.report_headcount(unit, headcount(event_id=other.id), by=OFFICER)
    other = await read_event(unit, other.id, by=OFFICER)
    assert (await moved(unit, other, EventStatus.REPORTED)).status is EventStatus.REPORTED


async def test_headcount_when_filed_is_told_and_its_reference_taken(unit):
    await known_programme(unit)
    plan = SeriesPlan("SERIES-1", "EAP-PCP", EventKind.WORKSHOP, "Workshops")
    series = await events.create_series(unit, plan, by=OFFICER)
    report = await evidence.report_headcount(unit, headcount(series_id=series.id), by=OFFICER)
    assert (report.programme_code, report.kind) == ("EAP-PCP", EventKind.WORKSHOP)
    told = (await facts(unit))[-1]
    assert told["type"] == "training.headcount_reported.v1"
    assert (told["data"]["participants"], told["data"]["basis"]) == (144, "persons")
    async with untouched(unit):
        with pytest.raises(ReferenceTaken):
            await evidence.report_headcount(unit, headcount(series_id=series.id), by=OFFICER)
        with pytest.raises(NoSuchSeries):
            await evidence.report_headcount(unit, headcount(series_id=uuid4()), by=OFFICER)
        with pytest.raises(NoSuchEvent):
            await evidence.report_headcount(unit, headcount(event_id=uuid4()), by=OFFICER)


async def test_headcount_when_corrected_takes_the_place_of_what_was_filed(unit):
    await known_programme(unit)
    event = await moved(unit, await planned(unit), EventStatus.COMPLETED)
    typed = await evidence.report_headcount(unit, headcount(event_id=event.id), by=OFFICER)

    def fewer(count):
        return replace(count, participants=Count(14, Qualifier.EXACT, Basis.PERSONS))

    corrected = await evidence.correct_headcount(
        unit, typed.id, fewer, expected=typed.version, by=OFFICER
    )
    assert (corrected.id, corrected.version) == (typed.id, typed.version + 1)
    told = [each["data"] for each in await facts(unit) if each["entity_id"] == typed.id]
    assert [each["participants"] for each in told] == [144, 14]
    assert (await read_event(unit, event.id, by=OFFICER)).delivered.participants == 14
    totals = await programme_totals(unit, "EAP-PCP", by=OFFICER)
    assert [each.count.value for each in totals.published] == [14]
    async with untouched(unit):
        with pytest.raises(StaleVersion):
            await evidence.correct_headcount(unit, typed.id, fewer, expected=1, by=OFFICER)
        with pytest.raises(NoSuchReport):
            await evidence.correct_headcount(unit, uuid4(), fewer, expected=1, by=OFFICER)
        with pytest.raises(NoSuchReport):
            await evidence.correct_headcount(unit, typed.id, fewer, expected=2, by=GEORGIA)


async def test_totals_when_one_person_was_present_count_the_event_and_nobody(unit):
    event, confirmed, _ = await running(unit)
    await evidence.record_attendance(unit, confirmed.id, WHOLE, by=OFFICER)
    await moved(unit, event, EventStatus.REPORTED)
    totals = await programme_totals(unit, "EAP-PCP", by=OFFICER)
    found = {each.figure: (each.value, each.synthetic) for each in totals.computed}
    assert found == {
        "study_tours_held": (1, False),
        "study_tour_places": (1, False),
    }
    assert await portfolio_totals(unit, by=OFFICER) == [totals]
    assert (await programme_totals(unit, "NO-SUCH", by=OFFICER)).computed == ()
