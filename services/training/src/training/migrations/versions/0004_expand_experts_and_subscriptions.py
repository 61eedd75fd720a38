"""Experts that are assigned and leave, what an event delivered, and calendars by secret address."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0004"
down_revision = "0003"

_ASSIGNED = sa.text("status = 'assigned' AND event_id IS NOT NULL AND participant_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("training_event", sa.Column("participants", sa.Integer))
    op.add_column("training_event", sa.Column("expert_days", sa.Numeric(7, 1)))
    _widen_expert_assignment()
    _create_calendar_subscription()


def downgrade() -> None:
    op.drop_table("calendar_subscription")
    op.drop_index("assignment_by_programme", "expert_assignment")
    op.drop_index("expert_assigned_once", "expert_assignment")
    for column in ("programme_code", "status", "overlap_reason", "synthetic"):
        op.drop_column("expert_assignment", column)
    op.drop_column("training_event", "expert_days")
    op.drop_column("training_event", "participants")


def _widen_expert_assignment() -> None:
    table = "expert_assignment"
    code = sa.ForeignKey("programme.code", name="expert_assignment_programme_code_fkey")
    op.add_column(table, sa.Column("programme_code", sa.Text, code, nullable=False))
    op.add_column(table, sa.Column("status", sa.Text, nullable=False, server_default="assigned"))
    op.add_column(table, sa.Column("overlap_reason", sa.Text))
    op.add_column(
        table, sa.Column("synthetic", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.create_index("assignment_by_programme", table, ["programme_code", "id"])
    op.create_index(
        "expert_assigned_once",
        table,
        ["event_id", "participant_id", "role"],
        unique=True,
        postgresql_where=_ASSIGNED,
    )


def _create_calendar_subscription() -> None:
    op.create_table(
        "calendar_subscription",
        sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.func.uuidv7()),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("audience", ARRAY(sa.Text), nullable=False),
        sa.Column("client", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("sees_all", sa.Boolean, nullable=False),
        sa.Column("calendar", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("token_hash", name="subscription_token_taken"),
        sa.CheckConstraint("made_at < expires_at", name="subscription_dates_ordered"),
    )
    op.create_index(
        "calendar_subscription_by_owner", "calendar_subscription", ["client", "subject", "id"]
    )
