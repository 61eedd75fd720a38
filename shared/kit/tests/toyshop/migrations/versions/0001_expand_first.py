"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from kit.db.migrations import create_kit_tables, drop_kit_tables, grant_runtime

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_kit_tables(op)
    op.create_table(
        "toy",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("stock", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("stock >= 0", name="stock_not_negative"),
        sa.UniqueConstraint("name", name="toy_name_unique"),
    )
    op.create_index("toy_audience", "toy", ["audience"], postgresql_using="gin")
    grant_runtime(op, "toyshop")


def downgrade() -> None:
    op.drop_table("toy")
    drop_kit_tables(op)
