"""What a hostile or hasty client sends about money: refused by a code, and nothing is written."""

import itertools
from uuid import uuid4

import pytest
from ledger_sums import proven, totals
from make_programmes import OFFICER, count, line, organisation, programme, told

from programmes.domain.fuzzy_date import FuzzyDate
from programmes.storage import tables, tables_money

_keys = itertools.count()
MOST = "999999999999.99"
LINE = {"code": "NEW", "title": "New", "category": "travel"}
FIXED = {
    "base": "EUR",
    "quote": "PLN",
    "value": "4.10",
    "valid_from": "2014-01-01",
    "valid_to": "2014-12-31",
    "reference": "contract, art. 7",
}


def money(amount, currency="EUR"):
    return {"amount": amount, "currency": currency}


def budget(total="1.00", currency="EUR", **changes):
    cost = {
        "code": "A",
        "title": "A",
        "category": "travel",
        "model": "unit_cost",
        "unit": "trip",
        "quantity": "1",
        "unit_price": money("1.00"),
    }
    own = ("transfer_limit", "line_tolerance")
    fields = {name: changes.pop(name) for name in own if name in changes}
    return {"total": money(total, currency), "lines": [cost | changes], **fields}


def converting(amount="1.00", currency="EUR", into="PLN", cost_on="2014-06-01", **more):
    return {"amount": money(amount, currency), "into": into, "cost_on": cost_on, **more}


def transfer(giver, taker, amount="1.00", currency="EUR"):
    return {"giver": giver, "taker": taker, "amount": money(amount, currency), "reason": "x"}


INVALID = (400, "kit.invalid_input")
TAKEN = (409, "programmes.budget_line_taken")
NO_LINE = (404, "programmes.no_such_budget_line")
WRONG = [
    ("budget-lines", LINE | {"amount": money("1.234", "KWD")}, INVALID),
    ("budget-lines", LINE | {"amount": money("1.00", "ZZZ")}, INVALID),
    ("budget-lines", LINE | {"amount": money("1.5", "JPY")}, INVALID),
    ("budget-lines", LINE | {"amount": money("1000000000000.00")}, INVALID),
    ("budget-lines", LINE | {"amount": money("1.00"), "tolerance": "10.555"}, INVALID),
    ("budget-lines", LINE | {"amount": money("1.00"), "tolerance": "100.01"}, INVALID),
    ("budget-lines", LINE | {"amount": money("1.00"), "tolerance": "-1"}, INVALID),
    (
        "budget-lines",
        LINE | {"amount": money("1.00"), "code": "BIG"},
        TAKEN,
    ),
    ("budget-lines/BIG/raises", {"amount": money(MOST)}, (400, "programmes.amount_too_large")),
    ("budget-lines/BIG/raises", {"amount": money("1.00", "PLN")}, (409, "kit.currencies_differ")),
    (
        "budget-lines/NONE/raises",
        {"amount": money("1.00")},
        NO_LINE,
    ),
    ("budgets", budget(quantity="0.3333333"), INVALID),
    ("budgets", budget(quantity="1e0"), INVALID),
    ("budgets", budget(currency="PLN"), (409, "kit.currencies_differ")),
    ("budgets", budget(partner="NOBODY"), (404, "programmes.no_such_organisation")),
    ("budgets", budget(percent="5"), (400, "programmes.cost_invalid")),
    ("budgets", budget(transfer_limit="33.333"), INVALID),
    ("budgets", budget(line_tolerance="100.5"), INVALID),
    ("budgets", budget(total="2.00"), (400, "programmes.budget_sum")),
    ("transfers", transfer("BIG", "SMALL"), (409, "programmes.no_approved_budget")),
    ("conversions", converting(amount=MOST), (400, "programmes.amount_too_large")),
    ("conversions", converting(cost_on="2015-01-01"), (409, "programmes.rate_missing")),
    ("conversions", converting(cost_on="0001-01-01"), INVALID),
    ("conversions", converting(into="USD"), (409, "programmes.rate_missing")),
    ("conversions", converting(into="ZZZ"), INVALID),
    ("budget-figures", {"kind": "total", "currency": "ZZZ"}, INVALID),
]
DAYS = ["2015-13-01", "9999-12-31", "0001-01-01", "", "2015-01-01&as_of=2016-01-01"]


@pytest.fixture
def officer(signed):
    return signed(OFFICER)


def key():
    return {"idempotency-key": f"hostile-{next(_keys)}"}


@pytest.fixture
async def there(unit, client, officer):
    """A programme with a line as large as lines get, one more, and a rate agreed for 2014."""
    await programme(unit, start=FuzzyDate.year(2014), end=FuzzyDate.year(2030))
    await organisation(unit, "PL-MOI", "PL")
    await line(unit, code="BIG", amount=MOST)
    await line(unit, code="SMALL")
    read = await client.get("/v1/programmes/P-1", headers=officer)
    put = await client.put(
        "/v1/programmes/P-1/exchange-rule",
        json={"rule": "fixed", "fixed": FIXED},
        headers=officer | {"if-match": read.headers["etag"]},
    )
    assert put.status_code == 200
    return unit


async def test_money_when_what_is_sent_is_wrong_then_each_has_its_code_and_nothing_is_written(
    there, client, officer
):
    before = await told(there)
    found = []
    for path, body, _ in WRONG:
        answer = await client.post(f"/v1/programmes/P-1/{path}", json=body, headers=officer | key())
        found.append((path, body, (answer.status_code, answer.json()["code"])))
    assert found == WRONG
    for day in DAYS:
        path = f"/v1/programmes/P-1/financial-report?as_of={day}"
        answer = await client.get(path, headers=officer)
        assert (answer.status_code, answer.json()["code"]) == INVALID
    assert await told(there) == before
    assert await count(there, tables_money.conversion) == 0
    assert await proven(there)


async def test_conversion_when_asked_for_by_a_wrong_id_then_there_is_none(there, client, officer):
    path = "/v1/programmes/P-1/conversions"
    made = (await client.post(path, json=converting(), headers=officer | key())).json()
    assert (made["result"], made["rates"][0]["value"]) == ("4.10", "4.10")
    found = await client.get(f"{path}/{made['id']}", headers=officer)
    assert found.status_code == 200
    unknown = await client.get(f"{path}/{uuid4()}", headers=officer)
    other = await client.get(f"/v1/programmes/P-2/conversions/{made['id']}", headers=officer)
    assert {each.json()["code"] for each in (unknown, other)} == {"programmes.no_such_conversion"}
    listed = (await client.get(path, headers=officer)).json()["items"]
    assert [each["id"] for each in listed] == [made["id"]]


async def test_line_when_it_has_a_tolerance_then_takes_as_much_more_and_says_so(
    there, client, officer
):
    new = LINE | {"amount": money("100.00"), "tolerance": "2.5"}
    made = await client.post("/v1/programmes/P-1/budget-lines", json=new, headers=officer | key())
    assert (made.json()["available"], made.json()["tolerance"]) == ("102.50", "2.50")
    path = "/v1/programmes/P-1/budget-lines/NEW/entries"
    subject = {"service": "training", "id": "01980000-0000-7000-8000-000000000000"}
    entry = {"kind": "committed", "subject": subject, "amount": money("102.51")}
    refused = await client.post(path, json=entry, headers=officer | key())
    assert (refused.status_code, refused.json()["available"]) == (409, money("102.50"))
    entry["amount"] = money("102.50")
    assert (await client.post(path, json=entry, headers=officer | key())).status_code == 201
    assert (await totals(there, "NEW"))[2] == 102.5
    lines = (await client.get("/v1/programmes/P-1/budget-lines", headers=officer)).json()["items"]
    assert [each["available"] for each in lines if each["code"] == "NEW"] == ["0.00"]
    assert await count(there, tables.commitment) == 0
