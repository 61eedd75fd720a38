"""Drafts, parked amounts resolved, money in any currency's decimals, jobs that settle."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

_AMOUNTS: Final = {
    "trip": ("estimate_amount", "available_amount"),
    "allowance_calculation": ("amount",),
    "claim": ("declared", "certified", "deducted", "parked"),
    "claim_item": ("declared", "certified", "deducted", "parked"),
    "advance": ("amount", "cleared"),
    "settlement": ("certified", "advanced", "payable", "to_return"),
    "payment_file": ("total",),
}
_JSON: Final = postgresql.JSONB(none_as_null=True)


def upgrade() -> None:
    for table, columns in _AMOUNTS.items():
        for column in columns:
            op.alter_column(table, column, type_=sa.Numeric())
    for column in ("totals", "exchange"):
        op.add_column("trip", sa.Column(column, _JSON))
    for column in ("travel_facts", "attendance"):
        op.add_column("trip", sa.Column(column, sa.Text()))
    op.add_column("allowance_calculation", sa.Column("exchange", _JSON))
    _resolve_claims()
    op.add_column(
        "settlement",
        sa.Column("in_cash", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("payment_file", sa.Column("paid_on", sa.Date()))
    _create_settlement_job()
    _create_left_out()


def downgrade() -> None:
    op.drop_table("settlement_left_out")
    op.drop_table("settlement_job")
    op.drop_column("payment_file", "paid_on")
    op.drop_column("settlement", "in_cash")
    op.drop_index("claim_to_settle", "claim")
    op.drop_index("claim_by_programme", "claim")
    op.drop_constraint("claim_resolved_once", "claim")
    op.drop_constraint("claim_resolves_known", "claim")
    op.drop_column("claim", "resolves")
    op.drop_column("allowance_calculation", "exchange")
    for column in ("attendance", "travel_facts", "exchange", "totals"):
        op.drop_column("trip", column)
    for table, columns in _AMOUNTS.items():
        for column in columns:
            op.alter_column(table, column, type_=sa.Numeric(14, 2))


def _resolve_claims() -> None:
    op.add_column("claim", sa.Column("resolves", sa.Uuid()))
    op.create_foreign_key("claim_resolves_known", "claim", "claim", ["resolves"], ["id"])
    op.create_unique_constraint("claim_resolved_once", "claim", ["resolves"])
    op.create_index("claim_by_programme", "claim", ["programme_code", "currency"])
    op.create_index(
        "claim_to_settle",
        "claim",
        ["programme_code", "id"],
        postgresql_where=sa.text("state IN ('certified', 'part_certified')"),
    )


def _create_settlement_job() -> None:
    op.create_table(
        "settlement_job",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("override", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("after", sa.Uuid()),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("marks", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "settlement_job_open",
        "settlement_job",
        ["id"],
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index(
        "settlement_job_by_audience", "settlement_job", ["audience"], postgresql_using="gin"
    )


def _create_left_out() -> None:
    op.create_table(
        "settlement_left_out",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"]),
        sa.ForeignKeyConstraint(["job_id"], ["settlement_job.id"]),
        sa.PrimaryKeyConstraint("job_id", "claim_id"),
    )
