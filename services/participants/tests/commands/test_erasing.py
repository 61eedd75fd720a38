"""Erasure against trips: none is ahead, and none is opened for whoever was erased."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from people_and_trips import OFFICER, changes, journey, number, prepare, seat
from sqlalchemy import select

from kit.testing.patience import served
from participants.commands import trips
from participants.commands.people import register_person
from participants.commands.protection import erase_again, erase_person
from participants.domain.erasure import Erased, ErasureGround
from participants.domain.errors import ErasureBlocked
from participants.domain.trip import CancelReason, TripState
from participants.storage import identities
from participants.storage.tables import person as person_table
from participants.storage.tables import released_seat
from participants.storage.tables import trip as trip_table

TODAY, NEVER = date(2026, 3, 2), None


async def person(unit):
    return await register_person(
        unit, organisation="MD-MIA", country="MD", unit_code=None, role="participant", by=OFFICER
    )


async def open_trip(unit, person_id, last_day, days=1):
    first = None if last_day is None else last_day - timedelta(days=days)
    return await trips.open_trip(
        unit,
        person_id,
        journey(first_day=first, last_day=last_day),
        programme_code="NO-COMP",
        event_id=None,
        budget_line_code=None,
        by=OFFICER,
    )


async def erase(unit, person_id, expected=1):
    ground = ErasureGround.SUBJECT_REQUEST
    return await erase_person(unit, person_id, ground=ground, expected=expected, by=OFFICER)


async def merge(unit, gone, stays):
    async with unit.begin() as tx:
        await identities.put_standing(tx, gone, merged_into=stays)


async def states(unit):
    async with unit.read() as read:
        rows = await read.rows(select(trip_table.c.id, trip_table.c.state))
    return {row.id: row.state for row in rows}


@pytest.mark.parametrize("last_day", [TODAY, NEVER])
async def test_person_when_a_trip_is_not_over_then_erased_only_once_it_is_cancelled(unit, last_day):
    await prepare(unit)
    merged, known = await person(unit), await person(unit)
    trip = await open_trip(unit, merged.id, last_day)
    await merge(unit, merged.id, known.id)
    with pytest.raises(ErasureBlocked) as refused:
        await erase(unit, known.id)
    assert refused.value.facts == {"reason": "trip_ahead"}
    async with unit.read() as read:
        versions = await read.rows(select(person_table.c.version))
    assert [row.version for row in versions] == [1, 1]
    why = CancelReason.NO_LONGER_TRAVELS
    await trips.cancel_trip(unit, trip.id, reason=why, expected=trip.version, by=OFFICER)
    assert (await erase(unit, known.id)).person_id == known.id


async def test_person_when_the_last_trip_ended_yesterday_then_erased(unit):
    await prepare(unit)
    known = await person(unit)
    await open_trip(unit, known.id, TODAY - timedelta(days=1))
    assert (await erase(unit, known.id)).person_id == known.id


async def test_person_when_erased_again_then_trips_ahead_are_cancelled_and_their_funds_free(unit):
    await prepare(unit)
    known = await person(unit)
    past = await open_trip(unit, known.id, date(2026, 2, 10))
    ahead = await trips.open_trip_for_seat(
        unit,
        seat(person_id=known.id, first_day=date(2026, 3, 9), last_day=date(2026, 3, 10)),
    )
    waits = await trips.open_trip_for_seat(
        unit,
        seat("two", person_id=known.id, first_day=date(2026, 3, 10), last_day=date(2026, 3, 11)),
    )
    assert (ahead.state, waits.state) == (TripState.ESTIMATED, TripState.OVERLAPPING)
    before = Erased(known.id, ErasureGround.RETENTION, datetime(2026, 1, 1, tzinfo=UTC))
    assert await erase_again(unit, before, OFFICER) is True
    assert await states(unit) == {
        past.id: past.state.value,
        ahead.id: "cancelled",
        waits.id: "cancelled",
    }
    told = [row for row in await changes(unit) if row["type"].endswith("trip_cancelled.v1")]
    assert [json.loads(row["data"])["reason"] for row in told] == ["person_erased"] * 2


async def test_seat_when_its_record_was_erased_then_no_trip_is_opened_now_or_later(unit):
    await prepare(unit)
    merged, known = await person(unit), await person(unit)
    await merge(unit, merged.id, known.id)
    await erase(unit, known.id)
    for name, person_id in (("one", known.id), ("two", merged.id)):
        for _ in range(2):
            assert await trips.open_trip_for_seat(unit, seat(name, person_id=person_id)) is None
        nomination = number(f"nomination {name}")
        event = number("event")
        assert await trips.cancel_trip_of_seat(unit, nomination, event_id=event, reason="x") is None
    assert await states(unit) == {}
    async with unit.read() as read:
        remembered = await read.rows(select(released_seat.c.reason))
    assert [row.reason for row in remembered] == ["person_erased"] * 2


async def test_person_when_erased_and_seated_at_once_then_never_both(fresh_unit):
    await prepare(fresh_unit)
    for name in "abcd":
        merged, known = await person(fresh_unit), await person(fresh_unit)
        await merge(fresh_unit, merged.id, known.id)
        days = {"first_day": TODAY, "last_day": TODAY}
        seats = [
            seat(f"{name} {n}", person_id=of.id, **days) for n, of in enumerate((known, merged))
        ]
        *opened, erased = await asyncio.gather(
            *(served(trips.open_trip_for_seat, fresh_unit, each) for each in seats),
            served(erase, fresh_unit, known.id),
            return_exceptions=True,
        )
        if isinstance(erased, ErasureBlocked):
            assert any(trip is not None for trip in opened)
        else:
            assert (erased.person_id, opened) == (known.id, [None, None])
