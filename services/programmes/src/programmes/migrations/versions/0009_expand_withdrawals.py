"""What was recorded of a programme by mistake can be taken back; what it said is kept.

Revision ID: 0009_expand_withdrawals
"""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kit.db.migrations import keep_append_only

revision = "0009_expand_withdrawals"
down_revision = "0008_expand_claims_reopened"
branch_labels = None
depends_on = None

_NAMED: Final = ("programme_country", "programme_relation", "milestone")
_NEW: Final = sa.text("uuidv7()")


def upgrade() -> None:
    for table in _NAMED:
        op.add_column(table, sa.Column("id", sa.Uuid(), server_default=_NEW, nullable=False))
    op.create_table(
        "withdrawn_part",
        sa.Column("id", sa.Uuid(), server_default=_NEW, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("key", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("recorded", postgresql.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("withdrawn_by_programme", "withdrawn_part", ["programme_id", "id"])
    keep_append_only(op, "programmes", "withdrawn_part")  # type: ignore[arg-type]


def downgrade() -> None:
    op.drop_table("withdrawn_part")
    for table in _NAMED:
        op.drop_column(table, "id")
