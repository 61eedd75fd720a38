"""What reach was counted from, persons that turned out to be one, and jobs that survive a crash."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

_UNFINISHED = sa.text("state IN ('queued', 'running')")


def upgrade() -> None:
    op.drop_constraint("reach_positive", "reach_cell")
    _create_reach_event()
    _create_reach_person()
    op.create_table(
        "person_alias",
        sa.Column("participant_id", sa.Uuid, primary_key=True),
        sa.Column("same_as", sa.Uuid, nullable=False),
    )
    op.create_index("person_alias_by_person", "person_alias", ["same_as"])
    _widen_job()


def downgrade() -> None:
    op.drop_index("job_unfinished", "job")
    op.drop_index("job_sent_once", "job")
    for column in ("subject", "digest", "attempt", "held_until", "problem"):
        op.drop_column("job", column)
    for table in ("person_alias", "reach_person", "reach_event"):
        op.drop_table(table)
    op.create_check_constraint("reach_positive", "reach_cell", "value >= 0")


def _create_reach_event() -> None:
    op.create_table(
        "reach_event",
        sa.Column("event_id", sa.Uuid, sa.ForeignKey("training_event.id"), primary_key=True),
        sa.Column("programme_code", sa.Text, nullable=False),
        sa.Column("series_id", sa.Uuid),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("region", sa.Text),
        sa.Column("place", sa.Text),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("left_out", sa.Boolean, nullable=False),
        sa.Column("synthetic", sa.Boolean, nullable=False),
    )


def _create_reach_person() -> None:
    op.create_table(
        "reach_person",
        sa.Column("nomination_id", sa.Uuid, sa.ForeignKey("nomination.id"), primary_key=True),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("unit_code", sa.Text),
        sa.Column("by_country", sa.Boolean, nullable=False),
    )
    op.create_index("reach_person_by_event", "reach_person", ["event_id"])


def _widen_job() -> None:
    op.add_column("job", sa.Column("subject", sa.Text, nullable=False))
    op.add_column("job", sa.Column("digest", sa.LargeBinary, nullable=False))
    op.add_column("job", sa.Column("attempt", sa.Integer, nullable=False, server_default="0"))
    op.add_column("job", sa.Column("held_until", sa.DateTime(timezone=True)))
    op.add_column("job", sa.Column("problem", JSONB))
    op.create_index(
        "job_sent_once",
        "job",
        ["client", "subject", "digest"],
        unique=True,
        postgresql_where=_UNFINISHED,
    )
    op.create_index("job_unfinished", "job", ["id"], postgresql_where=_UNFINISHED)
