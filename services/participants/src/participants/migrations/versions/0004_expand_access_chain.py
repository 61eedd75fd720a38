"""The access log becomes a chain: places and hashes of looks, and the looks that wait for one."""

import sqlalchemy as sa
from alembic import op

from kit.db.migrations import keep_append_only

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "access_link",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("look_id", sa.BigInteger(), nullable=False),
        sa.Column("former", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("place > 0", name="access_link_has_place"),
        sa.PrimaryKeyConstraint("place"),
        sa.UniqueConstraint("look_id", name="access_link_of_look"),
    )
    op.create_table(
        "access_waiting",
        sa.Column("look_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("look_id"),
    )
    op.execute("INSERT INTO access_waiting (look_id) SELECT id FROM access_log")
    keep_append_only(op, "participants", "access_link")  # type: ignore[arg-type]


def downgrade() -> None:
    op.drop_table("access_waiting")
    op.drop_table("access_link")
