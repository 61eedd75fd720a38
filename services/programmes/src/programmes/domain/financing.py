"""Who pays: funding sources that add up, and shares of money whose parts equal the whole.

Every split is by largest remainder (INV-12): what one partner loses in rounding no other partner
and no donor silently keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kit.errors import DomainError, Kind
from kit.money import CurrenciesDiffer, Money, allocate
from programmes.domain.source import Source

HUNDRED: Final = Decimal(100)
MOST: Final = Decimal("999999999999.99")
"""More than this no column of money holds."""
_MISMATCH: Final = Decimal("0.01")


class CofinancingSum(DomainError):
    """The rates do not add up to 100 exactly, or the amounts to the total (INV-10)."""

    kind = Kind.INVALID
    code = "programmes.cofinancing_sum"
    title = "The funding sources do not add up"
    advice = "Give every source a rate, adding up to 100, or an amount, adding up to the total."


class FundingSourceDuplicate(DomainError):
    """One funder gives one kind of money under one instrument once."""

    kind = Kind.INVALID
    code = "programmes.funding_source_duplicate"
    title = "The funding source is named twice"
    advice = "Put the money of one funder, instrument and kind into one source."


class AmountNegative(DomainError):
    """Budgets, shares and transfers are amounts of money there are, not debts."""

    kind = Kind.INVALID
    code = "programmes.amount_negative"
    title = "The amount must not be negative"
    advice = "Send an amount of zero or more; take money back by its own command."


class AmountTooLarge(DomainError):
    """No book here has room for a thousand billion."""

    kind = Kind.INVALID
    code = "programmes.amount_too_large"
    title = "The amount is too large to be kept"
    advice = "Check the amount: it must stay below 1 000 000 000 000."


class FundingKind(StrEnum):
    """Whose money it is."""

    GRANT = "grant"
    OWN_PUBLIC = "own_public"
    OWN_PRIVATE = "own_private"
    AUTOMATIC_PUBLIC = "automatic_public"


@dataclass(frozen=True, slots=True)
class FundingSource:
    """What one funder gives: a rate in percent, an amount, both, or neither if not stated.

    `funder` is the code of an organisation, or of the parent programme that pays.
    """

    funder: str
    kind: FundingKind
    instrument: str | None = None
    rate: Decimal | None = None
    amount: Money | None = None
    source: Source | None = None


def total_of(parts: Sequence[Money], currency: str) -> Money:
    """Add amounts of one currency; CurrenciesDiffer if one is in another."""
    return sum(parts, Money.zero(currency))


def not_negative(money: Money) -> None:
    """Raise AmountNegative for less than nothing."""
    if money.amount < 0:
        raise AmountNegative(f"{money.amount} {money.currency}")


def must_fit(money: Money) -> Money:
    """Return the money, or raise AmountTooLarge for more than a book can hold."""
    if money.amount > MOST:
        raise AmountTooLarge(f"{money.amount} {money.currency}")
    return money


def check_sources(sources: Sequence[FundingSource], total: Money | None) -> None:
    """Refuse sources that do not add up (INV-10) or are named twice.

    Nothing stated is no contradiction; a rate or an amount of some sources alone is one.
    """
    keys = [(each.funder, each.instrument, each.kind) for each in sources]
    if len(set(keys)) < len(keys):
        raise FundingSourceDuplicate("a funder, instrument and kind occur twice")
    _check_rates([each.rate for each in sources])
    _check_amounts([each.amount for each in sources], total)


def _check_rates(rates: Sequence[Decimal | None]) -> None:
    given = [rate for rate in rates if rate is not None]
    if not given:
        return
    if len(given) < len(rates):
        raise CofinancingSum(f"{len(rates) - len(given)} of {len(rates)} sources have no rate")
    if any(not rate.is_finite() or rate < 0 for rate in given):
        raise CofinancingSum("a rate is a number from 0 to 100")
    if (adds := sum(given, Decimal(0))) != HUNDRED:
        raise CofinancingSum(f"the rates add up to {adds}, not to 100", sum=str(adds))


def _check_amounts(amounts: Sequence[Money | None], total: Money | None) -> None:
    given = [amount for amount in amounts if amount is not None]
    if not given:
        return
    if len(given) < len(amounts) or total is None:
        raise CofinancingSum("amounts need a total, and an amount for every source")
    for amount in given:
        not_negative(amount)
    if (adds := total_of(given, total.currency)) != total:
        raise CofinancingSum(
            f"the amounts add up to {adds.amount}, not to {total.amount}", sum=str(adds.amount)
        )


def mismatches(sources: Sequence[FundingSource], total: Money) -> tuple[FundingSource, ...]:
    """Return the sources whose amount is more than 0.01 off their rate of the total (INV-11).

    That is a flag for a reader, not a refusal.
    """
    return tuple(each for each in sources if _off(each, total))


def _off(source: FundingSource, total: Money) -> bool:
    if source.rate is None or source.amount is None:
        return False
    due = Money.rounded(total.amount * source.rate / HUNDRED, total.currency)
    return abs((source.amount - due).amount) > _MISMATCH


def shares(total: Money, sources: Sequence[FundingSource]) -> tuple[Money, ...]:
    """Return what each source pays of `total`, in the order given; the shares add up to it.

    With a grant and an own part the grant is the rate of the total, half up, the own part the rest:
    of two equal remainders the grant takes the cent. Amounts already agreed are the shares.
    Raises CofinancingSum where sources say neither.
    """
    check_sources(sources, None if _amounts_missing(sources) else total)
    not_negative(total)
    if not _amounts_missing(sources):
        return tuple(each.amount for each in sources if each.amount is not None)
    rates = [each.rate for each in sources if each.rate is not None]
    if not rates:
        raise CofinancingSum("no source states a rate or an amount")
    grants_first = sorted(
        range(len(sources)), key=lambda at: sources[at].kind is not FundingKind.GRANT
    )
    parts = allocate(total, [rates[at] for at in grants_first])
    return tuple(part for _, part in sorted(zip(grants_first, parts, strict=True), key=_first))


def _first(pair: tuple[int, Money]) -> int:
    return pair[0]


def _amounts_missing(sources: Sequence[FundingSource]) -> bool:
    return not sources or any(each.amount is None for each in sources)


def spread(total: Money, parts: Sequence[Money]) -> tuple[Money, ...]:
    """Split `total` over `parts` in proportion to them, by largest remainder.

    Where the parts are all nothing, nothing can be spread: CofinancingSum unless it is nothing.
    """
    if any(part.amount for part in parts):
        return tuple(allocate(total, [part.amount for part in parts]))
    if total.amount:
        raise CofinancingSum(f"{total.amount} cannot be spread over nothing")
    return tuple(Money.zero(total.currency) for _ in parts)


def financed(
    parts: Sequence[Money], sources: Sequence[FundingSource], currency: str
) -> tuple[tuple[Money, ...], ...]:
    """Return, for each source, its share of each part (a line, a heading, a partner).

    The shares of a source add up to what it pays of the sum, the shares of a part to the part,
    and none is negative: each source is spread over what the sources before it left unpaid.
    """
    if any(part.currency != currency for part in parts):
        raise CurrenciesDiffer(f"not every part is in {currency}")
    for part in parts:
        not_negative(part)
    unpaid = tuple(parts)
    table = []
    for pays in shares(total_of(parts, currency), sources):
        row = spread(pays, unpaid)
        unpaid = tuple(left - paid for left, paid in zip(unpaid, row, strict=True))
        table.append(row)
    return tuple(table)
