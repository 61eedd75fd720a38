"""Sessions, presence at them, corrections, and what they make of nominations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from make_training import GEORGIA, OFFICER, endorsed, moved, opened
from told import facts, untouched

from training.commands import amending, certificates, nominations, presence, sessions
from training.commands.presence import Correction
from training.domain.errors import (
    AttendanceRefused,
    NominationsClosed,
    NoSuchEvent,
    NoSuchPresence,
    SessionAttended,
    SessionNumberTaken,
    SessionOutsideEvent,
)
from training.domain.errors_evidence import AttendanceCertified
from training.domain.nomination import NominationStatus
from training.domain.presence import CLOCK_TOLERANCE, Claim, PresenceSource, Stay
from training.domain.session import SessionPlan
from training.domain.training_event import EventStatus
from training.queries.events import event as read_event
from training.queries.nominations import nomination as read_nomination
from training.queries.presence import presence_of, sessions_of

NINE = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)


async def running(unit, seats=2, **changes):
    """An event of two sessions under way, with confirmed nominees."""
    event = await opened(unit, capacity=seats, **changes)
    for number, starts_at in ((1, NINE), (2, NOON)):
        part = SessionPlan(number, "Part", starts_at, starts_at + timedelta(hours=3))
        await sessions.add_session(unit, event.id, part, by=OFFICER)
    nominees = [await endorsed(unit, event.id) for _ in range(seats)]
    for each in nominees:
        await nominations.confirm_seat(unit, each.id, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    return await moved(unit, event, EventStatus.IN_PROGRESS), nominees


def claim(stay=None, *, session=1, nonce=None):
    return Claim(session, nonce or uuid4().hex, PresenceSource.SCAN, stay or Stay(), "Chișinău")


async def record(unit, event, nominee, *args, **kwargs):
    return await presence.record_presence(
        unit, event.id, nominee.participant_id, claim(*args, **kwargs), by=OFFICER
    )


async def test_session_when_planned_lies_in_its_event_under_a_number_of_its_own(unit):
    event = await opened(unit)
    part = SessionPlan(1, "Part", NINE, NOON)
    far = SessionPlan(2, "Part", NINE + timedelta(days=30), NOON + timedelta(days=30))
    made = await sessions.add_session(unit, event.id, part, by=OFFICER)
    assert await sessions_of(unit, event.id, by=OFFICER) == [made]
    async with untouched(unit):
        with pytest.raises(SessionNumberTaken):
            await sessions.add_session(unit, event.id, part, by=OFFICER)
        with pytest.raises(SessionOutsideEvent):
            await sessions.add_session(unit, event.id, far, by=OFFICER)
        with pytest.raises(NoSuchEvent):
            await sessions.add_session(unit, event.id, part, by=GEORGIA)


async def test_presence_when_sent_twice_with_one_nonce_is_one_row(unit):
    event, [nominee, _] = await running(unit)
    one = claim(Stay(NINE, NOON))
    first = await presence.record_presence(unit, event.id, nominee.participant_id, one, by=OFFICER)
    told = (await facts(unit))[-1]
    assert (told["type"], told["data"]["minutes"]) == ("training.presence_recorded.v1", 180)
    async with untouched(unit):
        again = await presence.record_presence(
            unit, event.id, nominee.participant_id, one, by=OFFICER
        )
    assert again == first
    assert (first.minutes, first.departed_from) == (180, "Chișinău")


async def test_presence_when_scanned_in_and_out_is_measured_between(unit):
    event, [nominee, _] = await running(unit)
    await record(unit, event, nominee, Stay(NINE))
    out = await record(unit, event, nominee, Stay(None, NOON))
    assert (out.minutes, out.stay.came_at, out.stay.left_at) == (180, NINE, NOON)
    page = await presence_of(unit, event.id, limit=50, after=None, by=OFFICER)
    assert [each.corrects for each in page.items] == [None, page.items[0].id]


async def test_presence_when_refused_writes_nothing(unit):
    event, [nominee, _] = await running(unit)
    async with untouched(unit):
        with pytest.raises(AttendanceRefused) as refused:
            await presence.record_presence(unit, event.id, uuid4(), claim(), by=OFFICER)
    assert refused.value.facts == {"reason": "not_nominated"}
    early = await opened(unit, known=False, reference="EARLY")
    async with untouched(unit):
        with pytest.raises(NominationsClosed):
            await record(unit, early, nominee)


async def test_event_when_over_decides_by_minutes_and_corrections_decide_again(unit):
    event, [whole, part] = await running(unit)
    absent = await record(unit, event, whole, session=1)
    await record(unit, event, whole, session=2)
    await record(unit, event, part, Stay(minutes=10), session=1)
    event = await read_event(unit, event.id, by=OFFICER)
    await moved(unit, event, EventStatus.COMPLETED)

    async def status(nominee):
        return (await read_nomination(unit, nominee.id, by=OFFICER)).status

    assert await status(whole) is NominationStatus.ATTENDED
    assert await status(part) is NominationStatus.PARTIALLY_ATTENDED
    correction = Correction(uuid4().hex, Stay(minutes=0), "the list names the next line")
    await presence.correct_presence(unit, absent.id, correction, by=OFFICER)
    assert await status(whole) is NominationStatus.PARTIALLY_ATTENDED
    told = (await facts(unit))[-1]
    assert (told["type"], told["data"]["minutes"]) == ("training.attendance_recorded.v1", 180)
    async with untouched(unit):
        with pytest.raises(AttendanceRefused) as refused:
            await presence.correct_presence(unit, absent.id, correction, by=OFFICER)
        assert refused.value.facts == {"reason": "already_corrected"}
        with pytest.raises(NoSuchPresence):
            await presence.correct_presence(unit, absent.id, correction, by=GEORGIA)


async def test_stay_when_corrected_by_its_end_alone_is_measured_from_its_beginning(unit):
    event, [nominee, other] = await running(unit)
    came = await record(unit, event, nominee, Stay(NINE))
    listed = await record(unit, event, other, Stay(minutes=60))
    left = Correction(uuid4().hex, Stay(None, NINE + timedelta(minutes=10)), "the door was busy")
    ended = await presence.correct_presence(unit, came.id, left, by=OFFICER)
    assert (ended.stay.came_at, ended.minutes) == (NINE, 10)
    async with untouched(unit):
        with pytest.raises(AttendanceRefused) as refused:
            await presence.correct_presence(unit, listed.id, left, by=OFFICER)
    assert refused.value.facts == {"reason": "not_there"}


async def test_stay_when_corrected_to_nothing_leaves_room_for_what_was(unit):
    event, [nominee, _] = await running(unit)
    slip = await record(unit, event, nominee)
    none = Correction(uuid4().hex, Stay(minutes=0), "the scan was of somebody else")
    await presence.correct_presence(unit, slip.id, none, by=OFFICER)
    assert (await record(unit, event, nominee, Stay(NINE, NOON))).minutes == 180
    with pytest.raises(AttendanceRefused) as twice:
        await record(unit, event, nominee, Stay(NINE, NOON))
    assert twice.value.facts == {"reason": "overlapping_stay"}


async def test_attendance_when_certified_is_not_taken_back(unit):
    event, [nominee, _] = await running(unit)
    first, second = [await record(unit, event, nominee, session=each) for each in (1, 2)]
    event = await read_event(unit, event.id, by=OFFICER)
    await moved(unit, event, EventStatus.COMPLETED)
    made = await certificates.issue_certificate(unit, nominee.id, by=OFFICER)
    less = Correction(uuid4().hex, Stay(minutes=0), "the list names the next line")
    async with untouched(unit):
        with pytest.raises(AttendanceCertified) as refused:
            await presence.correct_presence(unit, first.id, less, by=OFFICER)
    assert refused.value.facts == {"certificates": [str(made.id)]}
    hardly = Correction(uuid4().hex, Stay(minutes=179), "left a little early")
    await presence.correct_presence(unit, second.id, hardly, by=OFFICER)
    await certificates.revoke_certificate(
        unit, made.id, reason="another was meant", expected=1, by=OFFICER
    )
    await presence.correct_presence(unit, first.id, less, by=OFFICER)
    found = await read_nomination(unit, nominee.id, by=OFFICER)
    assert found.status is NominationStatus.PARTIALLY_ATTENDED


async def replanned(unit, event, number, **changes):
    found = next(
        each for each in await sessions_of(unit, event.id, by=OFFICER) if each.plan.number == number
    )
    plan = replace(found.plan, **changes)
    return await amending.replan_session(unit, event.id, plan, expected=found.version, by=OFFICER)


async def test_nominee_when_never_scanned_on_leaving_is_no_no_show(unit):
    event, [nominee, other] = await running(unit)
    came = await record(unit, event, nominee, Stay(NINE))
    slip = await record(unit, event, other, Stay(NINE))
    nobody = Correction(uuid4().hex, Stay(minutes=0), "somebody else was scanned")
    await presence.correct_presence(unit, slip.id, nobody, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    await moved(unit, event, EventStatus.COMPLETED)
    found = [await read_nomination(unit, each.id, by=OFFICER) for each in (nominee, other)]
    partly = NominationStatus.PARTIALLY_ATTENDED
    assert [each.status for each in found] == [partly, NominationStatus.NO_SHOW]
    whole = Correction(uuid4().hex, Stay(None, NINE + timedelta(hours=3)), "as the list says")
    assert (await presence.correct_presence(unit, came.id, whole, by=OFFICER)).minutes == 180


async def test_session_when_called_off_at_the_last_minute_counts_against_nobody(unit):
    event, [nominee, other] = await running(unit)
    await record(unit, event, nominee, session=1)
    await replanned(unit, event, 2, mandatory=False)
    event = await read_event(unit, event.id, by=OFFICER)
    await moved(unit, event, EventStatus.COMPLETED)
    found = [await read_nomination(unit, each.id, by=OFFICER) for each in (nominee, other)]
    assert [each.status for each in found] == [NominationStatus.ATTENDED, NominationStatus.NO_SHOW]


async def test_session_when_found_to_be_listed_twice_decides_again_after_the_event(unit):
    event, [nominee, other] = await running(unit)
    await record(unit, event, nominee, session=1)
    event = await moved(unit, await read_event(unit, event.id, by=OFFICER), EventStatus.COMPLETED)
    await replanned(unit, event, 2, mandatory=False)
    found = [await read_nomination(unit, each.id, by=OFFICER) for each in (nominee, other)]
    assert [each.status for each in found] == [NominationStatus.ATTENDED, NominationStatus.NO_SHOW]
    assert (await read_event(unit, event.id, by=OFFICER)).delivered.participants == 1
    made = await certificates.issue_certificate(unit, nominee.id, by=OFFICER)
    async with untouched(unit):
        with pytest.raises(AttendanceCertified) as refused:
            await replanned(unit, event, 2, mandatory=True)
    assert refused.value.facts == {"certificates": [str(made.id)]}


async def test_session_when_somebody_is_on_record_keeps_what_they_were_measured_by(unit):
    event, [nominee, _] = await running(unit)
    await record(unit, event, nominee, session=1)
    later = {"starts_at": NINE + timedelta(hours=1), "ends_at": NOON}
    async with untouched(unit):
        with pytest.raises(SessionAttended):
            await replanned(unit, event, 1, **later)
    await replanned(unit, event, 1, minutes=60)
    told = (await facts(unit))[-1]
    assert (told["type"], told["data"]["minutes"]) == ("training.presence_recorded.v1", 60)
    async with untouched(unit):
        with pytest.raises(SessionAttended):
            await replanned(unit, event, 1, minutes=120)
    afternoon = {"starts_at": NOON + timedelta(hours=1), "ends_at": NOON + timedelta(hours=2)}
    assert (await replanned(unit, event, 2, **afternoon)).plan.counted_minutes == 60


async def test_presence_when_still_to_come_is_not_recorded_by_any_door(unit, clock):
    event, [nominee, other] = await running(unit)
    made = await record(unit, event, nominee, session=1)
    ahead = clock.now() + CLOCK_TOLERANCE
    allowed = Stay(NINE, ahead)
    late = Stay(NINE, ahead + timedelta(seconds=1))
    correction = Correction(uuid4().hex, late, "as the list says")
    async with untouched(unit):
        for refused in (
            record(unit, event, other, late, session=1),
            presence.correct_presence(unit, made.id, correction, by=OFFICER),
        ):
            with pytest.raises(AttendanceRefused) as early:
                await refused
            assert early.value.facts == {"reason": "not_yet"}
    assert (await record(unit, event, other, allowed, session=1)).stay == allowed


async def test_nominee_when_never_recorded_is_a_no_show(unit):
    event, [nominee, _] = await running(unit)
    await moved(unit, event, EventStatus.COMPLETED)
    found = await read_nomination(unit, nominee.id, by=OFFICER)
    assert found.status is NominationStatus.NO_SHOW
