"""Events planned otherwise: what was open becomes known, and nothing moves under who travels."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from make_training import (
    GEORGIA,
    OFFICER,
    endorsed,
    known_programme,
    moved,
    opened,
    planned,
)
from told import facts, untouched

from kit.errors import StaleVersion
from training.commands import amending, events, nominations, seating, sessions
from training.commands.programmes import copy_programme
from training.domain.errors import (
    CapacityBelowTaken,
    EventNotReady,
    EventOutsideProgramme,
    EventOver,
    EventSettled,
    NoSuchEvent,
    NoSuchSession,
    SessionOutsideEvent,
)
from training.domain.fuzzy_date import FuzzyDate, Precision, on_days
from training.domain.nomination import NominationStatus
from training.domain.programme import Programme
from training.domain.quota import Dimension, Quota
from training.domain.session import SessionPlan
from training.domain.training_event import NOWHERE, EventStatus, Place, PlacePrecision
from training.queries.events import event as read_event
from training.queries.nominations import nomination as read_nomination
from training.queries.presence import sessions_of

MAY = FuzzyDate(date(2026, 5, 1), date(2026, 5, 31), Precision.MONTH, "May 2026", "2026-05")
NINE = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
WARSAW = Place("Warszawa", "PL", None, PlacePrecision.CITY)


async def amended(unit, event, *, by=OFFICER, **changes):
    return await amending.amend_event(
        unit, event.id, lambda plan: replace(plan, **changes), expected=event.version, by=by
    )


async def test_dates_when_they_become_known_then_the_event_can_be_confirmed(unit):
    event = await opened(unit, dates=MAY, place=NOWHERE, host=None, travel=None)
    event = await moved(unit, event, EventStatus.NOMINATIONS_CLOSED)
    async with untouched(unit):
        with pytest.raises(EventNotReady):
            await moved(unit, event, EventStatus.CONFIRMED)
        with pytest.raises(StaleVersion):
            await amended(unit, replace(event, version=1), title="Other")
        with pytest.raises(NoSuchEvent):
            await amended(unit, event, by=GEORGIA, title="Other")
    days = on_days(date(2026, 5, 4), date(2026, 5, 6))
    event = await amended(unit, event, dates=days, place=WARSAW, host="PL-MOI")
    told = (await facts(unit))[-1]["data"]
    assert (told["starts_on"], told["city"]) == ("2026-05-04", "Warszawa")
    event = await moved(unit, event, EventStatus.CONFIRMED)
    async with untouched(unit):
        with pytest.raises(EventSettled) as refused:
            await amended(unit, event, dates=MAY, place=NOWHERE, title="Other")
    assert refused.value.facts["members"] == ["dates", "place"]
    assert (await amended(unit, event, title="Other")).plan.title == "Other"


async def test_event_when_seats_are_final_or_it_began_then_keeps_where_and_when(unit):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, nominee.id, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    async with untouched(unit):
        with pytest.raises(EventSettled):
            await amended(unit, event, budget_line_code="OTHER")
        with pytest.raises(CapacityBelowTaken):
            await amended(unit, event, capacity=None)
    event = await moved(unit, event, EventStatus.IN_PROGRESS)
    async with untouched(unit):
        with pytest.raises(EventSettled) as refused:
            await amended(unit, event, title="Other", capacity=9, mandatory_minutes=1)
    assert refused.value.facts["members"] == ["capacity", "mandatory_minutes"]


async def test_event_when_it_was_described_wrong_is_put_right_until_it_is_reported(unit):
    event = await moved(unit, await opened(unit), EventStatus.COMPLETED)
    event = await amended(unit, event, title="As it was", action_code="A-2", topic="thb")
    told = (await facts(unit))[-1]["data"]
    assert (told["title"], told["action_code"]) == ("As it was", "A-2")
    assert (event.status, event.plan.topic) == (EventStatus.COMPLETED, "thb")
    await events.cancel_event(
        unit, (other := await planned(unit, reference="OTHER")).id, reason="no quorum",
        expected=other.version, by=OFFICER,
    )  # fmt: skip
    other = await read_event(unit, other.id, by=OFFICER)
    async with untouched(unit):
        with pytest.raises(EventSettled):
            await amended(unit, other, title="Other")


async def test_capacity_when_raised_then_seats_go_to_who_waits_in_order(unit):
    event = await opened(unit, capacity=1)
    nominees = [await endorsed(unit, event.id) for _ in range(4)]
    for each in nominees:
        await nominations.accept(unit, each.id, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    event = await amended(unit, event, capacity=3)
    assert (event.taken, event.plan.capacity) == (3, 3)
    found = [(await read_nomination(unit, each.id, by=OFFICER)).status for each in nominees]
    assert found == [NominationStatus.ACCEPTED] * 3 + [NominationStatus.WAITLISTED]
    quota = [Quota(Dimension.COUNTRY, "MD", 3)]
    event = await seating.set_quotas(unit, event.id, quota, expected=event.version, by=OFFICER)
    async with untouched(unit):
        with pytest.raises(CapacityBelowTaken):
            await amended(unit, event, capacity=2)


async def test_days_when_they_move_then_sessions_and_travel_lose_their_times(unit):
    event = await opened(unit)
    part = SessionPlan(1, "Part", NINE, NINE + timedelta(hours=3))
    await sessions.add_session(unit, event.id, part, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    days = on_days(date(2026, 6, 1), date(2026, 6, 2))
    event = await amended(unit, event, dates=days)
    [session] = await sessions_of(unit, event.id, by=OFFICER)
    assert (session.plan.starts_at, session.plan.counted_minutes) == (None, 180)
    assert event.plan.travel is None
    later = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
    again = replace(part, starts_at=later, ends_at=later + timedelta(hours=3))
    async with untouched(unit):
        for wrong, refusal in (
            (part, SessionOutsideEvent),
            (replace(again, number=2), NoSuchSession),
        ):
            with pytest.raises(refusal):
                await amending.replan_session(
                    unit, event.id, wrong, expected=session.version, by=OFFICER
                )
        with pytest.raises(StaleVersion):
            await amending.replan_session(unit, event.id, again, expected=1, by=OFFICER)
    held = await amending.replan_session(
        unit, event.id, again, expected=session.version, by=OFFICER
    )
    assert held.plan == again
    event = await read_event(unit, event.id, by=OFFICER)
    await events.cancel_event(
        unit, event.id, reason="no quorum", expected=event.version, by=OFFICER
    )
    async with untouched(unit):
        with pytest.raises(EventOver):
            await amending.replan_session(unit, event.id, again, expected=held.version, by=OFFICER)


async def test_event_when_postponed_then_its_sessions_wait_for_new_times(unit):
    event = await opened(unit)
    part = SessionPlan(1, "Part", NINE, NINE + timedelta(hours=3))
    await sessions.add_session(unit, event.id, part, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    step = events.Step(
        EventStatus.POSTPONED, "no visas", on_days(date(2026, 9, 1), date(2026, 9, 2))
    )
    await events.take_step(unit, event.id, step, expected=event.version, by=OFFICER)
    [session] = await sessions_of(unit, event.id, by=OFFICER)
    assert (session.plan.starts_at, session.plan.counted_minutes) == (None, 180)


async def test_event_when_outside_the_programme_is_refused_wherever_it_gets_dates(unit):
    known = Programme(
        "EAP-PCP", "Programme", "active", frozenset({"org:MD-MIA"}), 1,
        date(2026, 1, 1), date(2026, 5, 31),
    )  # fmt: skip
    await copy_programme(unit, known)
    event = await opened(unit, known=False)
    outside = on_days(date(2026, 5, 31), date(2026, 6, 1))
    step = events.Step(EventStatus.POSTPONED, "no visas", outside)
    async with untouched(unit):
        with pytest.raises(EventOutsideProgramme) as refused:
            await planned(unit, reference="OTHER", dates=outside)
        with pytest.raises(EventOutsideProgramme):
            await amended(unit, event, dates=outside)
        with pytest.raises(EventOutsideProgramme):
            await events.take_step(unit, event.id, step, expected=event.version, by=OFFICER)
    assert refused.value.facts == {"programme_from": "2026-01-01", "programme_to": "2026-05-31"}
    event = await moved(unit, event, EventStatus.NOMINATIONS_CLOSED)
    await copy_programme(unit, replace(known, sequence=2, latest=date(2026, 5, 5)))
    async with untouched(unit):
        with pytest.raises(EventOutsideProgramme):
            await moved(unit, event, EventStatus.CONFIRMED)


async def test_patch_when_sent_then_changes_what_it_names_alone(client, signed, unit):
    await known_programme(unit)
    event = await planned(unit, note="first")
    headers = signed(OFFICER) | {
        "if-match": '"v1"', "content-type": "application/merge-patch+json"
    }  # fmt: skip
    path = f"/v1/events/{event.id}"
    for wrong in ('{"title": null}', '{"status": "confirmed"}', '{"note": "call +48 600 700 800"}'):
        async with untouched(unit):
            refused = await client.patch(path, content=wrong, headers=headers)
        assert refused.status_code == 400, wrong
    changed = await client.patch(path, content='{"note": null, "capacity": 7}', headers=headers)
    assert changed.status_code == 200, changed.text
    body = changed.json()
    assert (body["note"], body["capacity"], body["title"]) == (None, 7, "Study tour")
