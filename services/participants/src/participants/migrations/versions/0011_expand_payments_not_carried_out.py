"""What a bank did not carry out leaves its payment file, which may be empty then."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.drop_constraint("payment_file_pays", "payment_file")
    rule = sa.text("payments >= 0 AND total >= 0 AND (payments = 0) = (total = 0)")
    op.create_check_constraint("payment_file_pays", "payment_file", rule)


def downgrade() -> None:
    op.drop_constraint("payment_file_pays", "payment_file")
    # Files that were emptied stay on record.
    op.execute(
        "ALTER TABLE payment_file ADD CONSTRAINT payment_file_pays "
        "CHECK (payments > 0 AND total > 0) NOT VALID"
    )
