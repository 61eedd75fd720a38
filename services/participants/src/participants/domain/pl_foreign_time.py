"""The time of a Polish foreign trip: legs in Poland, stays abroad, 24-hour periods, meals.

Points of time are whole seconds of the programme's time line (elapsed, or by the clock of
Europe/Warsaw); meals and nights are placed by the local clock of where the traveller was.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from participants.domain.abroad import Abroad, Border, Stay, Way
from participants.domain.choices import Counting, Pin, SeveralCountries
from participants.domain.per_diem import DayMeals, Meal, TripFacts
from participants.domain.pl_travel import WARSAW

DAY: Final = 86_400
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 (local clock readings are compared as such)
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()
_HOUR: Final = {Meal.BREAKFAST: 8 * 3600, Meal.LUNCH: 13 * 3600, Meal.DINNER: 19 * 3600}
_SECOND: Final = timedelta(seconds=1)


class Part(StrEnum):
    """The parts of a foreign trip."""

    OUT = "out"
    ABROAD = "abroad"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Span:
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


@dataclass(frozen=True, slots=True)
class Slice:
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
        return clock_reading(at.astimezone(UTC if self.counting is _ELAPSED else WARSAW))

    def shown(self, point: int) -> datetime:
        """Return a point as Polish local time with its offset."""
        if self.counting is _ELAPSED:
            return datetime.fromtimestamp(point, WARSAW)
        return (_EPOCH + timedelta(seconds=point)).replace(tzinfo=WARSAW)

    def changes(self, begin: datetime, end: datetime) -> bool:
        """Tell whether Polish clocks change between two instants and the first is Polish time."""
        if self.counting is not _ELAPSED:
            return False
        at, until = begin.astimezone(WARSAW), end.astimezone(WARSAW)
        return begin.utcoffset() == at.utcoffset() != until.utcoffset()


_ELAPSED: Final = Counting.ELAPSED


def clock_reading(at: datetime) -> int:
    """Return what a local clock shows at an instant as it is written, in seconds."""
    return (at.replace(tzinfo=None) - _EPOCH) // _SECOND


def day_reading(on: date) -> int:
    """Return the midnight at which a day begins by the local clock, in seconds."""
    return (on.toordinal() - _FIRST_DAY) * DAY


def spans_of(facts: TripFacts, clock: Clock) -> list[Span]:
    """Return the trip cut into a leg in Poland, the stays, and the leg back, if any."""
    abroad, stays = abroad_of(facts), stays_of(facts)
    begins = [abroad.leaves.at, *(stay.since or abroad.leaves.at for stay in stays[1:])]
    cuts = [*begins, abroad.enters.at]
    found = [_leg(Part.OUT, facts.departs_at, abroad.leaves.at, clock)]
    for stay, begin, end in zip(stays, cuts, cuts[1:], strict=False):
        local = clock_reading(begin.astimezone(stay.since.tzinfo) if stay.since else begin)
        points = clock.point(begin), clock.point(end)
        polish = clock.changes(begin, end)
        found.append(Span(Part.ABROAD, stay.country, stay.place, *points, local, stay, polish))
    found.append(_leg(Part.BACK, abroad.enters.at, facts.returns_at, clock))
    return [span for span in found if span.begins < span.ends or span.part is Part.ABROAD]


def _leg(part: Part, begin: datetime, end: datetime, clock: Clock) -> Span:
    points = clock.point(begin), clock.point(end)
    return Span(part, "PL", None, *points, clock_reading(begin), None)


def slices_of(spans: list[Span], pin: Pin) -> list[Slice]:
    """Cut the time abroad into 24-hour periods; the last of each country may be shorter."""
    stays = [span for span in spans if span.part is Part.ABROAD]
    if pin.several_countries is SeveralCountries.PERIOD_START:
        return [
            Slice(_at(stays, begin), begin, end)
            for begin, end in _days(stays[0].begins, stays[-1].ends)
        ]
    return [
        Slice(_at(run, begin), begin, end)
        for run in _runs(stays)
        for begin, end in _days(run[0].begins, run[-1].ends)
    ]


def _runs(stays: list[Span]) -> Iterator[list[Span]]:
    """Join the stays that follow one another in one country."""
    run: list[Span] = []
    for span in stays:
        if run and run[-1].country != span.country:
            yield run
            run = []
        run.append(span)
    yield run


def _days(begin: int, end: int) -> Iterator[tuple[int, int]]:
    while begin < end:
        yield begin, min(begin + DAY, end)
        begin += DAY


def _at(stays: list[Span], point: int) -> Span:
    return stays[max(bisect_right(stays, point, key=_begin) - 1, 0)]


def _begin(span: Span) -> int:
    return span.begins


def span_at(spans: list[Span], reading: int) -> Span:
    """Return where the traveller was at a reading of the local clock; the ends take the rest."""
    for span in reversed(spans):
        if span.local_begin <= reading:
            return span
    return spans[0]


def slice_at(slices: list[Slice], span: Span, reading: int) -> int:
    """Return the number of the period abroad that holds a local clock reading in a span."""
    point = reading - span.local_begin + span.begins
    if span.polish_clock:
        local = (_EPOCH + timedelta(seconds=reading)).replace(tzinfo=WARSAW)
        point = clock_reading(local.astimezone(UTC))
    return max(bisect_right(slices, point, key=_slice_begin) - 1, 0)


def _slice_begin(piece: Slice) -> int:
    return piece.begins


@dataclass(slots=True)
class Eaten:
    """The meals provided, by period abroad and by leg."""

    abroad: list[list[Meal]]
    legs: dict[Part, list[DayMeals]]


def meals_of(facts: TripFacts, spans: list[Span], slices: list[Slice]) -> Eaten:
    """Place each meal where its usual hour fell, or on the side of the border that is stated."""
    eaten = Eaten([[] for _ in slices], {Part.OUT: [], Part.BACK: []})
    stays = [span for span in spans if span.part is Part.ABROAD]
    legs = [span for span in spans if span.part is not Part.ABROAD]
    for day in facts.meals:
        midnight = day_reading(day.on)
        where = spans if day.abroad is None else (stays if day.abroad else legs or stays)
        for meal in day.provided:
            reading = midnight + _HOUR[meal]
            span = span_at(where, reading)
            if span.part is Part.ABROAD:
                eaten.abroad[slice_at(slices, span, reading)].append(meal)
            else:
                eaten.legs[span.part].append(DayMeals(day.on, (meal,)))
    return eaten
