"""Exchange rates over HTTP: files as published, kept unchanged; conversions that say how."""

import asyncio
import itertools
import json
import threading
from decimal import Decimal

import pytest
from make_programmes import MINISTRY, OFFICER, count, programme, told

from programmes.api import rate_format
from programmes.domain.rate_files import RateFileInvalid
from programmes.storage import tables_money

_keys = itertools.count()
ECB = (
    b"<gesmes:Envelope xmlns:gesmes='http://www.gesmes.org/xml/2002-08-01' "
    b"xmlns='http://www.ecb.int/vocabulary/2002-08-01/eurofxref'><Cube>"
    b"<Cube time='2015-03-17'><Cube currency='PLN' rate='4.1300'/>"
    b"<Cube currency='USD' rate='1.0635'/></Cube></Cube></gesmes:Envelope>"
)
MONTH = [
    {"isoA3Code": "EUR", "value": 1, "country": "Austria"},
    {"isoA3Code": "PLN", "value": 4.1625, "country": "Poland"},
    {"isoA3Code": "MDL", "value": 20.3475, "country": "Moldova"},
]
NBP = [
    {
        "table": "A",
        "no": "052/A/NBP/2015",
        "effectiveDate": "2015-03-17",
        "rates": [{"currency": "euro", "code": "EUR", "mid": 4.1287}],
    }
]
XML, JSON, CSV = "application/xml", "application/json", "text/csv"


@pytest.fixture
def officer(signed):
    return signed(OFFICER)


def key():
    return {"idempotency-key": f"rates-{next(_keys)}"}


def body_of(thing):
    return thing if isinstance(thing, bytes) else json.dumps(thing).encode()


@pytest.fixture
def send(client, officer):
    async def posted(publisher, content, media=JSON, **more):
        headers = officer | {"content-type": media} | (more.get("key") or key())
        asked = {name: more[name] for name in ("month", "correction") if name in more}
        path = f"/v1/exchange-rates/{publisher}:import"
        return await client.post(path, content=body_of(content), headers=headers, params=asked)

    return posted


async def test_import_when_a_file_takes_long_to_read_then_others_are_answered(
    send, client, monkeypatch
):
    answered = threading.Event()

    def slowly(*_asked):
        assert answered.wait(5), "nobody else was answered"
        raise RateFileInvalid("read at last")

    monkeypatch.setattr(rate_format, "read", slowly)
    sending = asyncio.create_task(send("ecb", ECB, XML))
    await asyncio.sleep(0.05)
    assert (await client.get("/livez")).status_code == 200
    answered.set()
    assert (await sending).status_code == 400


FILES = [
    ("ecb", ECB, XML, {}, 2),
    ("ecb", b"Date,USD,PLN\n17 March 2015,1.0635,4.13\n", CSV, {}, 2),
    ("inforeuro", MONTH, JSON, {"month": "2015-03"}, 2),
    ("nbp", NBP, JSON, {}, 1),
]


@pytest.mark.parametrize(("publisher", "content", "media", "how", "rates"), FILES)
async def test_import_when_published_then_is_kept_and_again_changes_nothing(
    send, unit, publisher, content, media, how, rates
):
    first = await send(publisher, content, media, **how)
    assert (first.status_code, first.json()["imported"]) == (201, rates)
    again = await send(publisher, content, media, **how)
    assert (again.json()["imported"], again.json()["known"]) == (0, rates)
    assert await count(unit, tables_money.exchange_rate) == rates


REFUSED = [
    ("ecb", b"<not xml", XML, {}, 400, "programmes.rate_file_invalid"),
    ("ecb", b"<!DOCTYPE x><x/>", XML, {}, 400, "programmes.rate_file_invalid"),
    ("ecb", b"{}", JSON, {}, 415, "kit.unsupported_content_type"),
    ("nbp", b"a,b", CSV, {}, 415, "kit.unsupported_content_type"),
    ("nbp", b"x", "application/zip", {}, 415, "kit.unsupported_content_type"),
    ("contract", MONTH, JSON, {}, 415, "kit.unsupported_content_type"),
    ("inforeuro", MONTH, JSON, {"month": "2015-13"}, 400, "kit.invalid_input"),
    ("inforeuro", b"[]", JSON, {"month": "2015-03"}, 400, "programmes.rate_file_invalid"),
    ("ecb", b" " * 10_000_001, XML, {}, 413, "kit.body_too_large"),
]


@pytest.mark.parametrize(("publisher", "content", "media", "how", "status", "code"), REFUSED)
async def test_import_when_it_cannot_be_read_then_nothing_is_written(
    send, unit, publisher, content, media, how, status, code
):
    answer = await send(publisher, content, media, **how)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await count(unit, tables_money.exchange_rate) == 0


async def test_import_when_a_published_rate_would_change_then_the_whole_file_is_refused(send, unit):
    await send("ecb", ECB, XML)
    other = ECB.replace(b"4.1300", b"4.2000").replace(b"USD", b"CZK")
    refused = await send("ecb", other, XML)
    assert (refused.status_code, refused.json()["code"]) == (409, "programmes.rate_changed")
    assert await count(unit, tables_money.exchange_rate) == 2


async def test_import_when_it_corrects_then_the_former_value_and_the_reason_stay(
    send, client, officer, unit
):
    await send("ecb", ECB, XML)
    other, why = ECB.replace(b"4.1300", b"4.2000"), "The file of another day was sent"
    done = await send("ecb", other, XML, correction=why)
    counted = [done.json()[name] for name in ("imported", "corrected", "known")]
    assert (done.status_code, counted) == (201, [0, 1, 1])
    found = await client.get("/v1/exchange-rates?currency=PLN", headers=officer)
    (rate,) = found.json()["items"]
    (former,) = rate["former"]
    said = (Decimal(rate["value"]), Decimal(former["value"]), former["reason"])
    assert said == (Decimal("4.2"), Decimal("4.13"), why)
    assert former["by"] == "demo-officer"
    again = await send("ecb", other, XML, correction=why)
    assert [again.json()[name] for name in ("corrected", "known")] == [0, 2]
    assert await count(unit, tables_money.exchange_rate_former) == 1
    named = await send("ecb", ECB, XML, correction="Ask jan@example.org")
    assert (named.status_code, named.json()["code"]) == (400, "kit.invalid_input")


async def test_conversion_when_its_rate_is_corrected_then_stays_and_the_next_has_the_right_one(
    send, client, officer, unit
):
    await programme(unit)
    await send("inforeuro", MONTH, month="2015-03")
    rule = {"rule": "inforeuro_month_of_cost"}
    version = {"if-match": '"v1"'}
    url = "/v1/programmes/P-1"
    await client.put(f"{url}/exchange-rule", json=rule, headers=officer | version)
    money = {"amount": "100.00", "currency": "PLN"}
    asked = {"amount": money, "into": "EUR", "cost_on": "2015-03-17"}
    first = await client.post(f"{url}/conversions", json=asked, headers=officer | key())
    right = [{**each, "value": 2 * each["value"]} if each["value"] != 1 else each for each in MONTH]
    await send("inforeuro", right, month="2015-03", correction="The file was of another month")
    second = await client.post(f"{url}/conversions", json=asked, headers=officer | key())
    kept = await client.get(f"{url}/conversions/{first.json()['id']}", headers=officer)
    results = [each.json()["result"] for each in (first, kept, second)]
    assert results == ["24.02", "24.02", "12.01"]


async def test_import_when_the_key_comes_with_another_file_then_is_refused(send, unit):
    same = key()
    assert (await send("ecb", ECB, XML, key=same)).status_code == 201
    again = await send("ecb", ECB, XML, key=same)
    assert again.headers["idempotency-replayed"] == "true"
    other = await send("ecb", ECB.replace(b"4.13", b"4.14"), XML, key=same)
    assert (other.status_code, other.json()["code"]) == (422, "kit.idempotency_key_reused")
    assert await count(unit, tables_money.exchange_rate) == 2


async def test_import_when_the_scope_is_missing_then_is_refused(client, signed, unit):
    headers = signed(MINISTRY) | key() | {"content-type": XML}
    refused = await client.post("/v1/exchange-rates/ecb:import", content=ECB, headers=headers)
    assert (refused.status_code, await count(unit, tables_money.exchange_rate)) == (403, 0)


async def test_rates_when_filtered_then_only_those(send, client, officer):
    await send("ecb", ECB, XML)
    await send("inforeuro", MONTH, month="2015-03")

    async def found(query):
        items = (await client.get(f"/v1/exchange-rates?{query}", headers=officer)).json()["items"]
        return [(each["publisher"], each["quote"]) for each in items]

    assert await found("publisher=ecb") == [("ecb", "PLN"), ("ecb", "USD")]
    assert await found("currency=PLN") == [("ecb", "PLN"), ("inforeuro", "PLN")]
    assert await found("currency=PLN&on=2015-03-18") == [("inforeuro", "PLN")]
    assert await found("until=2015-02-28") == []
    first = (await client.get("/v1/exchange-rates?limit=3", headers=officer)).json()
    rest = await client.get(f"/v1/exchange-rates?limit=3&after={first['next']}", headers=officer)
    assert [len(first["items"]), len(rest.json()["items"])] == [3, 1]


async def rule(client, officer, version=1, **said):
    headers = officer | {"if-match": f'"v{version}"'}
    return await client.put("/v1/programmes/P-1/exchange-rule", json=said, headers=headers)


ASKED = {"amount": {"amount": "1000.00", "currency": "PLN"}, "into": "EUR", "cost_on": "2015-03-17"}


async def convert(client, officer, **changes):
    return await client.post(
        "/v1/programmes/P-1/conversions", json={**ASKED, **changes}, headers=officer | key()
    )


async def test_conversion_when_the_rule_is_set_then_names_the_rate_and_keeps_it(
    send, client, officer, unit
):
    await programme(unit)
    await send("ecb", ECB, XML)
    await send("inforeuro", MONTH, month="2015-03")
    assert (await rule(client, officer, rule="inforeuro_month_of_cost")).status_code == 200
    made = await convert(client, officer)
    assert (made.status_code, made.json()["result"]) == (201, "240.24")
    (used,) = made.json()["rates"]
    assert (used["publisher"], used["value"], used["reference"]) == (
        "inforeuro",
        "4.1625",
        "monthly-rates 2015-03",
    )
    assert (await rule(client, officer, 2, rule="ecb_daily")).status_code == 200
    assert (await convert(client, officer)).json()["result"] == "242.13"
    kept = await client.get(made.headers["location"], headers=officer)
    assert kept.json() == made.json()
    listed = await client.get("/v1/programmes/P-1/conversions", headers=officer)
    assert made.json() in listed.json()["items"]
    said = (await client.get("/v1/programmes/P-1/exchange-rule", headers=officer)).json()
    assert said == {"rule": "ecb_daily", "fixed": None, "source": None}


FIXED = {
    "base": "EUR",
    "quote": "PLN",
    "value": "4.20",
    "valid_from": "2014-01-01",
    "valid_to": "2016-12-31",
    "reference": "Article 5",
}


async def test_conversion_when_the_contract_agrees_a_rate_then_uses_it(client, officer, unit):
    await programme(unit)
    assert (await rule(client, officer, rule="fixed", fixed=FIXED)).status_code == 200
    made = (await convert(client, officer)).json()
    assert (made["result"], made["rates"][0]["reference"]) == ("238.10", "Article 5")


async def test_conversion_when_it_cannot_be_made_then_nothing_is_written(
    send, client, officer, unit
):
    await programme(unit)
    none = await convert(client, officer)
    assert (none.status_code, none.json()["code"]) == (409, "programmes.no_rate_rule")
    await rule(client, officer, rule="ecb_daily")
    missing = await convert(client, officer)
    assert (missing.status_code, missing.json()["code"]) == (409, "programmes.rate_missing")
    await rule(client, officer, 2, rule="inforeuro_month_of_submission")
    terms = await convert(client, officer)
    assert (terms.status_code, terms.json()["needs"]) == (400, "submitted_on")
    assert await count(unit, tables_money.conversion) == 0


@pytest.mark.parametrize(
    ("said", "version", "status", "code"),
    [
        ({"rule": "fixed"}, 1, 400, "programmes.rate_terms_incomplete"),
        ({"rule": "ecb_daily", "fixed": FIXED}, 1, 400, "programmes.rate_terms_incomplete"),
        ({"rule": "fixed", "fixed": FIXED | {"quote": "EUR"}}, 1, 400, "programmes.rate_invalid"),
        ({"rule": "fixed", "fixed": FIXED | {"value": "0"}}, 1, 400, "kit.invalid_input"),
        ({"rule": "ecb_daily"}, 9, 412, "kit.stale_version"),
        ({"rule": "guess"}, 1, 400, "kit.invalid_input"),
    ],
)
async def test_exchange_rule_when_refused_then_nothing_is_written(
    client, officer, unit, said, version, status, code
):
    await programme(unit)
    before = await told(unit)
    refused = await rule(client, officer, version, **said)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert await told(unit) == before
    assert await count(unit, tables_money.rate_terms) == 0


async def test_exchange_rule_when_the_programme_is_invisible_then_is_unknown(client, signed, unit):
    await programme(unit)
    for path in ("exchange-rule", "conversions"):
        hidden = await client.get(f"/v1/programmes/P-1/{path}", headers=signed(MINISTRY))
        assert hidden.status_code == 404
