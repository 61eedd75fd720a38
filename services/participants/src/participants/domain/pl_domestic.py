"""PL_DOMESTIC: business trips inside Poland, Dz.U. 2013 poz. 167, sections 6-11.

The consolidated text is Dz.U. 2023 poz. 2190. Amounts are PLN. The rate of a 24-hour period is the
one in force when the period begins (RULES 9.6); the days of Poland are those of Europe/Warsaw.
"""

from collections.abc import Iterator
from datetime import time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from typing import Final

from kit.errors import Violation
from kit.money import Money
from participants.domain import pl_domestic_words as words
from participants.domain.assumptions import spelled
from participants.domain.checks import general_violations
from participants.domain.choices import Pin
from participants.domain.explained import (
    Deduction,
    Due,
    Line,
    LineKind,
    Result,
    Rule,
    Worth,
    line_of,
    rule_of,
    share,
    totals,
)
from participants.domain.moments import WARSAW
from participants.domain.per_diem import (
    DAY,
    LocalTransport,
    Meal,
    NoDiet,
    Period,
    Ruleset,
    Stretch,
    TimeLine,
    TripFacts,
)
from participants.domain.phrases import Amount, Length, Listed, Said, Words
from participants.domain.pl_travel import (
    ACT,
    IN_FORCE_FROM,
    PLN,
    cost_line,
    diet_at,
    hours_of_night,
    local_transport_lines,
    night_line,
)
from participants.domain.rates import NoRate, Rate, RateBook, RateSetStatus
from participants.domain.remarks import with_remarks

CODE: Final = "PL_DOMESTIC"
FIRST: Final = "Dz.U. 2013 poz. 167 (2023 poz. 2190)"
SECOND: Final = f"{FIRST}; edition 2"
VERSION: Final = f"{FIRST}; edition 3"

_rule = partial(rule_of, ACT)
NONE_UNDER_8: Final = _rule("PL-DOM-DIET-UNDER-8H", "7(2)")
HALF_8_TO_12: Final = _rule("PL-DOM-DIET-8H-TO-12H", "7(2)")
FULL_OVER_12: Final = _rule("PL-DOM-DIET-OVER-12H", "7(2)")
FULL_PERIOD: Final = _rule("PL-DOM-DIET-FULL-24H", "7(2)")
HALF_REMAINDER: Final = _rule("PL-DOM-DIET-REMAINDER-TO-8H", "7(2)")
FULL_REMAINDER: Final = _rule("PL-DOM-DIET-REMAINDER-OVER-8H", "7(2)")
NO_DIET: Final = _rule("PL-DOM-NO-DIET", "7(3)")
MEALS: Final = _rule("PL-DOM-MEALS", "7(4)")

MEAL_PERCENT: Final = {Meal.BREAKFAST: 25, Meal.LUNCH: 50, Meal.DINNER: 25}
MEAL_HOUR: Final = {Meal.BREAKFAST: time(8), Meal.LUNCH: time(13), Meal.DINNER: time(19)}
_8_HOURS: Final = timedelta(hours=8)
_12_HOURS: Final = timedelta(hours=12)
_SECOND: Final = timedelta(seconds=1)
_NOTHING: Final = Fraction(0)
_HALF: Final = Fraction(1, 2)
_WHOLE: Final = Fraction(1)
_NONE: Final = Decimal(0)

_WHY: Final = {
    NONE_UNDER_8: words.NONE_UNDER_8.of(),
    HALF_8_TO_12: words.HALF_8_TO_12.of(),
    FULL_OVER_12: words.FULL_OVER_12.of(),
    FULL_PERIOD: words.FULL_PERIOD.of(),
    HALF_REMAINDER: words.HALF_REMAINDER.of(),
    FULL_REMAINDER: words.FULL_REMAINDER.of(),
}


_NONE_UNDER_8: Final = Due(_NOTHING, NONE_UNDER_8)
_HALF_8_TO_12: Final = Due(_HALF, HALF_8_TO_12)
_FULL_OVER_12: Final = Due(_WHOLE, FULL_OVER_12)
_FULL_PERIOD: Final = Due(_WHOLE, FULL_PERIOD)
_HALF_REMAINDER: Final = Due(_HALF, HALF_REMAINDER)
_FULL_REMAINDER: Final = Due(_WHOLE, FULL_REMAINDER)


def entitlement(length: timedelta, *, alone: bool) -> Due:
    """Return the part of the diet due for one period (s.7(2)) and the rule that says so.

    `alone`: the whole trip takes no more than 24 hours, so that the 8 and 12 hour bands apply.
    """
    if alone and length < _8_HOURS:
        return _NONE_UNDER_8
    if alone:
        return _HALF_8_TO_12 if length <= _12_HOURS else _FULL_OVER_12
    if length == DAY:
        return _FULL_PERIOD
    return _HALF_REMAINDER if length <= _8_HOURS else _FULL_REMAINDER


def select(book: RateBook, facts: TripFacts, pin: Pin) -> tuple[Rate, ...]:
    """Return every diet that was in force on some day of the trip, the oldest first.

    The first period, or a night that begins on the evening before it, decides where to start.
    """
    del pin
    published = {s.code for s in book.sets if s.status is RateSetStatus.PUBLISHED}
    rows = sorted(
        (r for r in book.rates if r.rate_set in published and r.valid_from >= IN_FORCE_FROM),
        key=lambda rate: rate.valid_from,
    )
    begin, end = (at.astimezone(WARSAW).date() for at in (facts.departs_at, facts.returns_at))
    before = [r for r in rows if r.valid_from <= begin]
    if not before:
        raise NoRate(
            "before_ruleset",
            f"The rules of {ACT} apply from {IN_FORCE_FROM}; the trip begins on {begin}.",
        )
    return (before[-1], *(r for r in rows if begin < r.valid_from <= end))


def compute(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
    """Return diets, lodging, local transport and documented costs of one domestic trip."""
    line_of_time = TimeLine(pin.counting)
    periods = line_of_time.periods(facts)
    lines = (
        *diet_lines(facts, periods, rates, line_of_time),
        *(night_line(number, night, facts, rates) for number, night in enumerate(facts.nights, 1)),
        *local_transport_lines(facts, periods, rates),
        *(cost_line(number, cost) for number, cost in enumerate(facts.costs, 1)),
    )
    return Result(CODE, FIRST, lines, totals(lines, PLN), rates, spelled(facts.assumed))


def diet_lines(
    facts: TripFacts | Stretch,
    periods: list[Period],
    rates: tuple[Rate, ...],
    line_of_time: TimeLine,
) -> Iterator[Line]:
    """Yield the diet of each 24-hour period with the meals provided in it taken off (s.7)."""
    alone = len(periods) == 1
    meals = _meals_by_period(facts, len(periods), line_of_time)
    for period, provided in zip(periods, meals, strict=True):
        rate = diet_at(rates, period.begins)
        if facts.no_diet is not None:
            worth = _no_diet(rate, facts.no_diet)
        else:
            worth = diet(rate, tuple(provided), entitlement(period.length, alone=alone))
        seconds = period.length // _SECOND
        yield line_of((worth, period.number, period.begins, period.ends, None, seconds))


def _meals_by_period(
    facts: TripFacts | Stretch, count: int, line_of_time: TimeLine
) -> list[list[Meal]]:
    """Place each meal in the 24 hours that hold its usual hour; the ends take what lies outside."""
    placed: list[list[Meal]] = [[] for _ in range(count)]
    if not facts.meals:
        return placed
    begin = line_of_time.at(facts.departs_at)
    for day in facts.meals:
        for meal in day.provided:
            eaten = line_of_time.local(day.on, MEAL_HOUR[meal])
            placed[min(max((eaten - begin) // DAY, 0), count - 1)].append(meal)
    return placed


@lru_cache(maxsize=2048)
def diet(rate: Rate, provided: tuple[Meal, ...], due: Due) -> Worth:
    """Return what a period is worth: the part of the diet due, less the meals provided."""
    factor, rule = due.factor, due.rule
    gross = share(rate.allowance, factor)
    deductions = tuple(_deductions(provided, rate.allowance, gross))
    left = gross - sum((d.amount for d in deductions), _NONE)
    amount = Money.rounded(left, PLN)
    return Worth(
        kind=LineKind.SUBSISTENCE,
        base=rate.allowance,
        factor=factor,
        deductions=deductions,
        amount=amount,
        rules=(rule, MEALS) if deductions else (rule,),
        opening=(_said_span,),
        said=(_said_diet(rate, gross, rule), *_said_meals(deductions, rate, amount)),
    )


def _deductions(provided: tuple[Meal, ...], whole: Decimal, gross: Decimal) -> Iterator[Deduction]:
    """Take each meal off at its share of the full diet until nothing is left (RULES 2.4, 9.7)."""
    left = gross
    for meal in provided:
        percent = MEAL_PERCENT[meal]
        taken = min(share(whole, Fraction(percent, 100)), left)
        left -= taken
        yield Deduction(meal.value, percent, taken, MEALS)


@lru_cache(maxsize=64)
def _no_diet(rate: Rate, reason: NoDiet) -> Worth:
    return Worth(
        kind=LineKind.SUBSISTENCE,
        base=rate.allowance,
        factor=_NOTHING,
        amount=Money.zero(PLN),
        rules=(NO_DIET,),
        opening=(_said_span,),
        said=(words.WHY_NONE[reason].of(),),
    )


def _said_span(line: Line) -> Said:
    return words.PERIOD.of(
        number=line.number,
        begins=line.begins,
        ends=line.ends,
        length=Length(line.seconds),
    )


def _said_diet(rate: Rate, gross: Decimal, rule: Rule) -> Said:
    whole, part = Amount(rate.allowance, PLN), Amount(gross, PLN)
    return words.DIET.of(diet=whole, since=rate.valid_from, why=_WHY[rule], part=part)


def _said_meals(deductions: tuple[Deduction, ...], rate: Rate, amount: Money) -> Iterator[Said]:
    if deductions:
        meals = Listed(tuple(_said_meal(each, rate.allowance) for each in deductions))
        yield words.MEALS.of(meals=meals, due=Amount(amount.amount, PLN))


def _said_meal(taken: Deduction, whole: Decimal) -> Said:
    nominal = share(whole, Fraction(taken.percent, 100))
    phrase = words.MEAL if taken.amount == nominal else words.MEAL_CUT
    return phrase.of(
        meal=words.MEAL_WORD[Meal(taken.what)],
        percent=taken.percent,
        off=Amount(taken.amount, PLN),
    )


def violations(facts: TripFacts) -> list[Violation]:
    """List what is wrong with the facts of a domestic trip."""
    found = general_violations(facts, PLN)
    if facts.country != "PL":
        message = "PL_DOMESTIC covers trips inside Poland only."
        found.append(Violation("/country", "country_not_covered", message))
    if facts.mobilisation or facts.nights_away is not None:
        message = "Mobilisation and nights away belong to EU_EXTERNAL."
        pointer = "/mobilisation" if facts.mobilisation else "/nights_away"
        found.append(Violation(pointer, "not_covered_by_ruleset", message))
    if (facts.local_transport_costs is None) is (facts.local_transport is LocalTransport.ACTUAL):
        message = "Documented local transport has an amount, and nothing else has one."
        found.append(Violation("/local_transport_costs", "amount_missing_or_unexpected", message))
    told = {violation.pointer for violation in found}
    found.extend(
        Violation(f"/nights/{index}/on", "night_not_travelled", "No part of it is in the trip.")
        for index, night in enumerate(facts.nights)
        if f"/nights/{index}/on" not in told and not hours_of_night(facts, night.on)
    )
    return found


PL_DOMESTIC: Final = Ruleset(
    code=CODE,
    version=VERSION,
    title=Words("Podróż służbowa na obszarze kraju", "Business trip inside Poland"),
    currency=PLN,
    violations=violations,
    select=select,
    compute=with_remarks(compute, VERSION),
    schemes=(CODE,),
)
