"""Claims of trips that are certified and paid, and the tolerance of budget lines.

Revision ID: 0005_expand_claims
"""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005_expand_claims"
down_revision = "0004_expand_travel_choices"
branch_labels = None
depends_on = None

_WITHIN: Final = (
    "least(reserved, committed, spent, released) >= 0 AND reserved + committed + spent <= amount"
)
_TOLERATED: Final = f"{_WITHIN} + round(amount * tolerance / 100, 2)"
_STATES: Final = "'committed', 'refused', 'replaced', 'released'"


def upgrade() -> None:
    _tolerance()
    _claim()
    _states(f"state IN ({_STATES}, 'spent')")


def downgrade() -> None:
    op.execute("UPDATE commitment SET state = 'released' WHERE state = 'spent'")
    _states(f"state IN ({_STATES})")
    op.drop_table("claim")
    op.drop_constraint("budget_line_tolerance_share", "budget")
    op.drop_column("budget", "line_tolerance")
    op.drop_constraint("committed_within_amount", "budget_line")
    op.drop_constraint("budget_line_tolerance", "budget_line")
    op.drop_column("budget_line", "tolerance")
    op.create_check_constraint("committed_within_amount", "budget_line", _WITHIN)


def _states(rule: str) -> None:
    op.drop_constraint("commitment_state", "commitment")
    op.create_check_constraint("commitment_state", "commitment", rule)


def _tolerance() -> None:
    for table, column, name in (
        ("budget_line", "tolerance", "budget_line_tolerance"),
        ("budget", "line_tolerance", "budget_line_tolerance_share"),
    ):
        percent = sa.Numeric(precision=5, scale=2)
        op.add_column(
            table, sa.Column(column, percent, server_default=sa.text("0"), nullable=False)
        )
        op.create_check_constraint(name, table, f"{column} BETWEEN 0 AND 100")
    op.drop_constraint("committed_within_amount", "budget_line")
    op.create_check_constraint("committed_within_amount", "budget_line", _TOLERATED)


def _claim() -> None:
    money = sa.Numeric(precision=14, scale=2)
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trip_id", sa.Uuid(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("line_code", sa.Text(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("resolves", sa.Uuid(), nullable=True),
        sa.Column("certified", money, nullable=False),
        sa.Column("parked", money, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("available", money, nullable=True),
        sa.Column("available_currency", sa.Text(), nullable=True),
        sa.Column("settlement_id", sa.Uuid(), nullable=True),
        sa.Column("paid", money, nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.CheckConstraint("state IN ('covered', 'spent', 'waiting')", name="claim_state"),
        sa.CheckConstraint("(state = 'waiting') = (reason IS NOT NULL)", name="waiting_has_reason"),
        sa.CheckConstraint("least(certified, parked, paid) >= 0", name="claim_not_negative"),
        sa.CheckConstraint(
            "state = 'waiting' OR line_id IS NOT NULL OR certified + parked = 0",
            name="claim_has_line",
        ),
        sa.CheckConstraint(
            "num_nonnulls(settlement_id, paid, paid_on) IN (0, 3) "
            "AND (state <> 'spent' OR paid IS NOT NULL)",
            name="claim_is_paid",
        ),
        sa.ForeignKeyConstraint(["line_id"], ["budget_line.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("settlement_id", name="claim_settled_once"),
    )
    op.create_index("claim_by_trip", "claim", ["trip_id"])
    op.create_index("claim_by_programme", "claim", ["programme_code", "id"])
    op.create_index(
        "claim_waits",
        "claim",
        ["programme_code", "line_code", "id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )
