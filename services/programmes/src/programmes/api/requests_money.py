"""Bodies of requests about budgets, and the domain values they stand for."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kit.auth import STAFF
from kit.money import Money
from kit.wire import WHOLE, Amount, Code, Flag, Request
from programmes.api import examples
from programmes.api.amounts import Hundredths, MoneyDay, MoneyIn, Percent
from programmes.api.examples import shown
from programmes.api.requests import cited
from programmes.api.values import SourceIn
from programmes.api.words import Line
from programmes.domain.budget import TRANSFER_LIMIT, BudgetStatus, BudgetVersion
from programmes.domain.budget_line import BudgetLine, LineState
from programmes.domain.costing import CostLine, CostModel, FlatRateOn, StatedLine
from programmes.domain.financing import FundingKind, FundingSource, not_negative
from programmes.domain.programme import Programme

Category = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Quantity = Annotated[Amount, Field(ge=0)]
_CITED = {
    "document": "mswia-eu-projects",
    "locator": "FIRMM",
    "quote": "workshop and training as well for the purchase of equipment and software",
}


def _money(given: MoneyIn | None) -> Money | None:
    return None if given is None else given.money()


class CostIn(Request):
    """A line: real and unit costs have `quantity` and `unit_price`, a lump sum has `amount`.

    A flat rate has `percent` and says what it is `percent_of`.
    """

    code: Code
    title: Line
    category: Category
    model: CostModel
    unit: Line | None = None
    quantity: Quantity | None = None
    unit_price: MoneyIn | None = None
    amount: MoneyIn | None = None
    percent: Percent | None = None
    percent_of: FlatRateOn | None = None
    partner: Code | None = None
    period: Annotated[int, Field(ge=1, le=100), WHOLE] | None = None

    def cost(self) -> CostLine:
        """Return the domain value; raises CostInvalid or AmountNegative."""
        return CostLine(
            code=self.code,
            category=self.category,
            model=self.model,
            unit=self.unit,
            quantity=self.quantity,
            unit_price=_money(self.unit_price),
            amount=_money(self.amount),
            percent=self.percent,
            percent_of=self.percent_of,
            partner=self.partner,
            period=self.period,
            title=self.title,
        )


class FundingIn(Request):
    """Who pays: a rate in percent, an amount, both, or neither where it is not stated."""

    funder: Code
    kind: FundingKind
    instrument: Line | None = None
    rate: Percent | None = None
    amount: MoneyIn | None = None
    source: SourceIn | None = None

    def funding(self) -> FundingSource:
        """Return the domain value."""
        return FundingSource(
            funder=self.funder,
            kind=self.kind,
            instrument=self.instrument,
            rate=self.rate,
            amount=_money(self.amount),
            source=cited(self.source),
        )


class NewBudget(Request):
    """A version to draft.

    `transfer_limit` is the percent of a heading the contract lets move without an amendment,
    `line_tolerance` the percent of a line it lets be bound above the line.
    """

    model_config = shown(
        total={"amount": "1500.00", "currency": "EUR"},
        lines=[
            {
                "code": "TRAVEL",
                "title": "Travel of experts",
                "category": "travel",
                "model": "unit_cost",
                "unit": "trip",
                "quantity": "3",
                "unit_price": {"amount": "500.00", "currency": "EUR"},
            }
        ],
        funding_sources=[
            {"funder": "EC", "kind": "grant", "rate": "85"},
            {"funder": "PL-MOI", "kind": "own_public", "rate": "15"},
        ],
    )

    total: MoneyIn
    transfer_limit: Hundredths = TRANSFER_LIMIT
    line_tolerance: Hundredths = Decimal("0.00")
    lines: Annotated[tuple[CostIn, ...], Field(min_length=1, max_length=500)]
    funding_sources: Annotated[tuple[FundingIn, ...], Field(max_length=50)] = ()

    def version(self, new_id: UUID, programme: Programme, number: int, by: str) -> BudgetVersion:
        """Return the draft; raises CostInvalid or AmountNegative."""
        return BudgetVersion(
            id=new_id,
            version=1,
            audience=frozenset({STAFF}),
            programme=programme.code,
            number=number,
            status=BudgetStatus.DRAFT,
            total=self.total.money(),
            lines=tuple(each.cost() for each in self.lines),
            sources=tuple(each.funding() for each in self.funding_sources),
            drafted_by=by,
            transfer_limit=self.transfer_limit,
            line_tolerance=self.line_tolerance,
        )


class Approval(Request):
    """From which day the version takes effect; not in the future."""

    model_config = shown(effective_from="2015-01-01")

    effective_from: MoneyDay


class NewFunding(FundingIn):
    """Who pays, as a source states it; what it does not state is left out."""

    model_config = shown(
        funder="PPTI",
        kind="grant",
        source={
            "document": "mswia-eu-projects",
            "locator": "Establishing identity and/or nationality of irregular migrants",
            "quote": "Activities will be financed from the resources allocated",
        },
    )

    source: SourceIn


class NewStatedLine(Request):
    """What a source says money is spent on, without an amount."""

    model_config = shown(
        code="EQUIPMENT",
        title="Equipment for the Moldovan Border Guards",
        category="equipment",
        source=_CITED,
    )

    code: Code
    title: Line
    category: Category
    source: SourceIn

    def stated(self) -> StatedLine:
        """Return the domain value."""
        return StatedLine(self.code, self.title, self.category, self.source.source())


class NewTransfer(Request):
    """Money to move from one line of the approved budget to another."""

    model_config = shown(
        giver="TRAVEL",
        taker="EQUIPMENT",
        amount={"amount": "100.00", "currency": "EUR"},
        reason="Two trips were not needed",
    )

    giver: Code
    taker: Code
    amount: MoneyIn
    reason: Line


class NewBudgetLine(Request):
    """A budget line to open; `synthetic` if no source states it.

    `tolerance` is the percent of the amount that the contract lets be bound above it.
    """

    model_config = examples.BUDGET_LINE

    code: Code
    title: Line
    category: Category
    amount: MoneyIn
    synthetic: Flag = False
    tolerance: Hundredths = Decimal("0.00")

    def line(self, new_id: UUID, programme: Programme) -> BudgetLine:
        """Return the domain value: a line of the programme, seen by who sees the programme.

        Raises AmountNegative.
        """
        amount = self.amount.money()
        not_negative(amount)
        return BudgetLine(
            id=new_id,
            version=1,
            audience=programme.audience,
            programme=programme.code,
            code=self.code,
            title=self.title,
            category=self.category,
            amount=amount.amount,
            committed=Decimal("0.00"),
            currency=amount.currency,
            state=LineState.OPEN,
            synthetic=self.synthetic,
            tolerance=self.tolerance,
        )


class Raise(Request):
    """How much more a budget line gets."""

    model_config = examples.RAISE

    amount: MoneyIn
