"""The financial report: by currency and heading, what there is, what was used, and who pays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from kit.money import Money, allocate
from programmes.domain.financing import FundingKind, FundingSource, total_of
from programmes.domain.ledger import Totals
from programmes.domain.rollup import CurrencyTotal, Forecast, forecast

Shares = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class HeadingTotals:
    """What the lines of one heading add up to in one currency."""

    currency: str
    heading: str
    budget: Decimal
    totals: Totals


@dataclass(frozen=True, slots=True)
class Funding:
    """The sources of the budget in effect: version `number`, in its currency."""

    number: int
    currency: str
    sources: tuple[FundingSource, ...]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One heading, or a currency's total. Shares are of the budget and of what is spent.

    They are None where no source of funding states a rate or an amount.
    """

    heading: str | None
    budget: Decimal
    totals: Totals
    of_budget: Shares | None
    of_spent: Shares | None


@dataclass(frozen=True, slots=True)
class CurrencyReport:
    """One currency; currencies are never added to one another (INV-16)."""

    total: CurrencyTotal
    headings: tuple[ReportRow, ...]
    whole: ReportRow
    forecast: Forecast | None


def reports(
    rows: Iterable[HeadingTotals],
    funding: Funding | None,
    days: tuple[date | None, date | None],
    on: date,
) -> tuple[CurrencyReport, ...]:
    """Return one report per currency, headings in order; parts add up to their total."""
    ordered = sorted(rows, key=lambda each: (each.currency, each.heading))
    return tuple(
        _report(currency, list(group), funding, days, on)
        for currency, group in groupby(ordered, lambda each: each.currency)
    )


def _report(
    currency: str,
    rows: Sequence[HeadingTotals],
    funding: Funding | None,
    days: tuple[date | None, date | None],
    on: date,
) -> CurrencyReport:
    budget = sum((each.budget for each in rows), Decimal(0))
    used = sum((each.totals for each in rows), Totals())
    total = CurrencyTotal(currency, budget, used, ())
    own = funding if funding and funding.currency == currency else None
    of_budget = _split([Money(each.budget, currency) for each in rows], own)
    of_spent = _split([Money(each.totals.spent, currency) for each in rows], own)
    headings = tuple(
        ReportRow(row.heading, row.budget, row.totals, budgeted, spent)
        for row, budgeted, spent in zip(rows, of_budget, of_spent, strict=True)
    )
    whole = ReportRow(None, budget, used, _added(of_budget), _added(of_spent))
    return CurrencyReport(total, headings, whole, forecast(total, *days, on))


def _split(parts: Sequence[Money], funding: Funding | None) -> list[Shares | None]:
    """Return the donors' and the own share of each part; both add up to it, to the cent."""
    weights = _weights(funding.sources) if funding else None
    if weights is None or not any(part.amount for part in parts):
        return [None if weights is None else (part.amount, part.amount) for part in parts]
    total = total_of(parts, parts[0].currency)
    donors = allocate(allocate(total, weights)[0], [part.amount for part in parts])
    return [
        (donor.amount, (part - donor).amount) for part, donor in zip(parts, donors, strict=True)
    ]


def _weights(sources: Sequence[FundingSource]) -> tuple[Decimal, Decimal] | None:
    """Return how much is the donors' and how much is own, or None if that is not stated."""
    by_rate = [(each.kind, each.rate) for each in sources]
    by_amount = [(each.kind, each.amount.amount if each.amount else None) for each in sources]
    for stated in (by_rate, by_amount):
        known = [(kind, Decimal(weight)) for kind, weight in stated if weight is not None]
        if known and len(known) == len(sources) and any(weight for _, weight in known):
            grants = sum((w for kind, w in known if kind is FundingKind.GRANT), Decimal(0))
            return grants, sum((w for _, w in known), Decimal(0)) - grants
    return None


def _added(shares: Sequence[Shares | None]) -> Shares | None:
    known = [each for each in shares if each is not None]
    if len(known) < len(shares):
        return None
    return sum((a for a, _ in known), Decimal(0)), sum((b for _, b in known), Decimal(0))
