"""Whether seats of an event are set aside: without quotas, none have to be read under its lock."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("training_event", sa.Column("divided", sa.Boolean, nullable=True))


def downgrade() -> None:
    op.drop_column("training_event", "divided")
