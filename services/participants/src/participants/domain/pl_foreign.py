"""PL_FOREIGN: Polish business trips abroad, Dz.U. 2013 poz. 167, chapter 3 (sections 12-21).

Foreign time runs between the border instants of s.12; diets, nights, transfers and local transport
are paid at the annex in force, each in the currency of its country; the legs in Poland follow
chapter 2. Totals of different currencies are never added. Amounts are rounded line by line.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Final

from kit.errors import Violation
from kit.money import minor_digits
from participants.domain import pl_domestic, pl_travel
from participants.domain import pl_foreign_words as words
from participants.domain.assumptions import NO_BORDER, spelled
from participants.domain.checks import amount_violations
from participants.domain.choices import Pin, SeveralCountries
from participants.domain.explained import Line, Result, line_of, totals
from participants.domain.moments import DAY, WARSAW, day_reading
from participants.domain.per_diem import Ruleset, TripFacts
from participants.domain.phrases import Said, Words
from participants.domain.pl_foreign_checks import violations
from participants.domain.pl_foreign_costs import (
    Destined,
    is_destination,
    is_own_destination,
    night_price,
    night_worth,
    transport_lines,
)
from participants.domain.pl_foreign_diet import diet_lines
from participants.domain.pl_foreign_rules import TIME
from participants.domain.pl_foreign_tariff import Tariff, tariff_of
from participants.domain.pl_foreign_time import (
    Clock,
    Part,
    Span,
    Whereabouts,
    abroad_of,
    meals_of,
    slices_of,
    spans_of,
    stays_of,
)
from participants.domain.pl_legs import leg_diets, leg_transport, legs_of
from participants.domain.pl_travel import ACT, IN_FORCE_FROM, cost_line
from participants.domain.rates import NoRate, Rate, RateBook, RateSet, RateSetStatus, rate_of
from participants.domain.remarks import with_remarks

CODE: Final = "PL_FOREIGN"
FIRST: Final = "Dz.U. 2013 poz. 167 (2023 poz. 2190), chapter 3"
SECOND: Final = f"{FIRST}; edition 2"
VERSION: Final = f"{FIRST}; edition 3"
EUR: Final = "EUR"


def countries(facts: TripFacts) -> frozenset[str]:
    """Return the countries whose rates a trip may need: those of its stays, nights and Poland."""
    nights = (night.country for night in facts.nights if night.country is not None)
    return frozenset({"PL", facts.country, *(stay.country for stay in stays_of(facts)), *nights})


def select(book: RateBook, facts: TripFacts, pin: Pin) -> tuple[Rate, ...]:
    """Return the rows of every annex in force during the trip, and domestic diets for the legs.

    A country the annex does not name has the row for other countries. Raises NoRate.
    """
    abroad = abroad_of(facts)
    begin, end = (at.at.astimezone(WARSAW).date() for at in (abroad.leaves, abroad.enters))
    published = [
        edition
        for edition in book.sets
        if edition.scheme == CODE and edition.status is RateSetStatus.PUBLISHED
    ]
    annexes = sorted((s for s in published if s.effective_from is not None), key=_start)
    before = [edition for edition in annexes if _start(edition) <= str(begin)]
    if not before:
        reason = f"The rules of {ACT} apply from {IN_FORCE_FROM}; the trip leaves on {begin}."
        raise NoRate("before_ruleset", reason, "/departs_at")
    used = [before[-1], *(s for s in annexes if str(begin) < _start(s) <= str(end))]
    found = [
        _rate(book, edition, country, place, pointer)
        for edition in used
        for country, place, pointer in _places(facts)
    ]
    return tuple(dict.fromkeys((*found, *_domestic(book, facts, pin))))


def _start(edition: RateSet) -> str:
    return str(edition.effective_from)


def _places(facts: TripFacts) -> Iterator[tuple[str, str | None, str]]:
    """Yield where the trip needs a rate, and the field that says so."""
    several = facts.abroad is not None and bool(facts.abroad.stays)
    for index, stay in enumerate(stays_of(facts)):
        pointer = f"/abroad/stays/{index}/country" if several else "/country"
        yield stay.country, stay.place, pointer
    for index, night in enumerate(facts.nights):
        if night.country not in {None, "PL"}:
            yield str(night.country), None, f"/nights/{index}/country"


def _rate(book: RateBook, edition: RateSet, country: str, place: str | None, pointer: str) -> Rate:
    on = edition.effective_from or IN_FORCE_FROM
    rate = rate_of(book, edition, country, place, on)
    if rate is None:
        reason = f"{edition.title} ({edition.code}) has no rate for {country}."
        raise NoRate("country_without_rate", reason, pointer)
    return rate


def _domestic(book: RateBook, facts: TripFacts, pin: Pin) -> tuple[Rate, ...]:
    """Return the domestic diets if a part of the trip, or a night, is in Poland."""
    abroad = abroad_of(facts)
    legs = facts.departs_at < abroad.leaves.at or abroad.enters.at < facts.returns_at
    if not legs and all(night.country != "PL" for night in facts.nights):
        return ()
    sets = tuple(edition for edition in book.sets if edition.scheme == pl_domestic.CODE)
    return pl_domestic.select(replace(book, sets=sets), facts, pin)


def _compute(destined: Destined, facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
    """Return diets, nights, transfers, local transport and costs of one foreign trip."""
    domestic = tuple([rate for rate in rates if rate.country == "PL"])
    tariff = tariff_of(tuple([rate for rate in rates if rate.country != "PL"]), pin.counting)
    clock = tariff.clock
    spans = spans_of(facts, clock)
    slices = slices_of(spans, pin)
    where = Whereabouts(spans)
    eaten = meals_of(facts, where, slices)
    legs = legs_of(facts, spans, eaten, clock)
    at_home = leg_diets(legs, domestic, pin)
    abroad = diet_lines(facts, spans, slices, eaten, tariff)
    diets = chain(at_home[Part.OUT], abroad, at_home[Part.BACK])
    lines = (
        *diets,
        *_nights(facts, where, tariff, domestic),
        *transport_lines(facts, spans, tariff, destined),
        *leg_transport(legs, domestic),
        *(cost_line(number, cost) for number, cost in enumerate(facts.costs, 1)),
    )
    assumed = spelled((*facts.assumed, *(() if facts.abroad else (NO_BORDER,))))
    remarks = (_said_time(facts, spans, clock), *_said_countries(facts, pin))
    summed = totals(lines, EUR)
    return Result(CODE, FIRST, lines, summed, rates, assumed, remarks=remarks)


def _nights(
    facts: TripFacts, where: Whereabouts, tariff: Tariff, domestic: tuple[Rate, ...]
) -> Iterator[Line]:
    spans, evenings = where.spans, where.evenings
    stays = [span for span in spans if span.part is Part.ABROAD]
    fixed = [tariff.always(span) for span in spans]
    for number, night in enumerate(facts.nights, 1):
        on, country = night.on, night.country
        at = bisect_right(evenings, on.toordinal()) - 1
        prices = fixed[at]
        if prices is None or country is not None:
            span = spans[at]
            if (country or span.country) == "PL":
                yield pl_travel.night_line(number, night, facts, domestic, "PL")
                continue
            prices = night_price(night, span if span.part is Part.ABROAD else stays[-1], tariff)
        worth = night_worth(prices, night.kind, night.bill, night.consent)
        yield line_of((worth, number, None, None, on, 0))


def over_scaled(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Iterator[Violation]:
    """Yield the bills and the cash for food that are finer than the currency of their place.

    Facts without violations are as fine as the euro at most: only a coarser currency can refuse.
    """
    if not any(minor_digits(rate.currency) < minor_digits(EUR) for rate in rates):
        return
    tariff = tariff_of(tuple([rate for rate in rates if rate.country != "PL"]), pin.counting)
    spans = spans_of(facts, tariff.clock)
    stays = [span for span in spans if span.part is Part.ABROAD]
    where, there = Whereabouts(spans), Whereabouts(stays)
    for index, night in enumerate(facts.nights):
        if night.bill is None:
            continue
        span = where.at(day_reading(night.on) + DAY)
        if (night.country or span.country) != "PL":
            place = span if span.part is Part.ABROAD else stays[-1]
            currency = night_price(night, place, tariff).rate.currency
            yield from amount_violations(f"/nights/{index}/bill", night.bill, currency)
    for index, money in enumerate(abroad_of(facts).food_money):
        span = there.at(day_reading(money.on) + DAY // 2)
        currency = tariff.on(span.country, span.place, money.on).rate.currency
        yield from amount_violations(f"/abroad/food_money/{index}/amount", money.amount, currency)


def _said_time(facts: TripFacts, spans: list[Span], clock: Clock) -> Said:
    """Say from which instant to which the trip was abroad; every time is Polish local time."""
    abroad = abroad_of(facts)
    stays = [span for span in spans if span.part is Part.ABROAD]
    rule = TIME[abroad.leaves.way]
    return words.TIME.of(
        begins=clock.moment(stays[0].begins),
        ends=clock.moment(stays[-1].ends),
        out=words.WAY_OUT[abroad.leaves.way],
        back=words.WAY_BACK[abroad.enters.way],
        section=Words(rule.reference_pl, rule.reference),
    )


def _said_countries(facts: TripFacts, pin: Pin) -> tuple[Said, ...]:
    """Say how periods run where the employer named several countries."""
    if len({stay.country for stay in stays_of(facts)}) == 1:
        return ()
    return (_COUNTRIES[pin.several_countries],)


_COUNTRIES: Final = {
    SeveralCountries.EACH_COUNTRY: words.EACH_COUNTRY.of(),
    SeveralCountries.PERIOD_START: words.PERIOD_START.of(),
}
_PINNED: Final = ("domestic_legs", "several_countries")
PL_FOREIGN: Final = Ruleset(
    code=CODE,
    version=VERSION,
    title=Words("Podróż służbowa poza granicami kraju", "Business trip abroad"),
    currency=EUR,
    violations=violations,
    select=select,
    compute=with_remarks(partial(_compute, is_destination), VERSION, *_PINNED),
    schemes=(CODE, pl_domestic.CODE),
    countries=countries,
    scale=over_scaled,
)
_OF_SECOND: Final = with_remarks(partial(_compute, is_own_destination), SECOND, *_PINNED)
PL_FOREIGN_SECOND: Final = replace(PL_FOREIGN, version=SECOND, compute=_OF_SECOND)
"""The edition before: a destination that stays alone name had no transfers without a night."""
