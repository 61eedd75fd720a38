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
from participants.domain.abroad import Expert, Provision
from participants.domain.checks import amount_violations
from participants.domain.choices import Pin
from participants.domain.per_diem import (
    Deduction,
    Line,
    LineKind,
    Result,
    Rule,
    Ruleset,
    TripFacts,
    Words,
    spoken,
    totals,
)
from participants.domain.pl_travel import cost_line
from participants.domain.rates import Rate, RateBook
from participants.domain.remarks import with_remarks

EUR: Final = "EUR"
TAIEX_CODE: Final = "TAIEX"
TWINNING_CODE: Final = "TWINNING"
TAIEX_VERSION: Final = "TAIEX Guide for Experts, part A"
TWINNING_VERSION: Final = "Common Twinning Manual, section 5.8.1"
FIXED_ALLOWANCE: Final = Decimal(250)

PROVIDED: Final = Rule("TAIEX-PROVIDED", f"{TAIEX_VERSION}: hotel and catering are deducted")
AT_HOME: Final = Rule("TAIEX-AT-HOME", f"{TAIEX_VERSION}: nothing in the expert's own country")
FIXED: Final = Rule("TAIEX-FIXED-ALLOWANCE", f"{TAIEX_VERSION}: EUR 250 for each working day")
FEE: Final = Rule("TWINNING-FEE", f"{TWINNING_VERSION}: fee for each working day")
COMPENSATION: Final = Rule("TWINNING-COMPENSATION", f"{TWINNING_VERSION}: management costs")
TRAVEL: Final = Rule("TWINNING-TRAVEL", f"{TWINNING_VERSION}: travel at cost")
_WHAT: Final = {
    Provision.HOTEL: Words("hotel", "hotel"),
    Provision.CATERING: Words("wyżywienie", "catering"),
}
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
        return Result(TAIEX_CODE, TAIEX_VERSION, lines, totals(lines, EUR), rates, ())
    plain = eu_external.compute(facts, pin, rates)
    lines = (*_reduced(facts, plain.lines), *_fixed(_expert(facts)))
    summed = totals(lines, EUR)
    return Result(TAIEX_CODE, TAIEX_VERSION, lines, summed, rates, plain.assumptions)


def _at_home() -> Line:
    return Line(
        kind=LineKind.SUBSISTENCE,
        number=1,
        base=_NONE,
        factor=Fraction(0),
        amount=Money.zero(EUR),
        rules=(AT_HOME,),
        text=Words(
            "Wydarzenie odbywa się w kraju eksperta: dieta nie przysługuje.",
            "The event is in the expert's own country: no per diem is due.",
        ),
    )


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
    parts = [(_WHAT[Provision(each.what)], spoken(each.amount, EUR)) for each in taken]
    due = spoken(left, EUR)
    words = Words(
        f"Zapewniono: {'; '.join(f'{w.pl} -{off.pl}' for w, off in parts)}. Należy się {due.pl}.",
        f"Provided: {'; '.join(f'{w.en} -{off.en}' for w, off in parts)}. Due {due.en}.",
    )
    return replace(
        line,
        deductions=taken,
        amount=Money(left, EUR),
        rules=(*line.rules, PROVIDED),
        text=line.text + words,
    )


def _fixed(expert: Expert) -> Iterator[Line]:
    days = expert.working_days + expert.travel_days
    if not expert.official or not days:
        return
    amount = Money.rounded(FIXED_ALLOWANCE * days, EUR)
    each, due = spoken(FIXED_ALLOWANCE, EUR), spoken(amount.amount, EUR)
    yield Line(
        kind=LineKind.ALLOWANCE,
        number=1,
        base=FIXED_ALLOWANCE,
        factor=Fraction(days),
        amount=amount,
        rules=(FIXED,),
        text=Words(
            f"Stały dodatek urzędnika: {days} dni roboczych i dni przejazdu x {each.pl}: {due.pl}.",
            f"Fixed allowance of an official: {days} working and travel days x {each.en}: "
            f"{due.en}.",
        ),
    )


def compute_twinning(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
    """Return the fee, its compensation, the per diem of the nights and travel at cost."""
    plain = eu_external.compute(facts, pin, rates)
    travel = (
        replace(cost_line(number, replace(cost, currency=cost.currency or EUR)), rules=(TRAVEL,))
        for number, cost in enumerate(facts.costs, 1)
    )
    lines = (*_fees(_expert(facts), pin), *plain.lines, *travel)
    summed = totals(lines, EUR)
    return Result(TWINNING_CODE, TWINNING_VERSION, lines, summed, rates, plain.assumptions)


def _fees(expert: Expert, pin: Pin) -> Iterator[Line]:
    if expert.daily_fee is None or not expert.working_days:
        return
    days, percent = expert.working_days, pin.compensation_percent
    fee = Money.rounded(expert.daily_fee * days, EUR)
    added = Money.rounded(fee.amount * percent / 100, EUR)
    each, due, more = (spoken(n, EUR) for n in (expert.daily_fee, fee.amount, added.amount))
    yield Line(
        kind=LineKind.FEE,
        number=1,
        base=expert.daily_fee,
        factor=Fraction(days),
        amount=fee,
        rules=(FEE,),
        text=Words(
            f"Honorarium eksperta: {days} dni roboczych x {each.pl}: {due.pl}.",
            f"Expert's fee: {days} working days x {each.en}: {due.en}.",
        ),
    )
    yield Line(
        kind=LineKind.FEE,
        number=2,
        base=fee.amount,
        factor=Fraction(percent, 100),
        amount=added,
        rules=(COMPENSATION,),
        text=Words(
            f"Rekompensata kosztów zarządzania: {percent}% honorarium {due.pl}, czyli {more.pl}.",
            f"Compensation for management costs: {percent}% of the fee of {due.en}, "
            f"that is {more.en}.",
        ),
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
    found = _violations(facts)
    for index, cost in enumerate(facts.costs):
        of_cost = cost.currency or EUR
        found.extend(amount_violations(f"/costs/{index}/amount", cost.amount, of_cost))
    if _expert(facts).provided or _expert(facts).official:
        message = "Deductions and the fixed allowance belong to TAIEX."
        found.append(Violation("/expert", "not_covered_by_ruleset", message))
    return found


_LIST: Final = ("contract_concluded_on", "rate_list")
TAIEX: Final = Ruleset(
    code=TAIEX_CODE,
    version=TAIEX_VERSION,
    title=Words("Ekspert TAIEX", "TAIEX expert"),
    currency=EUR,
    violations=violations_taiex,
    select=select_taiex,
    compute=with_remarks(compute_taiex, TAIEX_VERSION, *_LIST),
    schemes=(eu_external.CODE,),
)
TWINNING: Final = Ruleset(
    code=TWINNING_CODE,
    version=TWINNING_VERSION,
    title=Words("Ekspert twinningowy", "Twinning expert"),
    currency=EUR,
    violations=violations_twinning,
    select=select,
    compute=with_remarks(compute_twinning, TWINNING_VERSION, *_LIST, "compensation_percent"),
    schemes=(eu_external.CODE,),
)
