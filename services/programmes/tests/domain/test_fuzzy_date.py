from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.domain.errors import DatesInvalid
from programmes.domain.fuzzy_date import FuzzyDate, Precision

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
DATES = st.one_of(
    DAYS.map(FuzzyDate.on),
    DAYS.map(lambda day: FuzzyDate.month(day.year, day.month)),
    DAYS.map(lambda day: FuzzyDate.quarter(day.year, (day.month + 2) // 3)),
    DAYS.map(lambda day: FuzzyDate.year(day.year)),
    st.tuples(DAYS, DAYS).map(lambda two: FuzzyDate.about(min(two), max(two))),
    st.just(FuzzyDate.unknown()),
)


@pytest.mark.parametrize(
    ("edtf", "first", "last", "precision"),
    [
        ("2014-03", date(2014, 3, 1), date(2014, 3, 31), Precision.MONTH),
        ("2013-12-30", date(2013, 12, 30), date(2013, 12, 30), Precision.DAY),
        ("2014", date(2014, 1, 1), date(2014, 12, 31), Precision.YEAR),
        ("2014-33", date(2014, 1, 1), date(2014, 3, 31), Precision.QUARTER),
        ("2016-02~", date(2016, 2, 1), date(2016, 2, 29), Precision.APPROX),
        ("2015-05-21~/2015-05-31~", date(2015, 5, 21), date(2015, 5, 31), Precision.APPROX),
    ],
)
def test_edtf_when_read_then_gives_the_interval(edtf, first, last, precision):
    fuzzy = FuzzyDate.from_edtf(edtf, "as printed")
    assert (fuzzy.interval, fuzzy.precision) == ((first, last), precision)
    assert fuzzy.edtf == edtf
    assert fuzzy.text == "as printed"


@given(DATES)
def test_edtf_when_written_and_read_then_is_the_same_date(fuzzy):
    assert FuzzyDate.from_edtf(fuzzy.edtf) == fuzzy


@given(DATES, DATES)
def test_overlap_when_asked_both_ways_then_agrees(one, other):
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(one)


@given(DATES, st.text())
def test_text_when_kept_then_is_byte_for_byte(fuzzy, text):
    kept = FuzzyDate.from_edtf(fuzzy.edtf, text).text
    assert kept is not None
    assert kept.encode("utf-8", "surrogatepass") == text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "edtf", ["", "March 2014", "2014-13", "2014-3", "2014-02-30", "2014~/2015", "2015/2014", "0000"]
)
def test_edtf_when_not_in_the_calendar_then_is_refused(edtf):
    with pytest.raises(DatesInvalid):
        FuzzyDate.from_edtf(edtf)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2013-01", 30, "2015-06"), ("2012-08-02", 42, "2016-02"), ("2014-11", 14, "2015-12")],
)
def test_end_when_derived_from_duration_then_agrees_with_the_sources(start, months, end):
    assert FuzzyDate.from_edtf(start).after_months(months).edtf == end


def test_end_when_start_is_unknown_then_is_unknown():
    assert FuzzyDate.unknown().after_months(24) == FuzzyDate.unknown()


def test_end_of_may_when_asked_for_may_then_overlaps_and_not_june():
    end_of_may = FuzzyDate.about(date(2015, 5, 21), date(2015, 5, 31), "the end of May 2015")
    assert end_of_may.overlaps(FuzzyDate.month(2015, 5))
    assert not end_of_may.overlaps(FuzzyDate.month(2015, 6))
