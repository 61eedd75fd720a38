"""US_GSA: per diems of the United States General Services Administration, for one place.

Meals and incidentals are due at 75 % on the first and the last day; a meal provided is deducted at
its full value of the tier, down to the incidentals; lodging is due at the rate of the night.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from kit.errors import Violation
from kit.money import Money
from participants.domain.assumptions import spelled
from participants.domain.checks import general_violations
from participants.domain.choices import Pin
from participants.domain.explained import (
    Deduction,
    Line,
    LineKind,
    Result,
    Rule,
    Worth,
    share,
    totals,
)
from participants.domain.per_diem import (
    LocalTransport,
    LodgingKind,
    Meal,
    Night,
    Ruleset,
    TripFacts,
)
from participants.domain.phrases import Amount, Listed, Phrase, Said, Words
from participants.domain.rates import NoRate, Rate, RateBook, in_force, rate_of
from participants.domain.remarks import with_remarks
from participants.domain.us_gsa_nights import LODGING, USD, due, told

CODE: Final = "US_GSA"
FIRST: Final = "41 CFR 301-11, per-diem rates by fiscal year"
SECOND: Final = f"{FIRST}; edition 2"
THIRD: Final = f"{FIRST}; edition 3"
VERSION: Final = f"{FIRST}; edition 4"
_FTR: Final = "41 CFR 301-11"

FULL_DAY: Final = Rule("US-GSA-MIE", f"{_FTR}.101: full day", f"{_FTR}.101: pełny dzień")
EDGE_DAY: Final = Rule(
    "US-GSA-MIE-75",
    f"{_FTR}.101: 75 % on the first and the last day",
    f"{_FTR}.101: 75% w pierwszym i ostatnim dniu",
)
SHORT: Final = Rule(
    "US-GSA-12H",
    f"{_FTR}.1: travel of more than 12 hours",
    f"{_FTR}.1: podróż trwająca ponad 12 godzin",
)
MEALS: Final = Rule("US-GSA-MEALS", f"{_FTR}.18: meals provided", f"{_FTR}.18: zapewnione posiłki")
_TWELVE_HOURS: Final = timedelta(hours=12)
_THREE_QUARTERS: Final = Fraction(3, 4)
_NONE: Final = Decimal(0)
_SHORT: Final = Phrase(
    "{on}: podróż nie dłuższa niż 12 godzin, nic nie przysługuje.",
    "{on}: travel of 12 hours or less, nothing is due.",
)
_FULL_TEXT: Final = Phrase(
    "{on}: wyżywienie i drobne wydatki, pełna stawka {tier}.",
    "{on}: meals and incidentals at the full rate of {tier}.",
    was=(
        "{on}: wyżywienie i drobne wydatki, stawki {tier}: {part}.",
        "{on}: meals and incidentals at the rate of {tier}: {part}.",
    ),
)
_EDGE_TEXT: Final = Phrase(
    "{on}: wyżywienie i drobne wydatki, w pierwszym lub ostatnim dniu 75% stawki {tier}: {part}.",
    "{on}: meals and incidentals, on the first or last day 75% of the rate of {tier}: {part}.",
    was=(
        "{on}: wyżywienie i drobne wydatki, 75% stawki {tier}: {part}.",
        "{on}: meals and incidentals, 75% of the rate of {tier}: {part}.",
    ),
)
_PROVIDED: Final = Phrase(
    "Zapewniono: {meals}. Do wypłaty: {due}.",
    "Provided: {meals}. Due: {due}.",
    was=("Zapewniono: {meals}. Należy się {due}.", "Provided: {meals}. Due {due}."),
)
_MEAL: Final = {
    Meal.BREAKFAST: Phrase(
        "śniadanie, potrącenie {off}",
        "breakfast, {off} off",
        was=("śniadanie -{off}", "breakfast -{off}"),
    ),
    Meal.LUNCH: Phrase(
        "obiad, potrącenie {off}", "lunch, {off} off", was=("obiad -{off}", "lunch -{off}")
    ),
    Meal.DINNER: Phrase(
        "kolację, potrącenie {off}", "dinner, {off} off", was=("kolacja -{off}", "dinner -{off}")
    ),
}
_NIGHT: Final = Phrase(
    "Nocleg z {on} na {next}: limit {limit}, do wypłaty {due}.",
    "Night from {on} to {next}: limit {limit}, due {due}.",
    was=(
        "Nocleg z {on}: limit {limit}, należy się {due}.",
        "Night beginning on {on}: limit {limit}, due {due}.",
    ),
)
_UNLISTED: Final = Phrase(
    "Miejscowość {place} nie ma stawki w wykazie {rate_set}: przyjęto stawkę standardową. Jeżeli "
    "GSA podaje dla niej inną, jako miejsce należy wskazać tę stawkę, na przykład M&IE 92.",
    "{place} has no rate in {rate_set}: the standard rate was taken. If GSA has another one for "
    "it, name that tier as the place, such as M&IE 92.",
)
_NO_LIMIT: Final = Phrase(
    "Wykaz {rate_set} nie zawiera limitu noclegów dla stawki {place}: nocleg jest zwracany według "
    "rachunku za zgodą pracodawcy.",
    "{rate_set} has no lodging limit for {place}: lodging is paid by a bill that the employer "
    "agreed to.",
)
_NEXT_DAY: Final = timedelta(days=1)


def select(book: RateBook, facts: TripFacts, pin: Pin) -> tuple[Rate, ...]:
    """Return the rows of the place, or of the standard rate, for every day of the trip."""
    del pin
    days = (facts.last_day - facts.first_day).days + 1
    found = (_row(book, facts, facts.first_day + timedelta(days=n)) for n in range(max(days, 1)))
    return tuple(dict.fromkeys(found))


def _row(book: RateBook, facts: TripFacts, on: date) -> Rate:
    edition = in_force((s for s in book.sets if s.scheme == CODE), on)
    if edition is None or not edition.effective_from or _is_over(edition.effective_from, on):
        raise NoRate("no_list", f"No GSA rates are held for {on}.", "/departs_at")
    rate = rate_of(book, edition, facts.country, facts.place, on)
    if rate is None:
        reason = f"No rate for {facts.country} in {edition.title} ({edition.code})."
        raise NoRate("country_without_rate", reason)
    return rate


def _is_over(begins: date, on: date) -> bool:
    """Tell whether the fiscal year that began on a day has ended: the next has its own rates."""
    return (on.year - 1, on.month, on.day) >= (begins.year, begins.month, begins.day)


def compute(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
    """Return meals and incidentals for each day, and lodging for each night."""
    del pin
    return _computed(facts, rates, _untold)


def _computed(
    facts: TripFacts, rates: tuple[Rate, ...], night: Callable[[Rate, Night], Worth]
) -> Result:
    meals = {day.on: day.provided for day in facts.meals}
    count = (facts.last_day - facts.first_day).days + 1
    days = [facts.first_day + timedelta(days=n) for n in range(count)]
    short = facts.returns_at - facts.departs_at <= _TWELVE_HOURS
    lines = (
        *(
            _short(rates[0], on)
            if short
            else Line(
                _day(_on(rates, on), meals.get(on, ()), edge=on in (days[0], days[-1])),
                number,
                on=on,
            )
            for number, on in enumerate(days, 1)
        ),
        *_lodging(facts, rates, night),
    )
    return Result(CODE, FIRST, lines, totals(lines, USD), rates, spelled(facts.assumed))


def compute_told(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
    """Return the computation with what the first list does not say of the place."""
    return replace(compute(facts, pin, rates), remarks=tuple(_said_place(facts, rates[0])))


def compute_by_night(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
    """Return the computation with how each night was paid, and what each list does not say."""
    del pin
    silent = (said for rate in rates for said in _said_place(facts, rate))
    return replace(_computed(facts, rates, told), remarks=tuple(silent))


def _said_place(facts: TripFacts, rate: Rate) -> Iterator[Said]:
    if facts.place is not None and rate.place is None:
        yield _UNLISTED.of(place=facts.place, rate_set=rate.rate_set)
    if rate.lodging_limit is None and facts.first_day != facts.last_day:
        yield _NO_LIMIT.of(place=rate.place or facts.country, rate_set=rate.rate_set)


def _on(rates: tuple[Rate, ...], on: date) -> Rate:
    return max(
        (rate for rate in rates if rate.valid_from <= on),
        key=lambda rate: rate.valid_from,
        default=rates[0],
    )


def _short(rate: Rate, on: date) -> Line:
    worth = Worth(
        kind=LineKind.SUBSISTENCE,
        base=rate.allowance,
        factor=Fraction(0),
        amount=Money.zero(USD),
        rules=(SHORT,),
        opening=(_said_short,),
    )
    return Line(worth, 1, on=on)


def _said_short(line: Line) -> Said:
    return _SHORT.of(on=line.on)


@lru_cache(maxsize=1024)
def _day(rate: Rate, provided: tuple[Meal, ...], *, edge: bool) -> Worth:
    factor, rule = (_THREE_QUARTERS, EDGE_DAY) if edge else (Fraction(1), FULL_DAY)
    gross = share(rate.allowance, factor)
    deductions = tuple(_deductions(rate, gross, provided))
    amount = Money.rounded(gross - sum((d.amount for d in deductions), _NONE), USD)
    return Worth(
        kind=LineKind.SUBSISTENCE,
        base=rate.allowance,
        factor=factor,
        deductions=deductions,
        amount=amount,
        rules=(rule, MEALS) if deductions else (rule,),
        opening=(_said_day,),
        said=tuple(_said_meals(deductions, amount)),
    )


def _said_day(line: Line) -> Said:
    gross = share(line.base, line.factor)
    phrase = _EDGE_TEXT if gross != line.base else _FULL_TEXT
    return phrase.of(on=line.on, tier=Amount(line.base, USD), part=Amount(gross, USD))


def _deductions(rate: Rate, gross: Decimal, provided: tuple[Meal, ...]) -> Iterator[Deduction]:
    left = max(gross - (rate.part("incidentals") or _NONE), _NONE)
    for meal in provided:
        off = min(rate.part(meal.value) or _NONE, left)
        left -= off
        yield Deduction(meal.value, 100, off, MEALS)


def _said_meals(deductions: tuple[Deduction, ...], amount: Money) -> Iterator[Said]:
    if deductions:
        meals = (_MEAL[Meal(d.what)].of(off=Amount(d.amount, USD)) for d in deductions)
        yield _PROVIDED.of(meals=Listed(tuple(meals)), due=Amount(amount.amount, USD))


def _lodging(
    facts: TripFacts, rates: tuple[Rate, ...], worth: Callable[[Rate, Night], Worth]
) -> Iterator[Line]:
    """Yield the nights as stated; if none is, every night of the trip at its rate."""
    count = (facts.last_day - facts.first_day).days
    assumed = (
        Night(facts.first_day + timedelta(days=n), LodgingKind.LUMP_SUM) for n in range(count)
    )
    for number, night in enumerate(facts.nights or assumed, 1):
        yield Line(worth(_on(rates, night.on), night), number, on=night.on)


def _untold(rate: Rate, night: Night) -> Worth:
    """Return what a night is worth as the editions before the fourth said it."""
    return _night(rate, due(night, rate.lodging_limit or _NONE))


@lru_cache(maxsize=1024)
def _night(rate: Rate, paid: Decimal) -> Worth:
    return Worth(
        kind=LineKind.LODGING,
        base=rate.lodging_limit or _NONE,
        factor=Fraction(1 if paid else 0),
        amount=Money.rounded(paid, USD),
        rules=(LODGING,),
        opening=(_said_night,),
    )


def _said_night(line: Line) -> Said:
    on = line.on or date.min
    limit, paid = Amount(line.base, USD), Amount(line.amount.amount, USD)
    return _NIGHT.of(on=on, next=on + _NEXT_DAY, limit=limit, due=paid)


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
    compute=with_remarks(compute_by_night, VERSION),
    schemes=(CODE,),
)
US_GSA_THIRD: Final = replace(US_GSA, version=THIRD, compute=with_remarks(compute_told, THIRD))
"""The edition before: nights were told by their limit alone, and of the first list only."""
