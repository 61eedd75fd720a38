"""Events and series: put on record, moved on, called off; programmes decide who sees them."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from make_training import (
    GEORGIA,
    MOLDOVA,
    OFFICER,
    SOURCE,
    endorsed,
    known_programme,
    moved,
    opened,
    plan,
    planned,
)
from told import facts, untouched

from kit.errors import StaleVersion
from training.commands import events, nominations
from training.commands.events import Step
from training.domain.errors import (
    EventFull,
    EventNotProven,
    EventNotReady,
    EventNotYet,
    EventStepNotAllowed,
    NoSuchEvent,
    NoSuchSeries,
    PlanInvalid,
    ReasonRequired,
    ReferenceTaken,
    UnknownProgramme,
)
from training.domain.event_kind import EventKind
from training.domain.event_series import SeriesPlan
from training.domain.fuzzy_date import UNKNOWN, FuzzyDate, Precision
from training.domain.nomination import NominationStatus
from training.domain.training_event import NOWHERE, EventStatus, TrainingEvent
from training.queries.events import event as read_event
from training.queries.nominations import nomination as read_nomination
from training.storage import programmes, training_events

SERIES = SeriesPlan("SERIES-1", "EAP-PCP", EventKind.TRAINING, "Trainings", sources=(SOURCE,))


async def test_event_when_planned_is_a_draft_seen_by_staff_and_the_programme(unit):
    await known_programme(unit)
    made = await planned(unit)
    assert (made.status, made.version, made.taken) == (EventStatus.DRAFT, 1, 0)
    assert made.audience == {"staff", "org:MD-MIA"}
    assert await read_event(unit, made.id, by=MOLDOVA) == made
    [told] = await facts(unit)
    assert (told["type"], told["entity_version"]) == ("training.event_changed.v1", 1)
    assert (told["data"]["status"], told["data"]["starts_on"]) == ("draft", "2026-05-04")


async def test_event_when_dates_are_fuzzy_tells_no_day(unit):
    await known_programme(unit)
    may = FuzzyDate(date(2026, 5, 1), date(2026, 5, 31), Precision.MONTH)
    await planned(unit, dates=may)
    assert (await facts(unit))[0]["data"]["starts_on"] is None


async def test_event_when_the_programme_is_unknown_or_invisible_is_refused_alike(unit):
    await known_programme(unit)
    async with untouched(unit):
        with pytest.raises(UnknownProgramme) as unknown:
            await planned(unit, programme_code="NO-SUCH")
        with pytest.raises(UnknownProgramme) as invisible:
            await planned(unit, by=GEORGIA)
    assert unknown.value.detail == invisible.value.detail


async def test_event_when_its_reference_is_taken_is_refused(unit):
    await known_programme(unit)
    await planned(unit)
    async with untouched(unit):
        with pytest.raises(ReferenceTaken):
            await planned(unit)


async def test_event_when_it_names_what_is_not_there_is_refused(unit):
    await known_programme(unit)
    async with untouched(unit):
        with pytest.raises(NoSuchSeries):
            await planned(unit, series_id=uuid4())
        for link in ("follow_up_of", "part_of"):
            with pytest.raises(NoSuchEvent):
                await planned(unit, **{link: uuid4()})


async def test_event_when_it_follows_another_keeps_the_link(unit):
    await known_programme(unit)
    first = await planned(unit)
    series = await events.create_series(unit, SERIES, by=OFFICER)
    second = await planned(unit, reference="NEXT", follow_up_of=first.id, series_id=series.id)
    assert await read_event(unit, second.id, by=OFFICER) == second


async def test_published_event_when_cited_is_on_record_as_held(unit):
    await known_programme(unit)
    known = plan(dates=UNKNOWN, place=NOWHERE, capacity=None, travel=None, sources=(SOURCE,))
    made = await events.record_event(unit, known, status=EventStatus.COMPLETED, by=OFFICER)
    assert await read_event(unit, made.id, by=OFFICER) == made
    async with untouched(unit):
        with pytest.raises(PlanInvalid):
            await events.record_event(unit, plan(), status=EventStatus.COMPLETED, by=OFFICER)


async def test_series_when_its_reference_is_taken_is_refused(unit):
    await known_programme(unit)
    await events.create_series(unit, SERIES, by=OFFICER)
    async with untouched(unit):
        with pytest.raises(ReferenceTaken):
            await events.create_series(unit, SERIES, by=OFFICER)


async def test_step_when_the_version_is_old_is_refused(unit):
    await known_programme(unit)
    made = await planned(unit)
    await moved(unit, made, EventStatus.ANNOUNCED)
    async with untouched(unit):
        with pytest.raises(StaleVersion):
            await events.move_event(
                unit, made.id, to=EventStatus.NOMINATIONS_OPEN, expected=1, by=OFFICER
            )


async def test_step_when_its_day_has_not_come_writes_nothing(unit, clock):
    await known_programme(unit)
    event = await moved(unit, await planned(unit), EventStatus.CONFIRMED)
    for to, day in ((EventStatus.IN_PROGRESS, 4), (EventStatus.COMPLETED, 6)):
        midnight = event.plan.midnight(date(2026, 5, day))
        clock.move(midnight - clock.now() - timedelta(seconds=1))
        async with untouched(unit):
            with pytest.raises(EventNotYet):
                await events.move_event(unit, event.id, to=to, expected=event.version, by=OFFICER)
        clock.move(timedelta(seconds=1))
        event = await events.move_event(unit, event.id, to=to, expected=event.version, by=OFFICER)


async def test_event_when_published_as_held_is_not_still_to_come(unit):
    await known_programme(unit)
    told = plan(
        sources=(SOURCE,), dates=FuzzyDate(date(2026, 3, 3), date(2026, 3, 31), Precision.MONTH)
    )
    async with untouched(unit):
        with pytest.raises(EventNotYet):
            await events.record_event(unit, told, status=EventStatus.COMPLETED, by=OFFICER)
    begun = replace(told, dates=replace(told.dates, earliest=date(2026, 3, 1)))
    await events.record_event(unit, begun, status=EventStatus.COMPLETED, by=OFFICER)


@pytest.mark.parametrize(
    ("changes", "start", "to", "error"),
    [
        ({}, EventStatus.ANNOUNCED, EventStatus.CONFIRMED, EventStepNotAllowed),
        ({"capacity": None}, EventStatus.ANNOUNCED, EventStatus.NOMINATIONS_OPEN, EventNotReady),
        ({"host": None}, EventStatus.NOMINATIONS_CLOSED, EventStatus.CONFIRMED, EventNotReady),
        ({}, EventStatus.COMPLETED, EventStatus.REPORTED, EventNotProven),
        ({}, EventStatus.ANNOUNCED, EventStatus.CANCELLED, ReasonRequired),
    ],
)
async def test_step_when_the_rules_refuse_it_writes_nothing(unit, changes, start, to, error):
    await known_programme(unit)
    event = await moved(unit, await planned(unit, **changes), start)
    async with untouched(unit):
        with pytest.raises(error):
            await events.take_step(unit, event.id, Step(to), expected=event.version, by=OFFICER)
        with pytest.raises(NoSuchEvent):
            await events.take_step(unit, event.id, Step(to, "x"), expected=1, by=GEORGIA)


async def test_event_when_cancelled_ends_its_nominations_and_releases_each_seat(unit):
    event = await opened(unit)
    seated, waiting = await endorsed(unit, event.id), await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, seated.id, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    before = len(await facts(unit))
    cancelled = await events.take_step(
        unit,
        event.id,
        Step(EventStatus.CANCELLED, "no quorum"),
        expected=event.version,
        by=OFFICER,
    )
    assert (cancelled.status, cancelled.taken) == (EventStatus.CANCELLED, 0)
    told = [(each["type"], each["data"].get("reason")) for each in (await facts(unit))[before:]]
    assert set(told) == {
        ("training.seat_released.v1", "event_cancelled"),
        ("training.nomination_changed.v1", None),
        ("training.event_changed.v1", "no quorum"),
    }
    for each in (seated, waiting):
        found = await read_nomination(unit, each.id, by=OFFICER)
        assert (found.status, found.reason) == (NominationStatus.EVENT_CANCELLED, "no quorum")


async def test_programme_when_others_may_see_it_shows_its_events_to_them(unit):
    await known_programme(unit)
    made = await planned(unit)
    series = await events.create_series(unit, SERIES, by=OFFICER)
    await known_programme(unit, marks=("org:GE-MIA",), seq=2)
    assert (await read_event(unit, made.id, by=GEORGIA)).version == 2
    with pytest.raises(NoSuchEvent):
        await read_event(unit, made.id, by=MOLDOVA)
    told = {each["entity_id"]: each for each in (await facts(unit))[2:]}
    assert set(told) == {made.id, series.id}
    assert all(each["lost_audience"] == ["org:MD-MIA"] for each in told.values())
    assert all(each["audience"] == ["org:GE-MIA", "staff"] for each in told.values())


async def test_event_when_made_while_others_may_see_the_programme_is_shown_to_them(fresh_unit):
    await known_programme(fresh_unit)
    async with fresh_unit.begin() as tx:
        held = await programmes.hold(tx, "EAP-PCP", by=OFFICER)
        change = asyncio.create_task(known_programme(fresh_unit, marks=("org:GE-MIA",), seq=2))
        await asyncio.sleep(0.2)
        assert not change.done()
        made = TrainingEvent(uuid4(), 1, held.audience, plan(), EventStatus.DRAFT, 0, None)
        await training_events.add(tx, made)
    await change
    assert (await read_event(fresh_unit, made.id, by=GEORGIA)).version == 2


async def test_seats_when_a_rule_is_passed_by_are_refused_by_the_database(unit):
    await known_programme(unit)
    made = await planned(unit)
    async with untouched(unit):
        with pytest.raises(EventFull):
            await overbooked(unit, made)


async def overbooked(unit, event):
    async with unit.begin() as tx:
        await training_events.save(tx, replace(event, taken=3))


async def test_programme_when_an_older_state_arrives_late_stays_as_it_is(unit):
    await known_programme(unit, seq=3)
    async with untouched(unit):
        await known_programme(unit, marks=("org:GE-MIA",), seq=2)
        await known_programme(unit, marks=("org:GE-MIA",), seq=3)
