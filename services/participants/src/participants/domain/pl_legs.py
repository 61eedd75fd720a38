"""The parts of a Polish foreign trip inside Poland: chapter 2 applied "accordingly" (s.21).

By default each leg is judged alone, as the ministry holds (RULES 3.9); a programme may add them.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from participants.domain import pl_domestic
from participants.domain import pl_foreign_rules as rules
from participants.domain import pl_foreign_words as words
from participants.domain.choices import DomesticLegs, Pin
from participants.domain.explained import Line, Opening, Rule, Worth, line_of
from participants.domain.per_diem import (
    DAY,
    DayMeals,
    LocalTransport,
    Meal,
    Period,
    Stretch,
    TimeLine,
    TripFacts,
)
from participants.domain.phrases import Length, Said
from participants.domain.pl_foreign_time import Clock, Eaten, Part, Span
from participants.domain.pl_travel import diet_on, local_transport_lines
from participants.domain.rates import Rate

_SUMMED: Final = words.LEGS_SUMMED.of()
_EIGHT_HOURS: Final = 8 * 3600
_DAY: Final = DAY // timedelta(seconds=1)


def _said_out(line: Line) -> Said:
    del line
    return words.LEG_OUT.of()


def _said_back(line: Line) -> Said:
    del line
    return words.LEG_BACK.of()


def _said_summed(line: Line) -> Said:
    del line
    return _SUMMED


def _said_period(line: Line) -> Said:
    return words.SUMMED_PERIOD.of(number=line.number, length=Length(line.seconds))


_LEG: Final[dict[Part, tuple[Opening, ...]]] = {Part.OUT: (_said_out,), Part.BACK: (_said_back,)}


class Leg(NamedTuple):
    """A part of the trip in Poland: judged alone it is a stretch cut into periods of its own."""

    span: Span
    stretch: Stretch
    periods: list[Period]
    eaten: list[DayMeals]


def legs_of(facts: TripFacts, spans: list[Span], eaten: Eaten, clock: Clock) -> list[Leg]:
    """Return the legs with the meals provided on them; under 8 hours no diet is there to reduce."""
    legs = [span for span in spans if span.part is not Part.ABROAD]
    return [_leg(facts, span, eaten.legs[span.part], clock) for span in legs]


def _leg(facts: TripFacts, span: Span, eaten: list[DayMeals], clock: Clock) -> Leg:
    asked = facts.abroad is not None and facts.abroad.legs_local_transport
    stretch = Stretch(
        begins=clock.moment(span.begins),
        meals=[] if span.ends - span.begins < _EIGHT_HOURS else eaten,
        local_transport=LocalTransport.LUMP_SUM if asked else LocalTransport.NONE,
        no_diet=facts.no_diet,
    )
    return Leg(span, stretch, list(_periods(span, clock)), eaten)


def _periods(span: Span, clock: Clock) -> Iterator[Period]:
    for number, begin in enumerate(range(span.begins, span.ends, _DAY), 1):
        end = min(begin + _DAY, span.ends)
        length = timedelta(seconds=end - begin)
        yield Period(number, clock.moment(begin), clock.moment(end), length)


def leg_diets(legs: list[Leg], rates: tuple[Rate, ...], pin: Pin) -> dict[Part, list[Line]]:
    """Return the diets of the legs, by leg; legs that are added stand under the first of them."""
    found: dict[Part, list[Line]] = {Part.OUT: [], Part.BACK: []}
    if pin.domestic_legs is DomesticLegs.SUMMED and legs:
        found[legs[0].span.part] = list(_summed(legs, rates, Clock(pin.counting)))
        return found
    line_of_time = TimeLine(pin.counting)
    for leg in legs:
        part = leg.span.part
        lines = pl_domestic.diet_lines(leg.stretch, leg.periods, rates, line_of_time)
        found[part] = [_labelled(line, part) for line in lines]
    return found


def _labelled(line: Line, part: Part) -> Line:
    worth, number, begins, ends, on, seconds = line
    return line_of((_separate(worth, part), number, begins, ends, on, seconds))


@lru_cache(maxsize=2048)
def _separate(worth: Worth, part: Part) -> Worth:
    """Return the worth of a domestic period as that of a leg which is judged alone."""
    return _in_leg(worth, rules.LEGS_SEPARATE, (*_LEG[part], *worth.opening))


@lru_cache(maxsize=2048)
def _in_leg(worth: Worth, rule: Rule, opening: tuple[Opening, ...]) -> Worth:
    """Return the worth of a domestic period as that of a leg, which a rule counts so."""
    return replace(worth, rules=(*worth.rules, rule), opening=opening, country="PL")


def _summed(legs: list[Leg], rates: tuple[Rate, ...], clock: Clock) -> Iterator[Line]:
    """Yield the diets of both legs taken together as one domestic trip."""
    spans = [leg.span for leg in legs]
    total = sum(span.ends - span.begins for span in spans)
    count = -(-total // _DAY)
    placed: list[list[Meal]] = [[] for _ in range(count)]
    for end, leg in zip((0, -1), legs, strict=False):
        placed[end].extend(meal for day in leg.eaten for meal in day.provided)
    for number, provided in enumerate(placed, 1):
        seconds = min(total - (number - 1) * _DAY, _DAY)
        rate = diet_on(rates, _starts(spans, (number - 1) * _DAY, clock).date())
        due = pl_domestic.entitlement(timedelta(seconds=seconds), alone=count == 1)
        worth = pl_domestic.diet(rate, tuple(provided), due)
        yield Line(_in_leg(worth, rules.LEGS_SUMMED, _ADDED), number, seconds=seconds)


_ADDED: Final[tuple[Opening, ...]] = (_said_summed, _said_period)


def _starts(legs: list[Span], after: int, clock: Clock) -> datetime:
    """Return the instant at which a period of the added time begins."""
    first = legs[0].ends - legs[0].begins
    inside_first = after < first
    return clock.shown(legs[0].begins + after if inside_first else legs[-1].begins + after - first)


def leg_transport(legs: list[Leg], rates: tuple[Rate, ...]) -> Iterator[Line]:
    """Yield the domestic lump sums for local transport on the way, where they are asked for."""
    for span, stretch, periods, _ in legs:
        yield from local_transport_lines(stretch, periods, rates, _LEG[span.part], "PL")
