"""Rate sets and their rates, and the choice of the one that applies. Pure; money is exact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from typing_extensions import override

ANY_COUNTRY = "*"


class RateSetStatus(StrEnum):
    """Only a published set may be used; a draft is kept for what is proposed but not law."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Completeness(StrEnum):
    """How much of the official list we hold; `none`: the list is known to exist, unseen."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class RateSet:
    """One dated edition of an authority's rates. `effective_from` is null while not law.

    `corrects` names the set whose error this one repairs; that one is superseded.
    """

    scheme: str
    code: str
    title: str
    legal_reference: str
    effective_from: date | None
    status: RateSetStatus
    completeness: Completeness
    source: str
    note: str
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class StoredSet:
    """A rate set as it is on record: its version, the SHA-256 of its content, when published."""

    id: UUID
    version: int
    edition: RateSet
    checksum: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rate:
    """What one set allows for a country, or for a place in it, from a day on.

    `allowance` is the diet (Poland) or the per diem for one night (EU lists), in `currency`.
    `confidence` says how well the number is attested; it travels with every result.
    `parts` are further numbers of the row, by name: meals of a tier, the ends of a band.
    """

    rate_set: str
    country: str
    place: str | None
    currency: str
    allowance: Decimal
    lodging_limit: Decimal | None
    valid_from: date
    source: str
    confidence: str
    parts: tuple[tuple[str, Decimal], ...] = ()

    @override
    def __hash__(self) -> int:
        """Rows are told apart by where they stand; hashing every column would be slow."""
        return hash((self.rate_set, self.country, self.place, self.valid_from))

    @override
    def __eq__(self, other: object) -> bool:
        """Compare to the last digit: 45 and 45.00 are written differently, and results say which.

        What was worked out from a rate once is kept by it, so equal rates have to be the same.
        """
        if not isinstance(other, Rate):
            return NotImplemented
        return self is other or self._written() == other._written()

    def _written(self) -> tuple[str, ...]:
        members = (getattr(self, name) for name in self.__slots__)
        return tuple(str(member) for member in members)

    def part(self, name: str) -> Decimal | None:
        """Return one of the parts, or None if the row has no such number."""
        return dict(self.parts).get(name)


@dataclass(frozen=True, slots=True)
class RateBook:
    """The sets and rates of one scheme that a calculation may look at."""

    sets: tuple[RateSet, ...]
    rates: tuple[Rate, ...]


class NoRate(Exception):
    """No rate applies. `code` is stable, `reason` is for the officer who has to act.

    `pointer` is the field of a simulation that would have to be another.
    """

    def __init__(self, code: str, reason: str, pointer: str = "/country") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.pointer = pointer


def in_force(sets: Iterable[RateSet], on: date) -> RateSet | None:
    """Return the published set with the latest start not after `on`.

    Of two that begin on one day it is the one that corrects the other.
    """
    started = [
        edition
        for edition in sets
        if edition.status is RateSetStatus.PUBLISHED
        and edition.effective_from is not None
        and edition.effective_from <= on
    ]
    return max(started, key=_start, default=None)


def _start(edition: RateSet) -> tuple[date, bool]:
    return edition.effective_from or date.max, edition.corrects is not None


def named(sets: Iterable[RateSet], code: str) -> RateSet | None:
    """Return the published set that a contract names by its code."""
    return next((s for s in sets if s.code == code and s.status is RateSetStatus.PUBLISHED), None)


def rate_of(
    book: RateBook, edition: RateSet, country: str, place: str | None, on: date
) -> Rate | None:
    """Return the rate of `edition` for the place, the country, or any other country.

    Of several rows of one country the latest not after `on` counts. A complete list may have a
    row for countries it does not name; a partial list never stands for what is missing in it.
    """
    rows = [r for r in book.rates if r.rate_set == edition.code and r.valid_from <= on]
    wanted = [r for r in rows if r.country == country]
    if not wanted and edition.completeness is Completeness.COMPLETE:
        wanted = [r for r in rows if r.country == ANY_COUNTRY]
    exact = [r for r in wanted if is_place(r, place)]
    general = [r for r in wanted if r.place is None or r.place.startswith(("except ", "other"))]
    return max(exact or general, key=lambda rate: rate.valid_from, default=None)


def is_place(rate: Rate, place: str | None) -> bool:
    """Tell whether a row is for exactly this place, however its name is written."""
    if rate.place is None or place is None:
        return rate.place == place
    written = place.strip().casefold()
    return rate.place.casefold() == _PLACES.get(written, written)


_PLACES: Final = {
    "nowy jork": "new york",
    "new york city": "new york",
    "nyc": "new york",
    "waszyngton": "washington dc",
    "washington": "washington dc",
    "washington, d.c.": "washington dc",
    "washington d.c.": "washington dc",
}
