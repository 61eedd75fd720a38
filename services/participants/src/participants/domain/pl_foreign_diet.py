"""Diets abroad (s.13-s.15): the part due for a period, and what is taken off it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import count, repeat
from typing import Final

from kit.money import Money, half_up
from participants.domain import pl_foreign_rules as rules
from participants.domain import pl_foreign_words as words
from participants.domain.abroad import Abroad
from participants.domain.countries import where
from participants.domain.explained import (
    Deduction,
    Due,
    Line,
    LineKind,
    Rule,
    Worth,
    line_of,
    share,
)
from participants.domain.moments import DAY, day_reading
from participants.domain.per_diem import Meal, TripFacts
from participants.domain.phrases import Amount, Length, Said
from participants.domain.pl_foreign_tariff import Prices, Tariff
from participants.domain.pl_foreign_time import (
    Eaten,
    Slice,
    Span,
    Whereabouts,
    beginnings,
    point_in,
)
from participants.domain.rates import Rate

_HOUR: Final = 3600
_NOON: Final = 12 * _HOUR
_NONE: Final = Decimal(0)
_WHOLE: Final = Fraction(1)
_THREE_QUARTERS: Final = 75

_FULL: Final = Due(_WHOLE, rules.FULL_24H)
_THIRD: Final = Due(Fraction(1, 3), rules.THIRD)
_HALF: Final = Due(Fraction(1, 2), rules.HALF)
_OVER_12: Final = Due(_WHOLE, rules.OVER_12)
_WHY: Final = {
    rules.FULL_24H: words.FULL_24H.of(),
    rules.THIRD: words.THIRD.of(),
    rules.HALF: words.HALF.of(),
    rules.OVER_12: words.OVER_12.of(),
}


def entitlement(seconds: int) -> Due:
    """Return the part of the diet for a period of this length (s.13(3)) and the rule for it."""
    if seconds >= DAY:
        return _FULL
    if seconds <= 8 * _HOUR:
        return _THIRD
    return _HALF if seconds <= 12 * _HOUR else _OVER_12


# What else was provided during one period: whether it was a hospital day, cash for food.
# The cash is written out: 20 and 20.00 are the same amount, but not the same explanation.
Special = tuple[bool, str]
_USUAL: Final[Special] = (False, "0")


@lru_cache(maxsize=8192)
def _worth(prices: Prices, due: Due, meals: tuple[Meal, ...], special: Special) -> Worth:
    """Return what a period is worth; the same period of another day is worth the same."""
    rate, factor, rule = prices.rate, due.factor, due.rule
    gross, currency = share(rate.allowance, factor), rate.currency
    deductions = tuple(_deductions(rate, gross, meals, special))
    left = gross
    if deductions and deductions[0].percent == _THREE_QUARTERS:
        left = half_up(gross, currency)
    left = max(left - sum((each.amount for each in deductions), _NONE), _NONE)
    amount = Money.rounded(left, currency)
    return Worth(
        kind=LineKind.SUBSISTENCE,
        base=rate.allowance,
        factor=factor,
        deductions=deductions,
        amount=amount,
        rules=(rule, *dict.fromkeys(each.rule for each in deductions)),
        opening=(_opening,),
        said=(_said_diet(rate, gross, rule), *_said_deductions(deductions, rate, amount)),
        country=prices.country,
    )


def _deductions(
    rate: Rate, gross: Decimal, meals: tuple[Meal, ...], special: Special
) -> Iterator[Deduction]:
    """Yield what comes off, in the order of the rules, until nothing is left (RULES 9.7)."""
    currency, left = rate.currency, gross
    hospital, cash = special
    food_money = Decimal(cash)
    if hospital or set(meals) >= rules.BOARD:
        what, rule = ("hospital", rules.HOSPITAL)
        if not hospital:
            what, rule = ("full_board", rules.FULL_BOARD)
        due = half_up(share(gross, rules.QUARTER), currency)
        yield Deduction(what, _THREE_QUARTERS, half_up(gross, currency) - due, rule)
        left = due
    else:
        for meal in meals:
            percent = rules.MEAL_PERCENT[meal]
            off = _within(share(rate.allowance, Fraction(percent, 100)), left, currency)
            left = max(left - off, _NONE)
            yield Deduction(meal.value, percent, off, rules.MEALS)
    if food_money:
        off = _within(food_money, left, currency)
        yield Deduction("food_money", 100, off, rules.FOOD_MONEY)


def _within(off: Decimal, left: Decimal, currency: str) -> Decimal:
    return off if off <= left else half_up(left, currency)


def _said_diet(rate: Rate, gross: Decimal, rule: Rule) -> Said:
    whole, part = Amount(rate.allowance, rate.currency), Amount(gross, rate.currency)
    return words.DIET.of(diet=whole, since=rate.valid_from, why=_WHY[rule], part=part)


def _said_deductions(
    deductions: tuple[Deduction, ...], rate: Rate, amount: Money
) -> Iterator[Said]:
    for each in deductions:
        yield _said(each, rate)
    if deductions:
        yield words.DUE.of(due=Amount(amount.amount, amount.currency))


def _said(taken: Deduction, rate: Rate) -> Said:
    off = Amount(taken.amount, rate.currency)
    if taken.what in _WHOLE_PERIOD:
        return _WHOLE_PERIOD[taken.what].of(off=off)
    nominal = share(rate.allowance, Fraction(taken.percent, 100))
    phrase = words.MEAL if taken.amount == nominal else words.MEAL_CUT
    return phrase.of(meal=words.MEAL_WORD[Meal(taken.what)], percent=taken.percent, off=off)


_WHOLE_PERIOD: Final = {
    "hospital": words.HOSPITAL,
    "full_board": words.FULL_BOARD,
    "food_money": words.FOOD_MONEY,
}


def diet_lines(
    facts: TripFacts, spans: list[Span], slices: list[Slice], eaten: Eaten, tariff: Tariff
) -> Iterator[Line]:
    """Yield the diet of each 24-hour period abroad."""
    meals, special = map(tuple, eaten.abroad), _by_period(facts, spans, slices)
    numbers, counting = count(1), repeat(tariff.clock.counting)
    for span, begins, end in slices:
        whole, last = len(begins) - 1, end - begins[-1]
        dues = [*repeat(_FULL, whole), entitlement(last)]
        worths = map(_worth, tariff.during(span, begins), dues, meals, special)
        moments = list(zip((*begins, end), counting, strict=False))
        seconds = [*repeat(DAY, whole), last]
        # The worths end first: each number and what was provided is taken once.
        members = (worths, numbers, moments, moments[1:], repeat(None), seconds)
        yield from map(line_of, zip(*members, strict=False))


def _by_period(facts: TripFacts, spans: list[Span], slices: list[Slice]) -> Iterator[Special]:
    """Return, period by period, what was provided besides meals."""
    if facts.abroad is None or not (facts.abroad.hospital or facts.abroad.food_money):
        return repeat(_USUAL)
    found = _special(facts.abroad, spans, beginnings(slices))
    return (found.get(number, _USUAL) for number in count())


def _opening(line: Line) -> Said:
    country = line.country or ""
    return words.PERIOD.of(
        number=line.number,
        country=country,
        where=where(country),
        begins=line.begins,
        ends=line.ends,
        length=Length(line.seconds),
    )


def _special(abroad: Abroad, spans: list[Span], begins: list[int]) -> dict[int, Special]:
    """Return, by period, whether it was spent in hospital and the cash received for food."""
    stays = Whereabouts([span for span in spans if span.stay is not None])
    ill = {_noon(stays, begins, on) for on in abroad.hospital}
    cash: defaultdict[int, Decimal] = defaultdict(Decimal)
    for money in abroad.food_money:
        cash[_noon(stays, begins, money.on)] += money.amount
    return {number: (number in ill, str(cash[number])) for number in {*ill, *cash}}


def _noon(stays: Whereabouts, begins: list[int], on: date) -> int:
    reading = day_reading(on) + _NOON
    return bisect_right(begins, point_in(stays.at(reading), reading)) - 1
