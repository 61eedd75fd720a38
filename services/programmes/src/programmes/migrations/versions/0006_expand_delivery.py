"""What training tells of events, seats, experts and head counts; relations that are additional.

Revision ID: 0006_expand_delivery
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0006_expand_delivery"
down_revision = "0005_expand_claims"
branch_labels = None
depends_on = None

_TABLES: Final = ("told_event", "told_seat", "told_series", "told_headcount", "told_expert")
_COUNTED: Final = """
INSERT INTO told_event (event_id, programme_code, kind, status, sequence, synthetic)
SELECT record_id, programme_code, regexp_replace(figure, 's_held$', ''),
    CASE value WHEN 0 THEN 'announced' ELSE 'completed' END, sequence, synthetic
FROM training_count
"""


def upgrade() -> None:
    _event()
    _seat()
    _others()
    op.execute(_COUNTED)
    op.add_column(
        "programme_relation",
        sa.Column("additional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_check_constraint(
        "additional_is_a_child",
        "programme_relation",
        "NOT additional OR type IN ('child', 'under_initiative')",
    )


def downgrade() -> None:
    op.drop_constraint("additional_is_a_child", "programme_relation")
    op.drop_column("programme_relation", "additional")
    for table in _TABLES:
        op.drop_table(table)


def _event() -> None:
    op.create_table(
        "told_event",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("action_code", sa.Text(), nullable=True),
        sa.Column("component_code", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("expert_days", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index("told_event_by_action", "told_event", ["programme_code", "action_code"])


def _seat() -> None:
    op.create_table(
        "told_seat",
        sa.Column("nomination_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("present", sa.Boolean(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("nomination_id"),
    )
    op.create_index("told_seat_by_event", "told_seat", ["event_id"])


def _others() -> None:
    op.create_table(
        "told_series",
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series_id"),
    )
    op.create_table(
        "told_headcount",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("report_id"),
    )
    op.create_index("told_headcount_by_programme", "told_headcount", ["programme_code"])
    op.create_table(
        "told_expert",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("participant_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("assigned", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("assignment_id"),
    )
    op.create_index("told_expert_by_event", "told_expert", ["event_id"])
