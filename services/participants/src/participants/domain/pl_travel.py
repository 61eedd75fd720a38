"""Polish domestic trips, beside the diet: nights, local transport, documented costs (s.8, s.9)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from kit.money import Money
from participants.domain.per_diem import (
    Cost,
    CostKind,
    Line,
    LineKind,
    LocalTransport,
    LodgingKind,
    Night,
    Period,
    Rule,
    TripFacts,
    Words,
    share,
    spoken,
)
from participants.domain.rates import Rate

WARSAW: Final = ZoneInfo("Europe/Warsaw")
IN_FORCE_FROM: Final = date(2013, 3, 1)
PLN: Final = "PLN"
ACT: Final = "Dz.U. 2013 poz. 167"

LODGING_BILL: Final = Rule("PL-DOM-LODGING-BILL", f"{ACT} s.8(1)")
LODGING_CONSENT: Final = Rule("PL-DOM-LODGING-CONSENT", f"{ACT} s.8(2)")
LODGING_LUMP: Final = Rule("PL-DOM-LODGING-LUMP-SUM", f"{ACT} s.8(3)")
LODGING_SIX_HOURS: Final = Rule("PL-DOM-LODGING-6H", f"{ACT} s.8(4)")
LODGING_NONE: Final = Rule("PL-DOM-LODGING-NONE", f"{ACT} s.8(5)")
TRANSPORT_LUMP: Final = Rule("PL-DOM-TRANSPORT-LUMP-SUM", f"{ACT} s.9")
TRANSPORT_ACTUAL: Final = Rule("PL-DOM-TRANSPORT-ACTUAL", f"{ACT} s.9")
TICKETS: Final = Rule("PL-DOM-TRAVEL-TICKET", ACT)
MILEAGE: Final = Rule("PL-DOM-TRAVEL-MILEAGE", "Dz.U. 2023 poz. 5")

_NIGHT_BEGINS: Final = time(21)
_NIGHT_ENDS: Final = time(7)
_SHORTEST_NIGHT: Final = timedelta(hours=6)
_BILL_CAP: Final = Fraction(20)
_LODGING_LUMP: Final = Fraction(3, 2)
_TRANSPORT_LUMP: Final = Fraction(1, 5)
_NOTHING: Final = Fraction(0)
_WHOLE: Final = Fraction(1)

_UNPAID: Final = {
    LodgingKind.FREE: (
        LODGING_LUMP,
        Words("Nocleg zapewniony bezpłatnie.", "The night was provided free of charge."),
    ),
    LodgingKind.TRANSIT: (
        LODGING_NONE,
        Words(
            "Czas przejazdu: ryczałt za nocleg nie przysługuje.",
            "Spent travelling: no lump sum for the night.",
        ),
    ),
    LodgingKind.DAILY_RETURN: (
        LODGING_NONE,
        Words(
            "Codzienny powrót był możliwy: ryczałt za nocleg nie przysługuje.",
            "A daily return was possible: no lump sum for the night.",
        ),
    ),
}

_Lodging = tuple[Fraction, Decimal, tuple[Rule, ...], Words]


def diet_on(rates: tuple[Rate, ...], on: date) -> Rate:
    """Return the diet in force on a day; the first row also stands for the evening before it."""
    return [rate for rate in rates if rate.valid_from <= on or rate is rates[0]][-1]


def hours_of_night(facts: TripFacts, on: date) -> timedelta:
    """Return how much of the night beginning on the evening of `on` lies inside the trip."""
    opens = _instant(on, _NIGHT_BEGINS)
    closes = _instant(on + timedelta(days=1), _NIGHT_ENDS)
    begin = max(opens, facts.departs_at.astimezone(UTC))
    return max(min(closes, facts.returns_at.astimezone(UTC)) - begin, timedelta())


def _instant(on: date, hour: time) -> datetime:
    return datetime.combine(on, hour, WARSAW).astimezone(UTC)


def night_line(number: int, night: Night, facts: TripFacts, rates: tuple[Rate, ...]) -> Line:
    """Return what one night is worth at the diet in force on the evening it begins."""
    rate = diet_on(rates, night.on)
    factor, amount, rules, words = _lodging(night, rate, hours_of_night(facts, night.on))
    begin = Words(f"Nocleg z {night.on}.", f"Night beginning on {night.on}.")
    return Line(
        kind=LineKind.LODGING,
        number=number,
        on=night.on,
        base=rate.allowance,
        factor=factor,
        amount=Money.rounded(amount, PLN),
        rules=rules,
        text=begin + words,
    )


def _lodging(night: Night, rate: Rate, slept: timedelta) -> _Lodging:
    if night.kind is LodgingKind.BILL:
        return _bill(night, rate)
    if night.kind is LodgingKind.LUMP_SUM:
        return _lump_sum(rate, slept)
    rule, words = _UNPAID[night.kind]
    return _NOTHING, Decimal(0), (rule,), words


def _bill(night: Night, rate: Rate) -> _Lodging:
    bill = night.bill or Decimal(0)
    cap = share(rate.allowance, _BILL_CAP)
    said, limit = spoken(bill, PLN), spoken(cap, PLN)
    if bill <= cap:
        words = Words(
            f"Rachunek {said.pl} mieści się w limicie 20 diet ({limit.pl}).",
            f"The bill of {said.en} is within the limit of 20 diets ({limit.en}).",
        )
        return _BILL_CAP, bill, (LODGING_BILL,), words
    if night.consent:
        words = Words(
            f"Rachunek {said.pl} ponad limit 20 diet ({limit.pl}), za zgodą pracodawcy.",
            f"The bill of {said.en} exceeds 20 diets ({limit.en}); the employer consented.",
        )
        return _BILL_CAP, bill, (LODGING_BILL, LODGING_CONSENT), words
    words = Words(
        f"Rachunek {said.pl} ponad limit 20 diet: zwrot do {limit.pl}.",
        f"The bill of {said.en} exceeds 20 diets: {limit.en} are reimbursed.",
    )
    return _BILL_CAP, cap, (LODGING_BILL,), words


def _lump_sum(rate: Rate, slept: timedelta) -> _Lodging:
    if slept < _SHORTEST_NIGHT:
        words = Words(
            "Między 21:00 a 7:00 przypada mniej niż 6 godzin: ryczałt nie przysługuje.",
            "Less than 6 hours fall between 21:00 and 07:00: no lump sum is due.",
        )
        return _NOTHING, Decimal(0), (LODGING_LUMP, LODGING_SIX_HOURS), words
    amount = share(rate.allowance, _LODGING_LUMP)
    said = spoken(amount, PLN)
    words = Words(f"Ryczałt 150% diety: {said.pl}.", f"Lump sum of 150% of the diet: {said.en}.")
    return _LODGING_LUMP, amount, (LODGING_LUMP, LODGING_SIX_HOURS), words


def local_transport_lines(
    facts: TripFacts, periods: list[Period], rates: tuple[Rate, ...]
) -> Iterator[Line]:
    """Yield a lump sum for each started 24 hours, or the one line of documented costs (s.9)."""
    if facts.local_transport is LocalTransport.LUMP_SUM:
        for period in periods:
            yield _transport_lump_sum(period, diet_on(rates, period.begins_at.date()))
    if facts.local_transport is LocalTransport.ACTUAL:
        yield _transport_costs(facts.local_transport_costs or Decimal(0))


def _transport_lump_sum(period: Period, rate: Rate) -> Line:
    amount = share(rate.allowance, _TRANSPORT_LUMP)
    said = spoken(amount, PLN)
    words = Words(
        f"Dojazdy miejscowe, 20% diety za rozpoczętą dobę {period.number}: {said.pl}.",
        f"Local transport, 20% of the diet for started period {period.number}: {said.en}.",
    )
    return Line(
        kind=LineKind.LOCAL_TRANSPORT,
        number=period.number,
        begins_at=period.begins_at,
        ends_at=period.ends_at,
        base=rate.allowance,
        factor=_TRANSPORT_LUMP,
        amount=Money.rounded(amount, PLN),
        rules=(TRANSPORT_LUMP,),
        text=words,
    )


def _transport_costs(costs: Decimal) -> Line:
    said = spoken(costs, PLN)
    return Line(
        kind=LineKind.LOCAL_TRANSPORT,
        number=1,
        base=costs,
        factor=_WHOLE,
        amount=Money.rounded(costs, PLN),
        rules=(TRANSPORT_ACTUAL,),
        text=Words(
            f"Dojazdy miejscowe w udokumentowanej wysokości {said.pl}, za zgodą pracodawcy.",
            f"Local transport at documented cost, {said.en}, agreed by the employer.",
        ),
    )


def cost_line(number: int, cost: Cost) -> Line:
    """Return a ticket at its price, or private-car kilometres at the rate for one of them."""
    distance = cost.kilometres if cost.kilometres is not None else 1
    currency = cost.currency or PLN
    amount = Money.rounded(cost.amount * distance, currency)
    said = spoken(amount.amount, currency)
    unit = f"{cost.amount:f} {currency}"
    if cost.kind is CostKind.TICKET:
        words, rule = Words(f"Bilety: {said.pl}.", f"Tickets: {said.en}."), TICKETS
    else:
        words, rule = (
            Words(
                f"Samochód prywatny: {distance} km po {unit.replace('.', ',')}: {said.pl}.",
                f"Private car: {distance} km at {unit}: {said.en}.",
            ),
            MILEAGE,
        )
    return Line(
        kind=LineKind.TRAVEL,
        number=number,
        base=cost.amount,
        factor=Fraction(distance),
        amount=amount,
        rules=(rule,),
        text=words,
    )
