"""Worked examples published by open-source test suites, against the rule where they are wrong."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from domain.abroad import going, instant, settled
from domain.trips import paid, rate, rate_set, run, trip

from participants.domain.per_diem import (
    Cost,
    CostKind,
    DayMeals,
    LocalTransport,
    LodgingKind,
    Meal,
    Night,
)
from participants.domain.pl_foreign import PL_FOREIGN
from participants.domain.pl_travel import hours_of_night
from participants.domain.rates import RateBook
from participants.domain.us_gsa import US_GSA

PUBLISHED = [
    json.loads(line, parse_float=Decimal)
    for line in (Path(__file__).parent / "examples.jsonl").read_text(encoding="utf-8").splitlines()
]
EXAMPLES = [example for example in PUBLISHED if example["ruleset"] == "PL_DOMESTIC"]
ABROAD = [example for example in PUBLISHED if example["ruleset"].startswith("PL_FOREIGN")]
AMERICAN = [example for example in PUBLISHED if example["ruleset"] == "US_GSA"]
KINDS = {
    "diet_pln": ["subsistence"],
    "lodging_pln": ["lodging"],
    "local_transport_pln": ["local_transport"],
    "mileage_pln": ["travel"],
    "transport_total_pln": ["travel", "local_transport"],
    "total_pln": ["subsistence", "lodging", "local_transport", "travel"],
}


def days(facts):
    count = (facts.last_day - facts.first_day).days + 1
    return [facts.first_day + timedelta(days=n) for n in range(count)]


def meals(provided, facts):
    """Spread the counted meals over the days of the trip, one of each kind a day."""
    if set(provided.values()) == {5}:
        return tuple(DayMeals(day, tuple(Meal)) for day in days(facts))
    on = days(facts)[-1:] if facts.first_day == facts.last_day else days(facts)[1:]
    return tuple(
        DayMeals(day, tuple(Meal(meal) for meal, count in provided.items() if count > number))
        for number, day in enumerate(on)
    )


def lump_sum_nights(facts):
    evenings = [facts.first_day - timedelta(days=1), *days(facts)]
    return tuple(Night(on, LodgingKind.LUMP_SUM) for on in evenings if hours_of_night(facts, on))


def facts_of(inputs):
    begin = inputs.get("departure", "2026-03-10T08:00")
    end = inputs.get("return", "2026-03-11T08:00")
    fields = {}
    if inputs.get("local_transport_lump_sum"):
        fields["local_transport"] = LocalTransport.LUMP_SUM
    if "tickets_pln" in inputs:
        fields["costs"] = (Cost(CostKind.TICKET, Decimal(inputs["tickets_pln"])),)
    if "private_car_over_900cc_km" in inputs:
        kilometres = inputs["private_car_over_900cc_km"]
        fields["costs"] = (Cost(CostKind.MILEAGE, inputs["km_rate_pln"], kilometres),)
    if "lodging_bill_pln" in inputs:
        on = datetime.fromisoformat(begin).date()
        bill = Decimal(inputs["lodging_bill_pln"])
        fields["nights"] = (Night(on, LodgingKind.BILL, bill),)
    facts = trip(begin, end, **fields)
    if "meals_provided" in inputs:
        facts = trip(begin, end, **fields, meals=meals(inputs["meals_provided"], facts))
    if "lodging" in inputs:
        facts = trip(begin, end, **fields, nights=lump_sum_nights(facts))
    return facts


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["id"] for example in EXAMPLES])
def test_published_example_when_computed_then_gives_what_the_rule_says(example):
    result = run(facts_of(example["inputs"]))
    expected = example.get("rule_result", example["expected"])
    for name, amount in expected.items():
        if name in KINDS:
            assert sum(paid(result, kind) for kind in KINDS[name]) == amount, name
    if "nights_lump_sum" in expected:
        paid_nights = [n for n in result.lines if n.kind == "lodging" and n.amount.amount]
        assert len(paid_nights) == expected["nights_lump_sum"]
    if "rate_pln" in example["inputs"]:
        assert result.rates[0].allowance == example["inputs"]["rate_pln"]


def abroad_facts(inputs):
    begin = inputs.get("border_out", "2024-06-10T08:00")
    end = inputs.get("border_in", "2024-06-11T08:00")
    if "remainder_minutes" in inputs:
        begin, end = "2013-06-10T08:00", instant("2013-06-10T08:00")
        end = (end + timedelta(minutes=inputs["remainder_minutes"])).isoformat()
    fields = {"begin": inputs.get("departure"), "end": inputs.get("return")}
    fields["country"] = inputs.get("country", "DE")
    if "nights" in inputs:
        bill = Decimal(inputs["nights"][0]["bill_eur"])
        fields["nights"] = (Night(instant(begin).date(), LodgingKind.BILL, bill),)
    provided = inputs.get("meals_provided_by_day") or [inputs.get("meals_provided", {})]
    first = instant(begin).date()
    fields["meals"] = tuple(
        DayMeals(first + timedelta(days=n), tuple(Meal(meal) for meal in of_day))
        for n, of_day in enumerate(provided)
    )
    return going(begin, end, **fields)


@pytest.mark.parametrize("example", ABROAD, ids=[example["id"] for example in ABROAD])
def test_published_foreign_example_when_computed_then_gives_what_the_rule_says(example):
    facts = abroad_facts(example["inputs"])
    expected = example.get("rule_result", example["expected"])
    if "error" in expected:
        assert [v.code for v in PL_FOREIGN.violations(facts)] == ["crossing_outside_trip"]
        return
    result = settled(facts)
    lines = [line for line in result.lines if line.kind == "subsistence" and line.country != "PL"]
    here = [line for line in result.lines if line.country == "PL"]
    found = {
        "diet_foreign": sum(line.amount.amount for line in lines),
        "diet_foreign_eur": sum(line.amount.amount for line in lines),
        "diet_day1": lines[0].amount.amount,
        "diet_domestic_pln": sum(line.amount.amount for line in here),
        "domestic_hours": sum(
            (line.ends_at - line.begins_at).total_seconds() / 3600 for line in here
        ),
        "lodging_eur": paid(result, "lodging"),
        "fraction_of_diet": str(lines[0].factor),
        "over_limit": any("exceeds" in line.text.en for line in result.lines),
    }
    assert {name: found[name] for name in expected} == expected


def gsa_book(inputs):
    """Return the place of an example: one row for each season of its lodging rates."""
    tier = inputs["mie"]
    rows = [
        rate(
            "US-GSA-FY2026",
            "US",
            f"{tier}.00",
            date(2025 + (month < 10), month, 1),
            currency="USD",
            lodging_limit=Decimal(amount),
            parts=parts_of(tier),
        )
        for month, amount in enumerate(inputs.get("lodging_by_month", [110] * 12), 1)
    ]
    return RateBook((rate_set("US_GSA", "US-GSA-FY2026", date(2025, 10, 1)),), tuple(rows))


def parts_of(tier):
    meals = (16, 19, 28) if tier == 68 else (23, 26, 38)
    named = zip(("breakfast", "lunch", "dinner"), map(Decimal, meals), strict=True)
    return (*named, ("incidentals", Decimal(5)))


@pytest.mark.parametrize("example", AMERICAN, ids=[example["id"] for example in AMERICAN])
def test_published_american_example_when_computed_then_gives_what_the_rule_says(example):
    inputs = example["inputs"]
    begin = date.fromisoformat(inputs.get("start", "2026-03-10"))
    end = date.fromisoformat(inputs.get("end", "2026-03-10"))
    meals = tuple(Meal(meal) for meal in inputs.get("meals_provided_daily", ()))
    count = (end - begin).days + 1
    facts = trip(
        f"{begin}T00:00",
        f"{end}T23:59",
        country="US",
        meals=tuple(DayMeals(begin + timedelta(days=n), meals) for n in range(count)),
    )
    result = run(facts, ruleset=US_GSA, book=gsa_book(inputs))
    found = {
        "lodging_usd": paid(result, "lodging"),
        "mie_usd": paid(result, "subsistence"),
        "total_usd": result.totals[0].amount,
    }
    assert {name: found[name] for name in example["expected"]} == example["expected"]


def test_examples_when_read_then_all_of_them_are_there():
    assert (len(EXAMPLES), len(ABROAD), len(AMERICAN)) == (31, 16, 6)
