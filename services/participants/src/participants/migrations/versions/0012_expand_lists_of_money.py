"""Claims, settlements and advances are found by what their lists are filtered by."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.drop_index("claim_by_programme", "claim")
    op.create_index("claim_by_programme", "claim", ["programme_code", "state", "id"])
    op.create_index("settlement_by_payer", "settlement", ["payer", "programme_code", "state", "id"])
    op.create_index("settlement_by_claim", "settlement", ["claim_id"])
    op.create_index("advance_by_state", "advance", ["state", "id"])
    op.create_index("advance_by_trip", "advance", ["trip_id"])


def downgrade() -> None:
    op.drop_index("advance_by_trip", "advance")
    op.drop_index("advance_by_state", "advance")
    op.drop_index("settlement_by_claim", "settlement")
    op.drop_index("settlement_by_payer", "settlement")
    op.drop_index("claim_by_programme", "claim")
    op.create_index("claim_by_programme", "claim", ["programme_code", "currency"])
