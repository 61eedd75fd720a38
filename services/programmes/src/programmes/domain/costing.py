"""What budget lines cost: real costs, unit costs, lump sums, and flat rates on other lines.

Flat rates are computed in one order, staff, travel, office, other, because each may be a share of
an earlier one. Every amount is rounded half up once, per line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kit.errors import DomainError, Kind
from kit.money import Money
from programmes.domain.financing import HUNDRED, not_negative, total_of
from programmes.domain.source import Source

STAFF: Final = "staff"
TRAVEL: Final = "travel"
OFFICE: Final = "office"
OTHER: Final = "other"
FLAT_RATE_ORDER: Final = (STAFF, TRAVEL, OFFICE, OTHER)


class CostInvalid(DomainError):
    """The line lacks what its cost model needs, or has what belongs to another model."""

    kind = Kind.INVALID
    code = "programmes.cost_invalid"
    title = "The line does not fit its cost model"
    advice = "Give quantity and unit price, or an amount, or a rate: what the model asks for."


class FlatRateInvalid(DomainError):
    """The flat rate would be computed on itself, or pay twice for the same costs."""

    kind = Kind.INVALID
    code = "programmes.flat_rate_invalid"
    title = "The flat rate is not possible"
    advice = "Take one flat rate per category, on costs that are not in that category."


class LineCodeTwice(DomainError):
    """A budget names each line once."""

    kind = Kind.INVALID
    code = "programmes.line_code_twice"
    title = "The budget has two lines of one code"
    advice = "Give every line of a budget a code of its own."


class CostModel(StrEnum):
    """How the amount of a line is found, and how its spending is proved."""

    REAL = "real"
    UNIT_COST = "unit_cost"
    LUMP_SUM = "lump_sum"
    FLAT_RATE = "flat_rate"


class FlatRateOn(StrEnum):
    """What a flat rate is a share of: staff costs, or all direct costs."""

    STAFF = "staff"
    DIRECT = "direct"


_ALLOWED: Final = {
    STAFF: frozenset({FlatRateOn.DIRECT}),
    TRAVEL: frozenset({FlatRateOn.STAFF}),
    OFFICE: frozenset({FlatRateOn.STAFF, FlatRateOn.DIRECT}),
    OTHER: frozenset({FlatRateOn.STAFF}),
}


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a budget.

    Real and unit costs have `quantity` (of `unit`) and `unit_price`; a lump sum has `amount`; a
    flat rate has `percent` and says what it is `percent` of. `partner` spends it in `period`.
    """

    code: str
    category: str
    model: CostModel
    unit: str | None = None
    quantity: Decimal | None = None
    unit_price: Money | None = None
    amount: Money | None = None
    percent: Decimal | None = None
    percent_of: FlatRateOn | None = None
    partner: str | None = None
    period: int | None = None
    title: str = ""

    def __post_init__(self) -> None:
        """Refuse a line that does not fit its model, and numbers below zero."""
        by_unit = self.quantity is not None, self.unit_price is not None
        flat = self.percent is not None, self.percent_of is not None
        given = (*by_unit, self.amount is not None, *flat)
        if given != _NEEDS[self.model]:
            raise CostInvalid(f"the line {self.code} is no {self.model}")
        for number in (self.quantity, self.percent):
            if number is not None and (not number.is_finite() or number < 0):
                raise CostInvalid(f"the line {self.code} has a number below zero")
        for money in (self.unit_price, self.amount):
            if money is not None:
                not_negative(money)


@dataclass(frozen=True, slots=True)
class StatedLine:
    """What a source says money is spent on, without saying how much."""

    code: str
    title: str
    category: str
    source: Source


_NEEDS: Final = {
    CostModel.REAL: (True, True, False, False, False),
    CostModel.UNIT_COST: (True, True, False, False, False),
    CostModel.LUMP_SUM: (False, False, True, False, False),
    CostModel.FLAT_RATE: (False, False, False, True, True),
}


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with the amount it comes to; `base` is what a flat rate was taken of."""

    line: CostLine
    amount: Money
    base: Money | None = None


def priced(lines: Sequence[CostLine], currency: str) -> tuple[PricedLine, ...]:
    """Return the amount of every line, in the order given, flat rates last computed.

    Raises LineCodeTwice, FlatRateInvalid, or CurrenciesDiffer for a line in another currency.
    """
    if len({line.code for line in lines}) < len(lines):
        raise LineCodeTwice("two lines have the same code")
    flat = _flat_rates(lines)
    done = [_plain(line) for line in lines if line.model is not CostModel.FLAT_RATE]
    total_of([each.amount for each in done], currency)
    for category in FLAT_RATE_ORDER:
        if category in flat:
            done.append(_flat(flat[category], done, currency))
    by_code = {each.line.code: each for each in done}
    return tuple(by_code[line.code] for line in lines)


def _plain(line: CostLine) -> PricedLine:
    if line.amount is not None:
        return PricedLine(line, line.amount)
    if line.quantity is None or line.unit_price is None:
        raise CostInvalid(f"the line {line.code} has no price")
    price = line.unit_price
    return PricedLine(line, Money.rounded(line.quantity * price.amount, price.currency))


def _flat_rates(lines: Sequence[CostLine]) -> dict[str, CostLine]:
    """Return the flat rate of each category, or refuse one that cannot be."""
    found: dict[str, CostLine] = {}
    for line in lines:
        if line.model is not CostModel.FLAT_RATE:
            continue
        if line.percent_of not in _ALLOWED.get(line.category, ()):
            raise FlatRateInvalid(f"{line.category} cannot be a share of {line.percent_of} costs")
        if sum(line.category == each.category for each in lines) > 1:
            raise FlatRateInvalid(f"{line.category} has a flat rate and other lines")
        found[line.category] = line
    if STAFF in found and OTHER in found:
        raise FlatRateInvalid("other costs are no share of staff costs that are a flat rate")
    return found


def _flat(line: CostLine, done: Sequence[PricedLine], currency: str) -> PricedLine:
    base = total_of([each.amount for each in done if _counts(each.line, line)], currency)
    percent = line.percent or Decimal(0)
    return PricedLine(line, Money.rounded(base.amount * percent / HUNDRED, currency), base)


def _counts(cost: CostLine, flat: CostLine) -> bool:
    """Say whether a cost belongs to what `flat` is a share of; office and other are not direct."""
    if flat.percent_of is FlatRateOn.STAFF:
        return cost.category == STAFF
    return cost.category not in {OFFICE, OTHER}
