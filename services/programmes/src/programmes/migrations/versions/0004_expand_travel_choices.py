"""What a contract says of travel, where the rules leave a choice.

Revision ID: 0004_expand_travel_choices
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_expand_travel_choices"
down_revision = "0003_expand_money"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("programme", sa.Column("travel_choices", postgresql.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("programme", "travel_choices")
