"""Claims of a programme are found by state, however many have another one."""

from alembic import op

revision = "0012_expand_list_of_claims"
down_revision = "0011_expand_rates_corrected"


def upgrade() -> None:
    op.drop_index("claim_by_programme", "claim")
    op.create_index("claim_by_programme", "claim", ["programme_code", "state", "id"])


def downgrade() -> None:
    op.drop_index("claim_by_programme", "claim")
    op.create_index("claim_by_programme", "claim", ["programme_code", "id"])
