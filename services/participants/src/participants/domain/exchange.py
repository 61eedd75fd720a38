"""What converts a per diem of several currencies into the one its budget line is in.

A clerk states the rates that the contract's rule gives (RULES 6 and 9.8); they are kept with the
calculation, each with its day and where it was published.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from kit.errors import Violation
from kit.money import Money
from participants.domain.choices import ExchangeRule


@dataclass(frozen=True, slots=True)
class GivenRate:
    """What one unit of `currency` is worth, on a day, as `source` published it."""

    currency: str
    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """Rates into one currency, by the rule of the programme's contract."""

    into: str
    rates: tuple[GivenRate, ...]

    def violations(self, today: date) -> Iterator[Violation]:
        """List currencies named twice or worth something in themselves, and days to come."""
        seen = {self.into}
        for index, each in enumerate(self.rates):
            if each.currency in seen:
                text = "is the currency converted into, or has a rate already"
                yield Violation(f"/rates/{index}/currency", "rate_twice", text)
            if each.on > today:
                yield Violation(f"/rates/{index}/on", "in_future", "must not be after today")
            seen.add(each.currency)

    @property
    def worth(self) -> dict[str, Decimal]:
        """What one unit of each currency is worth."""
        return {each.currency: each.rate for each in self.rates}


_CURRENCY_AND_RATES: Final = "currency its funds are asked for in and the rates of the others"


class CannotConvert(Exception):
    """Totals of several currencies have no sum yet; code and text say what is missing."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def in_one_currency(
    totals: Sequence[Money], rule: ExchangeRule | None, exchange: Exchange | None
) -> Money:
    """Return the sum of totals, each converted and rounded half up, or raise CannotConvert.

    One total needs no rate. Without a rule of the contract nothing is ever converted (INV-16).
    """
    if len(totals) == 1 and (exchange is None or exchange.into == totals[0].currency):
        return totals[0]
    named = " and ".join(total.currency for total in totals)
    if rule is None:
        text = f"The per diem is in {named}, and the contract has no rule for exchange rates."
        raise CannotConvert("no_exchange_rule", text)
    worth = {} if exchange is None else exchange.worth
    into = "" if exchange is None else exchange.into
    missing = [t.currency for t in totals if t.currency not in {into, *worth}]
    if missing or exchange is None:
        lacking = f"rate of {', '.join(missing)} in {into}" if into else _CURRENCY_AND_RATES
        text = f"The per diem is in {named}; state the {lacking} by the rule {rule}."
        raise CannotConvert("exchange_rate_missing", text)
    parts = [Money.rounded(t.amount * worth.get(t.currency, Decimal(1)), into) for t in totals]
    return Money.rounded(sum((part.amount for part in parts), Decimal(0)), into)


def as_json(exchange: Exchange | None) -> dict[str, Any] | None:
    """Return what is stored and shown."""
    if exchange is None:
        return None
    rates = [
        {"currency": r.currency, "rate": f"{r.rate:f}", "on": r.on.isoformat(), "source": r.source}
        for r in exchange.rates
    ]
    return {"into": exchange.into, "rates": rates}


def from_json(stored: dict[str, Any] | None) -> Exchange | None:
    """Return what was stored."""
    if stored is None:
        return None
    rates = tuple(
        GivenRate(r["currency"], Decimal(r["rate"]), date.fromisoformat(r["on"]), r["source"])
        for r in stored["rates"]
    )
    return Exchange(stored["into"], rates)
