"""Reach: how many were reached, where and from where, without telling of the few (INV-43).

Every number about people is made of what single events show. An event shows how many were there
if they are not too few, and of them the countries that are not; what it does not show is in no
sum of a series, a programme or a place either. So no number can be subtracted from another, in
whatever views they stand, to find one that is hidden: it is in neither of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from training.domain.figures import Basis
from training.domain.totals import PublishedFigure

SMALLEST: Final = 5
SMALLEST_OF_TRAFFICKING: Final = 11
"""Fewer people than this are not shown as a number of their own."""
_TRAFFICKING: Final = "trafficking"


class Measure(StrEnum):
    """What is counted."""

    EVENTS = "events"
    PLACES = "places"
    UNITS = "units"
    INSTITUTIONS = "institutions"
    PERSONS = "persons"
    ATTENDANCES = "attendances"
    LEFT_OUT = "left_out"
    SYNTHETIC = "synthetic"


_M = Measure
BASIS: Final = {
    _M.EVENTS: Basis.EVENTS,
    _M.PLACES: Basis.PLACES,
    _M.UNITS: Basis.UNITS,
    _M.INSTITUTIONS: Basis.INSTITUTIONS,
    _M.PERSONS: Basis.PERSONS,
    _M.ATTENDANCES: Basis.ATTENDANCES,
}
"""The measures that are figures, with what each of them counts."""
_ABOUT_PEOPLE: Final = (_M.UNITS, _M.INSTITUTIONS, _M.PERSONS, _M.ATTENDANCES)
_COMPARED: Final = {
    Basis.PERSONS: (_M.PERSONS,),
    Basis.ATTENDANCES: (_M.ATTENDANCES,),
    Basis.UNKNOWN: (_M.PERSONS, _M.ATTENDANCES),
}


def smallest_shown(topic: str | None) -> int:
    """Return how many people at least a number of an event on this topic speaks of."""
    return SMALLEST_OF_TRAFFICKING if topic and _TRAFFICKING in topic else SMALLEST


@dataclass(frozen=True, slots=True)
class Shown:
    """What an event shows of the people who were there: their number, and some countries."""

    total: bool
    countries: frozenset[str]


NOBODY: Final = Shown(total=False, countries=frozenset())


def shown_of(persons: int, by_country: Mapping[str, int], *, smallest: int) -> Shown:
    """Return what an event with so many persons shows.

    Countries of few are hidden, and after them the next smallest, until those hidden are enough
    even for the country that has most of them: it knows its own people and may subtract them.
    """
    if persons < smallest:
        return NOBODY
    ordered = sorted(by_country, key=lambda country: (by_country[country], country))
    hidden = sum(1 for country in ordered if by_country[country] < smallest)
    while 0 < hidden < len(ordered) and _others(ordered[:hidden], by_country) < smallest:
        hidden += 1
    return Shown(total=True, countries=frozenset(ordered[hidden:]))


def _others(hidden: Iterable[str], by_country: Mapping[str, int]) -> int:
    numbers = [by_country[country] for country in hidden]
    return sum(numbers) - max(numbers)


@dataclass(frozen=True, slots=True)
class ReachRow:
    """A row of a table of reach: a country, a voivodeship or a kind of event, with its numbers."""

    key: str
    numbers: Mapping[Measure, int]


@dataclass(frozen=True, slots=True)
class ReachFigure:
    """One figure as computed; None where the people it speaks of are too few to be shown."""

    measure: Measure
    value: int | None


@dataclass(frozen=True, slots=True)
class Reported:
    """A published figure about events of a kind, and the measure it states."""

    kind: str
    measure: Measure
    figure: PublishedFigure


@dataclass(frozen=True, slots=True)
class ReachCompared:
    """A published figure beside what is computed for the same events."""

    reported: Reported
    computed: int

    @property
    def difference(self) -> int:
        """Computed minus published."""
        return self.computed - self.reported.figure.count.value


@dataclass(frozen=True, slots=True)
class Reach:
    """The reach of an event, a series or a programme; only a programme has rows by kind.

    `numbers` are the totals. A published figure whose basis is unknown is `reported` under both
    measures that it may state.
    """

    numbers: Mapping[Measure, int]
    by_country: tuple[ReachRow, ...] = ()
    by_voivodeship: tuple[ReachRow, ...] = ()
    by_kind: tuple[ReachRow, ...] = ()
    reported: tuple[Reported, ...] = ()

    @property
    def computed(self) -> list[ReachFigure]:
        """Every figure; those about people are None while all people there were are left out."""
        hidden = self.left_out > 0 and self._number(_M.ATTENDANCES) == 0
        return [
            ReachFigure(measure, None if hidden and measure in _ABOUT_PEOPLE else value)
            for measure, value in ((each, self._number(each)) for each in BASIS)
        ]

    @property
    def compared(self) -> list[ReachCompared]:
        """The reported figures beside computed ones; one reported twice is not comparable."""
        times = Counter((each.kind, each.measure) for each in self.reported)
        once = [each for each in self.reported if times[each.kind, each.measure] == 1]
        rows = {row.key: row.numbers for row in self.by_kind}
        found = ((each, rows.get(each.kind, self.numbers).get(each.measure)) for each in once)
        return [ReachCompared(each, value) for each, value in found if value is not None]

    @property
    def left_out(self) -> int:
        """How many events had people, but too few to be shown."""
        return self._number(_M.LEFT_OUT)

    @property
    def synthetic(self) -> bool:
        """Whether any event that is counted was invented."""
        return self._number(_M.SYNTHETIC) > 0

    @property
    def without_country(self) -> int:
        """How many attendances are counted in no country."""
        shown = sum(row.numbers.get(_M.ATTENDANCES, 0) for row in self.by_country)
        return self._number(_M.ATTENDANCES) - shown

    def _number(self, measure: Measure) -> int:
        return self.numbers.get(measure, 0)


def measures_of(basis: Basis) -> tuple[Measure, ...]:
    """Return what a published number of people may state: persons, attendances, or either."""
    return _COMPARED.get(basis, ())
