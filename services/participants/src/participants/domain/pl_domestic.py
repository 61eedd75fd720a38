"""PL_DOMESTIC: business trips inside Poland, Dz.U. 2013 poz. 167, sections 6-11.

The consolidated text is Dz.U. 2023 poz. 2190. Amounts are PLN. The rate of a 24-hour period is the
one in force when the period begins (RULES 9.6); the days of Poland are those of Europe/Warsaw.
"""

from collections.abc import Iterator
from datetime import time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kit.errors import Violation
from kit.money import Money
from participants.domain.assumptions import spelled
from participants.domain.checks import general_violations
from participants.domain.choices import Pin
from participants.domain.per_diem import (
    DAY,
    Deduction,
    Line,
    LineKind,
    LocalTransport,
    Meal,
    NoDiet,
    Period,
    Result,
    Rule,
    Ruleset,
    TimeLine,
    TripFacts,
    Words,
    share,
    spoken,
    totals,
)
from participants.domain.pl_travel import (
    ACT,
    IN_FORCE_FROM,
    PLN,
    WARSAW,
    cost_line,
    diet_on,
    hours_of_night,
    local_transport_lines,
    night_line,
)
from participants.domain.rates import NoRate, Rate, RateBook, RateSetStatus
from participants.domain.remarks import with_remarks

CODE: Final = "PL_DOMESTIC"
FIRST: Final = "Dz.U. 2013 poz. 167 (2023 poz. 2190)"
VERSION: Final = f"{FIRST}; edition 2"

NONE_UNDER_8: Final = Rule("PL-DOM-DIET-UNDER-8H", f"{ACT} s.7(2)")
HALF_8_TO_12: Final = Rule("PL-DOM-DIET-8H-TO-12H", f"{ACT} s.7(2)")
FULL_OVER_12: Final = Rule("PL-DOM-DIET-OVER-12H", f"{ACT} s.7(2)")
FULL_PERIOD: Final = Rule("PL-DOM-DIET-FULL-24H", f"{ACT} s.7(2)")
HALF_REMAINDER: Final = Rule("PL-DOM-DIET-REMAINDER-TO-8H", f"{ACT} s.7(2)")
FULL_REMAINDER: Final = Rule("PL-DOM-DIET-REMAINDER-OVER-8H", f"{ACT} s.7(2)")
NO_DIET: Final = Rule("PL-DOM-NO-DIET", f"{ACT} s.7(3)")
MEALS: Final = Rule("PL-DOM-MEALS", f"{ACT} s.7(4)")

MEAL_PERCENT: Final = {Meal.BREAKFAST: 25, Meal.LUNCH: 50, Meal.DINNER: 25}
MEAL_HOUR: Final = {Meal.BREAKFAST: time(8), Meal.LUNCH: time(13), Meal.DINNER: time(19)}
_MEAL_WORD: Final = {
    Meal.BREAKFAST: Words("śniadanie", "breakfast"),
    Meal.LUNCH: Words("obiad", "lunch"),
    Meal.DINNER: Words("kolacja", "dinner"),
}
_HOURS: Final = timedelta(hours=1)
_NOTHING: Final = Fraction(0)
_HALF: Final = Fraction(1, 2)
_WHOLE: Final = Fraction(1)

_WHY: Final = {
    NONE_UNDER_8: Words(
        "podróż krótsza niż 8 godzin: dieta nie przysługuje", "trip under 8 hours: no diet is due"
    ),
    HALF_8_TO_12: Words(
        "podróż od 8 do 12 godzin: połowa diety", "trip of 8 to 12 hours: half the diet"
    ),
    FULL_OVER_12: Words(
        "podróż ponad 12 godzin: pełna dieta", "trip of more than 12 hours: the full diet"
    ),
    FULL_PERIOD: Words("pełna doba: pełna dieta", "a full 24 hours: the full diet"),
    HALF_REMAINDER: Words(
        "rozpoczęta doba, do 8 godzin: połowa diety",
        "a started 24 hours, up to 8 hours of it: half the diet",
    ),
    FULL_REMAINDER: Words(
        "rozpoczęta doba, ponad 8 godzin: pełna dieta",
        "a started 24 hours, more than 8 hours of it: the full diet",
    ),
}
_WHY_NONE: Final = {
    NoDiet.OWN_RESIDENCE: Words(
        "Dieta nie przysługuje: delegowanie do miejscowości zamieszkania pracownika.",
        "No diet is due: the traveller was sent to the place where they live.",
    ),
    NoDiet.HOME_VISIT: Words(
        "Dieta nie przysługuje: dojazd do domu w dniu wolnym.",
        "No diet is due: the traveller was on a visit home on a day off.",
    ),
}


def entitlement(length: timedelta, *, alone: bool) -> tuple[Fraction, Rule]:
    """Return the part of the diet due for one period (s.7(2)) and the rule that says so.

    `alone`: the whole trip takes no more than 24 hours, so that the 8 and 12 hour bands apply.
    """
    if alone and length < 8 * _HOURS:
        return _NOTHING, NONE_UNDER_8
    if alone:
        return (_HALF, HALF_8_TO_12) if length <= 12 * _HOURS else (_WHOLE, FULL_OVER_12)
    if length == DAY:
        return _WHOLE, FULL_PERIOD
    return (_HALF, HALF_REMAINDER) if length <= 8 * _HOURS else (_WHOLE, FULL_REMAINDER)


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
    line_of_time = TimeLine(WARSAW, pin.counting)
    periods = line_of_time.periods(facts)
    lines = (
        *diet_lines(facts, periods, rates, line_of_time),
        *(night_line(number, night, facts, rates) for number, night in enumerate(facts.nights, 1)),
        *local_transport_lines(facts, periods, rates),
        *(cost_line(number, cost) for number, cost in enumerate(facts.costs, 1)),
    )
    return Result(CODE, FIRST, lines, totals(lines, PLN), rates, spelled(facts.assumed))


def diet_lines(
    facts: TripFacts, periods: list[Period], rates: tuple[Rate, ...], line_of_time: TimeLine
) -> Iterator[Line]:
    """Yield the diet of each 24-hour period with the meals provided in it taken off (s.7)."""
    alone = len(periods) == 1
    meals = _meals_by_period(facts, len(periods), line_of_time)
    for period, provided in zip(periods, meals, strict=True):
        rate = diet_on(rates, period.begins_at.date())
        factor, rule = entitlement(period.length, alone=alone)
        if facts.no_diet is not None:
            yield _no_diet(period, rate, facts.no_diet)
        else:
            yield diet_line(period, rate, provided, (factor, rule), said_span(period))


def _meals_by_period(facts: TripFacts, count: int, line_of_time: TimeLine) -> list[list[Meal]]:
    """Place each meal in the 24 hours that hold its usual hour; the ends take what lies outside."""
    begin = line_of_time.at(facts.departs_at)
    placed: list[list[Meal]] = [[] for _ in range(count)]
    for day in facts.meals:
        for meal in day.provided:
            eaten = line_of_time.local(day.on, MEAL_HOUR[meal])
            placed[min(max((eaten - begin) // DAY, 0), count - 1)].append(meal)
    return placed


def diet_line(
    period: Period, rate: Rate, provided: list[Meal], due: tuple[Fraction, Rule], span: Words
) -> Line:
    """Return the line of one period: the part of the diet due, less the meals provided."""
    factor, rule = due
    gross = share(rate.allowance, factor)
    deductions = tuple(_deductions(provided, rate.allowance, gross))
    left = gross - sum((d.amount for d in deductions), Decimal(0))
    amount = Money.rounded(left, PLN)
    return Line(
        kind=LineKind.SUBSISTENCE,
        number=period.number,
        begins_at=period.begins_at,
        ends_at=period.ends_at,
        base=rate.allowance,
        factor=factor,
        deductions=deductions,
        amount=amount,
        rules=(rule, MEALS) if deductions else (rule,),
        text=span + _diet_words(rate, gross, rule) + _meal_words(deductions, amount),
    )


def _deductions(provided: list[Meal], diet: Decimal, gross: Decimal) -> Iterator[Deduction]:
    """Take each meal off at its share of the full diet until nothing is left (RULES 2.4, 9.7)."""
    left = gross
    for meal in provided:
        percent = MEAL_PERCENT[meal]
        taken = min(share(diet, Fraction(percent, 100)), left)
        left -= taken
        yield Deduction(meal.value, percent, taken, MEALS)


def _no_diet(period: Period, rate: Rate, reason: NoDiet) -> Line:
    return Line(
        kind=LineKind.SUBSISTENCE,
        number=period.number,
        begins_at=period.begins_at,
        ends_at=period.ends_at,
        base=rate.allowance,
        factor=_NOTHING,
        amount=Money.zero(PLN),
        rules=(NO_DIET,),
        text=said_span(period) + _WHY_NONE[reason],
    )


def said_span(period: Period) -> Words:
    """Say which period it is, from when to when, and how long it lasted."""
    begin, end = (f"{at:%Y-%m-%d %H:%M}" for at in (period.begins_at, period.ends_at))
    minutes = int(period.length.total_seconds()) // 60
    hours = f"{minutes // 60} h {minutes % 60} min"
    return Words(
        f"Doba {period.number}, od {begin} do {end} ({hours}).",
        f"Period {period.number}, from {begin} to {end} ({hours}).",
    )


def _diet_words(rate: Rate, gross: Decimal, rule: Rule) -> Words:
    diet, due, why = spoken(rate.allowance, PLN), spoken(gross, PLN), _WHY[rule]
    return Words(
        f"Dieta {diet.pl} (stawka od {rate.valid_from}); {why.pl}: {due.pl}.",
        f"Diet {diet.en} (rate from {rate.valid_from}); {why.en}: {due.en}.",
    )


def _meal_words(deductions: tuple[Deduction, ...], amount: Money) -> Words:
    if not deductions:
        return Words("", "")
    due = spoken(amount.amount, PLN)
    taken = [(_MEAL_WORD[Meal(d.what)], d.percent, spoken(d.amount, PLN)) for d in deductions]
    polish = "; ".join(
        f"{meal.pl} ({percent}% pełnej diety) -{off.pl}" for meal, percent, off in taken
    )
    english = "; ".join(
        f"{meal.en} ({percent}% of the full diet) -{off.en}" for meal, percent, off in taken
    )
    return Words(
        f"Zapewnione posiłki: {polish}. Do wypłaty {due.pl}.",
        f"Meals provided: {english}. Due {due.en}.",
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
