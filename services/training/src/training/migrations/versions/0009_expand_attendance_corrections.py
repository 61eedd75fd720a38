"""Attendance by day that was put right: what stands beside the list, and why."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from kit.db.migrations import keep_append_only

revision = "0009"
down_revision = "0008"

_TABLE = "attendance_correction"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("nomination_id", sa.Uuid, sa.ForeignKey("nomination.id"), nullable=False),
        sa.Column("days", JSONB, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
    )
    keep_append_only(op, "training", _TABLE)  # type: ignore[arg-type]


def downgrade() -> None:
    op.drop_table(_TABLE)
