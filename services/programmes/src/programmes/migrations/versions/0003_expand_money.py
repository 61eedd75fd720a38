"""Money: the ledger with maintained totals, budgets, who pays, exchange rates, conversions.

Revision ID: 0003_expand_money
"""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kit.db.migrations import keep_append_only

revision = "0003_expand_money"
down_revision = "0002_expand_cooperation"
branch_labels = None
depends_on = None

_TABLES: Final = (
    "budget_entry",
    "budget",
    "budget_cost",
    "funding_source",
    "stated_line",
    "budget_transfer",
    "exchange_rate",
    "rate_terms",
    "conversion",
)
_APPEND_ONLY: Final = ("budget_entry", "budget_cost", "exchange_rate", "conversion")
_MOVES: Final = (
    "CASE kind WHEN 'allotted' THEN abs(more_amount) = amount AND more_reserved "
    "= 0 AND more_committed = 0 AND more_spent = 0 AND more_released = 0 WHEN "
    "'reserved' THEN more_reserved = amount AND more_committed = 0 AND "
    "more_spent = 0 AND more_released = 0 AND more_amount = 0 WHEN 'committed' "
    "THEN more_committed = amount AND more_reserved BETWEEN -amount AND 0 AND "
    "more_spent = 0 AND more_released = 0 AND more_amount = 0 WHEN 'spent' THEN "
    "more_spent = amount AND more_committed = -amount AND more_reserved = 0 AND "
    "more_released = 0 AND more_amount = 0 WHEN 'spending_reversed' THEN "
    "more_spent = -amount AND more_committed = amount AND more_reserved = 0 AND "
    "more_released = 0 AND more_amount = 0 WHEN 'released' THEN more_released = "
    "amount AND more_reserved + more_committed = -amount AND more_spent = 0 AND "
    "more_amount = 0 ELSE false END"
)
_TOTALS: Final = (
    "least(reserved, committed, spent, released) >= 0 AND reserved + committed + spent <= amount"
)
_ALLOTTED: Final = """
INSERT INTO budget_entry (
    id, line_id, line_version, kind, amount, by, at, more_amount, more_reserved, more_committed,
    more_spent, more_released, line_amount, line_reserved, line_committed, line_spent,
    line_released
)
SELECT uuidv7(), id, -(
    SELECT count(*) FROM commitment WHERE line_id = budget_line.id AND state = 'committed'
) - 1, 'allotted', amount, 'migration', updated_at, amount, 0, 0, 0, 0,
    amount, 0, 0, 0, 0
FROM budget_line
"""
_COMMITTED: Final = """
INSERT INTO budget_entry (
    id, line_id, line_version, kind, amount, subject_service, subject_id, by, at, more_amount,
    more_reserved, more_committed, more_spent, more_released, line_amount, line_reserved,
    line_committed, line_spent, line_released
)
SELECT uuidv7(), l.id, row_number() OVER running - count(*) OVER whole - 1, 'committed',
    c.amount, 'participants', c.trip_id, 'migration', l.updated_at, 0, 0, c.amount, 0, 0,
    l.amount, 0, sum(c.amount) OVER running, 0, 0
FROM commitment AS c JOIN budget_line AS l ON l.id = c.line_id
WHERE c.state = 'committed'
WINDOW whole AS (PARTITION BY c.line_id), running AS (PARTITION BY c.line_id ORDER BY c.id)
"""


def upgrade() -> None:
    _budget_line()
    _budget_entry()
    _budget()
    _budget_cost()
    _funding_source()
    _stated_line()
    _budget_transfer()
    _exchange_rate()
    _rate_terms()
    _conversion()
    op.execute(_ALLOTTED)
    op.execute(_COMMITTED)
    for table in _APPEND_ONLY:
        keep_append_only(op, "programmes", table)  # type: ignore[arg-type]


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_constraint("committed_within_amount", "budget_line")
    op.create_check_constraint(
        "committed_within_amount", "budget_line", "committed BETWEEN 0 AND amount"
    )
    for column in ("approved", "reserved", "spent", "released"):
        op.drop_column("budget_line", column)


def _budget_line() -> None:
    money = sa.Numeric(precision=14, scale=2)
    op.add_column("budget_line", sa.Column("approved", money, nullable=True))
    for name in ("reserved", "spent", "released"):
        column = sa.Column(name, money, server_default=sa.text("0"), nullable=False)
        op.add_column("budget_line", column)
    op.drop_constraint("committed_within_amount", "budget_line")
    op.create_check_constraint("committed_within_amount", "budget_line", _TOTALS)


def _budget_entry() -> None:
    op.create_table(
        "budget_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("line_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("subject_service", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("spent_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("more_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("more_reserved", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("more_committed", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("more_spent", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("more_released", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("line_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("line_reserved", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("line_committed", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("line_spent", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("line_released", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint(
            "(kind = 'allotted') = (subject_id IS NULL) AND (subject_id IS NULL) = "
            "(subject_service IS NULL)",
            name="entry_has_subject",
        ),
        sa.CheckConstraint(
            _MOVES,
            name="entry_moves_what_its_kind_says",
        ),
        sa.CheckConstraint("amount >= 0", name="entry_not_negative"),
        sa.ForeignKeyConstraint(["line_id"], ["budget_line.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("line_id", "line_version", name="entry_once"),
    )
    op.create_index("entry_by_subject", "budget_entry", ["line_id", "subject_id"], unique=False)
    op.create_index(
        "entry_by_time", "budget_entry", ["line_id", "at", "line_version"], unique=False
    )


def _budget() -> None:
    op.create_table(
        "budget",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("transfer_limit", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("drafted_by", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(status = 'draft') = (approved_by IS NULL) AND (status = 'draft') = "
            "(effective_from IS NULL)",
            name="budget_is_approved",
        ),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="budget_currency"),
        sa.CheckConstraint("status IN ('draft', 'approved', 'superseded')", name="budget_status"),
        sa.CheckConstraint("approved_by <> drafted_by", name="budget_four_eyes"),
        sa.CheckConstraint("total >= 0", name="budget_not_negative"),
        sa.CheckConstraint("transfer_limit BETWEEN 0 AND 100", name="budget_transfer_limit"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "number", name="budget_number_once"),
    )
    op.create_index(
        "one_approved_budget",
        "budget",
        ["programme_id"],
        unique=True,
        postgresql_where=sa.text("status = 'approved'"),
    )


def _budget_cost() -> None:
    op.create_table(
        "budget_cost",
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("unit_price", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("lump_sum", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("percent", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("percent_of", sa.Text(), nullable=True),
        sa.Column("partner", sa.Text(), nullable=True),
        sa.Column("period", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("base", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.CheckConstraint(
            "CASE model WHEN 'lump_sum' THEN lump_sum IS NOT NULL AND "
            "num_nonnulls(quantity, unit_price, percent, percent_of) = 0 WHEN "
            "'flat_rate' THEN num_nulls(percent, percent_of, base) = 0 AND "
            "num_nonnulls(quantity, unit_price, lump_sum) = 0 WHEN 'real' THEN "
            "num_nulls(quantity, unit_price) = 0 AND num_nonnulls(lump_sum, percent, "
            "percent_of) = 0 WHEN 'unit_cost' THEN num_nulls(quantity, unit_price) = 0 "
            "AND num_nonnulls(lump_sum, percent, percent_of) = 0 ELSE false END",
            name="budget_cost_fits_its_model",
        ),
        sa.CheckConstraint("amount >= 0", name="budget_cost_not_negative"),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"]),
        sa.PrimaryKeyConstraint("budget_id", "code", name="budget_cost_once"),
    )


def _funding_source() -> None:
    op.create_table(
        "funding_source",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("funder", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=True),
        sa.Column("rate", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("source", postgresql.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('grant', 'own_public', 'own_private', 'automatic_public')",
            name="funding_kind",
        ),
        sa.CheckConstraint("(amount IS NULL) = (currency IS NULL)", name="funding_has_currency"),
        sa.CheckConstraint("amount >= 0", name="funding_not_negative"),
        sa.CheckConstraint("budget_id IS NOT NULL OR source IS NOT NULL", name="funding_is_cited"),
        sa.CheckConstraint("rate BETWEEN 0 AND 100", name="funding_rate"),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"]),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint(
            "programme_id",
            "budget_id",
            "funder",
            "instrument",
            "kind",
            name="funding_source_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("funding_by_budget", "funding_source", ["budget_id"], unique=False)


def _stated_line() -> None:
    op.create_table(
        "stated_line",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("source", postgresql.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("programme_id", "code", name="stated_line_once"),
    )


def _budget_transfer() -> None:
    op.create_table(
        "budget_transfer",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("giver", sa.Text(), nullable=False),
        sa.Column("taker", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.CheckConstraint("amount > 0", name="transfer_of_something"),
        sa.CheckConstraint("giver <> taker", name="transfer_to_another"),
        sa.ForeignKeyConstraint(["budget_id"], ["budget.id"]),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "transfer_by_programme", "budget_transfer", ["programme_id", "id"], unique=False
    )


def _exchange_rate() -> None:
    op.create_table(
        "exchange_rate",
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(precision=24, scale=12), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("base <> quote", name="exchange_rate_of_two"),
        sa.CheckConstraint("valid_from <= valid_to", name="exchange_rate_days"),
        sa.CheckConstraint("value > 0", name="exchange_rate_above_zero"),
        sa.PrimaryKeyConstraint(
            "publisher", "base", "quote", "valid_from", name="exchange_rate_once"
        ),
    )


def _rate_terms() -> None:
    op.create_table(
        "rate_terms",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("fixed", postgresql.JSON(none_as_null=True), nullable=True),
        sa.Column("source", postgresql.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("(rule = 'fixed') = (fixed IS NOT NULL)", name="rate_terms_fixed"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("programme_id"),
    )


def _conversion() -> None:
    op.create_table(
        "conversion",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("result", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("result_currency", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rates", postgresql.JSON(), nullable=False),
        sa.Column("cost_on", sa.Date(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("conversion_by_programme", "conversion", ["programme_id", "id"], unique=False)
