"""The time of a Polish foreign trip: legs in Poland, stays abroad, 24-hour periods, meals.

Points of time are whole seconds of the programme's time line (elapsed, or by the clock of
Europe/Warsaw); meals and nights are placed by the local clock of where the traveller was.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import accumulate
from math import floor
from typing import Final, NamedTuple

from participants.domain.abroad import Abroad, Border, Stay, Way
from participants.domain.choices import Counting, Pin, SeveralCountries
from participants.domain.moments import WARSAW, Moment, clock_reading, local_time, moment
from participants.domain.per_diem import DayMeals, Meal, TripFacts

DAY: Final = 86_400
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()
_HOUR: Final = {Meal.BREAKFAST: 8 * 3600, Meal.LUNCH: 13 * 3600, Meal.DINNER: 19 * 3600}


class Part(StrEnum):
    """The parts of a foreign trip."""

    OUT = "out"
    ABROAD = "abroad"
    BACK = "back"


class Span(NamedTuple):
    """A part of the trip in one place: where, from when to when, and when by the local clock.

    `polish_clock`: the clocks change during it as they do in Poland, so readings need a zone.
    """

    part: Part
    country: str
    place: str | None
    begins: int
    ends: int
    local_begin: int
    stay: Stay | None
    polish_clock: bool = False


class Slice(NamedTuple):
    """A started 24-hour period of one span or of the whole foreign time."""

    span: Span
    begins: int
    ends: int


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
        return floor(at.timestamp()) if self.counting is _ELAPSED else clock_reading(_polish(at))

    def moment(self, point: int) -> Moment:
        """Return the moment of a point: the same one each time."""
        return moment(point, self.counting)

    def shown(self, point: int) -> datetime:
        """Return a point as Polish local time with its offset."""
        return moment(point, self.counting).at

    def changes(self, begin: datetime, end: datetime) -> bool:
        """Tell whether Polish clocks change between two instants and the first is Polish time."""
        if self.counting is not _ELAPSED:
            return False
        offset = _polish(begin).utcoffset()
        return begin.utcoffset() == offset != _polish(end).utcoffset()


_ELAPSED: Final = Counting.ELAPSED


def _polish(at: datetime) -> datetime:
    return at.astimezone(WARSAW)


def day_reading(on: date) -> int:
    """Return the midnight at which a day begins by the local clock, in seconds."""
    return (on.toordinal() - _FIRST_DAY) * DAY


def spans_of(facts: TripFacts, clock: Clock) -> list[Span]:
    """Return the trip cut into a leg in Poland, the stays, and the leg back, if any."""
    abroad, stays = abroad_of(facts), stays_of(facts)
    begins = [abroad.leaves.at, *(stay.since or abroad.leaves.at for stay in stays[1:])]
    cuts = [*begins, abroad.enters.at]
    points = [clock.point(cut) for cut in cuts]
    found = [_leg(Part.OUT, clock.point(facts.departs_at), points[0], facts.departs_at)]
    for index, stay in enumerate(stays):
        begin = cuts[index]
        local = clock_reading(begin.astimezone(stay.since.tzinfo) if stay.since else begin)
        polish = clock.changes(begin, cuts[index + 1])
        during = points[index], points[index + 1]
        found.append(Span(Part.ABROAD, stay.country, stay.place, *during, local, stay, polish))
    found.append(_leg(Part.BACK, points[-1], clock.point(facts.returns_at), abroad.enters.at))
    return [span for span in found if span.begins < span.ends or span.part is Part.ABROAD]


def _leg(part: Part, begins: int, ends: int, at: datetime) -> Span:
    return Span(part, "PL", None, begins, ends, clock_reading(at), None)


def slices_of(spans: list[Span], pin: Pin) -> list[Slice]:
    """Cut the time abroad into 24-hour periods; the last of each country may be shorter."""
    stays = [span for span in spans if span.part is Part.ABROAD]
    if pin.several_countries is SeveralCountries.PERIOD_START:
        return _cut(stays)
    return [piece for run in _runs(stays) for piece in _cut(run)]


def _runs(stays: list[Span]) -> Iterator[list[Span]]:
    """Join the stays that follow one another in one country."""
    run: list[Span] = []
    for span in stays:
        if run and run[-1].country != span.country:
            yield run
            run = []
        run.append(span)
    yield run


def _cut(stays: list[Span]) -> list[Slice]:
    """Cut stays that follow one another; a period belongs to where it begins."""
    begin, end = stays[0].begins, stays[-1].ends
    if len(stays) == 1:
        (span,) = stays
        return [Slice(span, at, min(at + DAY, end)) for at in range(begin, end, DAY)]
    begins = [span.begins for span in stays]
    return [
        Slice(stays[max(bisect_right(begins, at) - 1, 0)], at, min(at + DAY, end))
        for at in range(begin, end, DAY)
    ]


class Whereabouts:
    """Where the traveller was by the local clock: the last span begun; the ends take the rest."""

    __slots__ = ("_since", "_spans")

    def __init__(self, spans: list[Span]) -> None:
        self._spans = spans
        # Clocks of different countries may run back from one span to the next: a later span that
        # has begun goes before an earlier one.
        begun = accumulate((span.local_begin for span in reversed(spans)), min)
        self._since = list(begun)[::-1]

    def at(self, reading: int) -> Span:
        """Return the span at a reading of the local clock."""
        return self._spans[max(bisect_right(self._since, reading) - 1, 0)]


def slice_at(begins: Sequence[int], span: Span, reading: int) -> int:
    """Return the number of the period abroad that holds a local clock reading in a span.

    `begins` are the points at which the periods begin.
    """
    point = reading - span.local_begin + span.begins
    if span.polish_clock:
        point = floor(local_time(reading).timestamp())
    return max(bisect_right(begins, point) - 1, 0)


@dataclass(slots=True)
class Eaten:
    """The meals provided, by period abroad and by leg."""

    abroad: list[list[Meal]]
    legs: dict[Part, list[DayMeals]]


def meals_of(facts: TripFacts, spans: list[Span], slices: list[Slice]) -> Eaten:
    """Place each meal where its usual hour fell, or on the side of the border that is stated."""
    eaten = Eaten([[] for _ in slices], {Part.OUT: [], Part.BACK: []})
    abroad = [span for span in spans if span.part is Part.ABROAD]
    legs = [span for span in spans if span.part is not Part.ABROAD]
    sides = {
        None: Whereabouts(spans),
        True: Whereabouts(abroad),
        False: Whereabouts(legs or abroad),
    }
    begins = [piece.begins for piece in slices]
    for day in facts.meals:
        midnight, where = day_reading(day.on), sides[day.abroad]
        for meal in day.provided:
            reading = midnight + _HOUR[meal]
            span = where.at(reading)
            if span.part is Part.ABROAD:
                eaten.abroad[slice_at(begins, span, reading)].append(meal)
            else:
                eaten.legs[span.part].append(DayMeals(day.on, (meal,)))
    return eaten
