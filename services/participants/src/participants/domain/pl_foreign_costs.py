"""Beside the diets abroad: nights (s.16), transfers and local transport (s.17)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import groupby
from typing import Final

from kit.money import Money
from participants.domain import pl_foreign_rules as rules
from participants.domain.abroad import NoTransport, Stay, Transfers
from participants.domain.choices import Pin, SeveralCountries
from participants.domain.per_diem import (
    Line,
    LineKind,
    LocalTransport,
    LodgingKind,
    Night,
    Rule,
    TripFacts,
    Words,
    share,
    spoken,
)
from participants.domain.pl_foreign_tariff import Tariff
from participants.domain.pl_foreign_time import Slice, Span, slices_of, stays_of
from participants.domain.rates import Rate

_NONE: Final = Fraction(0)
_WHOLE: Final = Fraction(1)
_HALF: Final = Fraction(1, 2)

_RUNNING: Final = Pin(several_countries=SeveralCountries.PERIOD_START)
_Lodging = tuple[Fraction, Money, tuple[Rule, ...], Words]

_UNPAID: Final = {
    LodgingKind.FREE: (
        rules.LODGING_FREE,
        Words("Nocleg zapewniono bezpłatnie.", "The night was provided free of charge."),
    ),
    LodgingKind.TRANSIT: (
        rules.LODGING_TRANSIT,
        Words(
            "Noc w podróży: ryczałt za nocleg nie przysługuje.",
            "Spent travelling: no lump sum for the night.",
        ),
    ),
}


def night_line(number: int, night: Night, span: Span, tariff: Tariff) -> Line:
    """Return what a night abroad is worth at the limit in force on the evening it begins."""
    country = night.country or span.country
    place = span.place if country == span.country else None
    return _night_line(number, night, country, tariff.rate(country, place, night.on))


@lru_cache(maxsize=4096)
def _night_line(number: int, night: Night, country: str, rate: Rate) -> Line:
    """Return the line of a night: the same while a form is filled in around it."""
    factor, amount, used, words = _lodging(rate, night.kind, night.bill, consent=night.consent)
    return Line(
        kind=LineKind.LODGING,
        number=number,
        on=night.on,
        base=rate.lodging_limit or Decimal(0),
        factor=factor,
        amount=amount,
        rules=used,
        text=Words(
            f"Nocleg z {night.on} ({country}). {words.pl}",
            f"Night beginning on {night.on} ({country}). {words.en}",
        ),
        country=country,
    )


@lru_cache(maxsize=4096)
def _lodging(rate: Rate, kind: LodgingKind, bill: Decimal | None, *, consent: bool) -> _Lodging:
    limit = rate.lodging_limit or Decimal(0)
    if kind is LodgingKind.BILL:
        return _bill(rate, limit, bill or Decimal(0), consent=consent)
    if kind is LodgingKind.LUMP_SUM:
        amount = Money.rounded(share(limit, rules.QUARTER), rate.currency)
        said, most = spoken(amount.amount, rate.currency), spoken(limit, rate.currency)
        words = Words(
            f"Bez rachunku: ryczałt 25% limitu {most.pl}, czyli {said.pl}.",
            f"No bill: a lump sum of 25% of the limit of {most.en}, that is {said.en}.",
        )
        return rules.QUARTER, amount, (rules.LODGING_LUMP,), words
    rule, words = _UNPAID[kind]
    return _NONE, Money.zero(rate.currency), (rule,), words


def _bill(rate: Rate, limit: Decimal, bill: Decimal, *, consent: bool) -> _Lodging:
    said, most = spoken(bill, rate.currency), spoken(limit, rate.currency)
    if bill <= limit:
        words = Words(
            f"Rachunek {said.pl} mieści się w limicie {most.pl}.",
            f"The bill of {said.en} is within the limit of {most.en}.",
        )
        return _WHOLE, Money.rounded(bill, rate.currency), (rules.LODGING_BILL,), words
    if consent:
        words = Words(
            f"Rachunek {said.pl} ponad limit {most.pl}: zwrot w całości za zgodą pracodawcy.",
            f"The bill of {said.en} exceeds the limit of {most.en}; the employer consented.",
        )
        used = (rules.LODGING_BILL, rules.LODGING_CONSENT)
        return _WHOLE, Money.rounded(bill, rate.currency), used, words
    words = Words(
        f"Rachunek {said.pl} ponad limit: zwrot do wysokości limitu {most.pl}.",
        f"The bill of {said.en} exceeds the limit: {most.en} are reimbursed.",
    )
    return _WHOLE, Money.rounded(limit, rate.currency), (rules.LODGING_BILL,), words


def transport_lines(facts: TripFacts, spans: list[Span], tariff: Tariff) -> Iterator[Line]:
    """Yield transfers and local transport abroad, or the one line that says why none is due.

    Local transport counts the 24-hour periods of the whole foreign time, whatever the country.
    """
    reason = facts.abroad.no_transport if facts.abroad is not None else None
    asked = facts.local_transport is LocalTransport.LUMP_SUM
    stays = [stay for stay in stays_of(facts) if stay.transfers is not None]
    if not asked and not stays:
        return
    running = slices_of(spans, _RUNNING)
    if reason is not None:
        yield _excluded(facts, running[0], tariff, reason)
        return
    for number, stay in enumerate(stays, 1):
        on = (stay.since or tariff.clock.shown(running[0].begins)).date()
        yield _transfer(number, stay, facts, tariff.rate(stay.country, stay.place, on))
    if asked:
        yield from _local(running, tariff)


def _excluded(facts: TripFacts, first: Slice, tariff: Tariff, reason: NoTransport) -> Line:
    on = tariff.clock.shown(first.begins).date()
    rate, why = (
        tariff.rate(first.span.country, first.span.place, on),
        rules.WHY_NO_TRANSPORT[reason],
    )
    return Line(
        kind=LineKind.LOCAL_TRANSPORT,
        number=1,
        base=rate.allowance,
        factor=_NONE,
        amount=Money.zero(rate.currency),
        rules=(rules.NO_TRANSPORT,),
        text=Words(
            f"Ryczałty na dojazdy nie przysługują: {why.pl}.",
            f"No lump sums for transfers and local transport: {why.en}.",
        ),
        country=facts.country,
    )


def _transfer(number: int, stay: Stay, facts: TripFacts, rate: Rate) -> Line:
    destination = (stay.country, stay.place) == (facts.country, facts.place)
    one_way = stay.transfers is Transfers.ONE
    factor = _HALF if one_way else _WHOLE
    if not (destination or stay.overnight):
        factor = _NONE
    amount = Money.rounded(share(rate.allowance, factor), rate.currency)
    where = stay.country if stay.place is None else f"{stay.place}, {stay.country}"
    return Line(
        kind=LineKind.TRANSFER,
        number=number,
        base=rate.allowance,
        factor=factor,
        amount=amount,
        rules=(rules.TRANSFER, rules.HALF_TRANSFER) if one_way else (rules.TRANSFER,),
        text=_said_transfer(where, factor, amount),
        country=stay.country,
    )


def _said_transfer(where: str, factor: Fraction, amount: Money) -> Words:
    due = spoken(amount.amount, amount.currency)
    if factor == _WHOLE:
        return Words(
            f"Dojazdy z dworca, lotniska lub portu i z powrotem ({where}): ryczałt w wysokości "
            f"jednej diety, {due.pl}.",
            f"Transfers to and from the station, airport or port ({where}): one diet, {due.en}.",
        )
    if factor == _HALF:
        return Words(
            f"Dojazd w jedną stronę między dworcem, lotniskiem lub portem ({where}): "
            f"ryczałt w wysokości połowy diety, {due.pl}.",
            f"One transfer to or from the station, airport or port ({where}): "
            f"half a diet, {due.en}.",
        )
    return Words(
        f"Dojazd ({where}): miejscowość nie była docelowa i nie było tam noclegu, "
        "ryczałt nie przysługuje.",
        f"Transfers ({where}): neither the destination nor a place of an overnight stay, "
        "no lump sum is due.",
    )


def _local(running: list[Slice], tariff: Tariff) -> Iterator[Line]:
    def priced(piece: Slice) -> tuple[str, Rate]:
        on: date = tariff.clock.shown(piece.begins).date()
        return piece.span.country, tariff.rate(piece.span.country, piece.span.place, on)

    for number, ((country, rate), pieces) in enumerate(groupby(running, key=priced), 1):
        days = sum(1 for _ in pieces)
        daily = Money.rounded(share(rate.allowance, rules.TENTH), rate.currency)
        amount = Money.rounded(daily.amount * days, rate.currency)
        each, due = spoken(daily.amount, rate.currency), spoken(amount.amount, rate.currency)
        yield Line(
            kind=LineKind.LOCAL_TRANSPORT,
            number=number,
            base=rate.allowance,
            factor=rules.TENTH * days,
            amount=amount,
            rules=(rules.TRANSPORT,),
            text=Words(
                f"Dojazdy miejscowe ({country}): 10% diety za każdą rozpoczętą dobę, "
                f"{days} x {each.pl}: {due.pl}.",
                f"Local transport ({country}): 10% of the diet for each started 24 hours, "
                f"{days} x {each.en}: {due.en}.",
            ),
            country=country,
        )
