"""What readers rely on in the answers of the programmes service; the rest is ignored."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from contracts.programmes.facts import Amount, Rulesets


class Model(BaseModel):
    """A tolerant reader: members it does not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class FuzzyDate(Model):
    """A day from `from_` to `to`; both null if no source states it."""

    from_: Annotated[date | None, Field(alias="from")]
    to: date | None
    precision: str
    text: str | None
    edtf: str


class Source(Model):
    """Where a fact comes from."""

    document: str
    locator: str
    quote: str | None


class Programme(Model):
    """A programme."""

    code: str
    title: str
    kind: str
    status: str
    start: FuzzyDate
    end: FuzzyDate
    rulesets: Rulesets
    contract_concluded_on: date | None
    per_diem_budget_line: str | None
    version: int


class BudgetFigure(Model):
    """A figure as published, or one derived from such."""

    kind: str
    amount_published: str | None
    amount: Amount | None
    currency: str | None
    qualifier: str
    quality_flags: list[str]
    source: Source | None


class BudgetLine(Model):
    """Money for one purpose, in `currency`."""

    code: str
    amount: Amount
    committed: Amount
    available: Amount
    currency: str
    synthetic: bool


class Overview(Model):
    """A programme with what hangs on it, as far as readers rely on it."""

    programme: Programme
    budget_figures: list[BudgetFigure]
    budget_lines: list[BudgetLine]
    source: Source | None
