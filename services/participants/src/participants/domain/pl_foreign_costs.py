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
from participants.domain import pl_foreign_words as words
from participants.domain.abroad import NoTransport, Stay, Transfers
from participants.domain.choices import Pin, SeveralCountries
from participants.domain.countries import where
from participants.domain.explained import Line, LineKind, Rule, Worth, share
from participants.domain.per_diem import LocalTransport, LodgingKind, Night, TripFacts
from participants.domain.phrases import Amount, Counted, Said
from participants.domain.pl_foreign_tariff import Prices, Tariff
from participants.domain.pl_foreign_time import Slice, Span, slices_of, stays_of
from participants.domain.pl_travel import NEXT_DAY
from participants.domain.rates import Rate

_NONE: Final = Fraction(0)
_WHOLE: Final = Fraction(1)
_HALF: Final = Fraction(1, 2)
_NOTHING: Final = Decimal(0)

_RUNNING: Final = Pin(several_countries=SeveralCountries.PERIOD_START)
_Lodging = tuple[Fraction, Money, tuple[Rule, ...], Said]

_UNPAID: Final = {
    LodgingKind.FREE: (rules.LODGING_FREE, words.FREE.of()),
    LodgingKind.TRANSIT: (rules.LODGING_TRANSIT, words.TRANSIT.of()),
}


def night_line(number: int, night: Night, span: Span, tariff: Tariff) -> Line:
    """Return what a night abroad is worth at the limit in force on the evening it begins."""
    country, on = night.country or span.country, night.on
    prices = tariff.on(country, span.place if country == span.country else None, on)
    return Line(_night(prices, night.kind, night.bill, night.consent), number, None, None, on)


def _opening(line: Line) -> Said:
    country, on = line.country or "", line.on or date.min
    return words.NIGHT.of(on=on, next=on + NEXT_DAY, country=country, where=where(country))


@lru_cache(maxsize=4096)
def _night(prices: Prices, kind: LodgingKind, bill: Decimal | None, consent: bool) -> Worth:  # noqa: FBT001
    """Return what a night is worth: the same as another one spent alike."""
    rate = prices.rate
    factor, amount, used, said = _lodging(rate, kind, bill, consent=consent)
    return Worth(
        kind=LineKind.LODGING,
        base=rate.lodging_limit or _NOTHING,
        factor=factor,
        amount=amount,
        rules=used,
        opening=(_opening,),
        said=(said,),
        country=prices.country,
    )


def _lodging(rate: Rate, kind: LodgingKind, bill: Decimal | None, *, consent: bool) -> _Lodging:
    limit = rate.lodging_limit or _NOTHING
    if kind is LodgingKind.BILL:
        return _bill(rate, limit, bill or _NOTHING, consent=consent)
    if kind is LodgingKind.LUMP_SUM:
        amount = Money.rounded(share(limit, rules.QUARTER), rate.currency)
        due, most = Amount(amount.amount, rate.currency), Amount(limit, rate.currency)
        said = words.LUMP_SUM.of(limit=most, amount=due)
        return rules.QUARTER, amount, (rules.LODGING_LUMP,), said
    rule, said = _UNPAID[kind]
    return _NONE, Money.zero(rate.currency), (rule,), said


def _bill(rate: Rate, limit: Decimal, bill: Decimal, *, consent: bool) -> _Lodging:
    currency = rate.currency
    numbers = {"bill": Amount(bill, currency), "limit": Amount(limit, currency)}
    if bill <= limit:
        said, used, due = words.BILL.of(**numbers), (rules.LODGING_BILL,), bill
        return _WHOLE, Money.rounded(due, currency), used, said
    if consent:
        both = (rules.LODGING_BILL, rules.LODGING_CONSENT)
        return _WHOLE, Money.rounded(bill, currency), both, words.BILL_AGREED.of(**numbers)
    said = words.BILL_CUT.of(**numbers)
    return _WHOLE, Money.rounded(limit, currency), (rules.LODGING_BILL,), said


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
        rate = tariff.on(stay.country, stay.place, on).rate
        destination = (stay.country, stay.place) == (facts.country, facts.place)
        yield _transfer(number, stay, rate, destination=destination)
    if asked:
        yield from _local(running, tariff)


def _excluded(facts: TripFacts, first: Slice, tariff: Tariff, reason: NoTransport) -> Line:
    rate = tariff.at(first.span, first.begins).rate
    worth = Worth(
        kind=LineKind.LOCAL_TRANSPORT,
        base=rate.allowance,
        factor=_NONE,
        amount=Money.zero(rate.currency),
        rules=(rules.NO_TRANSPORT,),
        said=(words.NO_TRANSPORT.of(why=words.WHY_NO_TRANSPORT[reason]),),
        country=facts.country,
    )
    return Line(worth, 1)


def _transfer(number: int, stay: Stay, rate: Rate, *, destination: bool) -> Line:
    one_way = stay.transfers is Transfers.ONE
    factor = _HALF if one_way else _WHOLE
    if not (destination or stay.overnight):
        factor = _NONE
    amount = Money.rounded(share(rate.allowance, factor), rate.currency)
    worth = Worth(
        kind=LineKind.TRANSFER,
        base=rate.allowance,
        factor=factor,
        amount=amount,
        rules=(rules.TRANSFER, rules.HALF_TRANSFER) if one_way else (rules.TRANSFER,),
        said=(_said_transfer(stay, factor, amount),),
        country=stay.country,
    )
    return Line(worth, number)


def _said_transfer(stay: Stay, factor: Fraction, amount: Money) -> Said:
    phrase = words.TRANSFERS if factor == _WHOLE else words.ONE_TRANSFER
    if factor == _NONE:
        phrase = words.NO_TRANSFER
    code = stay.country if stay.place is None else f"{stay.place}, {stay.country}"
    due = Amount(amount.amount, amount.currency)
    return phrase.of(code=code, where=where(stay.country, stay.place), due=due)


def _local(running: list[Slice], tariff: Tariff) -> Iterator[Line]:
    """Yield a line for each run of periods with one country and one rate."""
    priced = (tariff.at(piece.span, piece.begins) for piece in running)
    for number, (prices, periods) in enumerate(groupby(priced), 1):
        yield Line(_transport(prices, sum(1 for _ in periods)), number)


@lru_cache(maxsize=1024)
def _transport(prices: Prices, periods: int) -> Worth:
    rate, country = prices.rate, prices.country
    daily = Money.rounded(share(rate.allowance, rules.TENTH), rate.currency)
    amount = Money.rounded(daily.amount * periods, rate.currency)
    said = words.TRANSPORT.of(
        country=country,
        where=where(country),
        days=periods,
        periods=Counted(periods, ("doba", "doby", "dób"), ("period", "periods")),
        each=Amount(daily.amount, rate.currency),
        due=Amount(amount.amount, rate.currency),
    )
    return Worth(
        kind=LineKind.LOCAL_TRANSPORT,
        base=rate.allowance,
        factor=rules.TENTH * periods,
        amount=amount,
        rules=(rules.TRANSPORT,),
        said=(said,),
        country=country,
    )
