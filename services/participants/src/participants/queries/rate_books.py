"""Rate books from memory: published sets never change, so they are read again only when one does.

What is held is as fresh as a look at the sets that began after the request came; requests that
come while a look is under way share the next one (docs/decisions/0020). Nothing is ever stale.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Text, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from kit.db.unit import Hot, Unit
from participants.domain.rates import ANY_COUNTRY, Rate, RateBook, RateSet
from participants.storage.rates import book_of, whole_book
from participants.storage.tables import rate_set

_MOST_BOOKS: Final = 512
_s = rate_set.c
_edition = _s.code + cast(_s.version, Text) + _s.checksum
_listed = func.string_agg(_edition, aggregate_order_by(literal_column("','"), _s.code))
_STAMP: Final = Hot(select(func.md5(_listed)))


@dataclass(slots=True)
class _Shelf:
    """Every set and rate as of one stamp, and the parts of it that were asked for."""

    stamp: str | None
    sets: tuple[RateSet, ...]
    rates: tuple[Rate, ...]
    books: dict[tuple[tuple[str, ...], frozenset[str]], RateBook] = field(default_factory=dict)

    def book(self, schemes: tuple[str, ...], countries: frozenset[str]) -> RateBook:
        """Return the sets of some schemes and their rates for some countries."""
        key = (schemes, countries)
        found = self.books.get(key)
        if found is None:
            if len(self.books) >= _MOST_BOOKS:
                self.books.clear()
            found = self.books[key] = self._picked(schemes, countries | {ANY_COUNTRY})
        return found

    def _picked(self, schemes: tuple[str, ...], countries: Iterable[str]) -> RateBook:
        sets = tuple(edition for edition in self.sets if edition.scheme in schemes)
        codes = {edition.code for edition in sets}
        wanted = set(countries)
        rates = (r for r in self.rates if r.rate_set in codes and r.country in wanted)
        return RateBook(sets, tuple(rates))


class _Shelves:
    """The shelf of one process, and the look at its stamp that requests share."""

    def __init__(self) -> None:
        self._shelf: _Shelf | None = None
        self._next: asyncio.Task[_Shelf] | None = None
        self._last: asyncio.Task[_Shelf] | None = None

    async def fresh(self, unit: Unit) -> _Shelf:
        """Return a shelf whose stamp was looked at after this call began."""
        if self._next is None:
            self._next = asyncio.create_task(self._look(unit, self._last))
        return await asyncio.shield(self._next)

    async def _look(self, unit: Unit, before: asyncio.Task[_Shelf] | None) -> _Shelf:
        if before is not None and not before.done():
            await asyncio.wait([before])
        # Whoever comes from here on needs a later look than this one.
        self._last, self._next = self._next, None
        async with unit.read() as read:
            row = await read.hot(_STAMP)
            stamp = None if row is None else row[0]
            if self._shelf is None or self._shelf.stamp != stamp:
                everything = book_of(await read.rows(whole_book()))
                self._shelf = _Shelf(stamp, everything.sets, everything.rates)
            return self._shelf


_shelves: Final[WeakKeyDictionary[Unit, _Shelves]] = WeakKeyDictionary()


async def book(unit: Unit, schemes: tuple[str, ...], countries: frozenset[str]) -> RateBook:
    """Return the sets of some schemes and their rates for some countries, as they are now."""
    shelves = _shelves.get(unit)
    if shelves is None:
        shelves = _shelves[unit] = _Shelves()
    return (await shelves.fresh(unit)).book(schemes, countries)
