"""Test scores that were put right: a further row that names the former, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_TABLE = "test_score"
_ONCE = "test_score_exists"


def upgrade() -> None:
    op.add_column(
        _TABLE, sa.Column("corrects", sa.Uuid, sa.ForeignKey("test_score.id"), nullable=True)
    )
    op.add_column(_TABLE, sa.Column("reason", sa.Text, nullable=True))
    op.create_unique_constraint("test_score_corrected_once", _TABLE, ["corrects"])
    op.create_check_constraint(
        "test_score_corrected_why", _TABLE, "(corrects IS NULL) = (reason IS NULL)"
    )
    op.drop_constraint(_ONCE, _TABLE)
    op.create_index(
        _ONCE,
        _TABLE,
        ["nomination_id", "phase"],
        unique=True,
        postgresql_where=sa.text("corrects IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(_ONCE, _TABLE)
    op.execute("DELETE FROM test_score WHERE corrects IS NOT NULL")
    op.create_unique_constraint(_ONCE, _TABLE, ["nomination_id", "phase"])
    for name in ("test_score_corrected_why", "test_score_corrected_once"):
        op.drop_constraint(name, _TABLE)
    for column in ("reason", "corrects"):
        op.drop_column(_TABLE, column)
