"""Money and its days in requests: in a currency there is, and on a day that may be meant."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from kit import wire
from programmes.domain.currencies import CURRENCIES


def _known(currency: str) -> str:
    if currency not in CURRENCIES:
        raise PydanticCustomError(
            "currency", "must be a currency of ISO 4217 with at most two decimals"
        )
    return currency


def _to_hundredths(percent: Decimal) -> Decimal:
    return percent.quantize(Decimal("0.01"))


_FIRST: Final = date(1990, 1, 1)
_LAST: Final = date(2100, 12, 31)
Currency = Annotated[wire.Currency, AfterValidator(_known)]
MoneyDay = Annotated[wire.Day, Field(ge=_FIRST, le=_LAST)]
Percent = Annotated[wire.Amount, Field(ge=0, le=100)]
Hundredths = Annotated[
    wire.Amount, Field(ge=0, le=100, decimal_places=2), AfterValidator(_to_hundredths)
]
"""Percent with at most two decimals."""


class MoneyIn(wire.MoneyIn):
    """An amount, not negative, with no more decimals than its currency has."""

    currency: Currency
