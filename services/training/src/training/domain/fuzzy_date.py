"""Dates as sources state them: a span of civil days and how precisely it is known.

The same small module exists in other services on purpose: services do not import one another.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from training.domain.errors import DatesInvalid


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    APPROX = "approx"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FuzzyDate:
    """The days between which something happens, both included, in the zone of its owner.

    With precision `day` these are the first and the last day; otherwise the widest span that
    the words allow ("end of May 2015" may be any day of May). `text` is as published, `edtf`
    the same in the Extended Date/Time Format (ISO 8601-2).
    """

    earliest: date | None
    latest: date | None
    precision: Precision
    text: str | None = None
    edtf: str | None = None

    def __post_init__(self) -> None:
        """Refuse a span that is half open, reversed, or stated although unknown."""
        if (self.precision is Precision.UNKNOWN) != (self.earliest is None):
            raise DatesInvalid("a span is stated exactly when its precision is not `unknown`")
        if (self.earliest is None) != (self.latest is None):
            raise DatesInvalid("a span has both ends or neither")
        if self.earliest is not None and self.latest is not None and self.latest < self.earliest:
            raise DatesInvalid("the last day lies before the first")

    @property
    def exact(self) -> bool:
        """Whether first and last day are known."""
        return self.precision is Precision.DAY

    def may_touch(self, first: date | None, last: date | None) -> bool:
        """Whether it may overlap the span from `first` to `last`; None is an open end.

        What has no known date touches nothing.
        """
        if self.earliest is None or self.latest is None:
            return False
        return (last is None or self.earliest <= last) and (first is None or self.latest >= first)

    def holds(self, day: date) -> bool:
        """Whether `day` is one of its days."""
        return self.may_touch(day, day)


UNKNOWN = FuzzyDate(None, None, Precision.UNKNOWN)


def on_days(first: date, last: date) -> FuzzyDate:
    """Return the exact span from `first` to `last`."""
    edtf = first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
    return FuzzyDate(first, last, Precision.DAY, None, edtf)
