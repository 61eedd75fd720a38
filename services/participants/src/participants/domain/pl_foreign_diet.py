"""Diets abroad (s.13-s.15): the part due for a period, and what is taken off it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from kit.money import Money, half_up
from participants.domain import pl_foreign_rules as rules
from participants.domain.per_diem import (
    Deduction,
    Line,
    LineKind,
    Meal,
    Rule,
    TripFacts,
    Words,
    share,
    spoken,
)
from participants.domain.pl_foreign_tariff import Tariff
from participants.domain.pl_foreign_time import (
    DAY,
    Clock,
    Eaten,
    Slice,
    Span,
    day_reading,
    slice_at,
    span_at,
)
from participants.domain.rates import Rate

_HOUR: Final = 3600
_NOON: Final = 12 * _HOUR
_NONE: Final = Decimal(0)
_WHOLE: Final = Fraction(1)


def entitlement(seconds: int) -> tuple[Fraction, Rule]:
    """Return the part of the diet for a period of this length (s.13(3)) and the rule for it."""
    if seconds >= DAY:
        return _WHOLE, rules.FULL_24H
    if seconds <= 8 * _HOUR:
        return Fraction(1, 3), rules.THIRD
    return (Fraction(1, 2), rules.HALF) if seconds <= 12 * _HOUR else (_WHOLE, rules.OVER_12)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was provided during one period: meals, a hospital day, or cash for food."""

    meals: tuple[Meal, ...]
    hospital: bool
    food_money: Decimal


@dataclass(frozen=True, slots=True)
class _Price:
    factor: Fraction
    deductions: tuple[Deduction, ...]
    amount: Money
    rules: tuple[Rule, ...]
    text: Words


@lru_cache(maxsize=8192)
def _price(rate: Rate, seconds: int, taken: Taken) -> _Price:
    """Return what a period is worth; the same period of another day is worth the same."""
    factor, rule = entitlement(seconds)
    gross, currency = share(rate.allowance, factor), rate.currency
    deductions = tuple(_deductions(rate, gross, taken))
    left = gross
    if deductions and deductions[0].percent == _THREE_QUARTERS:
        left = half_up(gross, currency)
    left = max(left - sum((each.amount for each in deductions), _NONE), _NONE)
    amount = Money.rounded(left, currency)
    diet, part, why = spoken(rate.allowance, currency), spoken(gross, currency), rules.WHY[rule]
    said = Words(
        f"Dieta {diet.pl} (stawka od {rate.valid_from}); {why.pl}: {part.pl}.",
        f"Diet {diet.en} (rate from {rate.valid_from}); {why.en}: {part.en}.",
    )
    used = (rule, *dict.fromkeys(each.rule for each in deductions))
    text = said + _said_deductions(deductions, amount)
    return _Price(factor, deductions, amount, used, text)


_THREE_QUARTERS: Final = 75


def _deductions(rate: Rate, gross: Decimal, taken: Taken) -> Iterator[Deduction]:
    """Yield what comes off, in the order of the rules, until nothing is left (RULES 9.7)."""
    currency, left = rate.currency, gross
    whole_board = set(taken.meals) >= rules.BOARD
    if taken.hospital or whole_board:
        what, rule = ("hospital", rules.HOSPITAL)
        if not taken.hospital:
            what, rule = ("full_board", rules.FULL_BOARD)
        due = half_up(share(gross, rules.QUARTER), currency)
        yield Deduction(what, _THREE_QUARTERS, half_up(gross, currency) - due, rule)
        left = due
    else:
        for meal in taken.meals:
            percent = rules.MEAL_PERCENT[meal]
            off = _within(share(rate.allowance, Fraction(percent, 100)), left, currency)
            left = max(left - off, _NONE)
            yield Deduction(meal.value, percent, off, rules.MEALS)
    if taken.food_money:
        off = _within(taken.food_money, left, currency)
        yield Deduction("food_money", 100, off, rules.FOOD_MONEY)


def _within(off: Decimal, left: Decimal, currency: str) -> Decimal:
    return off if off <= left else half_up(left, currency)


def _said_deductions(deductions: tuple[Deduction, ...], amount: Money) -> Words:
    if not deductions:
        return Words("", "")
    due = spoken(amount.amount, amount.currency)
    parts = [_said(each, amount.currency) for each in deductions]
    return Words(
        f"{' '.join(part.pl for part in parts)} Do wypłaty {due.pl}.",
        f"{' '.join(part.en for part in parts)} Due {due.en}.",
    )


def _said(deduction: Deduction, currency: str) -> Words:
    off = spoken(deduction.amount, currency)
    if deduction.what in _WHOLE_PERIOD:
        why = _WHOLE_PERIOD[deduction.what]
        return Words(f"{why.pl} (-{off.pl}).", f"{why.en} (-{off.en}).")
    meal = rules.MEAL_WORD[Meal(deduction.what)]
    percent = deduction.percent
    return Words(
        f"Zapewniono {_ACCUSATIVE[Meal(deduction.what)]}: {percent}% diety, -{off.pl}.",
        f"{meal.en.capitalize()} provided: {percent}% of the diet, -{off.en}.",
    )


_ACCUSATIVE: Final = {Meal.BREAKFAST: "śniadanie", Meal.LUNCH: "obiad", Meal.DINNER: "kolację"}
_WHOLE_PERIOD: Final = {
    "hospital": Words(
        "Pobyt w szpitalu: należy się 25% tak ustalonej diety",
        "Day in hospital: 25% of the diet so fixed is due",
    ),
    "full_board": Words(
        "Zapewniono bezpłatne całodzienne wyżywienie: należy się 25% tak ustalonej diety",
        "Full board was provided free of charge: 25% of the diet so fixed is due",
    ),
    "food_money": Words(
        "Otrzymano pieniądze na wyżywienie: dieta przysługuje tylko jako wyrównanie",
        "Cash for food was received: only what is missing to the diet is due",
    ),
}


def diet_lines(
    facts: TripFacts, spans: list[Span], slices: list[Slice], eaten: Eaten, tariff: Tariff
) -> Iterator[Line]:
    """Yield the diet of each 24-hour period abroad."""
    special = _special(facts, spans, slices)
    clock = tariff.clock
    for index, piece in enumerate(slices):
        country = piece.span.country
        rate = tariff.rate(country, piece.span.place, clock.shown(piece.begins).date())
        hospital, money = special.get(index, _PLAIN)
        taken = Taken(tuple(eaten.abroad[index]), hospital, money)
        yield _line(index + 1, country, (clock, piece.begins, piece.ends), rate, taken)


_PLAIN: Final = (False, _NONE)


@lru_cache(maxsize=4096)
def _line(
    number: int, country: str, times: tuple[Clock, int, int], rate: Rate, taken: Taken
) -> Line:
    """Return the line of a period: the same while a form is filled in around it."""
    clock, begins, ends = times
    begin, end, seconds = clock.shown(begins), clock.shown(ends), ends - begins
    price = _price(rate, seconds, taken)
    span = _said_period(number, country, begin, end, seconds)
    return Line(
        kind=LineKind.SUBSISTENCE,
        number=number,
        begins_at=begin,
        ends_at=end,
        base=rate.allowance,
        factor=price.factor,
        deductions=price.deductions,
        amount=price.amount,
        rules=price.rules,
        text=Words(f"{span.pl} {price.text.pl}", f"{span.en} {price.text.en}"),
        country=country,
    )


def _said_period(number: int, country: str, begin: datetime, end: datetime, seconds: int) -> Words:
    since, until = begin.isoformat(" ", "minutes")[:16], end.isoformat(" ", "minutes")[:16]
    hours = f"{seconds // _HOUR} h {seconds % _HOUR // 60} min"
    return Words(
        f"Doba {number} za granicą ({country}), od {since} do {until} ({hours}).",
        f"Period {number} abroad ({country}), from {since} to {until} ({hours}).",
    )


def _special(
    facts: TripFacts, spans: list[Span], slices: list[Slice]
) -> dict[int, tuple[bool, Decimal]]:
    """Return, by period, whether it was spent in hospital and the cash received for food."""
    found: dict[int, tuple[bool, Decimal]] = {}
    if facts.abroad is None:
        return found
    stays = [span for span in spans if span.stay is not None]
    for on in facts.abroad.hospital:
        index = _noon(stays, slices, on)
        found[index] = (True, found.get(index, (True, _NONE))[1])
    for money in facts.abroad.food_money:
        index = _noon(stays, slices, money.on)
        ill, known = found.get(index, (False, _NONE))
        found[index] = (ill, known + money.amount)
    return found


def _noon(stays: list[Span], slices: list[Slice], on: date) -> int:
    reading = day_reading(on) + _NOON
    return slice_at(slices, span_at(stays, reading), reading)
