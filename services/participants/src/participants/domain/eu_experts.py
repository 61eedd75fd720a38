"""TAIEX and TWINNING: the per diem of the Commission's list for experts, with what differs.

TAIEX deducts the hotel and catering it provided, pays nothing in the expert's own country, and adds
a fixed allowance for officials. A twinning contract adds the expert's fee and its compensation.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kit.errors import Violation
from kit.money import Money
from participants.domain import eu_external
from participants.domain import eu_words as words
from participants.domain.abroad import Expert, Provision
from participants.domain.checks import amount_violations, cost_violations, price_violations
from participants.domain.choices import Pin
from participants.domain.explained import (
    Deduction,
    Line,
    LineKind,
    Result,
    Rule,
    Worth,
    totals,
)
from participants.domain.per_diem import CostKind, Ruleset, TripFacts
from participants.domain.phrases import Amount, Counted, Listed, Said, Words
from participants.domain.pl_travel import cost_line
from participants.domain.rates import Rate, RateBook
from participants.domain.remarks import weak_in_words, with_remarks

EUR: Final = "EUR"
TAIEX_CODE: Final = "TAIEX"
TWINNING_CODE: Final = "TWINNING"
TAIEX_FIRST: Final = "TAIEX Guide for Experts, part A"
TAIEX_SECOND: Final = f"{TAIEX_FIRST}; edition 2"
TAIEX_VERSION: Final = f"{TAIEX_FIRST}; edition 3"
TWINNING_FIRST: Final = "Common Twinning Manual, section 5.8.1"
TWINNING_SECOND: Final = f"{TWINNING_FIRST}; edition 2"
TWINNING_VERSION: Final = f"{TWINNING_FIRST}; edition 3"
FIXED_ALLOWANCE: Final = Decimal(250)

_GUIDE: Final = "TAIEX, przewodnik dla ekspertów, część A"
_MANUAL: Final = "Wspólny podręcznik twinningowy, pkt 5.8.1"
PROVIDED: Final = Rule(
    "TAIEX-PROVIDED",
    f"{TAIEX_FIRST}: hotel and catering are deducted",
    f"{_GUIDE}: hotel i wyżywienie potrąca się",
)
AT_HOME: Final = Rule(
    "TAIEX-AT-HOME",
    f"{TAIEX_FIRST}: nothing in the expert's own country",
    f"{_GUIDE}: we własnym kraju nic nie przysługuje",
)
FIXED: Final = Rule(
    "TAIEX-FIXED-ALLOWANCE",
    f"{TAIEX_FIRST}: EUR 250 for each working day",
    f"{_GUIDE}: 250 EUR za każdy dzień roboczy",
)
FEE: Final = Rule(
    "TWINNING-FEE",
    f"{TWINNING_FIRST}: fee for each working day",
    f"{_MANUAL}: honorarium za każdy dzień roboczy",
)
COMPENSATION: Final = Rule(
    "TWINNING-COMPENSATION",
    f"{TWINNING_FIRST}: management costs",
    f"{_MANUAL}: koszty zarządzania",
)
TRAVEL: Final = Rule(
    "TWINNING-TRAVEL",
    f"{TWINNING_FIRST}: travel at cost",
    f"{_MANUAL}: koszty podróży w rzeczywistej wysokości",
)
_NONE: Final = Decimal(0)


def _expert(facts: TripFacts) -> Expert:
    return facts.expert if facts.expert is not None else Expert()


def _is_home(facts: TripFacts) -> bool:
    return _expert(facts).home_country == facts.country


def select_taiex(book: RateBook, facts: TripFacts, pin: Pin) -> tuple[Rate, ...]:
    """Return the rate of the contract's list; at home none is needed."""
    return () if _is_home(facts) else select(book, facts, pin)


def select(book: RateBook, facts: TripFacts, pin: Pin) -> tuple[Rate, ...]:
    """Return the one rate of the contract's list."""
    return eu_external.select(book, facts, pin)


def compute_taiex(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
    """Return the nights less what was provided, and the fixed allowance of officials."""
    if _is_home(facts):
        lines: tuple[Line, ...] = (_at_home(),)
        return Result(TAIEX_CODE, TAIEX_FIRST, lines, totals(lines, EUR), rates, ())
    plain = eu_external.compute(facts, pin, rates)
    lines = (*_reduced(facts, plain.lines), *_fixed(_expert(facts)))
    summed = totals(lines, EUR)
    return Result(TAIEX_CODE, TAIEX_FIRST, lines, summed, rates, plain.assumptions)


def _at_home() -> Line:
    worth = Worth(
        kind=LineKind.SUBSISTENCE,
        base=_NONE,
        factor=Fraction(0),
        amount=Money.zero(EUR),
        rules=(AT_HOME,),
        said=(words.AT_HOME.of(),),
    )
    return Line(worth, 1)


def _reduced(facts: TripFacts, nights: tuple[Line, ...]) -> Iterator[Line]:
    """Yield each night less what was provided on its day; the last takes the day of return."""
    last = nights[-1].on
    provided = _expert(facts).provided
    for line in nights:
        taken, left = [], line.amount.amount
        for each in provided:
            if line.on is not None and (min(each.on, last or each.on) == line.on):
                off = min(each.cost, left)
                left -= off
                taken.append(Deduction(each.what.value, 100, off, PROVIDED))
        yield _less(line, tuple(taken), left) if taken else line


def _less(line: Line, taken: tuple[Deduction, ...], left: Decimal) -> Line:
    parts = (words.WHAT[Provision(d.what)].of(off=Amount(d.amount, EUR)) for d in taken)
    said = words.PROVIDED.of(what=Listed(tuple(parts)), due=Amount(left, EUR))
    worth = replace(
        line.worth,
        deductions=taken,
        amount=Money(left, EUR),
        rules=(*line.rules, PROVIDED),
        said=(*line.worth.said, said),
    )
    return line._replace(worth=worth)


def _fixed(expert: Expert) -> Iterator[Line]:
    days = expert.working_days + expert.travel_days
    if not expert.official or not days:
        return
    amount = Money.rounded(FIXED_ALLOWANCE * days, EUR)
    said = words.FIXED.of(
        days=days,
        counted=Counted(days, *words.MISSION_DAYS),
        each=Amount(FIXED_ALLOWANCE, EUR),
        due=Amount(amount.amount, EUR),
    )
    worth = Worth(
        kind=LineKind.ALLOWANCE,
        base=FIXED_ALLOWANCE,
        factor=Fraction(days),
        amount=amount,
        rules=(FIXED,),
        said=(said,),
    )
    yield Line(worth, 1)


def compute_twinning(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
    """Return the fee, its compensation, the per diem of the nights and travel at cost."""
    plain = eu_external.compute(facts, pin, rates)
    travel = (
        cost_line(number, replace(cost, currency=cost.currency or EUR), TRAVEL)
        for number, cost in enumerate(facts.costs, 1)
    )
    lines = (*_fees(_expert(facts), pin), *plain.lines, *travel)
    summed = totals(lines, EUR)
    return Result(TWINNING_CODE, TWINNING_FIRST, lines, summed, rates, plain.assumptions)


def _fees(expert: Expert, pin: Pin) -> Iterator[Line]:
    if expert.daily_fee is None or not expert.working_days:
        return
    days, percent = expert.working_days, pin.compensation_percent
    fee = Money.rounded(expert.daily_fee * days, EUR)
    added = Money.rounded(fee.amount * percent / 100, EUR)
    whole = Amount(fee.amount, EUR)
    said_fee = words.FEE.of(
        days=days,
        counted=Counted(days, *words.WORKING_DAYS),
        each=Amount(expert.daily_fee, EUR),
        due=whole,
    )
    said_more = words.COMPENSATION.of(percent=percent, fee=whole, due=Amount(added.amount, EUR))
    yield Line(_paid(expert.daily_fee, Fraction(days), fee, FEE, said_fee), 1)
    yield Line(_paid(fee.amount, Fraction(percent, 100), added, COMPENSATION, said_more), 2)


def _paid(base: Decimal, factor: Fraction, amount: Money, rule: Rule, said: Said) -> Worth:
    return Worth(
        kind=LineKind.FEE, base=base, factor=factor, amount=amount, rules=(rule,), said=(said,)
    )


def _violations(facts: TripFacts) -> list[Violation]:
    expert = _expert(facts)
    found = eu_external.violations(replace(facts, expert=None, costs=()))
    days = (facts.last_day - facts.first_day).days + 1
    if min(expert.working_days, expert.travel_days) < 0 or (
        expert.working_days + expert.travel_days > days
    ):
        message = f"The trip has {days} days for work and travel."
        found.append(Violation("/expert/working_days", "days_outside_trip", message))
    found.extend(amount_violations("/expert/daily_fee", expert.daily_fee, EUR))
    for index, each in enumerate(expert.provided):
        pointer = f"/expert/provided/{index}"
        if not _in_trip(facts, each.on):
            message = "What was provided belongs to a day of the trip."
            found.append(Violation(f"{pointer}/on", "day_not_travelled", message))
        found.extend(amount_violations(f"{pointer}/cost", each.cost, EUR))
    return found


def _in_trip(facts: TripFacts, on: date) -> bool:
    return facts.first_day <= on <= facts.last_day


def violations_taiex(facts: TripFacts) -> list[Violation]:
    """List what is wrong with the facts of a TAIEX mission."""
    found = _violations(facts)
    message = "TAIEX pays no fee and no travel costs: it buys the tickets."
    for pointer, present in (
        ("/expert/daily_fee", _expert(facts).daily_fee is not None),
        ("/costs", bool(facts.costs)),
    ):
        if present:
            found.append(Violation(pointer, "not_covered_by_ruleset", message))
    return found


def violations_twinning(facts: TripFacts) -> list[Violation]:
    """List what is wrong with the facts of a twinning mission."""
    found = [*_violations(facts), *cost_violations(facts), *price_violations(facts, EUR)]
    for index, cost in enumerate(facts.costs):
        if cost.kind is CostKind.OTHER:
            message = "The per diem covers sundry expenses: only travel is paid beside it."
            found.append(Violation(f"/costs/{index}/kind", "not_covered_by_ruleset", message))
    if _expert(facts).provided or _expert(facts).official:
        message = "Deductions and the fixed allowance belong to TAIEX."
        found.append(Violation("/expert", "not_covered_by_ruleset", message))
    return found


_FEES: Final = (*eu_external.LIST, "compensation_percent")
TAIEX: Final = Ruleset(
    code=TAIEX_CODE,
    version=TAIEX_VERSION,
    title=Words("Ekspert TAIEX", "TAIEX expert"),
    currency=EUR,
    violations=violations_taiex,
    select=select_taiex,
    compute=with_remarks(compute_taiex, TAIEX_VERSION, *eu_external.LIST, weak=weak_in_words),
    schemes=(eu_external.CODE,),
)
TWINNING: Final = Ruleset(
    code=TWINNING_CODE,
    version=TWINNING_VERSION,
    title=Words("Ekspert twinningowy", "Twinning expert"),
    currency=EUR,
    violations=violations_twinning,
    select=select,
    compute=with_remarks(compute_twinning, TWINNING_VERSION, *_FEES, weak=weak_in_words),
    schemes=(eu_external.CODE,),
)
# The editions before: what is held of a list was told in English only.
TAIEX_BEFORE: Final = replace(
    TAIEX,
    version=TAIEX_SECOND,
    compute=with_remarks(compute_taiex, TAIEX_SECOND, *eu_external.LIST),
)
TWINNING_BEFORE: Final = replace(
    TWINNING,
    version=TWINNING_SECOND,
    compute=with_remarks(compute_twinning, TWINNING_SECOND, *_FEES),
)
