"""Dates as the sources print them: "March 2014", "end of May 2015", "since 2014"."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import StrEnum
from typing import Final, Self

from programmes.domain.errors import DatesInvalid

_FIRST_QUARTER: Final = 33  # EDTF level 2 numbers the quarters of a year 33 to 36
_QUARTERS: Final = 4
_MONTHS: Final = 12
_EDTF: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(~)?")
_DAY_LENGTH: Final = len("2014-03-12")


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
    """A day somewhere from `earliest` to `latest`, both included; both absent if not stated.

    `text` is what the source prints, kept byte for byte; it is absent if the date was computed
    or is not stated.
    """

    earliest: date | None
    latest: date | None
    precision: Precision
    text: str | None = None

    def __post_init__(self) -> None:
        """Refuse an interval that its precision does not allow."""
        known = self.earliest is not None and self.latest is not None
        if known == (self.precision is Precision.UNKNOWN) or not self._ordered():
            raise DatesInvalid(f"from {self.earliest} to {self.latest} is no {self.precision} date")

    def _ordered(self) -> bool:
        if self.earliest is None or self.latest is None:
            return self.earliest is self.latest
        return self.earliest <= self.latest

    @classmethod
    def unknown(cls, text: str | None = None) -> Self:
        """Return a date that no source states."""
        return cls(None, None, Precision.UNKNOWN, text)

    @classmethod
    def on(cls, day: date, text: str | None = None) -> Self:
        """Return one day."""
        return cls(day, day, Precision.DAY, text)

    @classmethod
    def month(cls, year: int, month: int, text: str | None = None) -> Self:
        """Return some day of a month."""
        return cls(*_months(year, month, month), Precision.MONTH, text)

    @classmethod
    def quarter(cls, year: int, quarter: int, text: str | None = None) -> Self:
        """Return some day of a quarter, 1 to 4."""
        return cls(*_months(year, 3 * quarter - 2, 3 * quarter), Precision.QUARTER, text)

    @classmethod
    def year(cls, year: int, text: str | None = None) -> Self:
        """Return some day of a year."""
        return cls(*_months(year, 1, _MONTHS), Precision.YEAR, text)

    @classmethod
    def about(cls, earliest: date, latest: date, text: str | None = None) -> Self:
        """Return a day near an interval, such as "end of May 2015"."""
        return cls(earliest, latest, Precision.APPROX, text)

    @classmethod
    def from_edtf(cls, edtf: str, text: str | None = None) -> Self:
        """Read Extended Date/Time Format in the forms this service writes, or raise DatesInvalid.

        Quarters are the level 2 codes 33 to 36; `~` marks an approximate date; an interval of
        two approximate days is written `2015-05-21~/2015-05-31~`; `XXXX` is not stated.
        """
        if edtf == "XXXX":
            return cls.unknown(text)
        first, _, last = edtf.partition("/")
        begins = _read(first)
        ends = _read(last) if last else begins
        approximate = edtf.endswith("~") and first.endswith("~")
        if "~" in edtf and not approximate:
            raise DatesInvalid(f"{edtf!r} is approximate at one end only")
        precision = Precision.APPROX if approximate or last else begins.precision
        return cls(begins.earliest, ends.latest, precision, text)

    @property
    def edtf(self) -> str:
        """The date in EDTF; an approximate date that fills no calendar unit is an interval."""
        if self.earliest is None or self.latest is None:
            return "XXXX"
        if self.precision is not Precision.APPROX:
            return _written(self.earliest, self.precision)
        for unit in (Precision.DAY, Precision.MONTH, Precision.QUARTER, Precision.YEAR):
            if _read(_written(self.earliest, unit)).interval == self.interval:
                return f"{_written(self.earliest, unit)}~"
        return f"{self.earliest.isoformat()}~/{self.latest.isoformat()}~"

    @property
    def interval(self) -> tuple[date | None, date | None]:
        """The first and the last day it may be."""
        return self.earliest, self.latest

    def overlaps(self, other: "FuzzyDate") -> bool:
        """Say whether both may be the same day; a date not stated may be any day."""
        if self.earliest is None or self.latest is None:
            return True
        if other.earliest is None or other.latest is None:
            return True
        return self.earliest <= other.latest and other.earliest <= self.latest

    def is_after(self, day: date) -> bool:
        """Say whether it is after a day for certain; one not stated is not."""
        return self.earliest is not None and self.earliest > day

    def after_months(self, months: int) -> "FuzzyDate":
        """Return the month in which `months` months, counted from this date, are over.

        January 2013 and 30 months end in June 2015: the last day is the one before the same day
        of the month after. Raises DatesInvalid if that is after the year 9999.
        """
        if self.earliest is None:
            return FuzzyDate.unknown()
        whole = self.earliest.year * _MONTHS + self.earliest.month - 1 + months
        year, month = divmod(whole, _MONTHS)
        if not MINYEAR <= year <= MAXYEAR:
            raise DatesInvalid(f"{months} months after {self.edtf} are not in the calendar")
        day = min(self.earliest.day, monthrange(year, month + 1)[1])
        last = date(year, month + 1, day) - timedelta(days=1)
        return FuzzyDate.month(last.year, last.month)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    try:
        return date(year, first, 1), date(year, last, monthrange(year, last)[1])
    except (ValueError, IndexError):
        raise DatesInvalid(f"{year:04d}-{first:02d} is not in the calendar") from None


def _read(edtf: str) -> FuzzyDate:
    """Read one date without its approximation mark."""
    found = _EDTF.fullmatch(edtf)
    if found is None:
        raise DatesInvalid("the date is not an EDTF date this service reads")
    year, part, day, _ = found.groups()
    if day is not None:
        return FuzzyDate.on(_day(edtf[:_DAY_LENGTH]))
    if part is None:
        return FuzzyDate.year(int(year))
    quarter = int(part) - _FIRST_QUARTER + 1
    if 1 <= quarter <= _QUARTERS:
        return FuzzyDate.quarter(int(year), quarter)
    return FuzzyDate.month(int(year), int(part))


def _day(iso: str) -> date:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        raise DatesInvalid(f"{iso} is not in the calendar") from None


def _written(day: date, unit: Precision) -> str:
    if unit is Precision.DAY:
        return day.isoformat()
    if unit is Precision.MONTH:
        return f"{day.year:04d}-{day.month:02d}"
    if unit is Precision.QUARTER:
        return f"{day.year:04d}-{_FIRST_QUARTER + (day.month - 1) // 3}"
    return f"{day.year:04d}"
