"""Nominations are found by organisation and status, however many have another one."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("nomination_by_organisation", "nomination", ["organisation", "status", "id"])


def downgrade() -> None:
    op.drop_index("nomination_by_organisation", "nomination")
