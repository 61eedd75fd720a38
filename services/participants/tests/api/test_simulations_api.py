"""Simulations over HTTP: the same engine and explanation, nothing saved, every violation told."""

import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from people_and_trips import MINISTRY, OFFICER, changes, prepare

from participants.commands.rates import import_rate_set, publish_rate_set
from participants.domain.rates import RateSetStatus
from participants.load import rate_sets, rates

DOMESTIC = {
    "ruleset": "PL_DOMESTIC",
    "country": "PL",
    "departs_at": "2026-03-02T08:00:00+01:00",
    "returns_at": "2026-03-05T13:00:00+01:00",
    "zone": "Europe/Warsaw",
}
EU = {
    "ruleset": "EU_EXTERNAL",
    "country": "PL",
    "departs_at": "2026-03-02T08:00:00+01:00",
    "returns_at": "2026-03-05T13:00:00+01:00",
    "contract": {"concluded_on": "2013-12-30"},
}
PATH = "/v1/per-diem/simulations"


@pytest.fixture
async def simulate(ask, unit):
    await prepare(unit)

    async def simulating(body, caller=OFFICER):
        return await ask(caller, "POST", PATH, body=body)

    return simulating


async def test_simulation_when_domestic_then_every_line_adds_to_the_total(simulate, unit):
    before = await changes(unit)
    answer = await simulate(
        DOMESTIC
        | {
            "meals": [{"on": "2026-03-03", "provided": ["breakfast", "lunch"]}],
            "nights": [
                {"on": "2026-03-02", "kind": "lump_sum"},
                {"on": "2026-03-03", "kind": "bill", "bill": "950.00"},
                {"on": "2026-03-04", "kind": "free"},
            ],
            "local_transport": "lump_sum",
            "costs": [
                {"kind": "ticket", "amount": "100.00"},
                {"kind": "mileage", "amount": "1.15", "kilometres": 620},
            ],
        },
        MINISTRY,
    )
    assert answer.status_code == 200, answer.text
    found = answer.json()
    amounts = {}
    for line in found["lines"]:
        amounts.setdefault(line["kind"], []).append(line["amount"]["amount"])
    assert amounts == {
        "subsistence": ["45.00", "11.25", "45.00", "22.50"],
        "lodging": ["67.50", "900.00", "0.00"],
        "local_transport": ["9.00"] * 4,
        "travel": ["100.00", "713.00"],
    }
    assert found["totals"] == [{"amount": "1940.25", "currency": "PLN"}]
    assert found["rates"][0]["rate_set"] == "PL-DOM-2023"
    assert await changes(unit) == before


async def test_simulation_when_asked_twice_then_gives_the_same_bytes(simulate):
    assert (await simulate(EU)).content == (await simulate(EU)).content


async def test_simulation_when_eu_nights_then_the_contracts_list_counts(simulate):
    found = (await simulate(EU)).json()
    assert found["totals"] == [{"amount": "651.00", "currency": "EUR"}]
    assert found["rates"][0]["rate_set"] == "EU-EXT-2013-07-05"
    assert found["lines"][0]["factor"] == "1/1"


async def test_simulation_when_country_has_no_rate_in_the_list_then_says_so_and_stays(simulate):
    answer = await simulate(EU | {"country": "MD"})
    assert (answer.status_code, answer.json()["code"]) == (400, "participants.trip_facts_refused")
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/country", "country_without_rate")
    assert "Moldova" not in error["message"]
    assert "MD in EuropeAid per-diem rates of 5 July 2013" in error["message"]


async def test_simulation_when_everything_is_wrong_then_all_is_told_at_once(simulate):
    answer = await simulate(
        DOMESTIC
        | {
            "country": "MD",
            "departs_at": "2026-03-29T02:30:00+01:00",
            "returns_at": "2026-03-28T13:00:00+02:00",
            "meals": [{"on": "2026-06-01", "provided": ["lunch"]}],
            "nights": [{"on": "2026-06-01", "kind": "bill", "bill": "-10.005"}],
            "costs": [{"kind": "ticket", "amount": "1.005", "kilometres": 5}],
            "nights_away": 2,
        }
    )
    assert answer.status_code == 400
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/departs_at", "local_time_does_not_exist"),
        ("/returns_at", "offset_disagrees_with_zone"),
        ("/returns_at", "trip_ends_before_it_starts"),
        ("/meals/0/on", "day_not_travelled"),
        ("/nights/0/on", "night_not_travelled"),
        ("/costs/0/kilometres", "kilometres_missing_or_extra"),
        ("/nights/0/bill", "amount_negative"),
        ("/nights/0/bill", "money_scale"),
        ("/costs/0/amount", "money_scale"),
        ("/country", "country_not_covered"),
        ("/nights_away", "not_covered_by_ruleset"),
    ]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"departs_at": "2026-03-02T08:00:00"}, "/departs_at"),
        ({"departs_at": "2026-02-30T08:00:00+01:00"}, "/departs_at"),
        ({"departs_at": "0001-01-01T00:00:00+14:00"}, "/departs_at"),
        ({"departs_at": 5}, "/departs_at"),
        ({"zone": "../../etc/passwd"}, "/zone"),
        ({"zone": "Europe"}, "/zone"),
        ({"zone": "Mars/Olympus"}, "/zone"),
        ({"nights": [{"on": "9999-12-31", "kind": "free"}]}, "/nights/0/on"),
        ({"nights": [{"on": "2026-03-02", "kind": "bill", "bill": 5}]}, "/nights/0/bill"),
        ({"nights": [{"on": "2026-03-02", "kind": "bill", "bill": "NaN"}]}, "/nights/0/bill"),
        ({"meals": [{"on": "2026-03-02", "provided": ["supper"]}]}, "/meals/0/provided/0"),
        ({"contract": {"concluded_on": "yesterday"}}, "/contract/concluded_on"),
        ({"person": "x"}, "/person"),
    ],
)
async def test_simulation_when_a_field_is_hostile_then_named_and_never_a_fault(
    simulate, change, pointer
):
    answer = await simulate(DOMESTIC | change)
    assert answer.status_code == 400, answer.text
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ruleset": "PL_MARS"}, "participants.no_such_ruleset"),
        ({"returns_at": "2029-03-02T08:00:00+01:00"}, "participants.trip_facts_refused"),
        (
            {"departs_at": "2005-03-02T08:00:00+01:00", "returns_at": "2005-03-02T18:00:00+01:00"},
            "participants.trip_facts_refused",
        ),
    ],
)
async def test_simulation_when_no_rule_applies_then_refused(simulate, change, code):
    answer = await simulate(DOMESTIC | change)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_times_when_the_hour_happens_twice_then_the_offset_tells_which(simulate):
    night = {"departs_at": "2026-10-25T02:30:00+02:00", "returns_at": "2026-10-25T14:00:00+01:00"}
    first = await simulate(DOMESTIC | night)
    second = await simulate(DOMESTIC | night | {"departs_at": "2026-10-25T02:30:00+01:00"})
    assert [each.json()["totals"][0]["amount"] for each in (first, second)] == ["45.00", "22.50"]
    wrong = await simulate(DOMESTIC | night | {"departs_at": "2026-10-25T02:30:00+03:00"})
    assert wrong.json()["errors"][0]["code"] == "offset_disagrees_with_zone"


FOREIGN = {
    "ruleset": "PL_FOREIGN",
    "country": "DE",
    "place": "Berlin",
    "departs_at": "2026-03-02T04:00:00+01:00",
    "returns_at": "2026-03-05T13:00:00+01:00",
    "zone": "Europe/Warsaw",
    "meals": [{"on": "2026-03-03", "provided": ["lunch"], "abroad": True}],
    "nights": [{"on": "2026-03-03", "kind": "bill", "bill": "90.00", "country": "DE"}],
    "costs": [{"kind": "mileage", "amount": "1.15", "kilometres": 62}],
    "local_transport": "lump_sum",
    "counting": "elapsed",
    "programme": {"domestic_legs": "summed", "several_countries": "period_start"},
    "abroad": {
        "leaves": {"at": "2026-03-02T12:00:00+01:00", "way": "land"},
        "enters": {"at": "2026-03-05T12:00:00+01:00", "way": "sea"},
        "stays": [{"country": "DE", "place": "Berlin", "transfers": "one", "overnight": False}],
        "hospital": ["2026-03-04"],
        "food_money": [{"on": "2026-03-03", "amount": "5.00"}],
    },
}
HOSTILE = (None, -1, "", "x" * 300, [[]], {})


def spoiled(body):
    """Yield the body with each value, at any depth, replaced by each hostile one."""
    for key in body if isinstance(body, dict) else range(len(body)):
        kept = body[key]
        for value in HOSTILE:
            body[key] = value
            yield
        body[key] = kept
        if isinstance(kept, (dict, list)):
            yield from spoiled(kept)


async def test_simulation_when_any_field_is_hostile_then_answered_and_never_a_fault(simulate):
    assert (await simulate(FOREIGN)).status_code == 200
    body, seen = copy.deepcopy(FOREIGN), set()
    for _ in spoiled(body):
        answer = await simulate(body)
        seen.add(answer.status_code)
        if answer.status_code == 400:
            assert answer.json()["errors"] or answer.json()["code"].endswith("no_such_ruleset")
    assert seen == {200, 400}
    assert body == FOREIGN


async def test_simulation_when_a_stay_names_no_town_then_the_trips_town_counts(simulate):
    day = {"departs_at": "2026-05-11T08:00:00+02:00", "returns_at": "2026-05-13T08:00:00+02:00"}
    night = {"nights": [{"on": "2026-05-11", "kind": "lump_sum"}]}
    there = {"ruleset": "PL_FOREIGN", "country": "US", "place": "New York"} | day | night
    stays = [{"country": "US", "transfers": "both", "overnight": False}]
    border = {"leaves": {"at": day["departs_at"]}, "enters": {"at": day["returns_at"]}}
    answer = (await simulate(there | {"abroad": border | {"stays": stays}})).json()
    amounts = [(line["kind"], line["amount"]["amount"]) for line in answer["lines"]]
    assert amounts[-2:] == [("lodging", "87.50"), ("transfer", "59.00")]


async def test_simulation_when_a_correction_is_published_then_the_next_one_uses_it(simulate, unit):
    first = (await simulate(DOMESTIC)).json()
    day = date(2026, 2, 1)
    draft = replace(
        next(each for each in rate_sets() if each.code == "PL-DOM-2023"),
        code="PL-DOM-CORRECTED",
        effective_from=day,
        status=RateSetStatus.DRAFT,
    )
    row = next(each for each in rates() if each.rate_set == "PL-DOM-2023")
    more = replace(row, rate_set=draft.code, allowance=Decimal("50.00"), valid_from=day)
    await import_rate_set(unit, draft, [more])
    assert (await simulate(DOMESTIC)).json() == first
    await publish_rate_set(unit, draft.code, expected=1)
    assert (await simulate(DOMESTIC)).json()["lines"][0]["base"] == "50.00"
