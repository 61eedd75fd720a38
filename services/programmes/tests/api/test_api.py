"""HTTP: statuses, codes, scopes, ETags, repeated requests, and what nobody learns."""

import itertools
import json
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from make_programmes import (
    MINISTRY,
    OFFICER,
    OPS,
    SERBIA,
    WRITING_MINISTRY,
    count,
    line,
    organisation,
    partner,
    programme,
    told,
)

from kit.money import Money
from programmes.api import wire
from programmes.commands import budget_lines
from programmes.domain.budget_line import FundsRequest
from programmes.domain.partner import PartnerRole
from programmes.storage import tables

_keys = itertools.count()
COMMITTED = json.loads((Path(__file__).parents[2] / "openapi.json").read_text(encoding="utf-8"))
NEW = {"code": "P-1", "title": "A programme", "kind": "project", "status": "approved"}
PATCH = {"content-type": "application/merge-patch+json"}
CITED = {"document": "mswia-eu-projects", "locator": "first page", "quote": "a quote"}


def key():
    return {"idempotency-key": f"key-{next(_keys)}"}


class Anything(dict):
    """Values for every place in a path."""

    def __missing__(self, name):
        return str(uuid4())


@pytest.fixture
def officer(signed):
    return signed(OFFICER)


@pytest.fixture
def ministry(signed):
    return signed(MINISTRY)


def code_of(response):
    assert response.headers["content-type"] == "application/problem+json"
    return response.json()["code"]


async def test_register_when_repeated_with_its_key_then_is_answered_again_and_done_once(
    client, officer, unit
):
    headers = officer | key()
    first = await client.post("/v1/programmes", json=NEW, headers=headers)
    assert (first.status_code, first.headers["etag"]) == (201, '"v1"')
    assert first.headers["location"] == "/v1/programmes/P-1"
    again = await client.post("/v1/programmes", json=NEW, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    other = await client.post("/v1/programmes", json={**NEW, "code": "P-2"}, headers=headers)
    assert (other.status_code, code_of(other)) == (422, "kit.idempotency_key_reused")
    assert await count(unit, tables.programme) == 1


async def test_programme_when_read_then_is_what_the_command_answered_and_304_when_known(
    client, officer
):
    body = {**NEW, "start": {"edtf": "2014-03", "text": "March 2014"}, "citations": {"x": CITED}}
    made = await client.post("/v1/programmes", json=body, headers=officer | key())
    read = await client.get("/v1/programmes/P-1", headers=officer)
    assert read.json() == made.json()
    assert read.headers["etag"] == made.headers["etag"]
    known = officer | {"if-none-match": read.headers["etag"]}
    assert (await client.get("/v1/programmes/P-1", headers=known)).status_code == 304


READS = [
    "",
    "/overview",
    "/partners",
    "/countries",
    "/budget-figures",
    "/relations",
    "/children",
    "/milestones",
    "/withdrawals",
    "/budget-lines",
    "/components",
    "/components/C1",
    "/components/C1/topics",
    "/components/C1/topic-leads",
    "/bilateral-partnerships",
    "/governance",
    "/governance/meetings",
    "/decisions",
    "/participation/BY",
    "/action-plans",
    "/action-plans/MD",
    "/action-plans/MD/actions",
    "/indicators",
    "/indicators/trainings",
    "/units",
    "/units/summary",
    "/deliverables",
    "/objectives",
    "/funding-rules",
    "/partners/summary",
    "/transitions",
]
OF_A_RECORD = {"/components/C1", "/components/C1/topics", "/components/C1/topic-leads"}
OF_A_RECORD |= {"/action-plans/MD", "/action-plans/MD/actions", "/indicators/trainings"}


@pytest.mark.parametrize("path", READS)
async def test_programme_when_invisible_then_is_byte_for_byte_unknown(client, ministry, unit, path):
    await programme(unit)
    same_id = ministry | {"entente-request-id": str(uuid4())}
    hidden = await client.get(f"/v1/programmes/P-1{path}", headers=same_id)
    unknown = await client.get(f"/v1/programmes/NO-SUCH{path}", headers=same_id)
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.content == unknown.content
    assert code_of(hidden) == "programmes.no_such_programme"


async def test_write_when_programme_is_invisible_then_is_byte_for_byte_unknown(
    client, signed, unit
):
    await programme(unit)
    await line(unit)
    before = await told(unit)
    headers = signed(WRITING_MINISTRY) | {"entente-request-id": str(uuid4())}
    patching = headers | PATCH | {"if-match": '"v1"'}
    more = {"amount": {"amount": "1.00", "currency": "EUR"}}
    for code in ("P-1", "NO-SUCH"):
        patched = await client.patch(
            f"/v1/programmes/{code}", content=b'{"title":"x"}', headers=patching
        )
        raised = await client.post(
            f"/v1/programmes/{code}/budget-lines/PER-DIEM/raises",
            json=more,
            headers=headers | key(),
        )
        assert (patched.status_code, raised.status_code) == (404, 404)
        if code == "P-1":
            hidden = (patched.content, raised.content)
    assert hidden == (patched.content, raised.content)
    assert await told(unit) == before


async def test_ministry_when_its_country_takes_part_then_reads(client, signed, unit):
    await programme(unit)
    await partner(unit, who="MD")
    for path in sorted(set(READS) - OF_A_RECORD):
        seen = await client.get(f"/v1/programmes/P-1{path}", headers=signed(MINISTRY))
        assert seen.status_code == 200, path
        hidden = await client.get(f"/v1/programmes/P-1{path}", headers=signed(SERBIA))
        assert hidden.status_code == 404, path


async def test_operations_when_scope_is_missing_then_are_refused_before_the_body(client, signed):
    asked = [
        (method, path)
        for path, item in COMMITTED["paths"].items()
        for method in item
        if path.startswith(("/v1", "/internal"))
    ]
    assert len(asked) > 100
    for method, path in asked:
        url = path.format_map(Anything())
        refused = await client.request(method, url, headers=signed(OPS))
        assert (refused.status_code, code_of(refused)) == (403, "kit.scope_missing"), (method, path)
        nobody = await client.request(method, url)
        assert (nobody.status_code, code_of(nobody)) == (401, "kit.unauthenticated"), (method, path)


async def test_amend_when_if_match_is_missing_stale_or_right_then_428_412_200(
    client, officer, unit
):
    await programme(unit)
    url, patch = "/v1/programmes/P-1", b'{"title": "Another", "duration_months": 24}'
    missing = await client.patch(url, content=patch, headers=officer | PATCH)
    assert (missing.status_code, code_of(missing)) == (428, "kit.precondition_required")
    stale = await client.patch(url, content=patch, headers=officer | PATCH | {"if-match": '"v9"'})
    assert (stale.status_code, code_of(stale)) == (412, "kit.stale_version")
    done = await client.patch(url, content=patch, headers=officer | PATCH | {"if-match": '"v1"'})
    assert (done.status_code, done.headers["etag"]) == (200, '"v2"')
    assert (done.json()["title"], done.json()["duration_months"]) == ("Another", 24)
    cleared = await client.patch(
        url, content=b'{"duration_months": null}', headers=officer | PATCH | {"if-match": '"v2"'}
    )
    assert (cleared.json()["title"], cleared.json()["duration_months"]) == ("Another", None)


@pytest.mark.parametrize(
    ("patch", "status", "code"),
    [
        (b'{"status": "closed"}', 409, "programmes.illegal_status"),
        (b'{"status": "contracted"}', 409, "programmes.lead_missing"),
        (b'{"start": {"edtf": "9999"}, "duration_months": 600}', 400, "programmes.dates_invalid"),
        (b'{"status_reason": "of no status"}', 400, "kit.invalid_input"),
        (b'{"title": null}', 400, "kit.invalid_input"),
        (b'{"code": "P-2"}', 400, "kit.invalid_input"),
        (b'{"start": {"edtf": "2014-13"}}', 400, "programmes.dates_invalid"),
        (b'{"start": {"edtf": "2016"}, "end": {"edtf": "2015"}}', 400, "programmes.dates_invalid"),
    ],
)
async def test_amend_when_refused_then_writes_nothing(client, officer, unit, patch, status, code):
    await programme(unit)
    headers = officer | PATCH | {"if-match": '"v1"'}
    refused = await client.patch("/v1/programmes/P-1", content=patch, headers=headers)
    assert (refused.status_code, code_of(refused)) == (status, code)
    assert len(await told(unit)) == 1


async def test_partner_when_added_and_ended_then_answers_its_versions(client, officer, unit):
    await programme(unit)
    url = "/v1/programmes/P-1/partners"
    new = {"country": "MD", "role": "lead", "valid_from": {"edtf": "2014", "text": "since 2014"}}
    made = await client.post(url, json=new, headers=officer | key())
    assert (made.status_code, made.headers["etag"]) == (201, '"v1"')
    assert made.json()["valid_from"]["text"] == "since 2014"
    second = await client.post(url, json={**new, "country": "FR"}, headers=officer | key())
    assert (second.status_code, code_of(second)) == (409, "programmes.lead_duplicate")
    both = {"country": "FR", "organisation": "PL-MOI", "role": "donor"}
    neither = await client.post(url, json=both, headers=officer | key())
    assert (neither.status_code, code_of(neither)) == (400, "programmes.party_invalid")
    ended = await client.post(
        f"{url}/{made.json()['id']}/end",
        json={"on": {"edtf": "2015-05"}},
        headers=officer | {"if-match": '"v1"'},
    )
    assert (ended.status_code, ended.json()["ended"]) == (200, True)
    shown = await client.get(f"{url}?role=lead&country=MD", headers=officer)
    assert [each["valid_to"]["edtf"] for each in shown.json()["items"]] == ["2015-05"]
    assert wire.NamedPartner.model_validate(shown.json()["items"][0]).name is None


async def test_figure_when_scale_is_wrong_then_is_refused_except_as_published(
    client, officer, unit
):
    await programme(unit)
    url = "/v1/programmes/P-1/budget-figures"
    new = {"kind": "total", "currency": "EUR", "qualifier": "exact", "source": CITED}
    new["amount_published"] = "464 044,084"
    wrong = {**new, "amount": "464044.084"}
    refused = await client.post(url, json=wrong, headers=officer | key())
    assert (refused.status_code, code_of(refused)) == (400, "kit.money_scale")
    assert await count(unit, tables.budget_figure) == 0
    kept = await client.post(url, json=new, headers=officer | key())
    assert kept.status_code == 201
    (figure,) = (await client.get(url, headers=officer)).json()["items"]
    assert (figure["amount_published"], figure["amount"]) == ("464 044,084", None)
    assert figure["quality_flags"] == ["money_scale"]


async def test_budget_line_when_opened_raised_and_committed_then_shows_what_is_left(
    client, officer, ministry, unit
):
    await programme(unit)
    await partner(unit, who="MD")
    url = "/v1/programmes/P-1/budget-lines"
    new = {
        "code": "PER-DIEM",
        "title": "Per diems",
        "category": "per_diem",
        "amount": {"amount": "100.00", "currency": "EUR"},
        "synthetic": True,
    }
    made = await client.post(url, json=new, headers=officer | key())
    assert (made.status_code, made.json()["available"]) == (201, "100.00")
    overview = await client.get("/v1/programmes/P-1/overview", headers=officer)
    for amount, currency in (("150.00", "EUR"), ("50.00", "PLN"), ("60.00", "EUR")):
        asked = Money(Decimal(amount), currency)
        await budget_lines.commit_funds(unit, FundsRequest(uuid4(), 1, "P-1", "PER-DIEM", asked))
    more = {"amount": {"amount": "20.00", "currency": "EUR"}}
    raised = await client.post(f"{url}/PER-DIEM/raises", json=more, headers=officer | key())
    assert (raised.status_code, raised.json()["available"]) == (201, "60.00")
    (shown,) = (await client.get(url, headers=officer)).json()["items"]
    assert shown == raised.json()
    rows = (await client.get(f"{url}/PER-DIEM/commitments", headers=officer)).json()["items"]
    assert sorted(each["state"] for each in rows) == ["committed", "refused", "refused"]
    assert {each["reason"] for each in rows} == {None, "budget_exceeded", "currency_differs"}
    hidden = await client.get(f"{url}/PER-DIEM/commitments", headers=ministry)
    assert hidden.json()["items"] == []
    again = await client.get("/v1/programmes/P-1/overview", headers=officer)
    assert again.headers["etag"] != overview.headers["etag"]


@pytest.mark.parametrize("amount", ["1.005", "-1.00", "NaN", "1e3", "01.00", ""])
async def test_budget_line_when_amount_is_not_money_then_is_refused(client, officer, unit, amount):
    await programme(unit)
    new = {"code": "X", "title": "X", "category": "x"}
    body = {**new, "amount": {"amount": amount, "currency": "EUR"}}
    url = "/v1/programmes/P-1/budget-lines"
    refused = await client.post(url, json=body, headers=officer | key())
    assert (refused.status_code, code_of(refused)) == (400, "kit.invalid_input")
    assert await count(unit, tables.budget_line) == 0


async def test_list_when_paged_then_each_is_on_one_page_and_cursors_are_bound(
    client, officer, ministry, unit
):
    for number in range(5):
        await programme(unit, f"P-{number}")
    seen, cursors, url = [], [], "/v1/programmes?limit=2"
    while url:
        shown = (await client.get(url, headers=officer)).json()
        seen += [each["code"] for each in shown["items"]]
        cursors.append(shown["next"])
        url = shown["next"] and f"/v1/programmes?limit=2&after={shown['next']}"
    assert len(cursors) == 3
    last = cursors[0]
    assert seen == [f"P-{number}" for number in range(5)]
    for headers, path in (
        (ministry, f"/v1/programmes?after={last}"),
        (officer, f"/v1/programmes?kind=project&after={last}"),
        (officer, "/v1/programmes?after=nonsense"),
    ):
        refused = await client.get(path, headers=headers)
        assert refused.status_code == 400, path


async def test_list_when_asked_then_sends_few_statements(client, officer, unit, count_queries):
    await programme(unit)
    await client.get("/v1/programmes", headers=officer)
    async with count_queries(1):
        await client.get("/v1/programmes", headers=officer)
    async with count_queries(1):
        await client.get("/v1/programmes/P-1/overview", headers=officer)


@pytest.mark.parametrize(
    "query",
    ["?limit=0", "?unknown=1", "?kind=nothing", "?country=mda", "?kind=project&kind=process"],
)
async def test_list_when_query_is_not_declared_then_is_refused(client, officer, query):
    refused = await client.get(f"/v1/programmes{query}", headers=officer)
    assert (refused.status_code, code_of(refused)) == (400, "kit.invalid_input")


async def test_registers_when_written_then_everybody_reads_them(client, officer, ministry):
    new = {"code": "XX-MOI", "name": "A ministry", "type": "ministry", "source": CITED}
    made = await client.post("/v1/organisations", json=new, headers=officer | key())
    assert made.status_code == 201
    read = await client.get("/v1/organisations/XX-MOI", headers=ministry)
    assert (read.json(), read.headers["etag"]) == (made.json(), '"v1"')
    listed = await client.get("/v1/organisations?type=ministry", headers=ministry)
    assert listed.json() == {"items": [made.json()], "next": None}
    page = {"code": "a-page", "title": "A page", "publisher": "not stated", "language": "en"}
    page["retrieved_at"] = {"edtf": "2021-11-27", "text": "2021-11-27, 21:48"}
    cited = await client.post("/v1/sources", json=page, headers=officer | key())
    assert cited.status_code == 201
    assert (await client.get("/v1/sources/a-page", headers=ministry)).json() == cited.json()
    assert (await client.get("/v1/sources", headers=ministry)).json()["items"] == [cited.json()]
    for path in ("/v1/organisations/NONE", "/v1/sources/none", "/v1/codelists/none"):
        assert (await client.get(path, headers=ministry)).status_code == 404
    names = (await client.get("/v1/codelists", headers=ministry)).json()["items"]
    for name in names:
        found = await client.get(f"/v1/codelists/{name}", headers=ministry)
        wire.CodeList.model_validate(found.json())


async def test_relation_milestone_and_country_when_written_then_are_read_back(
    client, officer, unit
):
    await organisation(unit, "PL-MOI", "PL")
    await programme(unit)
    await programme(unit, "P-2")
    url = "/v1/programmes/P-1"
    for path, body in (
        ("/countries", {"country": "MD", "role": "beneficiary", "source": CITED}),
        ("/relations", {"type": "child", "to": "P-2", "source": CITED}),
        ("/milestones", {"kind": "launched", "date": {"edtf": "2013-01"}, "source": CITED}),
        ("/partners", {"organisation": "PL-MOI", "role": PartnerRole.LEAD, "source": CITED}),
    ):
        for status in (201, 409):
            made = await client.post(f"{url}{path}", json=body, headers=officer | key())
            assert made.status_code == status, made.text
        (shown,) = (await client.get(f"{url}{path}", headers=officer)).json()["items"]
        assert shown["source"] == CITED
    children = (await client.get("/v1/programmes/P-2/children", headers=officer)).json()
    assert [child["code"] for child in children["items"]] == ["P-1"]
    body = (await client.get(f"{url}/overview", headers=officer)).content
    assert wire.Overview.model_validate_json(body).partners[0].name == "Organisation PL-MOI"
    assert json.loads(body).keys() == wire.Overview.model_fields.keys()
