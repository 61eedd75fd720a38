"""What a night in the United States is worth, and the words that say why."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from kit.money import Money
from participants.domain.explained import Line, LineKind, Rule, Worth
from participants.domain.per_diem import LodgingKind, Night
from participants.domain.phrases import Amount, Phrase, Said
from participants.domain.rates import Rate

USD: Final = "USD"
_FTR: Final = "41 CFR 301-11"
LODGING: Final = Rule(
    "US-GSA-LODGING",
    f"{_FTR}.100: lodging up to the rate of the night",
    f"{_FTR}.100: nocleg do stawki z danej nocy",
)
ACTUAL: Final = Rule(
    "US-GSA-ACTUAL-EXPENSE",
    f"{_FTR}.300: actual expense over the rate, if agreed to",
    f"{_FTR}.300: koszt rzeczywisty ponad stawkę, za zgodą",
)
_NONE: Final = Decimal(0)
_NEXT_DAY: Final = timedelta(days=1)

# A Polish date ends with a full stop of its own.
NIGHT: Final = Phrase("Nocleg z {on} na {next}", "Night from {on} to {next}.")
AT_RATE: Final = Phrase("Przysługuje do wysokości stawki: {limit}.", "Due up to the rate: {limit}.")
WITHIN: Final = Phrase(
    "Rachunek na {bill} mieści się w stawce {limit}: zwrot w całości.",
    "The bill of {bill} is within the rate of {limit}: reimbursed in full.",
)
CUT: Final = Phrase(
    "Rachunek na {bill} przekracza stawkę: zwrot do jej wysokości, {limit}.",
    "The bill of {bill} exceeds the rate: reimbursed up to the rate, {limit}.",
)
AGREED: Final = Phrase(
    "Rachunek na {bill} przekracza stawkę {limit}: zwrot w całości, za zgodą pracodawcy.",
    "The bill of {bill} exceeds the rate of {limit}: reimbursed in full, as the employer agreed.",
)
NO_RATE: Final = Phrase(
    "Wykaz {rate_set} nie zawiera stawki za nocleg w tej miejscowości: bez rachunku i zgody "
    "pracodawcy zwrot nie przysługuje.",
    "{rate_set} has no lodging rate for the place: without a bill that the employer agreed to "
    "nothing is due.",
)
NO_RATE_AGREED: Final = Phrase(
    "Wykaz {rate_set} nie zawiera stawki za nocleg w tej miejscowości: zwrot według rachunku na "
    "{bill}, za zgodą pracodawcy.",
    "{rate_set} has no lodging rate for the place: the bill of {bill} is reimbursed, as the "
    "employer agreed.",
)
UNPAID: Final = {
    LodgingKind.FREE: Phrase(
        "Nocleg był bezpłatny: nic nie przysługuje.", "Lodging was free: nothing is due."
    ),
    LodgingKind.TRANSIT: Phrase(
        "Noc spędzono w podróży: nic nie przysługuje.", "Spent on the way: nothing is due."
    ),
    LodgingKind.DAILY_RETURN: Phrase(
        "Powrót tego samego dnia: nic nie przysługuje.", "Returned that day: nothing is due."
    ),
}


def due(night: Night, limit: Decimal) -> Decimal:
    """Return what of a night is paid: a bill up to the limit, more if the employer agreed."""
    if night.kind is LodgingKind.BILL:
        bill = night.bill or _NONE
        return bill if night.consent else min(bill, limit)
    return limit if night.kind is LodgingKind.LUMP_SUM else _NONE


def told(rate: Rate, night: Night) -> Worth:
    """Return what a night is worth, and how it was spent and paid."""
    return _told(rate, night.kind, night.bill, night.consent)


@lru_cache(maxsize=1024)
def _told(rate: Rate, kind: LodgingKind, bill: Decimal | None, consent: bool) -> Worth:  # noqa: FBT001
    limit = rate.lodging_limit or _NONE
    paid = due(Night(rate.valid_from, kind, bill, consent), limit)
    said = _said(rate, kind, bill, consent=consent)
    agreed = said.phrase in {AGREED, NO_RATE_AGREED}
    return Worth(
        kind=LineKind.LODGING,
        base=limit,
        factor=Fraction(1 if paid else 0),
        amount=Money.rounded(paid, USD),
        rules=(LODGING, ACTUAL) if agreed else (LODGING,),
        opening=(_opening,),
        said=(said,),
    )


def _opening(line: Line) -> Said:
    on = line.on
    return NIGHT.of(on=on, next=None if on is None else on + _NEXT_DAY)


def _said(rate: Rate, kind: LodgingKind, bill: Decimal | None, *, consent: bool) -> Said:
    if kind in UNPAID:
        return UNPAID[kind].of()
    limit = rate.lodging_limit
    if limit is None:
        agreed = consent and bill is not None
        phrase, cost = NO_RATE_AGREED if agreed else NO_RATE, Amount(bill or _NONE, USD)
        return phrase.of(rate_set=rate.rate_set, bill=cost)
    most = Amount(limit, USD)
    if bill is None:
        return AT_RATE.of(limit=most)
    if bill <= limit:
        return WITHIN.of(bill=Amount(bill, USD), limit=most)
    return (AGREED if consent else CUT).of(bill=Amount(bill, USD), limit=most)
