"""What the API answers about money: every member is always there, null if it is not known."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from typing_extensions import override

from kit.wire import Amount, Answer, Instant
from programmes.api.values import Mirror, Source
from programmes.domain import financial_report, financing, ledger, rollup, transfer
from programmes.domain.budget import BudgetStatus, BudgetVersion
from programmes.domain.costing import CostModel, FlatRateOn
from programmes.domain.financing import FundingKind


class BookedEntry(Answer):
    """One row of the ledger; `amount` is in the currency of its line."""

    id: UUID
    kind: ledger.EntryKind
    amount: Amount
    currency: str
    subject_service: str | None
    subject_id: UUID | None
    spent_on: date | None
    reference: str | None
    by: str
    at: Instant

    @classmethod
    def of(cls, it: ledger.BookedEntry) -> Self:
        """Return the wire form of a booked entry."""
        booking = it.booking
        shown = {name: getattr(booking, name, None) for name in cls.model_fields}
        subject = booking.subject
        own = {
            "currency": it.currency,
            "at": it.at,
            "subject_service": subject and subject.service,
            "subject_id": subject and subject.id,
        }
        return cls.model_validate({**shown, **own})


class LineTotals(Answer):
    """Where the money of a line stood after an entry."""

    amount: Amount
    reserved: Amount
    committed: Amount
    spent: Amount
    released: Amount


class Entry(BookedEntry):
    """One row of the ledger: by how much it changed totals, and where the line then stood."""

    changed: LineTotals
    stands: LineTotals


class FundingSource(Mirror):
    """Who pays. `budget` is the version it belongs to, null where a source states it.

    A rate or an amount that nobody states is null and `not_stated`.
    """

    budget: int | None
    funder: str
    kind: FundingKind
    instrument: str | None
    rate: Amount | None
    rate_qualifier: str
    amount: Amount | None
    amount_qualifier: str
    currency: str | None
    source: Source | None

    @classmethod
    @override
    def of(cls, it: object) -> Self:
        """Return the wire form of what a source states."""
        if not isinstance(it, financing.FundingSource):
            raise TypeError("who pays is a funding source")
        return cls(
            budget=None,
            funder=it.funder,
            kind=it.kind,
            instrument=it.instrument,
            rate=it.rate,
            rate_qualifier="not_stated" if it.rate is None else "exact",
            amount=it.amount and it.amount.amount,
            amount_qualifier="not_stated" if it.amount is None else "exact",
            currency=it.amount and it.amount.currency,
            source=None if it.source is None else Source.of(it.source),
        )


class Cost(Answer):
    """One line of a version; `base` is what a flat rate is taken of."""

    code: str
    title: str
    category: str
    model: CostModel | None
    unit: str | None
    quantity: Amount | None
    unit_price: Amount | None
    percent: Amount | None
    percent_of: FlatRateOn | None
    base: Amount | None
    partner: str | None
    period: int | None
    amount: Amount | None


class BudgetCost(Cost):
    """A line of the budget in effect (`approved`), or what a source states (`published`).

    What a source does not state is null and `not_stated`.
    """

    basis: str
    budget: int | None
    qualifier: str
    currency: str | None
    source: Source | None


class BudgetBrief(Answer):
    """One version of a budget; amounts are in `currency`."""

    number: int
    status: BudgetStatus
    total: Amount
    currency: str
    transfer_limit: Amount
    line_tolerance: Amount
    effective_from: date | None
    drafted_by: str
    approved_by: str | None
    version: int

    @classmethod
    def of(cls, it: BudgetVersion) -> Self:
        """Return the wire form of a version."""
        shown = {name: getattr(it, name, None) for name in cls.model_fields}
        return cls.model_validate(
            {**shown, "total": it.total.amount, "currency": it.total.currency}
        )


class Budget(BudgetBrief):
    """A version with its lines and who pays."""

    lines: list[Cost]
    funding_sources: list[FundingSource]


class StatedLine(Mirror):
    """What a source says money is spent on."""

    code: str
    title: str
    category: str
    source: Source


class Transfer(Answer):
    """Money moved from the line `giver` to the line `taker`."""

    id: UUID
    giver: str
    taker: str
    amount: Amount
    currency: str
    reason: str
    by: str
    at: Instant

    @classmethod
    def of(cls, it: transfer.Transfer) -> Self:
        """Return the wire form of a transfer."""
        shown = {name: getattr(it, name, None) for name in cls.model_fields}
        money = {"amount": it.money.amount, "currency": it.money.currency}
        return cls.model_validate({**shown, **money})


class HeadingReport(Answer):
    """A heading, or a whole currency (`heading` null). Amounts are in its currency.

    `remaining` is neither reserved nor committed nor spent. Shares are null where no budget in
    effect says who pays; they add up to the budget, and to what is spent, to the cent.
    """

    heading: str | None
    budget: Amount
    reserved: Amount
    committed: Amount
    spent: Amount
    remaining: Amount
    donor_share: Amount | None
    own_share: Amount | None
    spent_donor_share: Amount | None
    spent_own_share: Amount | None

    @classmethod
    def of(cls, it: financial_report.ReportRow) -> Self:
        """Return the wire form of a row."""
        donor, own = it.of_budget or (None, None)
        spent_donor, spent_own = it.of_spent or (None, None)
        return cls(
            heading=it.heading,
            budget=it.budget,
            reserved=it.totals.reserved,
            committed=it.totals.committed,
            spent=it.totals.spent,
            remaining=it.budget - it.totals.bound,
            donor_share=donor,
            own_share=own,
            spent_donor_share=spent_donor,
            spent_own_share=spent_own,
        )


class Forecast(Answer):
    """What will have been spent at the end, and by how much that exceeds the budget."""

    expected: Amount
    over: Amount
    basis: str


class CurrencyReport(Answer):
    """One currency. `absorption` is what is spent as a part of the budget, six decimals."""

    currency: str
    headings: list[HeadingReport]
    total: HeadingReport
    absorption: Amount | None
    forecast: Forecast | None

    @classmethod
    def of(cls, it: financial_report.CurrencyReport) -> Self:
        """Return the wire form of a report."""
        ahead = it.forecast
        return cls(
            currency=it.total.currency,
            headings=[HeadingReport.of(each) for each in it.headings],
            total=HeadingReport.of(it.whole),
            absorption=it.total.absorption,
            forecast=ahead
            and Forecast(expected=ahead.expected.amount, over=ahead.over.amount, basis=ahead.basis),
        )


class FinancialReport(Answer):
    """Money by currency and heading at the end of a day (UTC); currencies are never added.

    `budget` is the version in effect that says who pays, null if there is none.
    """

    programme_code: str
    as_of: date
    budget: int | None
    currencies: list[CurrencyReport]

    def rows(self) -> list[dict[str, Any]]:
        """Return headings and totals as rows of a table, each with its currency."""
        return [
            {
                "as_of": self.as_of.isoformat(),
                "currency": each.currency,
                **row.model_dump(mode="json"),
            }
            for each in self.currencies
            for row in (*each.headings, each.total)
        ]


class RolledUpTotal(Answer):
    """What one currency adds up to; `lines` were counted, each once."""

    currency: str
    budget: Amount
    reserved: Amount
    committed: Amount
    spent: Amount
    remaining: Amount
    absorption: Amount | None
    lines: int


class RollUp(Answer):
    """A programme and all below it that you may see.

    The budget of a child is inside its parent's where the parent has one in that currency: such
    lines are not counted again, but what was used of them is.
    """

    programme_code: str
    programmes: list[str]
    inside: list[UUID]
    totals: list[RolledUpTotal]

    @classmethod
    def of(cls, it: rollup.RollUp) -> Self:
        """Return the wire form of a roll-up."""
        return cls(
            programme_code=it.programme,
            programmes=list(it.programmes),
            inside=list(it.inside),
            totals=[_rolled(each) for each in it.per_currency],
        )


def _rolled(it: rollup.CurrencyTotal) -> RolledUpTotal:
    return RolledUpTotal(
        currency=it.currency,
        budget=it.amount,
        reserved=it.totals.reserved,
        committed=it.totals.committed,
        spent=it.totals.spent,
        remaining=it.remaining,
        absorption=it.absorption,
        lines=len(it.rows),
    )
