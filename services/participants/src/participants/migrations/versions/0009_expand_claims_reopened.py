"""Claims may be reopened before they are paid: what settled them is withdrawn, and stays on record.

Blind indexes say with which version of their key they were made.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    for column in ("reopened_by", "reopened_for"):
        op.add_column("claim", sa.Column(column, sa.Text()))
    op.drop_constraint("settlement_of_claim_exists", "settlement")
    op.create_index(
        "settlement_of_claim_exists",
        "settlement",
        ["claim_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    for table, column in (("person_key", "index_version"), ("dedupe_key", "version")):
        first = sa.Column(column, sa.Text(), server_default=sa.text("'1'"), nullable=False)
        op.add_column(table, first)


def downgrade() -> None:
    op.drop_column("dedupe_key", "version")
    op.drop_column("person_key", "index_version")
    op.execute("DELETE FROM settlement WHERE state = 'withdrawn'")
    op.drop_index("settlement_of_claim_exists", "settlement")
    op.create_unique_constraint("settlement_of_claim_exists", "settlement", ["claim_id"])
    for column in ("reopened_for", "reopened_by"):
        op.drop_column("claim", column)
