"""Who comes without a seat: a free seat, a nomination that says so, and a record of presence."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from make_training import GEORGIA, MOLDOVA, OFFICER, endorsed, known_programme, moved, opened
from told import facts, untouched

from kit.testing.patience import served
from training.commands import nominations, replacing, seating, sessions, walk_ins
from training.commands.walk_ins import WalkIn
from training.domain.eligibility import Participation
from training.domain.errors import (
    AttendanceRefused,
    NominationExists,
    NominationsClosed,
    NoSuchEvent,
    NotEndorsed,
)
from training.domain.errors_seats import ParticipationSuspended
from training.domain.nomination import Candidate, NominationStatus, Origin
from training.domain.presence import Claim, PresenceSource, Stay
from training.domain.session import SessionPlan
from training.domain.training_event import EventStatus
from training.queries.events import event as read_event
from training.queries.presence import presence_of

S = NominationStatus
NINE = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)


async def running(unit, *, capacity=2):
    """An event of one session under way: an endorsed nominee has no seat, nobody has."""
    event = await opened(unit, capacity=capacity)
    part = SessionPlan(1, "Part", NINE, NINE + timedelta(hours=3))
    await sessions.add_session(unit, event.id, part, by=OFFICER)
    nominee = await endorsed(unit, event.id)
    event = await read_event(unit, event.id, by=OFFICER)
    return await moved(unit, event, EventStatus.IN_PROGRESS), nominee


def came(person=None, *, nonce="scan-0001", country="MD", proven=True):
    claim = Claim(1, nonce, PresenceSource.WALK_IN, Stay(), "Chișinău")
    candidate = Candidate(person or uuid4(), "UNIT-1")
    return WalkIn(candidate, "MD-MIA", country, "sent at short notice", claim if proven else None)


async def refused(unit, event, walk_in, by=OFFICER):
    async with untouched(unit):
        with pytest.raises(AttendanceRefused) as found:
            await walk_ins.admit_walk_in(unit, event.id, walk_in, by=by)
    return found.value.facts["reason"]


async def test_walk_in_when_a_seat_is_free_has_a_nomination_and_a_record_that_say_so(unit):
    event, _ = await running(unit)
    walk_in = came()
    made = await walk_ins.admit_walk_in(unit, event.id, walk_in, by=OFFICER)
    assert (made.status, made.origin, made.reason) == (
        S.CONFIRMED,
        Origin.WALK_IN,
        "sent at short notice",
    )
    assert made.audience == {"staff", "org:MD-MIA"}
    [record] = (await presence_of(unit, event.id, limit=9, after=None, by=OFFICER)).items
    assert (record.source, record.minutes, record.nomination_id) == (
        PresenceSource.WALK_IN,
        180,
        made.id,
    )
    assert (await read_event(unit, event.id, by=OFFICER)).taken == 1
    told = [each["type"] for each in await facts(unit)]
    assert "training.seat_confirmed.v1" not in told
    async with untouched(unit):
        again = await walk_ins.admit_walk_in(unit, event.id, walk_in, by=OFFICER)
        assert again.id == made.id
        other = came(made.participant_id, nonce="scan-0002")
        with pytest.raises(NominationExists):
            await walk_ins.admit_walk_in(unit, event.id, other, by=OFFICER)


async def test_walk_in_when_endorsed_gets_the_seat_and_travel_hangs_on_it(unit):
    event, nominee = await running(unit)
    walk_in = came(nominee.participant_id)
    made = await walk_ins.admit_walk_in(unit, event.id, walk_in, by=OFFICER)
    assert (made.id, made.status, made.origin) == (nominee.id, S.CONFIRMED, Origin.NOMINATION)
    told = [each["type"] for each in await facts(unit)]
    assert "training.seat_confirmed.v1" in told


async def test_walk_in_when_it_cannot_be_writes_nothing(unit):
    event, _ = await running(unit, capacity=1)
    assert await refused(unit, event, came(proven=False)) == "unknown_session"
    async with untouched(unit):
        with pytest.raises(NoSuchEvent):
            await walk_ins.admit_walk_in(unit, event.id, came(), by=GEORGIA)
    first = await walk_ins.admit_walk_in(unit, event.id, came(), by=OFFICER)
    assert await refused(unit, event, came(nonce="scan-0002")) == "event_full"
    assert first.status is S.CONFIRMED
    await known_programme(unit, status="suspended", seq=2)
    assert await refused(unit, event, came(nonce="scan-0002")) == "programme_closed"


async def test_walk_in_when_the_nonce_or_the_country_is_refused_takes_no_seat(unit):
    event, _ = await running(unit)
    await walk_ins.admit_walk_in(unit, event.id, came(), by=OFFICER)
    assert await refused(unit, event, came()) == "nonce_reused"
    decided = Participation("EAP-PCP", "MD", 1, "suspended", "XXXX", uuid4(), "its words", None)
    await seating.copy_participation(unit, decided)
    async with untouched(unit):
        with pytest.raises(ParticipationSuspended):
            await walk_ins.admit_walk_in(unit, event.id, came(nonce="scan-0002"), by=OFFICER)


async def test_walk_in_when_the_event_has_not_begun_or_nobody_endorsed_is_refused(unit):
    event = await opened(unit)
    submitted = await nominations.submit_nomination(unit, event.id, Candidate(uuid4()), by=MOLDOVA)
    async with untouched(unit):
        with pytest.raises(NominationsClosed):
            await walk_ins.admit_walk_in(unit, event.id, came(proven=False), by=OFFICER)
    await moved(unit, event, EventStatus.IN_PROGRESS)
    walk_in = came(submitted.participant_id, proven=False)
    async with untouched(unit):
        with pytest.raises(NotEndorsed):
            await walk_ins.admit_walk_in(unit, event.id, walk_in, by=OFFICER)
    made = await walk_ins.admit_walk_in(unit, event.id, came(proven=False), by=OFFICER)
    assert made.origin is Origin.WALK_IN
    await nominations.endorse(unit, submitted.id, by=MOLDOVA)
    let_in = await walk_ins.admit_walk_in(unit, event.id, walk_in, by=OFFICER)
    assert (let_in.id, let_in.status) == (submitted.id, S.CONFIRMED)


async def test_walk_in_when_let_in_by_mistake_is_taken_back_and_leaves_the_seat(unit):
    event, nominee = await running(unit)
    slip = await walk_ins.admit_walk_in(unit, event.id, came(), by=OFFICER)
    gone = await replacing.reject(unit, slip.id, reason="another id was meant", by=OFFICER)
    assert gone.status is S.REJECTED
    assert (await read_event(unit, event.id, by=OFFICER)).taken == 0
    expected = came(nominee.participant_id, nonce="scan-0002")
    let_in = await walk_ins.admit_walk_in(unit, event.id, expected, by=OFFICER)
    async with untouched(unit):
        with pytest.raises(NominationsClosed):
            await replacing.reject(unit, let_in.id, reason="another id was meant", by=OFFICER)


async def test_walk_ins_when_more_come_at_once_than_seats_are_free_then_never_exceed_them(
    fresh_unit,
):
    event, _ = await running(fresh_unit, capacity=3)

    async def let_in(number):
        try:
            walk_in = came(nonce=f"scan-{number:04}")
            return await served(walk_ins.admit_walk_in, fresh_unit, event.id, walk_in, by=OFFICER)
        except AttendanceRefused:  # no seat is free
            return None

    found = await asyncio.gather(*(let_in(number) for number in range(8)))
    assert len([each for each in found if each]) == 3
    assert (await read_event(fresh_unit, event.id, by=OFFICER)).taken == 3
