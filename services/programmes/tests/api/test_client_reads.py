"""Reads made for clients: order, members, parts, codes, files; closed lists refuse the rest."""

import csv
import io
import zipfile
from xml.etree import ElementTree as ET

import pytest
from make_programmes import MINISTRY, OFFICER, line, organisation, partner, programme

from programmes.commands import programmes
from programmes.domain.programme import Relation, RelationType

PATH = "/v1/programmes"
NAMES = {"P-1": "Beta", "P-2": "alpha", "P-3": "=1+1"}


@pytest.fixture
def officer(signed):
    return signed(OFFICER)


@pytest.fixture
async def three(unit):
    for code, title in NAMES.items():
        await programme(unit, code, title=title)
    await partner(unit, "P-1", "MD")
    return unit


async def codes(client, headers, query):
    found = await client.get(f"{PATH}?{query}", headers=headers)
    assert found.status_code == 200, found.text
    return [each["code"] for each in found.json()["items"]]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("code", ["P-1", "P-2", "P-3"]),
        ("-code", ["P-3", "P-2", "P-1"]),
        ("-updated_at", ["P-3", "P-2", "P-1"]),
    ],
)
async def test_list_when_sorted_then_every_row_is_on_one_page(
    three, client, officer, sort, expected
):
    assert await codes(client, officer, f"sort={sort}") == expected
    seen, cursor = [], ""
    while cursor is not None:
        answer = await client.get(f"{PATH}?sort={sort}&limit=1{cursor}", headers=officer)
        seen += [each["code"] for each in answer.json()["items"]]
        following = answer.json()["next"]
        cursor = following and f"&after={following}"
    assert seen == expected


async def test_list_when_sorted_by_title_then_the_other_way_is_its_reverse(three, client, officer):
    up = await codes(client, officer, "sort=title")
    assert sorted(up) == sorted(NAMES)
    assert await codes(client, officer, "sort=-title") == up[::-1]


async def test_list_when_codes_are_given_then_only_visible_ones_come(
    three, client, officer, signed
):
    assert await codes(client, officer, "codes=P-3,P-1,NONE,P-1") == ["P-1", "P-3"]
    assert await codes(client, signed(MINISTRY), "codes=P-3,P-1") == ["P-1"]
    await organisation(three, "PL-A", "PL")
    await organisation(three, "PL-B", "PL")
    assert await codes(client, officer, "codes=") == []
    nobody = await client.get("/v1/organisations?codes=", headers=officer)
    assert nobody.json()["items"] == []
    found = await client.get("/v1/organisations?codes=PL-B,NONE", headers=officer)
    assert [each["code"] for each in found.json()["items"]] == ["PL-B"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("identifier=SR 12 IB JH 02", ["RS-TW"]),
        ("identifier=SR 12", []),
        ("kind=project&status=completed", ["NO-COMP", "PPTI-1", "PPTI-2", "PPTI-3", "PPTI-4"]),
        ("kind=project&status=completed&country=RO", ["PPTI-1"]),
        ("partner=PL-MOI&role=lead", ["EAP-PCP"]),
        ("country=PL&role=coordinator", ["PPTI-1", "PPTI-5"]),
        ("role=junior_lead", ["RS-TW"]),
        ("under=PPTI&during=2015-01", ["PPTI-5"]),
        ("during=2006", []),
        ("during=2015-06&kind=project&country=MD", ["FIRMM"]),
        ("during=2015-07&kind=project&country=MD", []),
        ("during=2018-03-31&instrument=ICSP", ["ICSP"]),
        ("q=TRAFFICKING&role=supporting", ["NO-STRUCT"]),
        ("q=100%25", []),
    ],
)
async def test_list_when_filters_are_given_then_all_of_them_hold(
    client, process, loaded, officer, query, expected
):
    process.unit = loaded
    assert await codes(client, officer, query) == expected


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("EAP-PCP/milestones?during=2013", 2),
        ("EAP-PCP/milestones?during=2013&kind=call_published", 1),
        ("EAP-PCP/governance/meetings?during=2015-10", 1),
        ("EAP-PCP/governance/meetings?during=2015-10&status=held", 0),
        ("EAP-PCP/action-plans/MD/actions?during=2015-05", 1),
        ("EAP-PCP/action-plans/MD/actions?during=2015-05-20", 0),
        ("EAP-PCP/action-plans/MD/actions?during=2014-11&status=completed", 1),
        ("EAP-PCP/decisions?during=2015", 1),
        ("NO-STRUCT/units?during=2014-10", 2),
        ("NO-STRUCT/units?during=2014-10&region=Lubelskie", 1),
        ("NO-COMP/deliverables?during=2015", 0),
    ],
)
async def test_list_when_asked_for_a_time_then_vague_dates_that_may_be_then_are_found(
    client, process, loaded, officer, path, found
):
    process.unit = loaded
    answer = await client.get(f"{PATH}/{path}", headers=officer)
    assert (answer.status_code, len(answer.json()["items"])) == (200, found)


async def test_programme_when_above_is_hidden_then_is_not_found_by_it(
    three, client, officer, signed
):
    new = Relation(RelationType.CHILD, "P-2")
    await programmes.relate_programmes(three, "P-1", new, by=OFFICER)
    assert await codes(client, officer, "under=P-2") == ["P-1"]
    assert await codes(client, signed(MINISTRY), "under=P-2") == []


async def test_programme_when_read_in_part_then_only_that_comes_with_its_tag(
    three, client, officer, signed
):
    found = await client.get(f"{PATH}/P-1?fields=code,citations&expand=partners", headers=officer)
    assert list(found.json()) == ["code", "citations", "partners"]
    again = {**officer, "if-none-match": found.headers["etag"]}
    path = f"{PATH}/P-1?fields=code,citations&expand=partners"
    assert (await client.get(path, headers=again)).status_code == 304
    plain = await client.get(f"{PATH}/P-1?fields=title", headers=officer)
    whole = await client.get(f"{PATH}/P-1", headers=officer)
    assert plain.headers["etag"] == whole.headers["etag"]
    for query in ("fields=title", "expand=partners"):
        hidden = await client.get(f"{PATH}/P-2?{query}", headers=signed(MINISTRY))
        unknown = await client.get(f"{PATH}/P-9?{query}", headers=signed(MINISTRY))
        assert (hidden.status_code, hidden.json()["detail"]) == (404, unknown.json()["detail"])


async def test_list_when_fields_and_parts_are_asked_then_only_those_come(three, client, officer):
    await line(three)
    found = await client.get(
        f"{PATH}?codes=P-1&fields=code,title&expand=partners,budget_lines", headers=officer
    )
    (item,) = found.json()["items"]
    assert list(item) == ["code", "title", "partners", "budget_lines"]
    assert item["partners"][0]["country"] == "MD"
    assert item["budget_lines"][0]["available"] == "1000.00"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("sort=budget", "kit.enum"),
        ("fields=code,secret", "kit.enum"),
        ("expand=everything", "kit.enum"),
        ("format=pdf", "kit.enum"),
        ("codes=" + ",".join(f"C{at}" for at in range(101)), "kit.enum"),
        ("include=partners", "kit.unknown_parameter"),
        ("role=boss", "kit.enum"),
        ("kind=project&kind=twinning", "kit.repeated_parameter"),
    ],
)
async def test_list_when_a_parameter_is_not_in_the_closed_list_then_is_refused(
    three, client, officer, query, code
):
    answer = await client.get(f"{PATH}?{query}", headers=officer)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


@pytest.mark.parametrize("during", ["XXXX", "May 2015", "2015-13", "2015-05~/2015"])
async def test_list_when_the_time_is_no_date_then_is_refused(three, client, officer, during):
    answer = await client.get(f"{PATH}?during={during}", headers=officer)
    assert (answer.status_code, answer.json()["code"]) == (400, "programmes.dates_invalid")


async def test_cursor_when_the_order_changes_then_is_refused(three, client, officer):
    first = (await client.get(f"{PATH}?limit=1&sort=title", headers=officer)).json()
    other = await client.get(f"{PATH}?limit=1&sort=-title&after={first['next']}", headers=officer)
    assert other.status_code == 400


async def test_list_when_exported_as_csv_then_formulas_are_text_and_all_rows_come(
    three, client, officer
):
    found = await client.get(f"{PATH}?format=csv&limit=1", headers=officer)
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert found.headers["content-disposition"] == 'attachment; filename="programmes.csv"'
    rows = list(csv.DictReader(io.StringIO(found.text)))
    assert [row["code"] for row in rows] == ["P-1", "P-2", "P-3"]
    assert rows[2]["title"] == "'=1+1"
    assert rows[0]["start.edtf"] == "XXXX"


async def test_list_when_exported_as_xlsx_then_no_cell_is_a_formula(three, client, officer):
    found = await client.get(f"{PATH}?format=xlsx", headers=officer)
    with zipfile.ZipFile(io.BytesIO(found.content)) as archive:
        assert archive.testzip() is None
        sheet = archive.read("xl/worksheets/sheet1.xml")
    root = ET.fromstring(sheet)  # noqa: S314 (our own document)
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(root.iter(f"{space}f"))
    assert len(list(root.iter(f"{space}row"))) == 4
    assert "'=1+1" in {each.text for each in root.iter(f"{space}t")}


async def test_money_when_exported_then_amounts_stay_numbers(three, client, officer):
    await line(three)
    for path in ("budget-lines/PER-DIEM/entries", "financial-report"):
        found = await client.get(f"{PATH}/P-1/{path}?format=csv", headers=officer)
        assert found.status_code == 200
        assert "1000.00" in next(iter(csv.reader(found.text.splitlines()[1:])))
    for path in ("funding-sources", "budget/lines"):
        empty = await client.get(f"{PATH}/P-1/{path}?format=csv", headers=officer)
        assert (empty.status_code, empty.text) == (200, "\r\n")
    rates = await client.get("/v1/exchange-rates?format=xlsx", headers=officer)
    assert rates.status_code == 200
