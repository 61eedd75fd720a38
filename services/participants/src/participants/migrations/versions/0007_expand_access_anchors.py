"""Heads of the access log's chain are signed, and what was signed is kept."""

import sqlalchemy as sa
from alembic import op

from kit.db.migrations import keep_append_only

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "access_anchor",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    keep_append_only(op, "participants", "access_anchor")  # type: ignore[arg-type]


def downgrade() -> None:
    op.drop_table("access_anchor")
