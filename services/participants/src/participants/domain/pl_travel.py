"""Polish domestic trips, beside the diet: nights, local transport, documented costs (s.8, s.9)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from typing import Final

from kit.money import Money
from participants.domain import pl_travel_words as words
from participants.domain.explained import (
    Line,
    LineKind,
    Opening,
    Rule,
    Worth,
    line_of,
    rule_of,
    share,
)
from participants.domain.moments import WARSAW, Known, Moment, local
from participants.domain.per_diem import (
    Cost,
    CostKind,
    LocalTransport,
    LodgingKind,
    Night,
    Period,
    Stretch,
    TripFacts,
)
from participants.domain.phrases import Amount, Said
from participants.domain.rates import Rate

IN_FORCE_FROM: Final = date(2013, 3, 1)
PLN: Final = "PLN"
ACT: Final = "Dz.U. 2013 poz. 167"
NEXT_DAY: Final = timedelta(days=1)

_rule = partial(rule_of, ACT)
LODGING_BILL: Final = _rule("PL-DOM-LODGING-BILL", "8(1)")
LODGING_CONSENT: Final = _rule("PL-DOM-LODGING-CONSENT", "8(2)")
LODGING_LUMP: Final = _rule("PL-DOM-LODGING-LUMP-SUM", "8(3)")
LODGING_SIX_HOURS: Final = _rule("PL-DOM-LODGING-6H", "8(4)")
LODGING_NONE: Final = _rule("PL-DOM-LODGING-NONE", "8(5)")
TRANSPORT_LUMP: Final = _rule("PL-DOM-TRANSPORT-LUMP-SUM", "9")
TRANSPORT_ACTUAL: Final = _rule("PL-DOM-TRANSPORT-ACTUAL", "9")
TICKETS: Final = Rule("PL-DOM-TRAVEL-TICKET", ACT, ACT)
MILEAGE: Final = Rule("PL-DOM-TRAVEL-MILEAGE", "Dz.U. 2023 poz. 5", "Dz.U. 2023 poz. 5")
OTHER_COSTS: Final = _rule("PL-OTHER-COSTS", "4")

_NIGHT_BEGINS: Final = time(21)
_NIGHT_ENDS: Final = time(7)
_SHORTEST_NIGHT: Final = timedelta(hours=6)
_BILL_CAP: Final = Fraction(20)
_LODGING_LUMP: Final = Fraction(3, 2)
_TRANSPORT_LUMP: Final = Fraction(1, 5)
_NOTHING: Final = Fraction(0)
_WHOLE: Final = Fraction(1)
_NONE: Final = Decimal(0)

_UNPAID: Final = {
    LodgingKind.FREE: (LODGING_LUMP, words.FREE.of()),
    LodgingKind.TRANSIT: (LODGING_NONE, words.TRANSIT.of()),
    LodgingKind.DAILY_RETURN: (LODGING_NONE, words.DAILY_RETURN.of()),
}

_Lodging = tuple[Fraction, Decimal, tuple[Rule, ...], Said]


def diet_on(rates: tuple[Rate, ...], on: date) -> Rate:
    """Return the diet in force on a day; the first row also stands for the evening before it."""
    return [rate for rate in rates if rate.valid_from <= on or rate is rates[0]][-1]


def diet_at(rates: tuple[Rate, ...], moment: Moment | Known) -> Rate:
    """Return the diet in force at a moment; where there is but one, no clock has to be read."""
    return rates[0] if len(rates) == 1 else diet_on(rates, local(moment).date())


def hours_of_night(facts: TripFacts, on: date) -> timedelta:
    """Return how much of the night beginning on the evening of `on` lies inside the trip."""
    opens = _instant(on, _NIGHT_BEGINS)
    closes = _instant(on + NEXT_DAY, _NIGHT_ENDS)
    begin = max(opens, facts.departs_at.astimezone(UTC))
    return max(min(closes, facts.returns_at.astimezone(UTC)) - begin, timedelta())


def _instant(on: date, hour: time) -> datetime:
    return datetime.combine(on, hour, WARSAW).astimezone(UTC)


def night_line(
    number: int, night: Night, facts: TripFacts, rates: tuple[Rate, ...], country: str | None = None
) -> Line:
    """Return what one night is worth at the diet in force on the evening it begins."""
    short = hours_of_night(facts, night.on) < _SHORTEST_NIGHT
    rate = diet_on(rates, night.on)
    worth = _night(night.kind, night.bill, rate, country, consent=night.consent, short=short)
    return Line(worth, number, on=night.on)


def _opening(line: Line) -> Said:
    on = line.on or date.min
    return words.NIGHT.of(on=on, next=on + NEXT_DAY)


@lru_cache(maxsize=2048)
def _night(
    kind: LodgingKind,
    bill: Decimal | None,
    rate: Rate,
    country: str | None,
    *,
    consent: bool,
    short: bool,
) -> Worth:
    factor, amount, rules, said = _lodging(kind, bill or _NONE, rate, consent=consent, short=short)
    return Worth(
        kind=LineKind.LODGING,
        base=rate.allowance,
        factor=factor,
        amount=Money.rounded(amount, PLN),
        rules=rules,
        opening=(_opening,),
        said=(said,),
        country=country,
    )


def _lodging(
    kind: LodgingKind, bill: Decimal, rate: Rate, *, consent: bool, short: bool
) -> _Lodging:
    if kind is LodgingKind.BILL:
        return _bill(bill, rate, consent=consent)
    if kind is LodgingKind.LUMP_SUM:
        return _lump_sum(rate, short=short)
    rule, said = _UNPAID[kind]
    return _NOTHING, _NONE, (rule,), said


def _bill(bill: Decimal, rate: Rate, *, consent: bool) -> _Lodging:
    cap = share(rate.allowance, _BILL_CAP)
    numbers = {"bill": Amount(bill, PLN), "limit": Amount(cap, PLN)}
    if bill <= cap:
        return _BILL_CAP, bill, (LODGING_BILL,), words.BILL.of(**numbers)
    if consent:
        used = (LODGING_BILL, LODGING_CONSENT)
        return _BILL_CAP, bill, used, words.BILL_AGREED.of(**numbers)
    return _BILL_CAP, cap, (LODGING_BILL,), words.BILL_CUT.of(**numbers)


def _lump_sum(rate: Rate, *, short: bool) -> _Lodging:
    used = (LODGING_LUMP, LODGING_SIX_HOURS)
    if short:
        return _NOTHING, _NONE, used, words.SHORT_NIGHT.of()
    amount = share(rate.allowance, _LODGING_LUMP)
    return _LODGING_LUMP, amount, used, words.LUMP_SUM.of(amount=Amount(amount, PLN))


def local_transport_lines(
    facts: TripFacts | Stretch,
    periods: list[Period],
    rates: tuple[Rate, ...],
    opening: tuple[Opening, ...] = (),
    country: str | None = None,
) -> Iterator[Line]:
    """Yield a lump sum for each started 24 hours, or the one line of documented costs (s.9)."""
    if facts.local_transport is LocalTransport.LUMP_SUM:
        for period in periods:
            rate = diet_at(rates, period.begins)
            worth = _transport_lump_sum(rate, period.number, opening, country)
            yield line_of((worth, period.number, period.begins, period.ends, None, 0))
    if facts.local_transport is LocalTransport.ACTUAL:
        yield _transport_costs(facts.local_transport_costs or _NONE)


@lru_cache(maxsize=2048)
def _transport_lump_sum(
    rate: Rate, number: int, opening: tuple[Opening, ...], country: str | None
) -> Worth:
    amount = share(rate.allowance, _TRANSPORT_LUMP)
    return Worth(
        kind=LineKind.LOCAL_TRANSPORT,
        base=rate.allowance,
        factor=_TRANSPORT_LUMP,
        amount=Money.rounded(amount, PLN),
        rules=(TRANSPORT_LUMP,),
        opening=opening,
        said=(words.TRANSPORT.of(number=number, amount=Amount(amount, PLN)),),
        country=country,
    )


def _transport_costs(costs: Decimal) -> Line:
    worth = Worth(
        kind=LineKind.LOCAL_TRANSPORT,
        base=costs,
        factor=_WHOLE,
        amount=Money.rounded(costs, PLN),
        rules=(TRANSPORT_ACTUAL,),
        said=(words.TRANSPORT_AT_COST.of(amount=Amount(costs, PLN)),),
    )
    return Line(worth, 1)


def cost_line(number: int, cost: Cost, rule: Rule | None = None) -> Line:
    """Return a documented cost as it is, or private-car kilometres at the rate for one of them.

    `rule` stands in for that of the Polish act where another document pays for travel.
    """
    return Line(_cost(cost, rule), number)


def _cost(cost: Cost, rule: Rule | None) -> Worth:
    distance = cost.kilometres if cost.kilometres is not None else 1
    currency = cost.currency or PLN
    amount = Money.rounded(cost.amount * distance, currency)
    total = Amount(amount.amount, currency)
    kind = LineKind.OTHER if cost.kind is CostKind.OTHER else LineKind.TRAVEL
    if cost.kind is CostKind.TICKET:
        said, own = words.TICKETS.of(amount=total), TICKETS
    elif cost.kind is CostKind.OTHER:
        said, own = words.OTHER_COSTS.of(amount=total), OTHER_COSTS
    else:
        unit = Amount(cost.amount, currency, exact=True)
        said, own = words.MILEAGE.of(distance=distance, unit=unit, amount=total), MILEAGE
    return Worth(
        kind=kind,
        base=cost.amount,
        factor=Fraction(distance),
        amount=amount,
        rules=(rule or own,),
        said=(said,),
    )
