"""The journey: a confirmed seat becomes a trip, an estimate, and money that is set aside."""

from decimal import Decimal

import pytest

from . import steps

ESTIMATE = f"{3 * steps.NIGHT_IN_GEORGIA}.00"


async def test_seat_when_confirmed_becomes_a_funded_trip(world):
    await steps.open_programme(world.officer, funds="1000.00")
    await world.settle()
    event = await steps.plan_event(world.officer)
    person = await steps.register_person(world.officer)
    nomination = await steps.nominate(world.ministry, event, person)
    assert await steps.trips(world.officer) == []

    confirmed = await steps.seat(world.officer, nomination)
    assert confirmed["status"] == "confirmed"
    await world.settle()

    trip = await steps.trip_of(world.officer, nomination)
    assert trip["state"] == "funded"
    assert trip["person_id"] == person["id"]
    assert trip["ruleset"] == "EU_EXTERNAL"
    assert trip["estimate"] == {"amount": ESTIMATE, "currency": "EUR"}
    line = await steps.line(world.officer)
    assert line["committed"] == ESTIMATE
    assert Decimal(line["available"]) == Decimal("1000.00") - Decimal(ESTIMATE)


async def test_trip_when_the_line_is_too_small_waits_until_it_is_raised(world):
    await steps.open_programme(world.officer, funds="500.00")
    await world.settle()
    event = await steps.plan_event(world.officer)
    nomination = await steps.nominate(world.ministry, event)
    await steps.seat(world.officer, nomination)
    await world.settle()

    waiting = await steps.trip_of(world.officer, nomination)
    assert waiting["state"] == "needs_funds"
    assert waiting["reason"]["code"] == "budget_exceeded"
    assert waiting["available"] == {"amount": "500.00", "currency": "EUR"}
    assert (await steps.line(world.officer))["committed"] == "0.00"

    await steps.raise_line(world.officer, "400.00")
    await world.settle()
    assert (await steps.trip_of(world.officer, nomination))["state"] == "funded"
    assert (await steps.line(world.officer))["available"] == "15.00"


async def test_trip_when_the_programme_pins_no_ruleset_says_what_it_waits_for(world):
    await steps.open_programme(world.officer, funds="1000.00", abroad=None)
    await world.settle()
    event = await steps.plan_event(world.officer)
    nomination = await steps.nominate(world.ministry, event)
    await steps.seat(world.officer, nomination)
    await world.settle()

    waiting = await steps.trip_of(world.officer, nomination)
    assert waiting["state"] == "needs_ruleset"
    assert waiting["reason"]["code"] == "no_ruleset_pinned"
    assert waiting["estimate"] is None

    await steps.pin_rulesets(world.officer, abroad="EU_EXTERNAL")
    await world.settle()
    assert (await steps.trip_of(world.officer, nomination))["state"] == "funded"


async def test_seat_when_withdrawn_cancels_the_trip_and_frees_the_funds(world):
    await steps.open_programme(world.officer, funds="1000.00")
    await world.settle()
    event = await steps.plan_event(world.officer)
    nomination = await steps.nominate(world.ministry, event)
    confirmed = await steps.seat(world.officer, nomination)
    await world.settle()
    assert (await steps.line(world.officer))["committed"] == ESTIMATE

    path = f"/v1/nominations/{nomination['id']}/withdrawal"
    await steps.act(world.ministry, path, confirmed, reason="other duties")
    await world.settle()

    trip = await steps.trip_of(world.officer, nomination)
    assert trip["state"] == "cancelled"
    line = await steps.line(world.officer)
    assert (line["committed"], line["available"]) == ("0.00", "1000.00")
    assert (await steps.get(world.officer, f"/v1/events/{event['id']}"))["taken"] == 0


@pytest.fixture
def delivered_twice(request) -> bool:
    return "twice" in request.node.name


async def test_facts_when_delivered_twice_change_nothing(world):
    await steps.open_programme(world.officer, funds="1000.00")
    await world.settle()
    event = await steps.plan_event(world.officer)
    nomination = await steps.nominate(world.ministry, event)
    await steps.seat(world.officer, nomination)
    await world.settle()

    trip = await steps.trip_of(world.officer, nomination)
    assert (trip["state"], trip["revision"]) == ("funded", 1)
    assert (await steps.line(world.officer))["committed"] == ESTIMATE
    told = "SELECT count(*) FROM change WHERE type = $1"
    programmes, participants = world.members["programmes"], world.members["participants"]
    assert await programmes.count(told, "programmes.funds_committed.v1") == 1
    assert await participants.count(told, "participants.trip_opened.v1") == 1
    assert await participants.count("SELECT count(*) FROM parked_fact") == 0


async def test_steps_of_the_journey_when_followed_name_their_cause(world):
    await steps.open_programme(world.officer, funds="1000.00")
    await world.settle()
    event = await steps.plan_event(world.officer)
    nomination = await steps.nominate(world.ministry, event)
    await steps.seat(world.officer, nomination)
    await world.settle()

    changes = (await steps.get(world.officer, "/v1/changes", limit=200))["items"]
    by_type = {each["type"]: each for each in changes}
    seat = by_type["training.seat_confirmed.v1"]
    opened = by_type["participants.trip_opened.v1"]
    committed = by_type["programmes.funds_committed.v1"]
    assert opened["cause"] == seat["id"]
    assert committed["cause"] == by_type["participants.per_diem_estimated.v1"]["id"]
