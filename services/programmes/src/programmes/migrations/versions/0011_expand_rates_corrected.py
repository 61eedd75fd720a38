"""A rate imported wrongly is put right for a reason; what was on record before is kept.

Revision ID: 0011_expand_rates_corrected
"""

import sqlalchemy as sa
from alembic import op

from kit.db.migrations import keep_append_only

revision = "0011_expand_rates_corrected"
down_revision = "0010_expand_values_returned"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = ("publisher", "base", "quote", "valid_from")
    op.create_table(
        "exchange_rate_former",
        *(sa.Column(name, sa.Text(), nullable=False) for name in key[:3]),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(24, 12), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            key, [f"exchange_rate.{name}" for name in key], name="former_rate_of_rate"
        ),
        sa.PrimaryKeyConstraint(*key, "replaced_at", name="exchange_rate_former_once"),
    )
    keep_append_only(op, "programmes", "exchange_rate_former")  # type: ignore[arg-type]
    op.execute(
        "GRANT UPDATE (valid_to, value, reference, imported_at) ON exchange_rate TO programmes"
    )


def downgrade() -> None:
    op.execute("REVOKE UPDATE ON exchange_rate FROM programmes")
    op.drop_table("exchange_rate_former")
