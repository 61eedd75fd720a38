"""Events lie within the dates of their programme, as far as both are known (INV-20)."""

from datetime import date

import pytest

from training.domain.errors import EventOutsideProgramme
from training.domain.fuzzy_date import UNKNOWN, FuzzyDate, Precision, on_days
from training.domain.programme import Programme


def programme(earliest, latest):
    return Programme("EAP-PCP", "Programme", "active", frozenset(), 1, earliest, latest)


RUNS = programme(date(2014, 3, 1), date(2018, 3, 31))
OPEN_END = programme(date(2014, 3, 1), None)
NO_DATES = programme(None, None)


def month(year, number, days):
    return FuzzyDate(date(year, number, 1), date(year, number, days), Precision.MONTH)


@pytest.mark.parametrize(
    ("known", "dates"),
    [
        (RUNS, on_days(date(2014, 3, 1), date(2014, 3, 1))),
        (RUNS, on_days(date(2018, 3, 29), date(2018, 3, 31))),
        (RUNS, month(2018, 3, 31)),
        (RUNS, FuzzyDate(date(2018, 1, 1), date(2018, 12, 31), Precision.YEAR)),
        (RUNS, FuzzyDate(date(2014, 2, 15), date(2014, 3, 15), Precision.APPROX)),
        (RUNS, UNKNOWN),
        (OPEN_END, on_days(date(2030, 1, 1), date(2030, 1, 2))),
        (NO_DATES, on_days(date(1999, 1, 1), date(1999, 1, 2))),
    ],
)
def test_event_when_it_may_lie_in_the_programme_then_is_taken(known, dates):
    known.must_span(dates)


@pytest.mark.parametrize(
    ("known", "dates"),
    [
        (RUNS, on_days(date(2014, 2, 28), date(2014, 3, 2))),
        (RUNS, on_days(date(2018, 3, 31), date(2018, 4, 1))),
        (RUNS, on_days(date(2019, 1, 1), date(2019, 1, 1))),
        (RUNS, month(2018, 4, 30)),
        (RUNS, FuzzyDate(date(2013, 1, 1), date(2013, 12, 31), Precision.YEAR)),
        (OPEN_END, month(2014, 2, 28)),
    ],
)
def test_event_when_it_cannot_lie_in_the_programme_then_is_refused(known, dates):
    with pytest.raises(EventOutsideProgramme) as refused:
        known.must_span(dates)
    assert refused.value.facts["programme_from"] == "2014-03-01"
