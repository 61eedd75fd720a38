"""Which row of the Polish annexes is in force for a place on a day."""

from dataclasses import dataclass, field
from datetime import date

from participants.domain.pl_foreign_time import Clock
from participants.domain.rates import ANY_COUNTRY, Rate, is_place


@dataclass(frozen=True, slots=True)
class Tariff:
    """The foreign rows of a calculation, looked up by place and day."""

    rates: tuple[Rate, ...]
    clock: Clock
    _known: dict[tuple[str, str | None], list[Rate]] = field(default_factory=dict)

    def rate(self, country: str, place: str | None, on: date) -> Rate:
        """Return the row in force on a day; the first row also stands for the evening before."""
        key = (country, place)
        rows = self._known.get(key)
        if rows is None:
            rows = self._known[key] = self._rows(country, place)
        if len(rows) == 1:
            return rows[0]
        return next((row for row in reversed(rows) if row.valid_from <= on), rows[0])

    def _rows(self, country: str, place: str | None) -> list[Rate]:
        """Return one row of each annex for a place, the oldest first."""
        codes = dict.fromkeys(row.rate_set for row in self.rates)
        found = [row for code in codes for row in _of_annex(self.rates, code, country, place)]
        return sorted(found, key=lambda row: row.valid_from)


def _of_annex(rates: tuple[Rate, ...], code: str, country: str, place: str | None) -> list[Rate]:
    rows = [row for row in rates if row.rate_set == code]
    named = [row for row in rows if row.country == country]
    exact = [row for row in named if is_place(row, place)]
    general = [row for row in named if row.place is None or row.place == "other"]
    return (exact or general or [row for row in rows if row.country == ANY_COUNTRY])[:1]
