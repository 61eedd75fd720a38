"""Ids of erased participants: nobody is nominated under one of them again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "erased_participant",
        sa.Column("participant_id", sa.Uuid, primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("erased_participant")
