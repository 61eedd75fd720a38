"""Reads made for clients: order, members, parts, codes, files; closed lists refuse the rest."""

import csv
import io
import zipfile
from xml.etree import ElementTree as ET

import pytest
from make_programmes import MINISTRY, OFFICER, line, partner, programme

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
        cursor = following and f"&cursor={following}"
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
    ],
)
async def test_list_when_a_parameter_is_not_in_the_closed_list_then_is_refused(
    three, client, officer, query, code
):
    answer = await client.get(f"{PATH}?{query}", headers=officer)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


async def test_cursor_when_the_order_changes_then_is_refused(three, client, officer):
    first = (await client.get(f"{PATH}?limit=1&sort=title", headers=officer)).json()
    other = await client.get(f"{PATH}?limit=1&sort=-title&cursor={first['next']}", headers=officer)
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
