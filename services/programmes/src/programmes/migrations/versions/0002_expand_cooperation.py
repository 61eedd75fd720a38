"""Cooperation: instruments, topics, participation, governance, action plans, indicators, units.

Revision ID: 0002_expand_cooperation
"""

revision = "0002_expand_cooperation"
down_revision = "0001_expand_initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
