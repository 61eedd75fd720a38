from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.errors import DatesInvalid
from training.domain.fuzzy_date import UNKNOWN, FuzzyDate, Precision, on_days

END_OF_MAY = FuzzyDate(
    date(2015, 5, 1), date(2015, 5, 31), Precision.APPROX, "end of May 2015", "2015-05~"
)
DAYS = st.dates(date(2010, 1, 1), date(2020, 1, 1))


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2015, 5, 1), date(2015, 5, 31), True),
        (date(2015, 5, 31), None, True),
        (None, date(2015, 5, 1), True),
        (date(2015, 6, 1), None, False),
        (None, date(2015, 4, 30), False),
        (None, None, True),
    ],
)
def test_end_of_may_when_a_span_is_asked_for_touches_it_as_words_allow(first, last, found):
    assert END_OF_MAY.may_touch(first, last) is found


def test_unknown_date_when_asked_touches_nothing():
    assert not UNKNOWN.may_touch(None, None)
    assert not UNKNOWN.exact


@pytest.mark.parametrize(
    "made",
    [
        (date(2015, 5, 2), date(2015, 5, 1), Precision.DAY),
        (date(2015, 5, 2), None, Precision.MONTH),
        (None, date(2015, 5, 2), Precision.DAY),
        (None, None, Precision.YEAR),
        (date(2015, 5, 2), date(2015, 5, 2), Precision.UNKNOWN),
    ],
)
def test_fuzzy_date_when_it_contradicts_itself_is_refused(made):
    with pytest.raises(DatesInvalid):
        FuzzyDate(*made)


@given(DAYS, st.integers(0, 60), DAYS, st.integers(0, 60))
def test_touching_when_compared_day_by_day_is_overlap(start, length, first, width):
    dates = on_days(start, start + timedelta(days=length))
    last = first + timedelta(days=width)
    shared = {start + timedelta(days=n) for n in range(length + 1)} & {
        first + timedelta(days=n) for n in range(width + 1)
    }
    assert dates.may_touch(first, last) is bool(shared)
