"""Trips from seat to funds: happy path, every refusal, every wait, and races."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from people_and_trips import MINISTRY, OFFICER, OTHER, changes, journey, number, pin, prepare, told
from people_and_trips import seat as make_seat
from sqlalchemy import select

from kit.errors import StaleVersion
from kit.money import Money
from participants.commands import programmes, trips
from participants.commands.people import register_person
from participants.domain.errors import NoSuchPerson, NoSuchTrip, TripCannotMove, TripOverlaps
from participants.domain.snapshot import rerun
from participants.domain.trip import CancelReason, Reason, TripState
from participants.storage import identities
from participants.storage import trips as storage
from participants.storage.tables import person as person_table

PLN_60 = Money(Decimal("60.00"), "PLN")
ILL = CancelReason.NO_LONGER_TRAVELS
WHY = Reason("budget_exceeded", "There is less money left.")


async def stored(unit):
    async with unit.begin() as tx:
        driver = (await tx.sql.get_raw_connection()).driver_connection
        return await driver.fetch("SELECT * FROM allowance_calculation ORDER BY revision")


async def person(unit, organisation="MD-MIA", country="MD"):
    return await register_person(
        unit,
        organisation=organisation,
        country=country,
        unit_code=None,
        role="participant",
        by=OFFICER,
    )


async def open_trip(unit, person_id, by=OFFICER, **fields):
    return await trips.open_trip(
        unit,
        person_id,
        journey(**fields),
        programme_code="NO-COMP",
        event_id=None,
        budget_line_code=None,
        by=by,
    )


async def test_seat_when_its_record_was_merged_then_who_stayed_travels_and_never_twice(unit):
    await prepare(unit)
    gone, between, stays = [(await person(unit)).id for _ in range(3)]
    async with unit.begin() as tx:
        await identities.put_standing(tx, gone, merged_into=between)
        await identities.put_standing(tx, between, merged_into=stays)
    trip = await trips.open_trip_for_seat(unit, make_seat(person_id=gone))
    assert (trip.person_id, trip.state) == (stays, TripState.ESTIMATED)
    twice = await trips.open_trip_for_seat(
        unit, make_seat(person_id=stays, nomination_id=uuid4(), event_id=uuid4())
    )
    assert (twice.person_id, twice.state) == (stays, TripState.OVERLAPPING)


async def test_seat_when_confirmed_then_trip_is_opened_and_estimated_at_once(unit):
    await prepare(unit)
    trip = await trips.open_trip_for_seat(unit, make_seat())
    assert trip.state is TripState.ESTIMATED
    assert (trip.estimate, trip.revision, trip.budget_line_code) == (PLN_60, 1, "PER-DIEM")
    assert await told(unit) == [("trip_opened", 1), ("per_diem_estimated", 2)]
    fact = json.loads((await changes(unit))[1]["data"])
    assert fact["amount"] == {"amount": "60.00", "currency": "PLN"}
    assert fact["budget_line_code"] == "PER-DIEM"


async def test_seat_when_confirmed_twice_then_there_is_one_trip(unit):
    await prepare(unit)
    first = await trips.open_trip_for_seat(unit, make_seat())
    assert (await trips.open_trip_for_seat(unit, make_seat())).id == first.id
    assert len(await told(unit)) == 2


async def test_calculation_when_stored_then_running_its_snapshot_gives_the_same_bytes(unit):
    await prepare(unit)
    await trips.open_trip_for_seat(unit, make_seat())
    (row,) = await stored(unit)
    assert rerun(row["snapshot"]).encode() == row["result"].encode()
    assert row["amount"] == Decimal("60.00")
    assert json.loads(row["result"])["rates"][0]["source"].startswith("http")


async def test_seat_when_programme_is_unknown_then_trip_waits_and_goes_on_when_it_is_pinned(unit):
    trip = await trips.open_trip_for_seat(unit, make_seat())
    assert (trip.state, trip.reason.code) == (TripState.NEEDS_RULESET, "programme_unknown")
    await prepare(unit)
    assert await told(unit) == [
        ("trip_opened", 1),
        ("trip_waits", 2),
        ("per_diem_estimated", 3),
    ]


async def test_pin_when_older_than_the_known_one_then_nothing_changes(unit):
    await prepare(unit, pin(sequence=5))
    await programmes.pin_programme(unit, pin(sequence=4, domestic=None))
    trip = await trips.open_trip_for_seat(unit, make_seat())
    assert trip.state is TripState.ESTIMATED


@pytest.mark.parametrize(
    ("destination", "amount", "state"),
    [("PL", "434.00", "estimated"), ("AM", None, "estimated"), ("MD", None, "needs_rate")],
)
async def test_rate_when_contract_is_of_2013_then_only_its_own_list_counts(
    unit, destination, amount, state
):
    await prepare(unit, pin("EAP-PCP", contract_concluded_on=date(2013, 12, 30)))
    trip = await trips.open_trip_for_seat(
        unit,
        make_seat(
            programme_code="EAP-PCP",
            organisation="GE-MIA",
            country="GE",
            destination=destination,
            last_day=date(2015, 3, 4),
        ),
    )
    assert trip.state == state
    if amount is not None:
        assert trip.estimate == Money(Decimal(amount), "EUR")
    if state == "needs_rate":
        assert trip.reason.code == "country_without_rate"
        assert "EU-EXT-2013-07-05" in trip.reason.text
        assert await stored(unit) == []


async def test_seat_when_person_is_away_already_then_trip_waits_until_the_other_ends(unit):
    await prepare(unit)
    first = await trips.open_trip_for_seat(unit, make_seat())
    second = await trips.open_trip_for_seat(
        unit, make_seat("two", person_id=number("person one"), first_day=date(2015, 3, 3))
    )
    assert second.state is TripState.OVERLAPPING
    await trips.cancel_trip(unit, first.id, reason=ILL, expected=first.version, by=OFFICER)
    assert (await told(unit))[-2:] == [("trip_cancelled", 3), ("per_diem_estimated", 3)]


async def test_trip_when_it_begins_as_another_ends_then_they_do_not_overlap(unit):
    await prepare(unit)
    await trips.open_trip_for_seat(unit, make_seat())
    second = await trips.open_trip_for_seat(
        unit,
        make_seat(
            "two",
            person_id=number("person one"),
            first_day=date(2015, 3, 4),
            last_day=date(2015, 3, 5),
        ),
    )
    assert second.state is TripState.ESTIMATED


async def test_trip_when_opened_by_hand_over_another_then_refused_and_nothing_is_written(unit):
    await prepare(unit)
    known = await person(unit)
    await open_trip(unit, known.id)
    before = await told(unit)
    with pytest.raises(TripOverlaps):
        await open_trip(unit, known.id)
    assert await told(unit) == before


async def test_trip_when_person_is_not_the_callers_then_there_is_no_such_person(unit):
    known = await person(unit)
    with pytest.raises(NoSuchPerson):
        await open_trip(unit, known.id, by=OTHER)
    assert await told(unit) == []
    assert (await open_trip(unit, known.id, by=MINISTRY)).audience == {"staff", "org:MD-MIA"}


async def test_trip_when_cancelled_then_funds_are_released_and_it_stays(unit):
    await prepare(unit)
    trip = await trips.open_trip_for_seat(unit, make_seat())
    with pytest.raises(StaleVersion):
        await trips.cancel_trip(unit, trip.id, reason=ILL, expected=1, by=OFFICER)
    with pytest.raises(NoSuchTrip):
        await trips.cancel_trip(unit, trip.id, reason=ILL, expected=2, by=MINISTRY)
    ended = await trips.cancel_trip(unit, trip.id, reason=ILL, expected=2, by=OFFICER)
    assert (ended.state, ended.reason.text) == (TripState.CANCELLED, "The person does not travel.")
    with pytest.raises(TripCannotMove):
        await trips.estimate_trip(unit, trip.id, expected=3, by=OFFICER)
    assert [kind for kind, _ in await told(unit)].count("trip_cancelled") == 1


async def test_funds_when_committed_then_trip_is_funded_once(unit):
    await prepare(unit)
    trip = await trips.open_trip_for_seat(unit, make_seat())
    for _ in range(2):
        funded = await trips.mark_funded(unit, trip.id, revision=1)
    assert funded.state is TripState.FUNDED
    assert (await told(unit))[-1] == ("trip_funded", 3)


async def test_funds_when_refused_and_line_raised_then_asked_for_again_as_a_new_revision(unit):
    await prepare(unit)
    trip = await trips.open_trip_for_seat(unit, make_seat())
    left = Money(Decimal("12.00"), "PLN")
    without = await trips.mark_needs_funds(unit, trip.id, revision=1, reason=WHY, available=left)
    assert (without.state, without.available) == (TripState.NEEDS_FUNDS, left)
    assert await trips.request_funds_again(unit, "OTHER", "PER-DIEM") == 0
    assert await trips.request_funds_again(unit, "NO-COMP", "PER-DIEM") == 1
    assert (await told(unit))[-2:] == [("trip_needs_funds", 3), ("per_diem_estimated", 4)]
    assert [row["revision"] for row in await stored(unit)] == [1, 2]
    late = await trips.mark_needs_funds(unit, trip.id, revision=1, reason=WHY, available=None)
    assert late.state is TripState.ESTIMATED


async def test_funds_when_line_did_not_exist_then_the_programmes_line_is_asked(unit):
    await prepare(unit, pin(budget_line_code=None))
    trip = await trips.open_trip_for_seat(unit, make_seat(budget_line_code="GONE"))
    await trips.mark_needs_funds(
        unit, trip.id, revision=1, reason=Reason("no_such_line", "No."), available=None
    )
    assert await programmes.pin_programme(unit, pin(sequence=2)) == 1
    assert json.loads((await changes(unit))[-1]["data"])["budget_line_code"] == "PER-DIEM"


async def test_seat_when_released_before_it_was_confirmed_then_no_trip_is_opened(unit):
    await prepare(unit)
    seat = make_seat()
    for _ in range(2):
        released = await trips.cancel_trip_of_seat(
            unit, seat.nomination_id, event_id=seat.event_id, reason="withdrawn"
        )
        assert released is None
    assert await trips.open_trip_for_seat(unit, seat) is None
    assert await told(unit) == []


async def test_seat_when_released_after_the_trip_was_opened_then_trip_is_cancelled_once(unit):
    await prepare(unit)
    seat = make_seat()
    await trips.open_trip_for_seat(unit, seat)
    for _ in range(2):
        ended = await trips.cancel_trip_of_seat(
            unit, seat.nomination_id, event_id=seat.event_id, reason="withdrawn"
        )
    assert (ended.state, ended.version) == (TripState.CANCELLED, 3)


async def test_trips_when_opened_at_once_for_one_person_then_one_wins(fresh_unit):
    await prepare(fresh_unit)
    known = await person(fresh_unit)
    tries = await asyncio.gather(
        *(open_trip(fresh_unit, known.id) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in tries) == ["Trip", *["TripOverlaps"] * 3]
    assert await told(fresh_unit) == [("trip_opened", 1), ("trip_waits", 2)]


async def test_cancellation_when_sent_twice_at_once_then_one_is_stale(fresh_unit):
    await prepare(fresh_unit)
    trip = await trips.open_trip_for_seat(fresh_unit, make_seat())
    tries = await asyncio.gather(
        *(
            trips.cancel_trip(fresh_unit, trip.id, reason=ILL, expected=2, by=OFFICER)
            for _ in range(2)
        ),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in tries) == ["StaleVersion", "Trip"]


async def test_pin_when_it_changes_nothing_for_a_waiting_trip_then_nothing_is_told(unit):
    await prepare(unit, pin(domestic=None))
    trip = await trips.open_trip_for_seat(unit, make_seat())
    assert trip.reason.code == "no_ruleset_pinned"
    before = await told(unit)
    await programmes.pin_programme(unit, pin(sequence=2, domestic=None))
    assert await told(unit) == before
    same = await trips.estimate_trip(unit, trip.id, expected=trip.version, by=OFFICER)
    assert same.version == trip.version


async def test_overlap_when_the_rule_is_passed_by_then_the_table_refuses_it(unit):
    await prepare(unit)
    first = await trips.open_trip_for_seat(unit, make_seat())
    twin = replace(first, id=number("twin"), nomination_id=None)

    async def add(trip):
        async with unit.begin() as tx:
            person_number = (await tx.sql.execute(select(person_table.c.number))).scalar_one()
            await storage.add(tx, trip, person_number=person_number)

    with pytest.raises(TripOverlaps):
        await add(twin)
    await add(replace(twin, state=TripState.CANCELLED))


async def test_hours_when_known_then_the_estimate_counts_them(unit):
    await prepare(unit)
    trip = await trips.open_trip_for_seat(
        unit,
        make_seat(
            departs_at=datetime(2015, 3, 2, 7, tzinfo=UTC),
            returns_at=datetime(2015, 3, 2, 17, tzinfo=UTC),
            last_day=date(2015, 3, 2),
        ),
    )
    assert trip.estimate == Money(Decimal("15.00"), "PLN")
