"""Today, where the operator is."""

from datetime import UTC, date, datetime

import pytest

from kit.days import home_day

DAYS = [
    (datetime(2026, 11, 21, 22, 59, tzinfo=UTC), date(2026, 11, 21)),
    (datetime(2026, 11, 21, 23, 0, tzinfo=UTC), date(2026, 11, 22)),
    (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
]


@pytest.mark.parametrize(("instant", "day"), DAYS, ids=["before", "winter", "summer"])
def test_day_when_it_is_midnight_in_warsaw_then_is_the_next(instant: datetime, day: date) -> None:
    assert home_day(instant) == day
