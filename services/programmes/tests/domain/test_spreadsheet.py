"""Exports that no spreadsheet runs: text stays text, numbers stay numbers."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.domain.spreadsheet import csv_lines, neutral
from programmes.domain.workbook import workbook


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "\uff1d"])
def test_text_when_it_begins_like_a_formula_then_an_apostrophe_goes_before(start):
    assert neutral(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["", "Ministry = partner", "48/15", "'=1", " plain"])
def test_text_when_plain_then_unchanged(text):
    assert neutral(text) == text


@given(st.text())
def test_text_when_neutral_then_stays_so_and_keeps_every_letter(text):
    once = neutral(text)
    assert neutral(once) == once
    assert once.removeprefix("'") == text.removeprefix("'")


def test_numbers_and_days_when_written_then_no_apostrophe_also_below_zero():
    cells = [Decimal("-5.00"), -3, date(2015, 3, 1), None, Decimal("1E+2")]
    assert list(csv_lines(["a", "b", "c", "d", "e"], [cells])) == [
        "a,b,c,d,e\r\n",
        "-5.00,-3,2015-03-01,,100\r\n",
    ]


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_list_when_read_again_then_every_cell_is_the_neutral_text(rows):
    text = "".join(csv_lines(["a", "b"], rows))
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read[1:] == [[neutral(cell) for cell in row] for row in rows]


def test_workbook_when_a_text_holds_what_no_xml_may_hold_then_it_is_readable_without():
    packed = workbook(["a"], [["b\uffff\ufffe\x01\ud800c\U0001f600"]])
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert "".join(ET.fromstring(sheet).itertext()) == "abc\U0001f600"  # noqa: S314 (our own document)
