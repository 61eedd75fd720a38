"""Why a programme stands where it does, if somebody said so.

Revision ID: 0007_expand_status_reason
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_expand_status_reason"
down_revision = "0006_expand_delivery"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("programme", sa.Column("status_reason", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("programme", "status_reason")
