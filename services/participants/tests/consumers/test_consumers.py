"""Facts of the neighbours: each has its effect once, in whatever order trouble lets them come."""

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from people_and_trips import OFFICER, changes, envelope, number, prepare, told
from sqlalchemy import select

from contracts.programmes.facts import (
    BudgetLineOpened,
    BudgetLineRaised,
    FundsCommitted,
    FundsRefused,
    Money,
    ProgrammeChanged,
    Rulesets,
    TravelChoices,
)
from contracts.training.facts import SeatConfirmed, SeatReleased
from kit.db.paging import Asked
from kit.feed.follow import Follower
from kit.feed.source import FeedPage, Reach
from participants.consumers import programmes, training
from participants.domain.choices import (
    Counting,
    DomesticLegs,
    ExchangeRule,
    Pin,
    SeveralCountries,
)
from participants.load import synthetic_officers
from participants.queries.trips import TripFilter, trips
from participants.queries.trips import trip as read_trip
from participants.storage.tables import allowance_calculation


def confirmed(name="one", **fields):
    known = {
        "nomination_id": number(f"nomination {name}"),
        "event_id": number("event"),
        "participant_id": number(f"person {name}"),
        "programme_code": "NO-COMP",
        "organisation": "PL-BGHQ",
        "country": "PL",
        "unit_code": "SYN-FO-01",
        "destination_country": "PL",
        "destination_city": "Lublin",
        "starts_on": date(2015, 3, 2),
        "ends_on": date(2015, 3, 3),
        "departs_at": None,
        "returns_at": None,
        "budget_line_code": None,
        "synthetic": True,
    }
    return SeatConfirmed(**(known | fields))


def released(name="one"):
    return SeatReleased(
        nomination_id=number(f"nomination {name}"),
        event_id=number("event"),
        participant_id=number(f"person {name}"),
        reason="withdrawn",
    )


def programme(**fields):
    known = {
        "programme_code": "NO-COMP",
        "title": "Example",
        "kind": "project",
        "status": "active",
        "rulesets": Rulesets(domestic="PL_DOMESTIC", abroad=None),
        "contract_concluded_on": None,
        "per_diem_budget_line": "PER-DIEM",
        "organisations": [],
        "countries": [],
    }
    return ProgrammeChanged(**(known | fields))


def zloty(amount):
    return Money(amount=Decimal(amount), currency="PLN")


def refused(trip_id, revision=1):
    return FundsRefused(
        trip_id=trip_id,
        revision=revision,
        programme_code="NO-COMP",
        budget_line_code="PER-DIEM",
        reason="budget_exceeded",
        available=zloty("10.00"),
    )


async def trip_id(unit):
    async with unit.begin() as tx:
        driver = (await tx.sql.get_raw_connection()).driver_connection
        return await driver.fetchval("SELECT id FROM trip")


async def state(unit):
    async with unit.begin() as tx:
        driver = (await tx.sql.get_raw_connection()).driver_connection
        return await driver.fetchval("SELECT state FROM trip")


async def test_journey_when_facts_come_then_trip_goes_from_seat_to_funds(unit):
    await prepare(unit)
    await programmes.on_programme_changed(unit, programme(), envelope(sequence=2))
    await training.on_seat_confirmed(unit, confirmed(), envelope())
    fact = FundsCommitted(
        trip_id=await trip_id(unit),
        revision=1,
        programme_code="NO-COMP",
        budget_line_code="PER-DIEM",
        amount=zloty("60.00"),
    )
    await programmes.on_funds_committed(unit, fact, envelope())
    assert await state(unit) == "funded"
    await training.on_seat_released(unit, released(), envelope())
    await programmes.on_funds_committed(unit, fact, envelope())
    assert await state(unit) == "cancelled"
    assert [kind for kind, _ in await told(unit)] == [
        "trip_opened", "per_diem_estimated", "trip_funded", "trip_cancelled",
    ]  # fmt: skip


def test_choices_when_the_programme_tells_some_then_those_are_pinned_and_the_rest_is_usual():
    told = programme(
        contract_concluded_on=date(2013, 12, 30),
        travel_choices=TravelChoices(
            domestic_legs="summed",
            exchange_rule="nbp_day_before",
            several_countries="period_start",
            counting="wall_clock",
            rate_list="EU-EXT-2013-07-05",
            call_opened_on=date(2015, 1, 2),
            unit_costs_opt_in=True,
            compensation_percent=136,
        ),
    )
    chosen = programmes.choices_of(told)
    assert chosen == Pin(
        counting=Counting.WALL_CLOCK,
        contract_concluded_on=date(2013, 12, 30),
        rate_list="EU-EXT-2013-07-05",
        domestic_legs=DomesticLegs.SUMMED,
        several_countries=SeveralCountries.PERIOD_START,
        exchange_rule=ExchangeRule.NBP_DAY_BEFORE,
        call_opened_on=date(2015, 1, 2),
        unit_costs_opt_in=True,
        compensation_percent=136,
    )
    assert set(TravelChoices.model_fields) == {field.name for field in fields(Pin)} - {
        "contract_concluded_on"
    }
    assert programmes.choices_of(programme()) == Pin()
    with pytest.raises(ValueError, match="guessed"):
        programmes.choices_of(programme(travel_choices=TravelChoices(counting="guessed")))


async def test_calculation_when_the_programme_chose_then_keeps_what_applied(unit):
    await prepare(unit)
    chosen = TravelChoices(counting="wall_clock", exchange_rule="nbp_day_before")
    await programmes.on_programme_changed(
        unit, programme(travel_choices=chosen), envelope(sequence=2)
    )
    await training.on_seat_confirmed(unit, confirmed(), envelope())
    async with unit.read() as read:
        row = await read.first(select(allowance_calculation.c.snapshot))
    pinned = json.loads(row.snapshot)["pin"]
    assert (pinned["counting"], pinned["exchange_rule"]) == ("wall_clock", "nbp_day_before")


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("withdrawn", "seat_withdrawn"),
        ("rejected", "seat_rejected"),
        ("replaced", "seat_replaced"),
        ("event_cancelled", "event_cancelled"),
        ("event_postponed", "event_postponed"),
        ("not known yet", "seat_released"),
    ],
)
async def test_release_when_told_with_its_reason_then_the_trip_says_why_it_ended(
    unit, reason, code
):
    await prepare(unit)
    await training.on_seat_confirmed(unit, confirmed(), envelope())
    await training.on_seat_released(
        unit, released().model_copy(update={"reason": reason}), envelope()
    )
    body, _ = await read_trip(unit, await trip_id(unit), by=OFFICER)
    ended = json.loads(body)
    assert (ended["state"], ended["reason"]["code"]) == ("cancelled", code)
    await training.on_seat_released(unit, released(), envelope())
    assert [kind for kind, _ in await told(unit)].count("trip_cancelled") == 1


async def test_release_when_it_comes_before_the_seat_then_no_trip(unit):
    await prepare(unit)
    await training.on_seat_released(unit, released(), envelope())
    await training.on_seat_confirmed(unit, confirmed(), envelope())
    assert await trip_id(unit) is None


@pytest.mark.parametrize("opened", [True, False])
async def test_funds_when_refused_then_raised_or_opened_then_asked_for_again(unit, opened):
    await prepare(unit)
    await training.on_seat_confirmed(unit, confirmed(), envelope())
    await programmes.on_funds_refused(unit, refused(await trip_id(unit)), envelope())
    assert await state(unit) == "needs_funds"
    line = {"programme_code": "NO-COMP", "budget_line_code": "PER-DIEM"}
    if opened:
        fact = BudgetLineOpened(**line, amount=zloty("100.00"), synthetic=True)
        await programmes.on_budget_line_opened(unit, fact, envelope())
    else:
        more = {"raised_by": zloty("90.00"), "available": zloty("100.00")}
        fact = BudgetLineRaised(**line, amount=zloty("100.00"), **more)
        await programmes.on_budget_line_raised(unit, fact, envelope())
    assert await state(unit) == "estimated"
    late = refused(await trip_id(unit), revision=1)
    await programmes.on_funds_refused(unit, late, envelope())
    assert await state(unit) == "estimated"
    assert (await told(unit))[-1] == ("per_diem_estimated", 4)


async def test_seat_when_travel_times_are_known_then_they_and_their_days_count(unit):
    await prepare(unit)
    times = {
        "departs_at": datetime.fromisoformat("2015-03-01T20:00:00+01:00"),
        "returns_at": datetime(2015, 3, 3, 18, tzinfo=UTC),
    }
    await training.on_seat_confirmed(unit, confirmed(**times), envelope())
    page = await trips(unit, Asked("test"), TripFilter(), by=OFFICER)
    assert '"first_day" : "2015-03-01"' in page.items[0]
    assert '"departs_at" : "2015-03-01T19:00:00Z"' in page.items[0]
    assert '"estimate" : {"amount" : "60.00"' in page.items[0]


async def test_seat_when_dates_are_unknown_then_trip_waits_for_facts(unit):
    await prepare(unit)
    unknown = confirmed(starts_on=None, ends_on=None, destination_country=None)
    await training.on_seat_confirmed(unit, unknown, envelope())
    assert await state(unit) == "needs_facts"


class Paper:
    """A feed written down in advance; every fact is handed out twice."""

    name = "training"

    def __init__(self, facts):
        self._items = [
            envelope(position).model_copy(
                update={
                    "type": fact.type,
                    "subject": fact.nomination_id,
                    "data": fact.model_dump(mode="json"),
                }
            )
            for position, fact in enumerate(facts, 1)
        ]

    async def fetch(self, after, *, limit, **_asked):
        start = int(after or 0)
        items = self._items[start : start + limit]
        end = start + len(items)
        more = end < len(self._items)
        twice = [copy for item in items for copy in (item, item)]
        reach = Reach(position=len(self._items))
        return FeedPage(items=twice, next=str(end), has_more=more, horizon=reach)


async def test_feed_when_many_seats_are_confirmed_twice_then_one_trip_each(fresh_unit):
    await prepare(fresh_unit)
    officers = list(synthetic_officers())[:60]
    seats = [confirmed(str(n), participant_id=each.id) for n, each in enumerate(officers, 1)]
    follower = Follower(Paper(seats), fresh_unit, training.HANDLERS)
    await follower.catch_up()
    kinds = [row["type"] for row in await changes(fresh_unit)]
    assert kinds.count("participants.per_diem_estimated.v1") == 60
    assert len(kinds) == 120
    assert follower.status()["parked"] == 0
