"""What a per-diem calculation reads, and what a ruleset is. No rule lives here (see rulesets)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from kit.errors import Violation
from participants.domain.abroad import Abroad, Distance, Expert
from participants.domain.choices import Counting, Pin
from participants.domain.explained import Result
from participants.domain.moments import WARSAW, Known, Moment, elapsed, local
from participants.domain.phrases import NEWEST, Words
from participants.domain.rates import Rate, RateBook

DAY = timedelta(hours=24)


class Meal(StrEnum):
    """A meal somebody else provided. Its hour places it in a 24-hour period."""

    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    DINNER = "dinner"


class LodgingKind(StrEnum):
    """How one night was spent."""

    BILL = "bill"
    LUMP_SUM = "lump_sum"
    FREE = "free"
    TRANSIT = "transit"
    DAILY_RETURN = "daily_return"


class LocalTransport(StrEnum):
    """Whether local transport is paid as a lump sum, as documented costs, or not at all."""

    NONE = "none"
    LUMP_SUM = "lump_sum"
    ACTUAL = "actual"


class CostKind(StrEnum):
    """Documented costs that come on top of the diet; `other`: parking, tolls, luggage (s.4)."""

    TICKET = "ticket"
    MILEAGE = "mileage"
    OTHER = "other"


class NoDiet(StrEnum):
    """Reasons of s.7(3) for which no domestic diet is due."""

    OWN_RESIDENCE = "own_residence"
    HOME_VISIT = "home_visit"


@dataclass(frozen=True, slots=True)
class DayMeals:
    """The meals provided free of charge on one civil day of the trip.

    `abroad` says on which side of the border they were eaten where their usual hour would not.
    """

    on: date
    provided: tuple[Meal, ...]
    abroad: bool | None = None


@dataclass(frozen=True, slots=True)
class Night:
    """One night, named by the evening on which it begins. `bill` is in the rate's currency.

    `country` says where it was spent where the trip's times do not: null means they do.
    """

    on: date
    kind: LodgingKind
    bill: Decimal | None = None
    consent: bool = False
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """A documented cost: a ticket's price, or kilometres times the rate for one kilometre.

    `currency` is that of the document; null means the ruleset's own.
    """

    kind: CostKind
    amount: Decimal
    kilometres: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TripFacts:
    """What is known of one trip. Instants are zone-aware; days are civil days where they fell.

    `assumed` names what was not known and filled in for an estimate (see ASSUMPTIONS).
    """

    country: str
    place: str | None = None
    departs_at: datetime
    returns_at: datetime
    first_day: date
    last_day: date
    meals: tuple[DayMeals, ...] = ()
    nights: tuple[Night, ...] = ()
    costs: tuple[Cost, ...] = ()
    local_transport: LocalTransport = LocalTransport.NONE
    local_transport_costs: Decimal | None = None
    no_diet: NoDiet | None = None
    mobilisation: bool = False
    nights_away: int | None = None
    assumed: tuple[str, ...] = ()
    abroad: Abroad | None = None
    distance: Distance | None = None
    expert: Expert | None = None


class Stretch(NamedTuple):
    """A part of a trip that is judged like a domestic trip of its own."""

    begins: Moment
    meals: Sequence[DayMeals]
    local_transport: LocalTransport
    no_diet: NoDiet | None
    local_transport_costs: Decimal | None = None

    @property
    def departs_at(self) -> datetime:
        """When it begins, as Polish local time."""
        return local(self.begins)


def _no_violations(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Iterable[Violation]:
    del facts, pin, rates
    return ()


def _countries(facts: TripFacts) -> frozenset[str]:
    return frozenset({facts.country})


@dataclass(frozen=True, slots=True)
class Ruleset:
    """One dated legal version of per-diem rules: three pure functions behind a code.

    `violations` lists all that is wrong with the facts; `select` picks the rate rows that apply
    or raises NoRate; `compute` turns valid facts and those rows into the result.
    `scale` lists amounts finer than the currency of their rate, once the rates are known.
    `schemes` are those of the rates it reads, `countries` the ones a trip needs rates of. `form`
    is the layout of its stored results: 1 has no choices, remarks, countries or parts of rates;
    2 has the words of the second edition; 3 the newest, and references in Polish.
    """

    code: str
    version: str
    title: Words
    currency: str
    violations: Callable[[TripFacts], list[Violation]]
    select: Callable[[RateBook, TripFacts, Pin], tuple[Rate, ...]]
    compute: Callable[[TripFacts, Pin, tuple[Rate, ...]], Result]
    schemes: tuple[str, ...]
    countries: Callable[[TripFacts], frozenset[str]] = _countries
    scale: Callable[[TripFacts, Pin, tuple[Rate, ...]], Iterable[Violation]] = _no_violations
    form: int = NEWEST


class Period(NamedTuple):
    """A started 24-hour period of a trip; `length` is what of it was spent travelling."""

    number: int
    begins: Moment | Known
    ends: Moment | Known
    length: timedelta


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Time as the programme counts it: instants, or Polish clock readings taken as if in UTC."""

    counting: Counting

    def at(self, instant: datetime) -> datetime:
        """Return the point on this line that belongs to a zone-aware instant."""
        if self.counting is Counting.ELAPSED:
            return instant.astimezone(UTC)
        return instant.astimezone(WARSAW).replace(tzinfo=UTC)

    def local(self, day: date, hour: time) -> datetime:
        """Return the point that belongs to a local clock reading."""
        return self.at(datetime.combine(day, hour, WARSAW))

    def moment(self, point: datetime) -> Moment | Known:
        """Return the moment of a point of this line; a part of a second has to be kept."""
        if self.counting is Counting.WALL_CLOCK:
            return Known(point.replace(tzinfo=WARSAW))
        if point.microsecond:
            return Known(point.astimezone(WARSAW))
        return elapsed(point), self.counting

    def periods(self, facts: TripFacts) -> list[Period]:
        """Cut the trip into 24-hour periods from the departure; the last may be shorter."""
        begin, end = self.at(facts.departs_at), self.at(facts.returns_at)
        begins = self.moment(begin)
        cut: list[Period] = []
        while begin < end:
            until = min(begin + DAY, end)
            number = len(cut) + 1
            ends = self.moment(until)
            cut.append(Period(number, begins, ends, until - begin))
            begins = ends
            begin = until
        return cut
