"""Which row of the Polish annexes is in force for a place on a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import repeat

from participants.domain.choices import Counting
from participants.domain.pl_foreign_time import Clock, Part, Span
from participants.domain.rates import ANY_COUNTRY, Rate, is_place


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """A row of an annex for a country; what is worked out from it once is kept by it.

    `fixed`: no other row applies to the place during the trip.
    """

    rate: Rate
    country: str
    fixed: bool


_prices = lru_cache(maxsize=1024)(Prices)


@dataclass(frozen=True, slots=True, eq=False)
class Tariff:
    """The foreign rows of a calculation, looked up by place and day."""

    rates: tuple[Rate, ...]
    clock: Clock

    def on(self, country: str, place: str | None, day: date) -> Prices:
        """Return the row in force on a day; the first row also stands for the evening before."""
        rows = _rows(self, country, place)
        if len(rows) == 1:
            return rows[0]
        return next((row for row in reversed(rows) if row.rate.valid_from <= day), rows[0])

    def at(self, span: Span, point: int) -> Prices:
        """Return the row in force where the traveller is, on the Polish day of a point of time."""
        rows = _rows(self, span.country, span.place)
        if len(rows) == 1:
            return rows[0]
        return self.on(span.country, span.place, self.clock.shown(point).date())

    def always(self, span: Span) -> Prices | None:
        """Return the row in force throughout a span, or None in Poland and where rows change."""
        if span.part is not Part.ABROAD:
            return None
        rows = _rows(self, span.country, span.place)
        return rows[0] if len(rows) == 1 else None

    def during(self, span: Span, points: range) -> Iterator[Prices]:
        """Return the row in force where the traveller is, at each of several points of time."""
        first = self.at(span, points[0])
        return repeat(first) if first.fixed else (self.at(span, point) for point in points)


@lru_cache(maxsize=256)
def tariff_of(rates: tuple[Rate, ...], counting: Counting) -> Tariff:
    """Return the tariff of some rows: the same while the trips change and the rates do not."""
    return Tariff(rates, Clock(counting))


@lru_cache(maxsize=1024)
def _rows(tariff: Tariff, country: str, place: str | None) -> tuple[Prices, ...]:
    """Return one row of each annex for a place, the oldest first."""
    codes = dict.fromkeys(row.rate_set for row in tariff.rates)
    found = [row for code in codes for row in _of_annex(tariff.rates, code, country, place)]
    found.sort(key=lambda row: row.valid_from)
    return tuple(_prices(row, country, len(found) == 1) for row in found)


def _of_annex(rates: tuple[Rate, ...], code: str, country: str, place: str | None) -> list[Rate]:
    rows = [row for row in rates if row.rate_set == code]
    named = [row for row in rows if row.country == country]
    exact = [row for row in named if is_place(row, place)]
    general = [row for row in named if row.place is None or row.place == "other"]
    return (exact or general or [row for row in rows if row.country == ANY_COUNTRY])[:1]
