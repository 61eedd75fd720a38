"""Totals that do not lie: per currency, each row once, absorption and a plain forecast."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from kit.money import Money, half_up
from programmes.domain.ledger import Totals

_RATIO_STEP: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A budget line with where its money stands: what roll-ups add."""

    id: UUID
    programme: str
    currency: str
    amount: Decimal
    totals: Totals


@dataclass(frozen=True, slots=True)
class Kinship:
    """A programme under another; its budget is inside the parent's unless it is additional."""

    parent: str
    child: str
    additional: bool = False


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """What one currency adds up to; `rows` are the lines counted, each once."""

    currency: str
    amount: Decimal
    totals: Totals
    rows: tuple[UUID, ...]

    @property
    def remaining(self) -> Decimal:
        """What is not bound."""
        return self.amount - self.totals.bound

    @property
    def absorption(self) -> Decimal | None:
        """Spent as a part of the budget, six decimals; None without a budget."""
        return _ratio(self.totals.spent, self.amount)


@dataclass(frozen=True, slots=True)
class RollUp:
    """A programme and all below it. `inside` are lines whose amount the parent's contains."""

    programme: str
    programmes: tuple[str, ...]
    per_currency: tuple[CurrencyTotal, ...]
    inside: tuple[UUID, ...]


def per_currency(rows: Iterable[MoneyRow], inside: frozenset[UUID]) -> tuple[CurrencyTotal, ...]:
    """Add rows by currency, never across (INV-16); of rows `inside` only what was used counts."""
    by_currency: dict[str, dict[UUID, MoneyRow]] = {}
    for row in rows:
        by_currency.setdefault(row.currency, {})[row.id] = row
    return tuple(
        _total(currency, by_currency[currency], inside) for currency in sorted(by_currency)
    )


def _total(currency: str, rows: Mapping[UUID, MoneyRow], inside: frozenset[UUID]) -> CurrencyTotal:
    return CurrencyTotal(
        currency=currency,
        amount=sum((row.amount for row in rows.values() if row.id not in inside), Decimal(0)),
        totals=sum((row.totals for row in rows.values()), Totals()),
        rows=tuple(rows),
    )


def roll_up(programme: str, kin: Iterable[Kinship], rows: Iterable[MoneyRow]) -> RollUp:
    """Add up a programme with everything below it, each row once (INV-14).

    The budget of a child counts as inside the parent's if the parent, or whatever the parent is
    itself inside of, has a budget in the same currency; otherwise there is nothing it could be
    inside of, and it counts. What was reserved, committed and spent always counts.
    """
    kinships = list(kin)
    under = below(programme, kinships)
    own = {row.id: row for row in rows if row.programme in under}
    budgets = frozenset((row.programme, row.currency) for row in own.values())
    containers = _containers(programme, under, kinships)
    inside = frozenset(
        row.id
        for row in own.values()
        if any((each, row.currency) in budgets for each in containers[row.programme])
    )
    return RollUp(
        programme=programme,
        programmes=tuple(under),
        per_currency=per_currency(own.values(), inside),
        inside=tuple(each for each in own if each in inside),
    )


def below(programme: str, kinships: Iterable[Kinship]) -> dict[str, None]:
    """Return the programme and all below it, each once, whatever circles there are."""
    children: dict[str, list[str]] = {}
    for each in kinships:
        children.setdefault(each.parent, []).append(each.child)
    found: dict[str, None] = {}
    waiting = [programme]
    while waiting:
        present = waiting.pop(0)
        if present not in found:
            found[present] = None
            waiting.extend(children.get(present, []))
    return found


def _containers(
    top: str, under: Mapping[str, None], kinships: Iterable[Kinship]
) -> dict[str, frozenset[str]]:
    """Return, for each programme, those whose budget would contain its own."""
    parents: dict[str, set[str]] = {}
    for each in kinships:
        if not each.additional and each.parent in under and each.child != top:
            parents.setdefault(each.child, set()).add(each.parent)
    return {each: frozenset(_above(each, parents)) for each in under}


def _above(programme: str, parents: Mapping[str, set[str]]) -> Iterable[str]:
    found: set[str] = set()
    waiting = list(parents.get(programme, ()))
    while waiting:
        present = waiting.pop()
        if present != programme and present not in found:
            found.add(present)
            waiting.extend(parents.get(present, ()))
    return found


@dataclass(frozen=True, slots=True)
class Forecast:
    """What will have been spent at the end, if spending goes on as until now."""

    expected: Money
    over: Money
    basis: str


def forecast(
    total: CurrencyTotal, start: date | None, end: date | None, on: date
) -> Forecast | None:
    """Return what the spending until `on` leads to at the end; None if the dates do not allow it.

    Linear: spent, divided by the days gone, times all days, both ends counted. It is never less
    than what is spent and committed, because that is promised already. `over` is what of it the
    budget does not cover. Nothing is forecast before the first day or without known dates.
    """
    if start is None or end is None or end < start or on < start:
        return None
    whole = (end - start).days + 1
    gone = min((on - start).days + 1, whole)
    linear = half_up(total.totals.spent * whole / gone, total.currency)
    promised = total.totals.spent + total.totals.committed
    expected = max(linear, promised)
    how = "linear" if linear >= promised else "spent and committed"
    return Forecast(
        expected=Money(expected, total.currency),
        over=Money(max(Decimal(0), expected - total.amount), total.currency),
        basis=f"{how}, {gone} of {whole} days",
    )


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole).quantize(_RATIO_STEP) if whole else None
