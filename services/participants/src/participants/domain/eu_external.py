"""EU_EXTERNAL: per diems of contracts for EU external action (EuropeAid, DEVCO, INTPA lists).

One per diem for each overnight stay away from the base of operations, at most the rate of the list
that the contract fixes. EUR. Sources and their weight: RULES 1.1-1.9.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from typing import Final

from kit.errors import Violation
from kit.money import Money
from participants.domain import eu_words as words
from participants.domain.assumptions import spelled
from participants.domain.checks import general_violations
from participants.domain.choices import Pin
from participants.domain.explained import Line, LineKind, Result, Rule, Worth, totals
from participants.domain.per_diem import LocalTransport, Ruleset, TripFacts
from participants.domain.phrases import Amount, Phrase, Said, Words
from participants.domain.rates import Completeness, NoRate, Rate, RateBook, RateSet, rate_of
from participants.domain.rates import in_force as set_in_force
from participants.domain.rates import named as set_named
from participants.domain.remarks import weak_in_words, with_remarks

CODE: Final = "EU_EXTERNAL"
FIRST: Final = "PRAG 2.5.5, per-diem lists of the Commission"
SECOND: Final = f"{FIRST}; edition 2"
THIRD: Final = f"{FIRST}; edition 3"
VERSION: Final = f"{FIRST}; edition 4"
EUR: Final = "EUR"

_LIST: Final = "European Commission, per-diem rates"
_WYKAZ: Final = "Komisja Europejska, stawki diet"
OVERNIGHT: Final = Rule(
    "EU-EXT-OVERNIGHT",
    f"{_LIST}: one per diem for each overnight stay",
    f"{_WYKAZ}: jedna dieta za każdy nocleg",
)
CEILING: Final = Rule(
    "EU-EXT-CEILING",
    f"{_LIST}: the list value is a maximum",
    f"{_WYKAZ}: kwota wykazu jest najwyższą dopuszczalną",
)
NO_NIGHT: Final = Rule(
    "EU-EXT-NO-OVERNIGHT",
    f"{_LIST}: no overnight stay, no per diem",
    f"{_WYKAZ}: bez noclegu nie ma diety",
)
MOBILISATION: Final = Rule(
    "EU-EXT-MOBILISATION",
    f"{_LIST}, 2019-12-18: mobilisation",
    f"{_WYKAZ}, 18.12.2019 r.: mobilizacja",
)
BY_CONTRACT: Final = Rule(
    "EU-EXT-LIST-BY-CONTRACT",
    f"{_LIST}: the contract fixes the list",
    f"{_WYKAZ}: wykaz wyznacza umowa",
)
_NEXT_DAY: Final = timedelta(days=1)


def nights_of(facts: TripFacts) -> int:
    """Return the overnight stays: as stated, else the midnights between the first and last day."""
    if facts.nights_away is not None:
        return facts.nights_away
    return (facts.last_day - facts.first_day).days


def list_of(book: RateBook, pin: Pin) -> tuple[RateSet, date]:
    """Return the list the contract names, else the one in force when it was concluded (RULES 1.5).

    The date beside it is the one at which rows inside that list are read. Raises NoRate.
    """
    if pin.rate_list is not None:
        edition = set_named(book.sets, pin.rate_list)
        if edition is None:
            reason = f"No published rate list is called {pin.rate_list}."
            raise NoRate("unknown_list", reason, "/contract")
        begins = edition.effective_from or date.min
        return edition, max(begins, pin.contract_concluded_on or date.max)
    if pin.contract_concluded_on is None:
        reason = "The contract's date or list is needed, none is known."
        raise NoRate("no_contract_date", reason, "/contract")
    found = set_in_force(book.sets, pin.contract_concluded_on)
    if found is None:
        reason = f"No list was in force on {pin.contract_concluded_on}."
        raise NoRate("no_list", reason, "/contract")
    return found, pin.contract_concluded_on


def select(book: RateBook, facts: TripFacts, pin: Pin) -> tuple[Rate, ...]:
    """Return the one rate of the contract's list; another list never stands in for it."""
    edition, on = list_of(book, pin)
    rate = rate_of(book, edition, facts.country, facts.place, on)
    if rate is not None:
        return (rate,)
    held = {
        Completeness.COMPLETE: "the list does not name the country",
        Completeness.PARTIAL: "only a part of that list is held, and the country is not in it",
        Completeness.NONE: "no copy of that list is held",
    }[edition.completeness]
    raise NoRate(
        "country_without_rate",
        f"No rate for {facts.country} in {edition.title} ({edition.code}), the list fixed by the "
        f"contract: {held}.",
    )


def compute(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
    """Return one line for each night, or one line that says why nothing is due."""
    del pin
    (rate,) = rates
    nights = nights_of(facts)
    if facts.mobilisation:
        lines: tuple[Line, ...] = (_nothing(rate, MOBILISATION, words.MOBILISATION),)
    elif nights == 0:
        lines = (_nothing(rate, NO_NIGHT, words.NO_NIGHT),)
    else:
        lines = tuple(_nights(nights, facts.first_day, rate))
    return Result(CODE, FIRST, lines, totals(lines, EUR), rates, spelled(facts.assumed))


def _nights(count: int, first: date, rate: Rate) -> Iterator[Line]:
    worth = _night(rate)
    for number in range(1, count + 1):
        yield Line(worth, number, on=first + timedelta(days=number - 1))


@lru_cache(maxsize=1024)
def _night(rate: Rate) -> Worth:
    return Worth(
        kind=LineKind.SUBSISTENCE,
        base=rate.allowance,
        factor=Fraction(1),
        amount=Money.rounded(rate.allowance, EUR),
        rules=(OVERNIGHT, CEILING, BY_CONTRACT),
        opening=(partial(_opening, rate.rate_set),),
    )


def _opening(rate_list: str, line: Line) -> Said:
    on = line.on or date.min
    return words.NIGHT.of(
        number=line.number,
        on=on,
        next=on + _NEXT_DAY,
        amount=Amount(line.base, EUR),
        list=rate_list,
    )


def _nothing(rate: Rate, rule: Rule, why: Phrase) -> Line:
    worth = Worth(
        kind=LineKind.SUBSISTENCE,
        base=rate.allowance,
        factor=Fraction(0),
        amount=Money.rounded(Decimal(0), EUR),
        rules=(rule,),
        said=(why.of(),),
    )
    return Line(worth, 1)


def violations(facts: TripFacts) -> list[Violation]:
    """List what is wrong with the facts of a mission paid by the night."""
    found = general_violations(facts, EUR)
    longest = max((facts.last_day - facts.first_day).days, 0)
    if facts.nights_away is not None and not 0 <= facts.nights_away <= longest:
        message = f"The trip has room for {longest} overnight stays."
        found.append(Violation("/nights_away", "nights_outside_trip", message))
    covered = "The per diem covers it: lodging, local transport and costs are not paid beside it."
    stated = {
        "/nights": bool(facts.nights),
        "/costs": bool(facts.costs),
        "/local_transport": facts.local_transport is not LocalTransport.NONE,
        "/no_diet": facts.no_diet is not None,
        "/abroad": facts.abroad is not None,
        "/distance": facts.distance is not None,
        "/expert": facts.expert is not None,
    }
    found.extend(
        Violation(pointer, "not_covered_by_ruleset", covered)
        for pointer, present in stated.items()
        if present
    )
    return found


LIST: Final = ("contract_concluded_on", "rate_list")
EU_EXTERNAL: Final = Ruleset(
    code=CODE,
    version=VERSION,
    title=Words("Diety w działaniach zewnętrznych UE", "Per diems of EU external action"),
    currency=EUR,
    violations=violations,
    select=select,
    compute=with_remarks(compute, VERSION, *LIST, weak=weak_in_words),
    schemes=(CODE,),
)
EU_EXTERNAL_THIRD: Final = replace(
    EU_EXTERNAL, version=THIRD, compute=with_remarks(compute, THIRD, *LIST)
)
"""The edition before: what is held of a list was told in English only."""
