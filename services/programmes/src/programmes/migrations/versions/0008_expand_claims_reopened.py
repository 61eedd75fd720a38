"""A claim whose certification was taken back is reopened until it is certified again.

Revision ID: 0008_expand_claims_reopened
"""

from alembic import op

revision = "0008_expand_claims_reopened"
down_revision = "0007_expand_status_reason"
branch_labels = None
depends_on = None

_HAS_LINE = "line_id IS NOT NULL OR certified + parked = 0"


def upgrade() -> None:
    _states("'covered', 'spent', 'waiting', 'reopened'", without_line="'waiting', 'reopened'")


def downgrade() -> None:
    op.execute(
        "UPDATE claim SET state = 'covered' WHERE state = 'reopened' AND line_id IS NOT NULL"
    )
    op.execute(
        "UPDATE claim SET state = 'waiting', reason = 'no_such_line' WHERE state = 'reopened'"
    )
    _states("'covered', 'spent', 'waiting'", without_line="'waiting'")


def _states(known: str, *, without_line: str) -> None:
    for name in ("claim_state", "claim_has_line"):
        op.drop_constraint(name, "claim")
    op.create_check_constraint("claim_state", "claim", f"state IN ({known})")
    op.create_check_constraint(
        "claim_has_line", "claim", f"state IN ({without_line}) OR {_HAS_LINE}"
    )
