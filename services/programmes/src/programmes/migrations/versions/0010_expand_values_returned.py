"""An approved value of an indicator that was wrong is returned, and says why.

Revision ID: 0010_expand_values_returned
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_expand_values_returned"
down_revision = "0009_expand_withdrawals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("indicator_value", sa.Column("reason", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("indicator_value", "reason")
