"""Tables of money: the ledger, budgets and who pays, exchange rates and conversions."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Named,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSON

from programmes.storage.tables import Aggregate, metadata

_MONEY: Final = Numeric(14, 2)


class EntryColumns(TypedColumns):
    """One row of the ledger: by how much each total of a line changed, and where it then stood."""

    id: Named[UUID] = Column(Uuid, primary_key=True)
    line_id: Named[UUID] = Column(Uuid, ForeignKey("budget_line.id"))
    line_version: Named[int] = Column(Integer)
    kind: Named[str] = Column(Text)
    amount: Named[Decimal] = Column(_MONEY)
    subject_service: Named[str | None] = Column(Text)
    subject_id: Named[UUID | None] = Column(Uuid)
    spent_on: Named[date | None] = Column(Date)
    reference: Named[str | None] = Column(Text)
    by: Named[str] = Column(Text)
    at: Named[datetime] = Column(DateTime(timezone=True))
    more_amount: Named[Decimal] = Column(_MONEY)
    more_reserved: Named[Decimal] = Column(_MONEY)
    more_committed: Named[Decimal] = Column(_MONEY)
    more_spent: Named[Decimal] = Column(_MONEY)
    more_released: Named[Decimal] = Column(_MONEY)
    line_amount: Named[Decimal] = Column(_MONEY)
    line_reserved: Named[Decimal] = Column(_MONEY)
    line_committed: Named[Decimal] = Column(_MONEY)
    line_spent: Named[Decimal] = Column(_MONEY)
    line_released: Named[Decimal] = Column(_MONEY)


class ClaimColumns(Aggregate):
    """What a checked claim of a trip may spend, and where that money stands."""

    trip_id: Named[UUID] = Column(Uuid)
    programme_code: Named[str] = Column(Text)
    line_code: Named[str | None] = Column(Text)
    line_id: Named[UUID | None] = Column(Uuid, ForeignKey("budget_line.id"))
    revision: Named[int] = Column(Integer)
    resolves: Named[UUID | None] = Column(Uuid)
    certified: Named[Decimal] = Column(_MONEY)
    parked: Named[Decimal] = Column(_MONEY)
    currency: Named[str] = Column(Text)
    state: Named[str] = Column(Text)
    reason: Named[str | None] = Column(Text)
    available: Named[Decimal | None] = Column(_MONEY)
    available_currency: Named[str | None] = Column(Text)
    settlement_id: Named[UUID | None] = Column(Uuid)
    paid: Named[Decimal | None] = Column(_MONEY)
    paid_on: Named[date | None] = Column(Date)


class BudgetColumns(Aggregate):
    """One version of a programme's budget."""

    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    number: Named[int] = Column(Integer)
    status: Named[str] = Column(Text)
    total: Named[Decimal] = Column(_MONEY)
    currency: Named[str] = Column(Text)
    transfer_limit: Named[Decimal] = Column(Numeric(5, 2))
    line_tolerance: Named[Decimal] = Column(Numeric(5, 2), server_default=text("0"))
    drafted_by: Named[str] = Column(Text)
    approved_by: Named[str | None] = Column(Text)
    effective_from: Named[date | None] = Column(Date)


class CostColumns(TypedColumns):
    """One line of one version; `amount` is what it comes to, `base` what a flat rate is of."""

    budget_id: Named[UUID] = Column(Uuid, ForeignKey("budget.id"))
    position: Named[int] = Column(Integer)
    code: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    category: Named[str] = Column(Text)
    model: Named[str] = Column(Text)
    unit: Named[str | None] = Column(Text)
    quantity: Named[Decimal | None] = Column(Numeric(18, 6))
    unit_price: Named[Decimal | None] = Column(_MONEY)
    lump_sum: Named[Decimal | None] = Column(_MONEY)
    percent: Named[Decimal | None] = Column(Numeric(9, 6))
    percent_of: Named[str | None] = Column(Text)
    partner: Named[str | None] = Column(Text)
    period: Named[int | None] = Column(Integer)
    amount: Named[Decimal] = Column(_MONEY)
    base: Named[Decimal | None] = Column(_MONEY)


class FundingColumns(TypedColumns):
    """Who pays: of one version of a budget, or, without one, as a source states it."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    budget_id: Named[UUID | None] = Column(Uuid, ForeignKey("budget.id"))
    position: Named[int] = Column(Integer)
    funder: Named[str] = Column(Text)
    kind: Named[str] = Column(Text)
    instrument: Named[str | None] = Column(Text)
    rate: Named[Decimal | None] = Column(Numeric(9, 6))
    amount: Named[Decimal | None] = Column(_MONEY)
    currency: Named[str | None] = Column(Text)
    source: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))


class StatedLineColumns(TypedColumns):
    """What a source says money is spent on, without saying how much."""

    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    code: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    category: Named[str] = Column(Text)
    source: Named[dict[str, Any]] = Column(JSON)


class TransferColumns(Aggregate):
    """Money moved from one line to another under the limit of the budget."""

    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    budget_id: Named[UUID] = Column(Uuid, ForeignKey("budget.id"))
    giver: Named[str] = Column(Text)
    taker: Named[str] = Column(Text)
    amount: Named[Decimal] = Column(_MONEY)
    currency: Named[str] = Column(Text)
    reason: Named[str] = Column(Text)
    by: Named[str] = Column(Text)


class RateColumns(TypedColumns):
    """One unit of `base` costs `value` of `quote`; as published."""

    publisher: Named[str] = Column(Text)
    base: Named[str] = Column(Text)
    quote: Named[str] = Column(Text)
    valid_from: Named[date] = Column(Date)
    valid_to: Named[date] = Column(Date)
    value: Named[Decimal] = Column(Numeric(24, 12))
    reference: Named[str] = Column(Text)
    imported_at: Named[datetime] = Column(DateTime(timezone=True))


class FormerRateColumns(RateColumns):
    """What was on record of a rate until an import put it right, and why."""

    replaced_at: Named[datetime] = Column(DateTime(timezone=True))
    reason: Named[str] = Column(Text)
    by: Named[str] = Column(Text)


class RateTermsColumns(TypedColumns):
    """What the contract of a programme says of exchange rates."""

    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"), primary_key=True)
    rule: Named[str] = Column(Text)
    fixed: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))
    source: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))


class ConversionColumns(Aggregate):
    """An amount in another currency with copies of the rates that led there."""

    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    amount: Named[Decimal] = Column(_MONEY)
    currency: Named[str] = Column(Text)
    result: Named[Decimal] = Column(_MONEY)
    result_currency: Named[str] = Column(Text)
    rule: Named[str] = Column(Text)
    rates: Named[list[dict[str, Any]]] = Column(JSON)
    cost_on: Named[date] = Column(Date)
    by: Named[str] = Column(Text)


_MOVES: Final = """CASE kind
WHEN 'allotted' THEN abs(more_amount) = amount AND more_reserved = 0 AND more_committed = 0
AND more_spent = 0 AND more_released = 0
WHEN 'reserved' THEN more_reserved = amount AND more_committed = 0 AND more_spent = 0
AND more_released = 0 AND more_amount = 0
WHEN 'committed' THEN more_committed = amount AND more_reserved BETWEEN -amount AND 0
AND more_spent = 0 AND more_released = 0 AND more_amount = 0
WHEN 'spent' THEN more_spent = amount AND more_committed = -amount AND more_reserved = 0
AND more_released = 0 AND more_amount = 0
WHEN 'spending_reversed' THEN more_spent = -amount AND more_committed = amount
AND more_reserved = 0 AND more_released = 0 AND more_amount = 0
WHEN 'released' THEN more_released = amount AND more_reserved + more_committed = -amount
AND more_spent = 0 AND more_amount = 0
ELSE false END"""

budget_entry = Table(
    "budget_entry",
    metadata,
    EntryColumns,
    UniqueConstraint("line_id", "line_version", name="entry_once"),
    CheckConstraint("amount >= 0", name="entry_not_negative"),
    CheckConstraint(_MOVES, name="entry_moves_what_its_kind_says"),
    CheckConstraint(
        "(kind = 'allotted') = (subject_id IS NULL) "
        "AND (subject_id IS NULL) = (subject_service IS NULL)",
        name="entry_has_subject",
    ),
    Index("entry_by_subject", "line_id", "subject_id"),
    Index("entry_by_time", "line_id", "at", "line_version"),
)
claim = Table(
    "claim",
    metadata,
    ClaimColumns,
    UniqueConstraint("settlement_id", name="claim_settled_once"),
    CheckConstraint("state IN ('covered', 'spent', 'waiting', 'reopened')", name="claim_state"),
    CheckConstraint("(state = 'waiting') = (reason IS NOT NULL)", name="waiting_has_reason"),
    CheckConstraint("least(certified, parked, paid) >= 0", name="claim_not_negative"),
    CheckConstraint(
        "state IN ('waiting', 'reopened') OR line_id IS NOT NULL OR certified + parked = 0",
        name="claim_has_line",
    ),
    CheckConstraint(
        "num_nonnulls(settlement_id, paid, paid_on) IN (0, 3) "
        "AND (state <> 'spent' OR paid IS NOT NULL)",
        name="claim_is_paid",
    ),
    Index("claim_by_trip", "trip_id"),
    Index("claim_by_programme", "programme_code", "state", "id"),
    Index(
        "claim_waits",
        "programme_code",
        "line_code",
        "id",
        postgresql_where=text("state = 'waiting'"),
    ),
)
budget = Table(
    "budget",
    metadata,
    BudgetColumns,
    UniqueConstraint("programme_id", "number", name="budget_number_once"),
    CheckConstraint("status IN ('draft', 'approved', 'superseded')", name="budget_status"),
    CheckConstraint("approved_by <> drafted_by", name="budget_four_eyes"),
    CheckConstraint(
        "(status = 'draft') = (approved_by IS NULL) "
        "AND (status = 'draft') = (effective_from IS NULL)",
        name="budget_is_approved",
    ),
    CheckConstraint("total >= 0", name="budget_not_negative"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="budget_currency"),
    CheckConstraint("transfer_limit BETWEEN 0 AND 100", name="budget_transfer_limit"),
    CheckConstraint("line_tolerance BETWEEN 0 AND 100", name="budget_line_tolerance_share"),
    Index(
        "one_approved_budget",
        "programme_id",
        unique=True,
        postgresql_where=text("status = 'approved'"),
    ),
)
budget_cost = Table(
    "budget_cost",
    metadata,
    CostColumns,
    PrimaryKeyConstraint("budget_id", "code", name="budget_cost_once"),
    CheckConstraint("amount >= 0", name="budget_cost_not_negative"),
    CheckConstraint(
        "CASE model WHEN 'lump_sum' THEN lump_sum IS NOT NULL AND num_nonnulls(quantity, "
        "unit_price, percent, percent_of) = 0 WHEN 'flat_rate' THEN num_nulls(percent, "
        "percent_of, base) = 0 AND num_nonnulls(quantity, unit_price, lump_sum) = 0 "
        "WHEN 'real' THEN num_nulls(quantity, unit_price) = 0 AND num_nonnulls(lump_sum, "
        "percent, percent_of) = 0 WHEN 'unit_cost' THEN num_nulls(quantity, unit_price) = 0 "
        "AND num_nonnulls(lump_sum, percent, percent_of) = 0 ELSE false END",
        name="budget_cost_fits_its_model",
    ),
)
funding_source = Table(
    "funding_source",
    metadata,
    FundingColumns,
    UniqueConstraint(
        "programme_id",
        "budget_id",
        "funder",
        "instrument",
        "kind",
        name="funding_source_once",
        postgresql_nulls_not_distinct=True,
    ),
    CheckConstraint("rate BETWEEN 0 AND 100", name="funding_rate"),
    CheckConstraint("amount >= 0", name="funding_not_negative"),
    CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="funding_has_currency"),
    CheckConstraint("budget_id IS NOT NULL OR source IS NOT NULL", name="funding_is_cited"),
    CheckConstraint(
        "kind IN ('grant', 'own_public', 'own_private', 'automatic_public')", name="funding_kind"
    ),
    Index("funding_by_budget", "budget_id"),
)
stated_line = Table(
    "stated_line",
    metadata,
    StatedLineColumns,
    PrimaryKeyConstraint("programme_id", "code", name="stated_line_once"),
)
budget_transfer = Table(
    "budget_transfer",
    metadata,
    TransferColumns,
    CheckConstraint("amount > 0", name="transfer_of_something"),
    CheckConstraint("giver <> taker", name="transfer_to_another"),
    Index("transfer_by_programme", "programme_id", "id"),
)
exchange_rate = Table(
    "exchange_rate",
    metadata,
    RateColumns,
    PrimaryKeyConstraint("publisher", "base", "quote", "valid_from", name="exchange_rate_once"),
    CheckConstraint("value > 0", name="exchange_rate_above_zero"),
    CheckConstraint("base <> quote", name="exchange_rate_of_two"),
    CheckConstraint("valid_from <= valid_to", name="exchange_rate_days"),
)
_KEY_OF_RATE: Final = ("publisher", "base", "quote", "valid_from")
exchange_rate_former = Table(
    "exchange_rate_former",
    metadata,
    FormerRateColumns,
    PrimaryKeyConstraint(*_KEY_OF_RATE, "replaced_at", name="exchange_rate_former_once"),
    ForeignKeyConstraint(
        _KEY_OF_RATE,
        [f"exchange_rate.{name}" for name in _KEY_OF_RATE],
        name="former_rate_of_rate",
    ),
)
rate_terms = Table(
    "rate_terms",
    metadata,
    RateTermsColumns,
    CheckConstraint("(rule = 'fixed') = (fixed IS NOT NULL)", name="rate_terms_fixed"),
)
conversion = Table(
    "conversion",
    metadata,
    ConversionColumns,
    Index("conversion_by_programme", "programme_id", "id"),
)
