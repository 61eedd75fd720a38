"""Advances may be given back where no settlement counts them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("advance", sa.Column("returned_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("advance", "returned_on")
