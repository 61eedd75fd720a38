"""The parts of a Polish foreign trip inside Poland: chapter 2 applied "accordingly" (s.21).

By default each leg is judged alone, as the ministry holds (RULES 3.9); a programme may add them.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from participants.domain import pl_domestic
from participants.domain import pl_foreign_rules as rules
from participants.domain.choices import DomesticLegs, Pin
from participants.domain.per_diem import (
    DAY,
    DayMeals,
    Line,
    LocalTransport,
    Meal,
    Night,
    Period,
    TimeLine,
    TripFacts,
    Words,
)
from participants.domain.pl_foreign_time import Clock, Eaten, Part, Span
from participants.domain.pl_travel import (
    WARSAW,
    diet_on,
    local_transport_lines,
    night_line,
)
from participants.domain.rates import Rate

_LEG: Final = {
    Part.OUT: Words(
        "Odcinek krajowy przed wyjazdem za granicę.", "Leg in Poland before going abroad."
    ),
    Part.BACK: Words(
        "Odcinek krajowy po powrocie z zagranicy.", "Leg in Poland after coming back."
    ),
}
_EIGHT_HOURS: Final = 8 * 3600
_SUMMED: Final = Words(
    "Odcinki krajowe liczone łącznie, według zasad pracodawcy.",
    "Legs in Poland added up, by the employer's own rules.",
)


def leg_facts(facts: TripFacts, span: Span, clock: Clock, meals: list[DayMeals]) -> TripFacts:
    """Return one leg as if it were a domestic trip of its own."""
    begin, end = clock.shown(span.begins), clock.shown(span.ends)
    asked = facts.abroad is not None and facts.abroad.legs_local_transport
    return replace(
        facts,
        country="PL",
        place=None,
        departs_at=begin,
        returns_at=end,
        first_day=begin.date(),
        last_day=end.date(),
        meals=tuple(meals),
        nights=(),
        costs=(),
        local_transport=LocalTransport.LUMP_SUM if asked else LocalTransport.NONE,
        abroad=None,
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
        leg = leg_facts(facts, span, clock, [] if nothing_due else eaten.legs[span.part])
        lines = pl_domestic.diet_lines(leg, line_of_time.periods(leg), rates, line_of_time)
        found[span.part] = [_labelled(line, _LEG[span.part]) for line in lines]
    return found


def _labelled(line: Line, words: Words) -> Line:
    used = (*line.rules, rules.LEGS_SEPARATE)
    return replace(line, text=words + line.text, rules=used, country="PL")


def _summed(legs: list[Span], eaten: Eaten, rates: tuple[Rate, ...], pin: Pin) -> Iterator[Line]:
    """Yield the diets of both legs taken together as one domestic trip."""
    clock = Clock(pin.counting)
    total = sum(leg.ends - leg.begins for leg in legs)
    count = -(-total // _DAY)
    placed: list[list[Meal]] = [[] for _ in range(count)]
    for part, days in eaten.legs.items():
        placed[0 if part is legs[0].part else -1].extend(m for day in days for m in day.provided)
    begin, end = clock.shown(legs[0].begins), clock.shown(legs[-1].ends)
    for number, provided in enumerate(placed, 1):
        length = timedelta(seconds=min(total - (number - 1) * _DAY, _DAY))
        period = Period(number, begin, end, length)
        rate = diet_on(rates, _starts(legs, (number - 1) * _DAY, clock).date())
        due = pl_domestic.entitlement(length, alone=count == 1)
        line = pl_domestic.diet_line(period, rate, provided, due, _said_sum(number, length))
        used = (*line.rules, rules.LEGS_SUMMED)
        yield replace(line, begins_at=None, ends_at=None, rules=used, country="PL")


_DAY: Final = DAY // timedelta(seconds=1)


def _starts(legs: list[Span], after: int, clock: Clock) -> datetime:
    """Return the instant at which a period of the added time begins."""
    first = legs[0].ends - legs[0].begins
    inside_first = after < first
    return clock.shown(legs[0].begins + after if inside_first else legs[-1].begins + after - first)


def _said_sum(number: int, length: timedelta) -> Words:
    minutes = int(length.total_seconds()) // 60
    hours = f"{minutes // 60} h {minutes % 60} min"
    return _SUMMED + Words(f"Doba {number} ({hours}).", f"Period {number} ({hours}).")


def leg_transport(
    facts: TripFacts, spans: list[Span], rates: tuple[Rate, ...], pin: Pin
) -> Iterator[Line]:
    """Yield the domestic lump sums for local transport on the way, where they are asked for."""
    clock, line_of_time = Clock(pin.counting), TimeLine(WARSAW, pin.counting)
    for span in spans:
        if span.part is not Part.ABROAD:
            leg = leg_facts(facts, span, clock, [])
            for line in local_transport_lines(leg, line_of_time.periods(leg), rates):
                yield replace(line, text=_LEG[span.part] + line.text, country="PL")


def leg_night(number: int, night: Night, facts: TripFacts, rates: tuple[Rate, ...]) -> Line:
    """Return what a night in Poland is worth, by the domestic rules (s.8)."""
    return replace(night_line(number, night, facts, rates), country="PL")
