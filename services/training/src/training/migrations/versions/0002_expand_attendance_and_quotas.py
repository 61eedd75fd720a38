"""Sessions and their attendance, quotas, participation, experts, reach and jobs."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kit.db.migrations import keep_append_only

revision = "0002"
down_revision = "0001"

_STANDING = "status NOT IN ('withdrawn', 'event_cancelled', 'rejected', 'expired', 'replaced')"
_STOOD = "status NOT IN ('withdrawn', 'event_cancelled')"
_EVENT_COLUMNS = ("component", "action_code", "region", "postponed_from")
_NOMINATION_COLUMNS = ("role", "origin", "replaces", "external_id", "source_version")


def upgrade() -> None:
    _widen_programme()
    _widen_training_event()
    _widen_nomination()
    _create_event_session()
    _create_session_presence()
    _create_seat_quota()
    _create_participation()
    _create_expert_assignment()
    _create_reach()
    _create_job()
    keep_append_only(op, "training", "session_presence")  # type: ignore[arg-type]


def downgrade() -> None:
    for table in (
        "job",
        "reach_cell",
        "reach_seen",
        "expert_assignment",
        "participation",
        "seat_quota",
        "session_presence",
        "event_session",
    ):
        op.drop_table(table)
    op.drop_index("nomination_external", "nomination")
    op.drop_index("nomination_by_participant", "nomination")
    _make_nomination_unique(_STOOD)
    for table, columns in (
        ("nomination", (*_NOMINATION_COLUMNS, "eligibility", "overlap_reason", "source_digest")),
        ("training_event", (*_EVENT_COLUMNS, "attended_percent", "training_of_trainers")),
        ("programme", ("starts_on", "ends_on")),
    ):
        for column in columns:
            op.drop_column(table, column)


def _text(name: str, *, null: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null, server_default=default)


def _marks() -> sa.Column[list[str]]:
    return sa.Column("audience", ARRAY(sa.Text), nullable=False)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.func.uuidv7())


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer, nullable=False)


def _reference_to(name: str, target: str, *, null: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid, sa.ForeignKey(target), nullable=null)


def _instant(name: str, *, null: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _whole(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=null)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=True)


def _widen_programme() -> None:
    op.add_column("programme", sa.Column("starts_on", sa.Date))
    op.add_column("programme", sa.Column("ends_on", sa.Date))


def _widen_training_event() -> None:
    for name in _EVENT_COLUMNS:
        op.add_column("training_event", _text(name, null=True))
    percent = sa.Column("attended_percent", sa.Integer, nullable=False, server_default="80")
    op.add_column("training_event", percent)
    trainers = sa.Column(
        "training_of_trainers", sa.Boolean, nullable=False, server_default=sa.false()
    )
    op.add_column("training_event", trainers)


def _widen_nomination() -> None:
    for column in (
        _text("role", default="participant"),
        _text("origin", default="nomination"),
        _reference_to("replaces", "nomination.id"),
        _text("external_id", null=True),
        _whole("source_version", null=True),
        sa.Column("source_digest", sa.LargeBinary),
        sa.Column("eligibility", JSONB),
        _text("overlap_reason", null=True),
    ):
        op.add_column("nomination", column)
    _make_nomination_unique(_STANDING)
    op.create_index(
        "nomination_external",
        "nomination",
        ["organisation", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index("nomination_by_participant", "nomination", ["participant_id"])


def _make_nomination_unique(where: str) -> None:
    op.drop_index("nomination_exists", "nomination")
    op.create_index(
        "nomination_exists",
        "nomination",
        ["event_id", "participant_id"],
        unique=True,
        postgresql_where=sa.text(where),
    )


def _create_event_session() -> None:
    op.create_table(
        "event_session",
        _id(),
        _version(),
        _reference_to("event_id", "training_event.id", null=False),
        _whole("number"),
        _text("title"),
        _instant("starts_at"),
        _instant("ends_at"),
        _whole("minutes", null=True),
        sa.Column("mandatory", sa.Boolean, nullable=False),
        sa.Column("source", JSONB),
        sa.UniqueConstraint("event_id", "number", name="session_number_taken"),
        sa.CheckConstraint("starts_at < ends_at", name="session_times_ordered"),
        sa.CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="session_times_whole"),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_of_a_session"),
    )


def _create_session_presence() -> None:
    op.create_table(
        "session_presence",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        _reference_to("nomination_id", "nomination.id", null=False),
        _reference_to("session_id", "event_session.id", null=False),
        _text("nonce"),
        _instant("came_at"),
        _instant("left_at"),
        _whole("minutes"),
        _text("source"),
        _text("departed_from", null=True),
        sa.Column("corrects", sa.BigInteger, sa.ForeignKey("session_presence.id")),
        _text("reason", null=True),
        _instant("recorded_at", null=False),
        _text("recorded_by"),
        sa.UniqueConstraint("session_id", "nonce", name="presence_nonce_taken"),
        sa.UniqueConstraint("corrects", name="presence_corrected_once"),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name="presence_minutes_of_a_day"),
        sa.CheckConstraint("came_at <= left_at", name="presence_times_ordered"),
        sa.CheckConstraint("(corrects IS NULL) = (reason IS NULL)", name="correction_has_reason"),
    )
    op.create_index("presence_of_nomination", "session_presence", ["nomination_id", "session_id"])


def _create_seat_quota() -> None:
    event = sa.Column("event_id", sa.Uuid, sa.ForeignKey("training_event.id"), primary_key=True)
    op.create_table(
        "seat_quota",
        event,
        _key("dimension"),
        _key("key"),
        _whole("seats"),
        _whole("taken"),
        sa.CheckConstraint("taken BETWEEN 0 AND seats", name="seats_within_quota"),
    )


def _create_participation() -> None:
    op.create_table(
        "participation",
        _key("programme_code"),
        _key("country"),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("decision", JSONB, nullable=False),
    )


def _create_expert_assignment() -> None:
    op.create_table(
        "expert_assignment",
        _id(),
        _version(),
        _marks(),
        _text("reference"),
        _reference_to("event_id", "training_event.id"),
        _reference_to("series_id", "event_series.id"),
        sa.Column("participant_id", sa.Uuid),
        _text("organisation", null=True),
        _text("description", null=True),
        _text("role"),
        sa.Column("days", sa.Numeric(5, 1)),
        sa.Column("first_on", sa.Date),
        sa.Column("last_on", sa.Date),
        _text("payer", null=True),
        _text("reason", null=True),
        sa.Column("source", JSONB),
        sa.UniqueConstraint("reference", name="assignment_reference_taken"),
        sa.CheckConstraint(
            "(event_id IS NULL) <> (series_id IS NULL)", name="assignment_has_one_subject"
        ),
        sa.CheckConstraint(
            "participant_id IS NOT NULL OR organisation IS NOT NULL OR description IS NOT NULL",
            name="assignment_names_someone",
        ),
        sa.CheckConstraint("first_on <= last_on", name="assignment_dates_ordered"),
        sa.CheckConstraint("days > 0", name="assignment_days_positive"),
    )
    op.create_index("assignment_by_event", "expert_assignment", ["event_id"])
    op.create_index("assignment_by_series", "expert_assignment", ["series_id"])
    op.create_index("assignment_by_expert", "expert_assignment", ["participant_id", "first_on"])
    op.create_index(
        "assignment_by_audience", "expert_assignment", ["audience"], postgresql_using="gin"
    )


def _create_reach() -> None:
    cell = ("scope", "measure", "dimension", "key")
    op.create_table("reach_seen", *(_key(name) for name in cell), _key("member"), _whole("times"))
    op.create_table(
        "reach_cell",
        *(_key(name) for name in cell),
        _whole("value"),
        sa.CheckConstraint("value >= 0", name="reach_positive"),
    )


def _create_job() -> None:
    op.create_table(
        "job",
        _id(),
        _version(),
        _text("client"),
        _text("kind"),
        _text("state"),
        _whole("done"),
        _whole("total"),
        sa.Column("request", JSONB, nullable=False),
        sa.Column("report", JSONB),
        _instant("created_at", null=False),
        _instant("finished_at"),
    )
    op.create_index("job_by_client", "job", ["client", "id"])
