"""The time of a Polish foreign trip: legs in Poland, stays abroad, 24-hour periods, meals.

Points of time are whole seconds of the programme's time line (elapsed, or by the clock of
Europe/Warsaw); meals and nights are placed by the local clock of where the traveller was.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from itertools import accumulate, chain, groupby
from operator import attrgetter
from typing import Final, NamedTuple

from participants.domain.abroad import Abroad, Border, Stay, Way
from participants.domain.choices import Counting, Pin, SeveralCountries
from participants.domain.moments import (
    DAY,
    FIRST_DAY,
    WARSAW,
    Moment,
    clock_reading,
    day_reading,
    elapsed,
    local,
    local_time,
)
from participants.domain.per_diem import DayMeals, Meal, TripFacts

_HOUR: Final = {Meal.BREAKFAST: 8 * 3600, Meal.LUNCH: 13 * 3600, Meal.DINNER: 19 * 3600}


class Part(StrEnum):
    """The parts of a foreign trip."""

    OUT = "out"
    ABROAD = "abroad"
    BACK = "back"


_ABROAD: Final = Part.ABROAD
_COUNTRY: Final = attrgetter("country")
_ALWAYS: Final = -(10**18)


class Span(NamedTuple):
    """A part of the trip in one place: where, from when to when, and when by the local clock.

    `ahead`: how far points are ahead of readings of the local clock, in seconds. `polish_clock`:
    the clocks change during it as they do in Poland, so readings need a zone.
    """

    part: Part
    country: str
    place: str | None
    begins: int
    ends: int
    local_begin: int
    ahead: int
    stay: Stay | None = None
    polish_clock: bool = False


# The same as Span(...), at half the price: each trip has several.
_span: Final[Callable[[tuple[object, ...]], Span]] = partial(tuple.__new__, Span)


Slice = tuple[Span, range, int]
"""The 24-hour periods that begin in one span: where, when each begins, when the last ends."""


def abroad_of(facts: TripFacts) -> Abroad:
    """Return the foreign part; where no crossing is known, the whole trip is spent abroad."""
    if facts.abroad is not None:
        return facts.abroad
    leaves = Border(facts.departs_at, Way.LAND)
    return Abroad(leaves=leaves, enters=Border(facts.returns_at, Way.LAND))


def stays_of(facts: TripFacts) -> tuple[Stay, ...]:
    """Return the destinations the employer named: the trip's own if no others are."""
    if facts.abroad is not None and facts.abroad.stays:
        return facts.abroad.stays
    return (Stay(facts.country, facts.place),)


@dataclass(frozen=True, slots=True)
class Clock:
    """Instants as points of the programme's time line, and back as Polish local time."""

    counting: Counting

    def point(self, at: datetime) -> int:
        """Return the point of an instant."""
        if self.counting is _ELAPSED:
            return elapsed(at)
        return clock_reading(at.astimezone(WARSAW))

    def moment(self, point: int) -> Moment:
        """Return the moment of a point."""
        return point, self.counting

    def shown(self, point: int) -> datetime:
        """Return a point as Polish local time with its offset."""
        return local((point, self.counting))


_ELAPSED: Final = Counting.ELAPSED


def spans_of(facts: TripFacts, clock: Clock) -> list[Span]:
    """Return the trip cut into a leg in Poland, the stays, and the leg back, if any."""
    abroad, stays = abroad_of(facts), stays_of(facts)
    begins = [abroad.leaves.at, *(stay.since or abroad.leaves.at for stay in stays[1:])]
    cuts = [*begins, abroad.enters.at]
    points = [clock.point(cut) for cut in cuts]
    offsets = [cut.astimezone(WARSAW).utcoffset() for cut in cuts]
    found = [_leg(Part.OUT, clock.point(facts.departs_at), points[0], facts.departs_at)]
    for stay, at, *times in zip(
        stays, cuts, points, points[1:], offsets, offsets[1:], strict=False
    ):
        begin, end, offset, later = times
        local = clock_reading(stay.since or at)
        # Only a clock that shows Polish time when the stay begins is one that changes as it does.
        changes = offset != later and at.utcoffset() == offset and clock.counting is _ELAPSED
        ahead = begin - local
        members = (_ABROAD, stay.country, stay.place, begin, end, local, ahead, stay, changes)
        found.append(_span(members))
    found.append(_leg(Part.BACK, points[-1], clock.point(facts.returns_at), abroad.enters.at))
    return [span for span in found if span.begins < span.ends or span.part is _ABROAD]


def _leg(part: Part, begins: int, ends: int, at: datetime) -> Span:
    local = clock_reading(at)
    return _span((part, "PL", None, begins, ends, local, begins - local, None, False))


def slices_of(spans: list[Span], pin: Pin) -> list[Slice]:
    """Cut the time abroad into 24-hour periods; the last of each country may be shorter."""
    stays = [span for span in spans if span.part is _ABROAD]
    if pin.several_countries is SeveralCountries.PERIOD_START:
        return cut(stays)
    return [piece for _, run in groupby(stays, key=_COUNTRY) for piece in cut(list(run))]


def cut(stays: list[Span]) -> list[Slice]:
    """Cut stays that follow one another; a period belongs to where it begins."""
    begin, end = stays[0].begins, stays[-1].ends
    slices = []
    for span in stays:
        begins = range(begin, min(span.ends, end), DAY)
        if begins:
            begin = begins[-1] + DAY
            slices.append((span, begins, min(begin, end)))
    return slices


class Whereabouts:
    """Where the traveller was by the local clock: the last span begun; the ends take the rest.

    `evenly`: how far points are ahead of readings, null in Poland and where the clocks may change.
    """

    __slots__ = ("evenly", "since", "spans")

    def __init__(self, spans: list[Span]) -> None:
        # Clocks of different countries may run back from one span to the next: a later span that
        # has begun goes before an earlier one.
        begun = accumulate((span.local_begin for span in reversed(spans)), min)
        self.since = [_ALWAYS, *list(begun)[-2::-1]]
        self.spans = spans
        self.evenly = [
            None if span.polish_clock or span.part is not _ABROAD else span.ahead for span in spans
        ]

    def at(self, reading: int) -> Span:
        """Return the span at a reading of the local clock."""
        return self.spans[bisect_right(self.since, reading) - 1]

    @property
    def evenings(self) -> list[int]:
        """The ordinals of the days whose nights, at their midnights, are first in each span."""
        return [FIRST_DAY - 1 - (-since // DAY) for since in self.since]


def beginnings(slices: list[Slice]) -> list[int]:
    """Return the points at which periods begin; what lies before the first belongs to it."""
    points = list(chain.from_iterable([begins for _, begins, _ in slices]))
    points[:1] = [_ALWAYS]
    return points


def point_in(span: Span, reading: int) -> int:
    """Return the point of a local clock reading in a span."""
    if span.polish_clock:
        return elapsed(local_time(reading))
    return reading + span.ahead


@dataclass(slots=True)
class Eaten:
    """The meals provided, by period abroad and by leg."""

    abroad: list[list[Meal]]
    legs: dict[Part, list[DayMeals]]


def _sides(facts: TripFacts, both: Whereabouts) -> dict[bool | None, Whereabouts]:
    """Return the whereabouts on each side of the border; null stands for both sides."""
    if {day.abroad for day in facts.meals} <= {None}:
        return {None: both}
    there = [span for span in both.spans if span.part is _ABROAD]
    here = [span for span in both.spans if span.part is not _ABROAD]
    return {None: both, True: Whereabouts(there), False: Whereabouts(here or there)}


def meals_of(facts: TripFacts, where: Whereabouts, slices: list[Slice]) -> Eaten:
    """Place each meal where its usual hour fell, or on the side of the border that is stated."""
    begins, sides = beginnings(slices), _sides(facts, where)
    eaten = Eaten([[] for _ in begins], {Part.OUT: [], Part.BACK: []})
    periods = eaten.abroad
    for day in facts.meals:
        midnight, side = day_reading(day.on), sides[day.abroad]
        since, evenly = side.since, side.evenly
        for meal in day.provided:
            reading = midnight + _HOUR[meal]
            ahead = evenly[bisect_right(since, reading) - 1]
            if ahead is None:
                ahead = _ahead(side.at(reading), reading)
            if ahead is None:
                eaten.legs[side.at(reading).part].append(DayMeals(day.on, (meal,)))
            else:
                periods[bisect_right(begins, reading + ahead) - 1].append(meal)
    return eaten


def _ahead(span: Span, reading: int) -> int | None:
    """Return how far the point of a reading is ahead of it, or None in Poland."""
    return None if span.part is not _ABROAD else point_in(span, reading) - reading
