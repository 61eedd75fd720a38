"""What a contract says of travel: registered, merged, told to those who compute by it."""

import itertools
import json

import pytest
from make_programmes import OFFICER, told, told_last

_keys = itertools.count()
PATCH = {"content-type": "application/merge-patch+json"}
NEW = {
    "code": "P-1",
    "title": "A programme",
    "kind": "project",
    "status": "approved",
    "start": {"edtf": "2014-03", "text": "March 2014"},
    "end": {"edtf": "2015-05-21~/2015-05-31~", "text": "end of May 2015"},
    "rulesets": {"domestic": "PL_DOMESTIC", "abroad": "EU_EXTERNAL"},
    "travel_choices": {"counting": "wall_clock", "rate_list": "EU-2013"},
}
SILENT = dict.fromkeys(
    [
        "counting",
        "rate_list",
        "domestic_legs",
        "several_countries",
        "call_opened_on",
        "unit_costs_opt_in",
        "compensation_percent",
    ]
)


@pytest.fixture
def officer(signed):
    return signed(OFFICER)


async def register(client, officer, **changes):
    headers = officer | {"idempotency-key": f"choice-{next(_keys)}"}
    return await client.post("/v1/programmes", json=NEW | changes, headers=headers)


async def amend(client, officer, version, **changes):
    headers = officer | PATCH | {"if-match": f'"v{version}"'}
    return await client.patch("/v1/programmes/P-1", json=changes, headers=headers)


async def told_data(unit):
    return json.loads((await told_last(unit)).data)


async def test_register_when_travel_is_agreed_then_is_answered_and_told_with_the_outer_days(
    client, officer, unit
):
    made = await register(client, officer)
    agreed = SILENT | {"counting": "wall_clock", "rate_list": "EU-2013"}
    assert (made.status_code, made.json()["travel_choices"]) == (201, agreed)
    read = await client.get("/v1/programmes/P-1", headers=officer)
    assert read.json() == made.json()
    fact = await told_data(unit)
    assert fact["travel_choices"] == agreed | {"exchange_rule": None}
    assert (fact["earliest_start"], fact["latest_end"]) == ("2014-03-01", "2015-05-31")


async def test_register_when_nothing_is_agreed_then_null_is_told(client, officer, unit):
    left_out = ("start", "end", "travel_choices")
    await register(client, officer, **dict.fromkeys(left_out))
    fact = await told_data(unit)
    assert [fact[name] for name in ("earliest_start", "latest_end", "travel_choices")] == [None] * 3


async def test_amend_when_choices_are_sent_then_replaces_those_and_keeps_the_rest(
    client, officer, unit
):
    await register(client, officer)
    merged = await amend(
        client,
        officer,
        1,
        travel_choices={
            "counting": None,
            "domestic_legs": "summed",
            "call_opened_on": "2023-07-25",
        },
        rulesets={"abroad": "PL_FOREIGN"},
    )
    assert merged.json()["rulesets"] == {"domestic": "PL_DOMESTIC", "abroad": "PL_FOREIGN"}
    agreed = {"domestic_legs": "summed", "rate_list": "EU-2013", "call_opened_on": "2023-07-25"}
    assert merged.json()["travel_choices"] == SILENT | agreed
    read = await client.get("/v1/programmes/P-1", headers=officer)
    assert read.json()["travel_choices"] == SILENT | agreed
    gone = await amend(client, officer, 2, travel_choices=None)
    assert gone.json()["travel_choices"] is None
    assert (await told_data(unit))["travel_choices"] is None


async def test_exchange_rule_when_set_then_is_told_beside_the_choices(client, officer, unit):
    await register(client, officer, travel_choices=None)
    put = await client.put(
        "/v1/programmes/P-1/exchange-rule",
        json={"rule": "nbp_day_before"},
        headers=officer | {"if-match": '"v1"'},
    )
    assert put.status_code == 200
    expected = SILENT | {"exchange_rule": "nbp_day_before"}
    assert (await told_data(unit))["travel_choices"] == expected
    await amend(client, officer, 2, title="Another title")
    assert (await told_data(unit))["travel_choices"] == expected


WRONG = [
    {"counting": "sundial"},
    {"domestic_legs": "SUMMED"},
    {"several_countries": ""},
    {"rate_list": "no list/"},
    {"call_opened_on": "2023-07-25T00:00:00Z"},
    {"unit_costs_opt_in": "yes"},
    {"compensation_percent": -1},
    {"compensation_percent": 1.5},
    {"exchange_rule": "fixed"},
    {"meals": "free"},
]


async def test_choices_when_they_are_none_of_the_rules_then_nothing_is_written(
    client, officer, unit
):
    answers = [await register(client, officer, travel_choices=choices) for choices in WRONG]
    found = {(answer.status_code, answer.json()["code"]) for answer in answers}
    assert found == {(400, "kit.invalid_input")}
    assert await told(unit) == []
