"""Experts of actions that have no event of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_TABLE = "expert_assignment"
_SUBJECT = "assignment_has_one_subject"


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column("action_code", sa.Text, nullable=True))
    op.drop_constraint(_SUBJECT, _TABLE)
    op.create_check_constraint(
        _SUBJECT, _TABLE, "num_nonnulls(event_id, series_id, action_code) = 1"
    )
    op.create_index(
        "expert_assigned_to_action_once",
        _TABLE,
        ["programme_code", "action_code", "participant_id", "role"],
        unique=True,
        postgresql_where=sa.text(
            "status = 'assigned' AND action_code IS NOT NULL AND participant_id IS NOT NULL"
        ),
    )


def downgrade() -> None:
    op.drop_index("expert_assigned_to_action_once", _TABLE)
    op.drop_constraint(_SUBJECT, _TABLE)
    op.execute("DELETE FROM expert_assignment WHERE action_code IS NOT NULL")
    op.create_check_constraint(_SUBJECT, _TABLE, "(event_id IS NULL) <> (series_id IS NULL)")
    op.drop_column(_TABLE, "action_code")
