"""A merge can be undone: the same record may be merged again later, into another one."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.drop_constraint("person_merged_once", "person_merge")
    op.create_index("person_merge_by_merged", "person_merge", ["merged"], unique=False)


def downgrade() -> None:
    op.drop_index("person_merge_by_merged", "person_merge")
    op.create_unique_constraint("person_merged_once", "person_merge", ["merged"])
