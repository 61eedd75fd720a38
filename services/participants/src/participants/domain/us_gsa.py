"""US_GSA: per diems of the United States General Services Administration, for one place.

Meals and incidentals are due at 75 % on the first and the last day; a meal provided is deducted at
its full value of the tier, down to the incidentals; lodging is due at the rate of the night.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kit.errors import Violation
from kit.money import Money
from participants.domain.assumptions import spelled
from participants.domain.checks import general_violations
from participants.domain.choices import Pin
from participants.domain.per_diem import (
    Deduction,
    Line,
    LineKind,
    LocalTransport,
    LodgingKind,
    Meal,
    Night,
    Result,
    Rule,
    Ruleset,
    TripFacts,
    Words,
    share,
    spoken,
    totals,
)
from participants.domain.rates import NoRate, Rate, RateBook, in_force, rate_of
from participants.domain.remarks import with_remarks

CODE: Final = "US_GSA"
VERSION: Final = "41 CFR 301-11, per-diem rates by fiscal year"
USD: Final = "USD"
_FTR: Final = "41 CFR 301-11"

FULL_DAY: Final = Rule("US-GSA-MIE", f"{_FTR}.101: full day")
EDGE_DAY: Final = Rule("US-GSA-MIE-75", f"{_FTR}.101: 75 % on the first and the last day")
SHORT: Final = Rule("US-GSA-12H", f"{_FTR}.1: travel of more than 12 hours")
MEALS: Final = Rule("US-GSA-MEALS", f"{_FTR}.18: meals provided")
LODGING: Final = Rule("US-GSA-LODGING", f"{_FTR}.100: lodging up to the rate of the night")
_TWELVE_HOURS: Final = timedelta(hours=12)
_THREE_QUARTERS: Final = Fraction(3, 4)
_NONE: Final = Decimal(0)
_MEAL_WORD: Final = {
    Meal.BREAKFAST: Words("śniadanie", "breakfast"),
    Meal.LUNCH: Words("obiad", "lunch"),
    Meal.DINNER: Words("kolacja", "dinner"),
}


def select(book: RateBook, facts: TripFacts, pin: Pin) -> tuple[Rate, ...]:
    """Return the rows of the place, or of the standard rate, for every day of the trip."""
    del pin
    days = (facts.last_day - facts.first_day).days + 1
    found = (_row(book, facts, facts.first_day + timedelta(days=n)) for n in range(max(days, 1)))
    return tuple(dict.fromkeys(found))


def _row(book: RateBook, facts: TripFacts, on: date) -> Rate:
    edition = in_force((s for s in book.sets if s.scheme == CODE), on)
    if edition is None or not edition.effective_from or (on - edition.effective_from).days > _YEAR:
        raise NoRate("no_list", f"No GSA rates are held for {on}.", "/departs_at")
    rate = rate_of(book, edition, facts.country, facts.place, on)
    if rate is None:
        reason = f"No rate for {facts.country} in {edition.title} ({edition.code})."
        raise NoRate("country_without_rate", reason)
    return rate


_YEAR: Final = 365


def compute(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
    """Return meals and incidentals for each day, and lodging for each night."""
    del pin
    meals = {day.on: day.provided for day in facts.meals}
    count = (facts.last_day - facts.first_day).days + 1
    days = [facts.first_day + timedelta(days=n) for n in range(count)]
    short = facts.returns_at - facts.departs_at <= _TWELVE_HOURS
    lines = (
        *(
            _short(rates[0], on)
            if short
            else _day(number, on, _on(rates, on), meals.get(on, ()), edge=on in (days[0], days[-1]))
            for number, on in enumerate(days, 1)
        ),
        *_lodging(facts, rates),
    )
    return Result(CODE, VERSION, lines, totals(lines, USD), rates, spelled(facts.assumed))


def _on(rates: tuple[Rate, ...], on: date) -> Rate:
    return max(
        (rate for rate in rates if rate.valid_from <= on),
        key=lambda rate: rate.valid_from,
        default=rates[0],
    )


def _short(rate: Rate, on: date) -> Line:
    return Line(
        kind=LineKind.SUBSISTENCE,
        number=1,
        on=on,
        base=rate.allowance,
        factor=Fraction(0),
        amount=Money.zero(USD),
        rules=(SHORT,),
        text=Words(
            f"{on}: podróż nie dłuższa niż 12 godzin, nic nie przysługuje.",
            f"{on}: travel of 12 hours or less, nothing is due.",
        ),
    )


def _day(number: int, on: date, rate: Rate, provided: tuple[Meal, ...], *, edge: bool) -> Line:
    factor, rule = (_THREE_QUARTERS, EDGE_DAY) if edge else (Fraction(1), FULL_DAY)
    gross = share(rate.allowance, factor)
    deductions = tuple(_deductions(rate, gross, provided))
    amount = Money.rounded(gross - sum((d.amount for d in deductions), _NONE), USD)
    return Line(
        kind=LineKind.SUBSISTENCE,
        number=number,
        on=on,
        base=rate.allowance,
        factor=factor,
        deductions=deductions,
        amount=amount,
        rules=(rule, MEALS) if deductions else (rule,),
        text=_said(on, rate, gross, deductions, amount),
    )


def _deductions(rate: Rate, gross: Decimal, provided: tuple[Meal, ...]) -> Iterator[Deduction]:
    left = max(gross - (rate.part("incidentals") or _NONE), _NONE)
    for meal in provided:
        off = min(rate.part(meal.value) or _NONE, left)
        left -= off
        yield Deduction(meal.value, 100, off, MEALS)


def _said(
    on: date, rate: Rate, gross: Decimal, deductions: tuple[Deduction, ...], amount: Money
) -> Words:
    tier, part, due = (spoken(each, USD) for each in (rate.allowance, gross, amount.amount))
    edge = "75% " if gross != rate.allowance else ""
    said = Words(
        f"{on}: wyżywienie i drobne wydatki, {edge}stawki {tier.pl}: {part.pl}.",
        f"{on}: meals and incidentals, {edge}of the rate of {tier.en}: {part.en}."
        if edge
        else f"{on}: meals and incidentals at the rate of {tier.en}: {part.en}.",
    )
    if not deductions:
        return said
    taken = [(_MEAL_WORD[Meal(d.what)], spoken(d.amount, USD)) for d in deductions]
    return said + Words(
        "Zapewniono: " + "; ".join(f"{w.pl} -{o.pl}" for w, o in taken) + f". Należy się {due.pl}.",
        "Provided: " + "; ".join(f"{w.en} -{o.en}" for w, o in taken) + f". Due {due.en}.",
    )


def _lodging(facts: TripFacts, rates: tuple[Rate, ...]) -> Iterator[Line]:
    """Yield the nights as stated; if none is, every night of the trip at its rate."""
    count = (facts.last_day - facts.first_day).days
    assumed = (
        Night(facts.first_day + timedelta(days=n), LodgingKind.LUMP_SUM) for n in range(count)
    )
    for number, night in enumerate(facts.nights or assumed, 1):
        rate = _on(rates, night.on)
        limit = rate.lodging_limit or _NONE
        due = _due(night, limit)
        most, paid = spoken(limit, USD), spoken(due, USD)
        yield Line(
            kind=LineKind.LODGING,
            number=number,
            on=night.on,
            base=limit,
            factor=Fraction(1 if due else 0),
            amount=Money.rounded(due, USD),
            rules=(LODGING,),
            text=Words(
                f"Nocleg z {night.on}: limit {most.pl}, należy się {paid.pl}.",
                f"Night beginning on {night.on}: limit {most.en}, due {paid.en}.",
            ),
        )


def _due(night: Night, limit: Decimal) -> Decimal:
    if night.kind is LodgingKind.BILL:
        bill = night.bill or _NONE
        return bill if night.consent else min(bill, limit)
    return limit if night.kind is LodgingKind.LUMP_SUM else _NONE


def violations(facts: TripFacts) -> list[Violation]:
    """List what is wrong with the facts of a trip inside the United States."""
    found = general_violations(facts, USD)
    stated = {
        "/local_transport": facts.local_transport is not LocalTransport.NONE,
        "/costs": bool(facts.costs),
        "/abroad": facts.abroad is not None,
        "/distance": facts.distance is not None,
        "/expert": facts.expert is not None,
        "/nights_away": facts.nights_away is not None,
    }
    message = "The GSA per diem covers meals, incidentals and lodging only."
    found.extend(
        Violation(pointer, "not_covered_by_ruleset", message)
        for pointer, present in stated.items()
        if present
    )
    if facts.country != "US":
        message = "US_GSA covers trips inside the United States only."
        found.append(Violation("/country", "country_not_covered", message))
    return found


US_GSA: Final = Ruleset(
    code=CODE,
    version=VERSION,
    title=Words("Diety GSA w Stanach Zjednoczonych", "GSA per diems in the United States"),
    currency=USD,
    violations=violations,
    select=select,
    compute=with_remarks(compute, VERSION),
    schemes=(CODE,),
)
