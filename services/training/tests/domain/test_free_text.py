import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import training
from kit.personal import PersonalData, is_pesel, personal_data_in

DATA = Path(training.__file__).parent / "data"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to jan.przyklad@example.org soon", PersonalData.EMAIL),
        ("call +48 22 123 45 67", PersonalData.PHONE),
        ("tel. 600 700 800", PersonalData.PHONE),
        ("0048 600-700-800", PersonalData.PHONE),
        ("(22) 601 20 00", PersonalData.PHONE),
        ("PESEL 44051401359", PersonalData.PESEL),
        ("passport AB1234567", PersonalData.PASSPORT),
        ("passport ZS 0000177", PersonalData.PASSPORT),
        ("P<POLKOWALSKA<<ANNA", PersonalData.PASSPORT),
    ],
)
def test_text_when_it_holds_personal_data_is_told(text, kind):
    assert personal_data_in(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "21-23 April 2015",
        "2014-11-23/2014-11-28",
        "464 044,084 EUR, of which 394 438,11",
        "EuropeAid/134044/C/SER/Multi",
        "number 44051401358 of another kind",
        "99991312345",
        "order 202/2014 of 2014-02-07",
        "NO-COMP-TRAININGS, SYN-FO-01",
        "at 09:00, room @ the second floor",
        "18 000 000 euro",
        "EUR 117000 or PLN 500000, in all EUR117000",
    ],
)
def test_text_when_it_holds_none_passes(text):
    assert personal_data_in(text) is None


@given(st.integers(0, 10**10 - 1))
def test_pesel_when_checked_accepts_one_check_digit_at_most(number):
    accepted = [digit for digit in range(10) if is_pesel(f"{number:010d}{digit}")]
    assert len(accepted) <= 1


@pytest.mark.parametrize("name", ["series", "events", "headcounts", "sessions"])
def test_sources_when_scanned_hold_none(name):
    def texts(value):
        if isinstance(value, str):
            yield value
        for child in value.values() if isinstance(value, dict) else ():
            yield from texts(child)
        for child in value if isinstance(value, list) else ():
            yield from texts(child)

    found = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    assert [text for text in texts(found) if personal_data_in(text)] == []


@pytest.mark.parametrize(
    "piece", ["a", "1", "A", "@", "a@", "a@a", "P<", "+", "00", "1 ", "(1", "."]
)
def test_text_when_as_long_as_a_file_then_looked_through_at_once(piece):
    begun = process_time()
    personal_data_in(piece * (50_000 // len(piece)))
    assert process_time() - begun < 0.5
