"""Money: a decimal amount with its currency, rounded once, half up, by a function that says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from kit.errors import DomainError, Kind

_MINOR_DIGITS: Final = {"JPY": 0, "KRW": 0, "ISK": 0, "HUF": 2, "KWD": 3, "TND": 3, "BHD": 3}


class CurrenciesDiffer(DomainError):
    """Amounts of different currencies are never added (INV-16)."""

    kind = Kind.CONFLICT
    code = "kit.currencies_differ"
    title = "Amounts of different currencies cannot be combined"
    advice = "Use one currency, or convert with an explicit exchange rate and its date."


class MoneyScale(DomainError):
    """An amount has more decimals than its currency has minor units."""

    kind = Kind.INVALID
    code = "kit.money_scale"
    title = "The amount has too many decimals for its currency"
    advice = "Send an amount rounded to the minor unit of its currency."


def minor_digits(currency: str) -> int:
    """Return how many decimals the minor unit of an ISO 4217 currency has (2 unless listed)."""
    return _MINOR_DIGITS.get(currency, 2)


@lru_cache(maxsize=256)
def _minor_unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_digits(currency))


def half_up(amount: Decimal, currency: str) -> Decimal:
    """Round to the minor unit of the currency, halves away from zero (RULES 9.4)."""
    return amount.quantize(_minor_unit(currency), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in one currency, never finer than the minor unit."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Refuse what no account can hold: a fraction of the minor unit, NaN, infinity."""
        if not self.amount.is_finite() or half_up(self.amount, self.currency) != self.amount:
            raise MoneyScale(f"{self.amount} is not an amount of {self.currency}")

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Return nothing, in a currency."""
        return cls(half_up(Decimal(0), currency), currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> "Money":
        """Return `amount` rounded half up to the minor unit."""
        return cls(half_up(amount, currency), currency)

    def __add__(self, other: "Money") -> "Money":
        """Add an amount of the same currency, or raise CurrenciesDiffer."""
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Subtract an amount of the same currency, or raise CurrenciesDiffer."""
        return Money(self.amount - self._same(other), self.currency)

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise CurrenciesDiffer(f"{other.currency} cannot be combined with {self.currency}")
        return other.amount


def allocate(total: Money, weights: Sequence[Decimal]) -> list[Money]:
    """Split `total` by weight so that the parts add up to it, by largest remainder.

    Every part is first rounded down to the minor unit; the units left over go to the largest
    remainders, ties to the earlier part (INV-12). Weights are not negative and not all zero.
    """
    step = Decimal(1).scaleb(-minor_digits(total.currency))
    whole = sum(weights, Decimal(0))
    exact = [total.amount * weight / whole for weight in weights]
    parts = [share.quantize(step, rounding=ROUND_DOWN) for share in exact]
    left = int((total.amount - sum(parts, Decimal(0))) / step)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i]) * left)
    for index in by_remainder[: abs(left)]:
        parts[index] += step if left > 0 else -step
    return [Money(part, total.currency) for part in parts]
