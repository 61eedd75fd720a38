"""The parts of a Polish foreign trip inside Poland: chapter 2 applied "accordingly" (s.21).

By default each leg is judged alone, as the ministry holds (RULES 3.9); a programme may add them.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from participants.domain import pl_domestic
from participants.domain import pl_foreign_rules as rules
from participants.domain import pl_foreign_words as words
from participants.domain.choices import DomesticLegs, Pin
from participants.domain.explained import Line, Opening, Rule, Worth
from participants.domain.moments import WARSAW
from participants.domain.per_diem import (
    DAY,
    DayMeals,
    LocalTransport,
    Meal,
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


def _stretch(facts: TripFacts, span: Span, clock: Clock, meals: list[DayMeals]) -> Stretch:
    """Return one leg as if it were a domestic trip of its own."""
    asked = facts.abroad is not None and facts.abroad.legs_local_transport
    return Stretch(
        departs_at=clock.moment(span.begins).at,
        returns_at=clock.moment(span.ends).at,
        meals=meals,
        local_transport=LocalTransport.LUMP_SUM if asked else LocalTransport.NONE,
        no_diet=facts.no_diet,
    )


def leg_diets(
    facts: TripFacts, spans: list[Span], eaten: Eaten, rates: tuple[Rate, ...], pin: Pin
) -> dict[Part, list[Line]]:
    """Return the diets of the legs, by leg; legs that are added stand under the first of them."""
    legs = [span for span in spans if span.part is not Part.ABROAD]
    found: dict[Part, list[Line]] = {Part.OUT: [], Part.BACK: []}
    if pin.domestic_legs is DomesticLegs.SUMMED and legs:
        found[legs[0].part] = list(_summed(legs, eaten, rates, pin))
        return found
    clock, line_of_time = Clock(pin.counting), TimeLine(WARSAW, pin.counting)
    for span in legs:
        nothing_due = span.ends - span.begins < _EIGHT_HOURS
        leg = _stretch(facts, span, clock, [] if nothing_due else eaten.legs[span.part])
        lines = pl_domestic.diet_lines(leg, line_of_time.periods(leg), rates, line_of_time)
        found[span.part] = [_labelled(line, span.part) for line in lines]
    return found


def _labelled(line: Line, part: Part) -> Line:
    opening = (*_LEG[part], *line.worth.opening)
    return line._replace(worth=_in_leg(line.worth, rules.LEGS_SEPARATE, opening))


@lru_cache(maxsize=2048)
def _in_leg(worth: Worth, rule: Rule, opening: tuple[Opening, ...]) -> Worth:
    """Return the worth of a domestic period as that of a leg, which a rule counts so."""
    return replace(worth, rules=(*worth.rules, rule), opening=opening, country="PL")


def _summed(legs: list[Span], eaten: Eaten, rates: tuple[Rate, ...], pin: Pin) -> Iterator[Line]:
    """Yield the diets of both legs taken together as one domestic trip."""
    clock = Clock(pin.counting)
    total = sum(leg.ends - leg.begins for leg in legs)
    count = -(-total // _DAY)
    placed: list[list[Meal]] = [[] for _ in range(count)]
    for part, days in eaten.legs.items():
        placed[0 if part is legs[0].part else -1].extend(m for day in days for m in day.provided)
    for number, provided in enumerate(placed, 1):
        seconds = min(total - (number - 1) * _DAY, _DAY)
        rate = diet_on(rates, _starts(legs, (number - 1) * _DAY, clock).date())
        due = pl_domestic.entitlement(timedelta(seconds=seconds), alone=count == 1)
        worth = pl_domestic.diet(rate, tuple(provided), due)
        yield Line(_in_leg(worth, rules.LEGS_SUMMED, _ADDED), number, seconds=seconds)


_ADDED: Final[tuple[Opening, ...]] = (_said_summed, _said_period)


def _starts(legs: list[Span], after: int, clock: Clock) -> datetime:
    """Return the instant at which a period of the added time begins."""
    first = legs[0].ends - legs[0].begins
    inside_first = after < first
    return clock.shown(legs[0].begins + after if inside_first else legs[-1].begins + after - first)


def leg_transport(
    facts: TripFacts, spans: list[Span], rates: tuple[Rate, ...], pin: Pin
) -> Iterator[Line]:
    """Yield the domestic lump sums for local transport on the way, where they are asked for."""
    if facts.abroad is None or not facts.abroad.legs_local_transport:
        return
    clock, line_of_time = Clock(pin.counting), TimeLine(WARSAW, pin.counting)
    for span in spans:
        if span.part is not Part.ABROAD:
            leg = _stretch(facts, span, clock, [])
            periods = line_of_time.periods(leg)
            yield from local_transport_lines(leg, periods, rates, _LEG[span.part], "PL")
