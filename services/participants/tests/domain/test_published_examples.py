"""Worked examples published by open-source test suites, against the rule where they are wrong."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from domain.trips import paid, run, trip

from participants.domain.per_diem import (
    Cost,
    CostKind,
    DayMeals,
    LocalTransport,
    LodgingKind,
    Meal,
    Night,
)
from participants.domain.pl_travel import hours_of_night

EXAMPLES = [
    json.loads(line, parse_float=Decimal)
    for line in (Path(__file__).parent / "examples.jsonl").read_text(encoding="utf-8").splitlines()
]
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


def test_examples_when_read_then_all_domestic_ones_are_there():
    assert len(EXAMPLES) == 31
