"""Beside the diets abroad: nights (s.16), transfers and local transport (s.17)."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from kit.money import Money
from participants.domain import pl_foreign_rules as rules
from participants.domain import pl_foreign_words as words
from participants.domain.abroad import NoTransport, Stay, Transfers
from participants.domain.countries import where
from participants.domain.explained import Line, LineKind, Rule, Worth, line_of, share
from participants.domain.per_diem import LocalTransport, LodgingKind, Night, TripFacts
from participants.domain.phrases import Amount, Counted, Said
from participants.domain.pl_foreign_tariff import Prices, Tariff
from participants.domain.pl_foreign_time import Part, Span, cut, stays_of
from participants.domain.pl_travel import NEXT_DAY
from participants.domain.rates import Rate

_NONE: Final = Fraction(0)
_WHOLE: Final = Fraction(1)
_HALF: Final = Fraction(1, 2)
_NOTHING: Final = Decimal(0)

Destined = Callable[[TripFacts, Stay], bool]
"""Whether a stay is a destination, as an edition of the rules reads the section."""
_Lodging = tuple[Fraction, Money, tuple[Rule, ...], Said]

_UNPAID: Final = {
    LodgingKind.FREE: (rules.LODGING_FREE, words.FREE.of()),
    LodgingKind.TRANSIT: (rules.LODGING_TRANSIT, words.TRANSIT.of()),
}


def night_price(night: Night, span: Span, tariff: Tariff) -> Prices:
    """Return the limit in force on the evening a night abroad begins."""
    if night.country is None or night.country == span.country:
        return tariff.on(span.country, span.place, night.on)
    return tariff.on(night.country, None, night.on)


def _opening(line: Line) -> Said:
    country, on = line.country or "", line.on or date.min
    return words.NIGHT.of(on=on, next=on + NEXT_DAY, country=country, where=where(country))


@lru_cache(maxsize=4096)
def night_worth(prices: Prices, kind: LodgingKind, bill: Decimal | None, consent: bool) -> Worth:  # noqa: FBT001
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


def is_own_destination(facts: TripFacts, stay: Stay) -> bool:
    """Whether a stay is the one place that the trip itself names as its destination."""
    return (stay.country, stay.place) == (facts.country, facts.place)


def is_destination(facts: TripFacts, stay: Stay) -> bool:
    """Whether a stay is a destination, where transfers are due without a night (s.17(1)).

    The employer may name several countries (s.13(2)): each stay in another country than the trip's
    own is a destination. In the trip's own country it is the town that the trip names; where it
    names none, the towns of the stays.
    """
    return stay.country != facts.country or facts.place in {None, stay.place}


def transport_lines(
    facts: TripFacts, spans: list[Span], tariff: Tariff, destined: Destined
) -> Iterator[Line]:
    """Yield transfers and local transport abroad, or the one line that says why none is due.

    Local transport counts the 24-hour periods of the whole foreign time, whatever the country.
    """
    reason = facts.abroad.no_transport if facts.abroad is not None else None
    asked = facts.local_transport is LocalTransport.LUMP_SUM
    stays = [stay for stay in stays_of(facts) if stay.transfers is not None]
    if not asked and not stays:
        return
    running = [span for span in spans if span.part is Part.ABROAD]
    if reason is not None:
        yield _excluded(facts, running[0], tariff, reason)
        return
    for number, stay in enumerate(stays, 1):
        on = (stay.since or tariff.clock.shown(running[0].begins)).date()
        prices = tariff.on(stay.country, stay.place, on)
        earned = stay.overnight or destined(facts, stay)
        worth = _transfer(prices, stay.place, stay.transfers, earned)
        yield line_of((worth, number, None, None, None, 0))
    if asked:
        yield from _local(running, tariff)


def _excluded(facts: TripFacts, first: Span, tariff: Tariff, reason: NoTransport) -> Line:
    rate = tariff.at(first, first.begins).rate
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


@lru_cache(maxsize=1024)
def _transfer(
    prices: Prices,
    place: str | None,
    transfers: Transfers | None,
    earned: bool,  # noqa: FBT001
) -> Worth:
    rate, country = prices.rate, prices.country
    one_way = transfers is Transfers.ONE
    factor = _HALF if one_way else _WHOLE
    phrase = words.ONE_TRANSFER if one_way else words.TRANSFERS
    if not earned:
        factor, phrase = _NONE, words.NO_TRANSFER
    amount = Money.rounded(share(rate.allowance, factor), rate.currency)
    said = phrase.of(
        code=country if place is None else f"{place}, {country}",
        where=where(country, place),
        due=Amount(amount.amount, amount.currency),
    )
    return Worth(
        kind=LineKind.TRANSFER,
        base=rate.allowance,
        factor=factor,
        amount=amount,
        rules=(rules.TRANSFER, rules.HALF_TRANSFER) if one_way else (rules.TRANSFER,),
        said=(said,),
        country=country,
    )


def _local(running: list[Span], tariff: Tariff) -> Iterator[Line]:
    """Yield a line for each run of periods with one country and one rate."""
    runs: list[tuple[Prices, int]] = []
    for prices, periods in _priced(running, tariff):
        before = runs.pop()[1] if runs and runs[-1][0] is prices else 0
        runs.append((prices, before + periods))
    for number, (prices, periods) in enumerate(runs, 1):
        yield line_of((_transport(prices, periods), number, None, None, None, 0))


def _priced(running: list[Span], tariff: Tariff) -> Iterator[tuple[Prices, int]]:
    """Yield how many periods begin at which price."""
    for span, begins, _ in cut(running):
        first = tariff.at(span, begins[0])
        if first.fixed:
            yield first, len(begins)
        else:
            yield from [(tariff.at(span, point), 1) for point in begins]


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
