"""Money over HTTP: each bad input has its status and code, and nothing is written."""

import itertools
from decimal import Decimal
from uuid import uuid4

import pytest
from make_programmes import (
    APPROVER,
    MINISTRY,
    OFFICER,
    SERBIA,
    WRITING_MINISTRY,
    count,
    line,
    organisation,
    partner,
    programme,
)

from programmes.domain.fuzzy_date import FuzzyDate
from programmes.storage import tables_money

_keys = itertools.count()
CITED = {"document": "mswia-eu-projects", "locator": "a page", "quote": "a quote"}
SUBJECT = {"service": "training", "id": str(uuid4())}
BUDGET = {
    "total": {"amount": "464044.84", "currency": "EUR"},
    "lines": [
        {
            "code": "TRAVEL",
            "title": "Travel",
            "category": "travel",
            "model": "unit_cost",
            "unit": "trip",
            "quantity": "4",
            "unit_price": {"amount": "100000.00", "currency": "EUR"},
        },
        {
            "code": "EQUIPMENT",
            "title": "Equipment",
            "category": "equipment",
            "model": "lump_sum",
            "amount": {"amount": "64044.84", "currency": "EUR"},
        },
    ],
    "funding_sources": [
        {"funder": "NFM", "kind": "grant", "rate": "85"},
        {"funder": "PL-MOI", "kind": "own_public", "rate": "15"},
    ],
}


def key():
    return {"idempotency-key": f"money-{next(_keys)}"}


def eur(amount, currency="EUR"):
    return {"amount": amount, "currency": currency}


@pytest.fixture
def officer(signed):
    return signed(OFFICER)


@pytest.fixture
async def there(unit):
    await programme(unit, start=FuzzyDate.year(2014), end=FuzzyDate.year(2030))
    await organisation(unit, "NFM", None)
    await organisation(unit, "PL-MOI", "PL")
    return unit


@pytest.fixture
async def approved(there, client, signed, officer):
    made = await client.post("/v1/programmes/P-1/budgets", json=BUDGET, headers=officer | key())
    assert made.headers["location"] == "/v1/programmes/P-1/budgets/1"
    headers = signed(APPROVER) | {"if-match": made.headers["etag"]}
    done = await client.post(
        "/v1/programmes/P-1/budgets/1/approval",
        json={"effective_from": "2015-01-01"},
        headers=headers,
    )
    assert (done.status_code, done.json()["status"]) == (200, "approved")
    return there


async def test_financial_report_when_a_budget_is_approved_then_shares_are_those_of_the_contract(
    approved, client, officer
):
    entry = {"kind": "committed", "subject": SUBJECT, "amount": eur("100.00")}
    path = "/v1/programmes/P-1/budget-lines/TRAVEL/entries"
    assert (await client.post(path, json=entry, headers=officer | key())).status_code == 201
    paid = {**entry, "kind": "spent", "amount": eur("30.01"), "spent_on": "2015-02-03"}
    assert (await client.post(path, json=paid, headers=officer | key())).status_code == 201
    report = (await client.get("/v1/programmes/P-1/financial-report", headers=officer)).json()
    (found,) = report["currencies"]
    assert (report["budget"], found["currency"]) == (1, "EUR")
    assert found["total"] == {
        "heading": None,
        "budget": "464044.84",
        "reserved": "0.00",
        "committed": "69.99",
        "spent": "30.01",
        "remaining": "463944.84",
        "donor_share": "394438.11",
        "own_share": "69606.73",
        "spent_donor_share": "25.51",
        "spent_own_share": "4.50",
    }
    assert [row["heading"] for row in found["headings"]] == ["equipment", "travel"]
    listed = (await client.get(path, headers=officer)).json()["items"]
    assert [row["kind"] for row in listed] == ["allotted", "committed", "spent"]
    assert listed[-1]["stands"]["spent"] == "30.01"


async def test_money_when_read_by_currency_then_is_never_added_across(there, client, officer):
    await line(there)
    await line(there, currency="PLN", code="ZLOTY")
    report = (await client.get("/v1/programmes/P-1/financial-report", headers=officer)).json()
    assert [each["currency"] for each in report["currencies"]] == ["EUR", "PLN"]
    assert [each["total"]["budget"] for each in report["currencies"]] == ["1000.00", "1000.00"]
    assert report["currencies"][0]["total"]["donor_share"] is None


STATED = {"funder": "NFM", "kind": "grant", "source": CITED}


async def test_funding_when_a_source_states_no_amount_then_it_is_not_stated(there, client, officer):
    path = "/v1/programmes/P-1/funding-sources"
    made = await client.post(path, json=STATED, headers=officer | key())
    assert made.status_code == 201
    (listed,) = (await client.get(path, headers=officer)).json()["items"]
    assert listed == made.json()
    assert (listed["amount"], listed["amount_qualifier"]) == (None, "not_stated")
    again = await client.post(path, json=STATED, headers=officer | key())
    assert (again.status_code, again.json()["code"]) == (
        400,
        "programmes.funding_source_duplicate",
    )
    spent = {"code": "KIT", "title": "Equipment", "category": "equipment", "source": CITED}
    lines = "/v1/programmes/P-1/budget/lines"
    assert (await client.post(lines, json=spent, headers=officer | key())).status_code == 201
    (found,) = (await client.get(lines, headers=officer)).json()["items"]
    assert (found["basis"], found["amount"], found["qualifier"], found["source"]) == (
        "published",
        None,
        "not_stated",
        CITED,
    )


async def test_budget_lines_when_a_budget_is_in_effect_then_show_quantity_and_price(
    approved, client, officer
):
    path = "/v1/programmes/P-1/budget/lines"
    items = (await client.get(path, headers=officer)).json()["items"]
    assert [(row["code"], row["amount"]) for row in items] == [
        ("TRAVEL", "400000.00"),
        ("EQUIPMENT", "64044.84"),
    ]
    assert (items[0]["quantity"], items[0]["unit_price"]) == ("4.000000", "100000.00")
    before = await client.get(f"{path}?as_of=2014-12-31", headers=officer)
    assert before.json()["items"] == []
    whole = (await client.get("/v1/programmes/P-1/budgets/1", headers=officer)).json()
    assert [row["funder"] for row in whole["funding_sources"]] == ["NFM", "PL-MOI"]


PATHS = [
    "/financial-report",
    "/roll-up",
    "/funding-sources",
    "/budget/lines",
    "/budgets",
    "/transfers",
]


@pytest.mark.parametrize("path", PATHS)
async def test_money_when_the_programme_is_invisible_then_is_byte_for_byte_unknown(
    approved, client, signed, path
):
    await partner(approved, who="MD")
    headers = signed(SERBIA) | {"entente-request-id": str(uuid4())}
    hidden = await client.get(f"/v1/programmes/P-1{path}", headers=headers)
    unknown = await client.get(f"/v1/programmes/NO-SUCH{path}", headers=headers)
    assert (hidden.status_code, hidden.content) == (404, unknown.content)
    seen = await client.get(f"/v1/programmes/P-1{path}", headers=signed(MINISTRY))
    assert seen.status_code == 200


async def test_office_papers_when_a_ministry_asks_then_it_sees_none(approved, client, signed):
    await partner(approved, who="MD")
    ministry = signed(MINISTRY)
    listed = await client.get("/v1/programmes/P-1/budgets", headers=ministry)
    assert listed.json()["items"] == []
    one = await client.get("/v1/programmes/P-1/budgets/1", headers=ministry)
    assert (one.status_code, one.json()["code"]) == (404, "programmes.no_such_budget")
    own = await client.post(
        "/v1/programmes/P-1/budgets/1/approval",
        json={"effective_from": "2015-01-01"},
        headers=signed(WRITING_MINISTRY) | {"if-match": '"v2"'},
    )
    assert own.status_code == 404


def changed(**members):
    return {**BUDGET, **members}


def entry(kind="committed", amount="1.00", currency="EUR", **more):
    return {"kind": kind, "subject": SUBJECT, "amount": eur(amount, currency), **more}


E = "budget-lines/TRAVEL/entries"
BAD = [
    ("budgets", changed(total=eur("464044.844")), 400, "kit.invalid_input"),
    ("budgets", changed(total=eur("-1.00")), 400, "kit.invalid_input"),
    ("budgets", changed(total=eur("464044.84", "EURO")), 400, "kit.invalid_input"),
    ("budgets", changed(total=eur("464044.85")), 400, "programmes.budget_sum"),
    ("budgets", changed(total=eur("464044.84", "PLN")), 409, "kit.currencies_differ"),
    (
        "budgets",
        changed(funding_sources=[{"funder": "NFM", "kind": "grant", "rate": "85"}]),
        400,
        "programmes.cofinancing_sum",
    ),
    (E, entry(amount="0.001"), 400, "kit.invalid_input"),
    (E, entry(amount="-1.00"), 400, "kit.invalid_input"),
    (E, entry(amount="0.00"), 400, "programmes.amount_not_positive"),
    (E, entry(currency="PLN"), 409, "kit.currencies_differ"),
    (E, entry(amount="400000.01"), 409, "programmes.budget_exceeded"),
    (E, entry("spent"), 409, "programmes.ledger_exceeded"),
    (E, entry("spent", spent_on="2013-01-01"), 400, "programmes.outside_programme"),
    (E, entry("spent", spent_on="2013-02-30"), 400, "kit.invalid_input"),
    (E, entry("allotted"), 400, "kit.invalid_input"),
    (
        "transfers",
        {"giver": "TRAVEL", "taker": "EQUIPMENT", "amount": eur("16011.22"), "reason": "x"},
        409,
        "programmes.amendment_required",
    ),
    (
        "transfers",
        {"giver": "TRAVEL", "taker": "EQUIPMENT", "amount": eur("-1.00"), "reason": "x"},
        400,
        "kit.invalid_input",
    ),
    (
        "budget-lines",
        {"code": "X", "title": "X", "category": "x", "amount": eur("-1.00")},
        400,
        "kit.invalid_input",
    ),
]


@pytest.mark.parametrize(("path", "body", "status", "code"), BAD)
async def test_money_when_the_input_is_bad_then_is_refused_and_nothing_is_written(
    approved, client, officer, path, body, status, code
):
    tables = (tables_money.budget_entry, tables_money.budget, tables_money.budget_transfer)
    before = [await count(approved, table) for table in tables]
    answer = await client.post(f"/v1/programmes/P-1/{path}", json=body, headers=officer | key())
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [await count(approved, table) for table in tables] == before


async def test_amendment_when_required_then_says_how_much_may_move(approved, client, officer):
    body = {"giver": "TRAVEL", "taker": "EQUIPMENT", "amount": eur("20000.00"), "reason": "x"}
    path = "/v1/programmes/P-1/transfers"
    refused = (await client.post(path, json=body, headers=officer | key())).json()
    assert refused["available"] == eur("16011.21")
    assert (refused["heading"], refused["limit"]) == ("equipment", "25.00")
    body["amount"] = refused["available"]
    moved = await client.post(path, json=body, headers=officer | key())
    assert (moved.status_code, Decimal(moved.json()["amount"])) == (201, Decimal("16011.21"))


async def test_entry_when_its_key_comes_with_another_body_then_is_refused(
    approved, client, officer
):
    headers = officer | key()
    path = f"/v1/programmes/P-1/{E}"
    first = await client.post(path, json=entry(), headers=headers)
    again = await client.post(path, json=entry(), headers=headers)
    other = await client.post(path, json=entry(amount="2.00"), headers=headers)
    assert (first.status_code, again.content) == (201, first.content)
    assert (other.status_code, other.json()["code"]) == (422, "kit.idempotency_key_reused")
    assert await count(approved, tables_money.budget_entry) == 3


async def test_approval_when_its_etag_is_stale_or_missing_then_is_refused(
    there, client, signed, officer
):
    await client.post("/v1/programmes/P-1/budgets", json=BUDGET, headers=officer | key())
    path, body = "/v1/programmes/P-1/budgets/1/approval", {"effective_from": "2015-01-01"}
    second = signed(APPROVER)
    stale = await client.post(path, json=body, headers=second | {"if-match": '"v2"'})
    missing = await client.post(path, json=body, headers=second)
    same = await client.post(path, json=body, headers=officer | {"if-match": '"v1"'})
    assert (stale.status_code, missing.status_code, same.status_code) == (412, 428, 409)
    assert same.json()["code"] == "programmes.four_eyes"
    budgets = (await client.get("/v1/programmes/P-1/budgets", headers=officer)).json()["items"]
    assert [each["status"] for each in budgets] == ["draft"]


async def test_roll_up_when_a_child_has_its_own_lines_then_each_row_counts_once(
    there, client, officer
):
    await programme(there, "P-2")
    body = {"type": "child", "to": "P-1"}
    path = "/v1/programmes/P-2/relations"
    assert (await client.post(path, json=body, headers=officer | key())).status_code == 201
    await line(there)
    await line(there, "P-2", amount="300.00")
    await line(there, "P-2", amount="70.00", currency="PLN", code="ZLOTY")
    found = (await client.get("/v1/programmes/P-1/roll-up", headers=officer)).json()
    assert found["programmes"] == ["P-1", "P-2"]
    assert [(each["currency"], each["budget"]) for each in found["totals"]] == [
        ("EUR", "1000.00"),
        ("PLN", "70.00"),
    ]
    assert len(found["inside"]) == 1


async def test_iati_when_exported_then_is_xml_and_what_lacks_is_said(there, client, officer):
    refused = await client.get("/v1/programmes/P-1/iati.xml", headers=officer)
    assert (refused.status_code, refused.json()["code"]) == (409, "programmes.iati_incomplete")
    assert refused.json()["missing"] == ["participating organisation"]
    await partner(there, who="PL-MOI")
    found = await client.get("/v1/programmes/P-1/iati.xml", headers=officer)
    assert found.headers["content-type"].startswith("application/xml")
    assert b"<iati-identifier>PL-MOI-P-1</iati-identifier>" in found.content


async def test_transitions_when_asked_then_say_who_may_approve_and_why_nothing_else(
    there, client, signed, officer
):
    await client.post("/v1/programmes/P-1/budgets", json=BUDGET, headers=officer | key())
    path = "/v1/programmes/P-1/budgets/1/transitions"
    own = (await client.get(path, headers=officer)).json()
    assert own["present"] == "draft"
    ways = {way["to"]: way for way in own["items"]}
    assert ways["approved"]["why_not"] == "the budget was drafted by the same person"
    assert not ways["superseded"]["allowed"]
    other = (await client.get(path, headers=signed(APPROVER))).json()["items"]
    assert [way["to"] for way in other if way["allowed"]] == ["approved"]
    assert other[0]["needs"] == "effective_from"
    body = {"effective_from": "2015-01-01"}
    headers = signed(APPROVER) | {"if-match": '"v1"'}
    await client.post(path.replace("transitions", "approval"), json=body, headers=headers)
    final = (await client.get(path, headers=signed(APPROVER))).json()
    assert (final["present"], [way["allowed"] for way in final["items"]]) == (
        "approved",
        [False, False],
    )
    hidden = await client.get(path, headers=signed(MINISTRY))
    assert (hidden.status_code, hidden.json()["code"]) == (404, "programmes.no_such_budget")


EXPORTS = [
    ("organisations?type=ministry", "PL-MOI", "organisations.csv"),
    ("sources", None, "sources.csv"),
    ("programmes/P-1/budget-lines", "TRAVEL", "lines-P-1.csv"),
    ("programmes/P-1/budgets", "1", "budgets-P-1.csv"),
    ("programmes/P-1/transfers", None, "transfers-P-1.csv"),
    ("programmes/P-1/financial-report?as_of=2026-03-02", "2026-03-02", "report-P-1.csv"),
    ("programmes/P-1/budget-lines/TRAVEL/entries", None, "entries-P-1-TRAVEL.csv"),
    ("programmes/P-1/budget-lines/TRAVEL/commitments", None, "commitments-P-1-TRAVEL.csv"),
    ("programmes/P-1/claims", None, "claims-P-1.csv"),
]


async def test_lists_when_asked_for_as_files_then_come_with_their_name_and_no_formula(
    approved, client, officer
):
    new = {"code": "EVIL", "name": '=HYPERLINK("x")', "type": "ngo", "aliases": ["+1"]}
    made = await client.post("/v1/organisations", json=new, headers=officer | key())
    assert made.status_code == 201
    for path, found, name in EXPORTS:
        glue = "&" if "?" in path else "?"
        answer = await client.get(f"/v1/{path}{glue}format=csv", headers=officer)
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert found is None or any(
            line.startswith(found) for line in answer.text.splitlines()[1:]
        ), path
        sheet = await client.get(f"/v1/{path}{glue}format=xlsx", headers=officer)
        assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")
    text = (await client.get("/v1/organisations?type=ngo&format=csv", headers=officer)).text
    assert "'=HYPERLINK" in text
    assert ",'+1," in text
    assert "PL-MOI" not in text
