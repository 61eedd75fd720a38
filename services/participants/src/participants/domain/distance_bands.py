"""Travel paid by distance: Erasmus+ bands and the unit costs of Decision C(2021)35.

The one-way distance selects a band; its amount covers the round trip and is never doubled. The
table is that of the day the call opened, or the one the contract names. Distances are whole
kilometres as the official calculator shows them; both ends of a band belong to it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Final

from kit.errors import Violation
from kit.money import Money
from participants.domain.abroad import Distance
from participants.domain.assumptions import spelled
from participants.domain.checks import amount_violations, general_violations
from participants.domain.choices import Pin
from participants.domain.explained import Line, LineKind, Result, Rule, Worth, share, totals
from participants.domain.per_diem import Ruleset, TripFacts
from participants.domain.phrases import Amount, Counted, Phrase, Said, Words
from participants.domain.rates import (
    Completeness,
    NoRate,
    Rate,
    RateBook,
    RateSet,
    in_force,
    named,
)
from participants.domain.remarks import weak_in_words, with_remarks

ERASMUS: Final = "ERASMUS_DISTANCE"
UNIT_COSTS: Final = "EU_UNIT_COSTS"
EUR: Final = "EUR"
SECOND_TABLE_FROM: Final = date(2023, 7, 26)
TRAVEL_DAYS: Final = 2
GREEN_TRAVEL_DAYS: Final = 6
FULL_DAYS: Final = 14
LATER_SHARE: Final = Fraction(7, 10)
NO_DISTANCE: Final = "The one-way distance is needed."

_GUIDE: Final = "Erasmus+ Programme Guide"
_PRZEWODNIK: Final = "Przewodnik po programie Erasmus+"
BAND: Final = {
    ERASMUS: Rule(
        "ERASMUS-DISTANCE-BAND",
        f"{_GUIDE}: travel by distance band, per round trip",
        f"{_PRZEWODNIK}: podróż według przedziału odległości, w obie strony",
    ),
    UNIT_COSTS: Rule(
        "EU-UNIT-COST-BAND",
        "Decision C(2021)35, point 5.1: per return trip",
        "Decyzja C(2021)35, pkt 5.1: za podróż w obie strony",
    ),
}
GREEN: Final = Rule(
    "ERASMUS-GREEN-TRAVEL",
    f"{_GUIDE}: green travel",
    f"{_PRZEWODNIK}: ekologiczne środki podróży",
)
DAYS: Final = Rule(
    "ERASMUS-TRAVEL-DAYS",
    f"{_GUIDE}: up to two travel days, six if green",
    f"{_PRZEWODNIK}: do dwóch dni podróży, do sześciu przy ekologicznych środkach podróży",
)
SUPPORT: Final = Rule(
    "ERASMUS-INDIVIDUAL-SUPPORT",
    f"{_GUIDE}: individual support of staff, up to the 14th day of the activity",
    f"{_PRZEWODNIK}: wsparcie indywidualne pracowników, do 14. dnia działania",
)
LATER_SUPPORT: Final = Rule(
    "ERASMUS-SUPPORT-FROM-DAY-15",
    f"{_GUIDE}: individual support of staff, 70% from the 15th day of the activity",
    f"{_PRZEWODNIK}: wsparcie indywidualne pracowników, 70% od 15. dnia działania",
)
BY_CALL: Final = Rule(
    "EU-TABLE-BY-CALL",
    "The table in force when the call opened applies",
    "Obowiązuje tabela z dnia otwarcia naboru",
)
OPTED_IN: Final = Rule(
    "EU-TABLE-OPT-IN",
    "Decision C(2023)4928: opted in, for a project running on 2023-01-01",
    "Decyzja C(2023)4928: wybór nowej tabeli dla projektu trwającego 1.01.2023 r.",
)
BAND_WORDS: Final = Phrase(
    "Odległość w jedną stronę: {kilometres} km, przedział {band} według tabeli {table}: "
    "{amount} za podróż w obie strony.",
    "One-way distance {kilometres} km, band {band} of table {table}: {amount} for the round trip.",
    was=(
        (
            "Odległość w jedną stronę {kilometres} km, przedział {band} według {table}: "
            "{amount} za podróż w obie strony."
        ),
        "One-way distance {kilometres} km, band {band} of {table}: {amount} for the round trip.",
    ),
)
GREEN_WORDS: Final = Phrase("Stawka za ekologiczny środek podróży.", "The amount for green travel.")
NO_GREEN_WORDS: Final = Phrase(
    "Dla tego przedziału nie ma stawki ekologicznej: obowiązuje zwykła.",
    "This band has no amount for green travel: the ordinary one applies.",
)
DAYS_WORDS: Final = Phrase(
    "Wsparcie indywidualne: {counted} po {each}, razem {due}.",
    "Individual support: {counted} at {each}, {due} in all.",
    was=(
        "Dni podróży: {days} x {each} wsparcia indywidualnego, razem {due}.",
        "Travel days: {days} x {each} of individual support, {due} in all.",
    ),
)
ACTIVITY_WORDS: Final = Phrase(
    "Wsparcie indywidualne za czas działania: {counted} po {each}, razem {due}.",
    "Individual support for the activity: {counted} at {each}, {due} in all.",
)
LATER_WORDS: Final = Phrase(
    "Wsparcie indywidualne od 15. dnia działania: {counted}, 70% stawki {each}, razem {due}.",
    "Individual support from the 15th day of the activity: {counted} at 70% of {each}, {due} "
    "in all.",
)
_TRAVEL: Final = (
    ("dzień podróży", "dni podróży", "dni podróży"),
    ("travel day", "travel days"),
)
_ACTIVITY: Final = (("dzień", "dni", "dni"), ("day", "days"))


def table_of(scheme: str, book: RateBook, pin: Pin) -> RateSet:
    """Return the table the contract names, or the one of the day the call opened. Raises NoRate."""
    sets = [edition for edition in book.sets if edition.scheme == scheme]
    if pin.rate_list is not None:
        edition = named(sets, pin.rate_list)
        if edition is None:
            reason = f"No published table is called {pin.rate_list}."
            raise NoRate("unknown_list", reason, "/contract")
        return edition
    if pin.call_opened_on is None:
        reason = "The day the call opened is needed to choose the table, none is known."
        raise NoRate("no_call_date", reason, "/programme/call_opened_on")
    on = pin.call_opened_on
    if scheme == UNIT_COSTS and pin.unit_costs_opt_in:
        on = max(on, SECOND_TABLE_FROM)
    found = in_force(sets, on)
    if found is None:
        reason = f"No table was in force on {on}."
        raise NoRate("no_list", reason, "/programme/call_opened_on")
    return found


def select(scheme: str, book: RateBook, facts: TripFacts, pin: Pin) -> tuple[Rate, ...]:
    """Return the one band of the table in force that holds the distance. Raises NoRate."""
    edition = table_of(scheme, book, pin)
    if edition.completeness is Completeness.NONE:
        reason = f"No copy is held of {edition.title} ({edition.code}), the table of the call."
        raise NoRate("country_without_rate", reason, "/programme/call_opened_on")
    if facts.distance is None:
        raise NoRate("distance_missing", NO_DISTANCE, "/distance")
    kilometres = facts.distance.kilometres
    rows = [row for row in book.rates if row.rate_set == edition.code]
    found = [row for row in rows if _holds(row, kilometres)]
    if not found:
        reason = f"{edition.title} has no band for {kilometres} km."
        raise NoRate("distance_without_band", reason, "/distance/kilometres")
    return (found[0],)


def _holds(row: Rate, kilometres: int) -> bool:
    begins, ends = row.part("km_from") or Decimal(0), row.part("km_to")
    return begins <= kilometres and (ends is None or kilometres <= ends)


def compute(scheme: str, facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
    """Return the amount of the band for the round trip, and the supported days."""
    (row,) = rates
    opted = scheme == UNIT_COSTS and pin.unit_costs_opt_in
    lines = (_band(scheme, facts, row, OPTED_IN if opted else BY_CALL), *_support(facts))
    assumed = spelled(facts.assumed)
    return Result(scheme, FIRST, lines, totals(lines, EUR), rates, assumed)


def _band(scheme: str, facts: TripFacts, row: Rate, table: Rule) -> Line:
    distance = facts.distance
    kilometres = 0 if distance is None else distance.kilometres
    green = row.part("green") if distance is not None and distance.green else None
    base = row.allowance if green is None else green
    said = BAND_WORDS.of(
        kilometres=kilometres,
        band=row.place or "",
        table=row.rate_set,
        amount=Amount(base, row.currency),
    )
    extra: tuple[Said, ...] = ()
    if distance is not None and distance.green:
        extra = (NO_GREEN_WORDS.of() if green is None else GREEN_WORDS.of(),)
    worth = Worth(
        kind=LineKind.TRAVEL,
        base=base,
        factor=Fraction(1),
        amount=Money.rounded(base, row.currency),
        rules=(BAND[scheme], table) if green is None else (BAND[scheme], table, GREEN),
        said=(said, *extra),
    )
    return Line(worth, 1)


def _support(facts: TripFacts) -> Iterator[Line]:
    """Yield the individual support of the days of travel, then of the days of the activity."""
    distance = facts.distance
    if distance is None or distance.daily_support is None:
        return
    daily, full = distance.daily_support, min(distance.activity_days, FULL_DAYS)
    later = distance.activity_days - full
    counted = (
        (distance.travel_days, Fraction(1), DAYS, DAYS_WORDS, _TRAVEL),
        (full, Fraction(1), SUPPORT, ACTIVITY_WORDS, _ACTIVITY),
        (later, LATER_SHARE, LATER_SUPPORT, LATER_WORDS, _ACTIVITY),
    )
    due = [each for each in counted if each[0]]
    for number, (days, part, rule, phrase, names) in enumerate(due, 1):
        amount = Money.rounded(share(daily, days * part), EUR)
        said = phrase.of(
            days=days,
            counted=Counted(days, *names),
            each=Amount(daily, EUR),
            due=Amount(amount.amount, EUR),
        )
        worth = Worth(
            kind=LineKind.SUBSISTENCE,
            base=daily,
            factor=days * part,
            amount=amount,
            rules=(rule,),
            said=(said,),
        )
        yield Line(worth, number)


def violations(scheme: str, facts: TripFacts) -> list[Violation]:
    """List what is wrong with the facts of a journey paid by distance."""
    found = general_violations(facts, EUR)
    distance = facts.distance
    if distance is None:
        found.append(Violation("/distance", "distance_missing", NO_DISTANCE))
        return found
    if distance.kilometres < 0:
        message = "The distance must not be negative."
        found.append(Violation("/distance/kilometres", "amount_negative", message))
    most = GREEN_TRAVEL_DAYS if distance.green else TRAVEL_DAYS
    if not 0 <= distance.travel_days <= most:
        message = f"At most {most} travel days are supported."
        found.append(Violation("/distance/travel_days", "too_many_travel_days", message))
    found.extend(_activity(facts, distance))
    supported = distance.travel_days or distance.activity_days
    if supported and distance.daily_support is None:
        message = "Days are paid at the individual support of the grant: state it."
        found.append(Violation("/distance/daily_support", "amount_missing", message))
    if scheme == UNIT_COSTS and (distance.green or supported):
        message = "Decision C(2021)35 knows neither green travel nor days that are supported."
        found.append(Violation("/distance", "not_covered_by_ruleset", message))
    found.extend(amount_violations("/distance/daily_support", distance.daily_support, EUR))
    if facts.nights or facts.costs:
        message = "The band covers the whole journey: nothing is paid beside it."
        pointer = "/nights" if facts.nights else "/costs"
        found.append(Violation(pointer, "not_covered_by_ruleset", message))
    return found


def _activity(facts: TripFacts, distance: Distance) -> Iterator[Violation]:
    days = (facts.last_day - facts.first_day).days + 1
    if not 0 <= distance.activity_days <= days:
        message = f"The trip has {days} days for the activity."
        yield Violation("/distance/activity_days", "days_outside_trip", message)


FIRST: Final = "by day of the call"
SECOND: Final = f"{FIRST}; edition 2"
VERSION: Final = f"{FIRST}; edition 3"
_CHOICES: Final = ("call_opened_on", "rate_list", "unit_costs_opt_in")


def _ruleset(scheme: str, title: Words) -> Ruleset:
    chosen: Callable[[RateBook, TripFacts, Pin], tuple[Rate, ...]] = partial(select, scheme)
    computed = partial(compute, scheme)
    return Ruleset(
        code=scheme,
        version=VERSION,
        title=title,
        currency=EUR,
        violations=partial(violations, scheme),
        select=chosen,
        compute=with_remarks(computed, VERSION, *_CHOICES, weak=weak_in_words),
        schemes=(scheme,),
    )


def _before(ruleset: Ruleset) -> Ruleset:
    """Return the edition before: a band of kilometres was one of other countries."""
    computed = with_remarks(partial(compute, ruleset.code), SECOND, *_CHOICES)
    return replace(ruleset, version=SECOND, compute=computed)


ERASMUS_DISTANCE: Final = _ruleset(
    ERASMUS, Words("Podróż według odległości, Erasmus+", "Travel by distance, Erasmus+")
)
EU_UNIT_COSTS: Final = _ruleset(
    UNIT_COSTS,
    Words(
        "Koszty jednostkowe podróży, decyzja C(2021)35",
        "Unit costs of travel, Decision C(2021)35",
    ),
)
ERASMUS_BEFORE: Final = _before(ERASMUS_DISTANCE)
UNIT_COSTS_BEFORE: Final = _before(EU_UNIT_COSTS)
