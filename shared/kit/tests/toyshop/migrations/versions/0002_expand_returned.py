"""A table that came later: the runtime role may use it, and only append to it."""

import sqlalchemy as sa
from alembic import op

from kit.db.migrations import keep_append_only

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "returned",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), primary_key=True),
        sa.Column("toy_id", sa.Uuid(), nullable=False),
    )
    keep_append_only(op, "toyshop", "returned")


def downgrade() -> None:
    op.drop_table("returned")
