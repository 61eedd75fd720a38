"""Training events, series, nominations, attendance and head-count reports."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kit.db.migrations import create_kit_tables, drop_kit_tables, grant_runtime

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_kit_tables(op)  # type: ignore[arg-type]
    _create_programme()
    _create_event_series()
    _create_training_event()
    _create_nomination()
    _create_attendance()
    _create_headcount_report()
    grant_runtime(op, "training", append_only=["attendance"])  # type: ignore[arg-type]


def downgrade() -> None:
    for table in (
        "headcount_report",
        "attendance",
        "nomination",
        "training_event",
        "event_series",
        "programme",
    ):
        op.drop_table(table)
    drop_kit_tables(op)  # type: ignore[arg-type]


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _marks() -> sa.Column[list[str]]:
    return sa.Column("audience", ARRAY(sa.Text), nullable=False)


def _record() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.func.uuidv7()),
        sa.Column("version", sa.Integer, nullable=False),
        _marks(),
    ]


def _dates() -> list[sa.Column[Any]]:
    return [
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        _text("date_precision"),
        _text("date_text", null=True),
        _text("date_edtf", null=True),
    ]


def _reference_to(name: str, target: str, *, null: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid, sa.ForeignKey(target), nullable=null)


def _programme_code() -> sa.Column[Any]:
    return sa.Column("programme_code", sa.Text, sa.ForeignKey("programme.code"), nullable=False)


def _visible(table: str) -> None:
    op.create_index(f"{table}_by_audience", table, ["audience"], postgresql_using="gin")


def _create_programme() -> None:
    op.create_table(
        "programme",
        sa.Column("code", sa.Text, primary_key=True),
        _text("title"),
        _text("status"),
        sa.Column("marks", ARRAY(sa.Text), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
    )


def _create_event_series() -> None:
    op.create_table(
        "event_series",
        *_record(),
        _text("reference"),
        _programme_code(),
        _text("kind"),
        _text("title"),
        sa.Column("planned_count", JSONB),
        sa.Column("held_count", JSONB),
        sa.Column("distinct_places", JSONB),
        *_dates(),
        _text("note", null=True),
        sa.Column("sources", JSONB, nullable=False),
        sa.UniqueConstraint("reference", name="series_reference_taken"),
        sa.CheckConstraint("starts_on <= ends_on", name="series_dates_ordered"),
    )
    op.create_index("event_series_by_programme", "event_series", ["programme_code"])
    _visible("event_series")


def _create_training_event() -> None:
    op.create_table(
        "training_event",
        *_record(),
        _text("reference"),
        _programme_code(),
        _text("kind"),
        _text("title"),
        _text("topic", null=True),
        *_dates(),
        sa.Column(
            "sort_on",
            sa.Date,
            sa.Computed("coalesce(starts_on, DATE '9999-01-01')", persisted=True),
            nullable=False,
        ),
        _text("zone"),
        _text("city", null=True),
        _text("country", null=True),
        _text("venue", null=True),
        _text("place_precision"),
        sa.Column("capacity", sa.Integer),
        sa.Column("taken", sa.Integer, nullable=False),
        _text("host", null=True),
        sa.Column("countries", ARRAY(sa.Text), nullable=False),
        sa.Column("institutions", ARRAY(sa.Text), nullable=False),
        _reference_to("series_id", "event_series.id"),
        _reference_to("follow_up_of", "training_event.id"),
        _reference_to("part_of", "training_event.id"),
        sa.Column("departs_at", sa.DateTime(timezone=True)),
        sa.Column("returns_at", sa.DateTime(timezone=True)),
        _text("budget_line_code", null=True),
        sa.Column("mandatory_minutes", sa.Integer),
        _text("note", null=True),
        sa.Column("sources", JSONB, nullable=False),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        _text("status"),
        _text("reason", null=True),
        sa.UniqueConstraint("reference", name="event_reference_taken"),
        sa.CheckConstraint(
            "taken BETWEEN 0 AND coalesce(capacity, 0)", name="seats_within_capacity"
        ),
        sa.CheckConstraint("starts_on <= ends_on", name="event_dates_ordered"),
        sa.CheckConstraint("departs_at < returns_at", name="event_travel_ordered"),
    )
    op.create_index(
        "training_event_by_programme", "training_event", ["programme_code", "starts_on"]
    )
    op.create_index("training_event_by_start", "training_event", ["sort_on", "id"])
    op.create_index("training_event_by_series", "training_event", ["series_id"])
    _visible("training_event")


def _create_nomination() -> None:
    op.create_table(
        "nomination",
        *_record(),
        _reference_to("event_id", "training_event.id", null=False),
        sa.Column("participant_id", sa.Uuid, nullable=False),
        _text("organisation"),
        _text("country"),
        _text("unit_code", null=True),
        _text("status"),
        sa.Column("rank", sa.Integer),
        _text("reason", null=True),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        sa.CheckConstraint(
            "(status = 'waitlisted') = (rank IS NOT NULL)", name="rank_while_waiting"
        ),
    )
    op.create_index(
        "nomination_exists",
        "nomination",
        ["event_id", "participant_id"],
        unique=True,
        postgresql_where=sa.text("status NOT IN ('withdrawn', 'event_cancelled')"),
    )
    op.create_index(
        "nomination_waiting",
        "nomination",
        ["event_id", "rank"],
        unique=True,
        postgresql_where=sa.text("status = 'waitlisted'"),
    )
    op.create_index("nomination_by_event", "nomination", ["event_id", "id"])
    _visible("nomination")


def _create_attendance() -> None:
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
        _reference_to("nomination_id", "nomination.id", null=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _text("recorded_by"),
        sa.UniqueConstraint("nomination_id", "day", name="attendance_recorded_once"),
        sa.CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_of_a_day"),
    )


def _create_headcount_report() -> None:
    op.create_table(
        "headcount_report",
        *_record(),
        _programme_code(),
        _text("kind"),
        _text("reference"),
        _reference_to("event_id", "training_event.id"),
        _reference_to("series_id", "event_series.id"),
        sa.Column("participants", JSONB, nullable=False),
        _text("participants_of", null=True),
        sa.Column("units", JSONB),
        _text("units_of", null=True),
        sa.Column("source", JSONB, nullable=False),
        sa.UniqueConstraint("reference", name="report_reference_taken"),
        sa.CheckConstraint(
            "(event_id IS NULL) <> (series_id IS NULL)", name="report_has_one_subject"
        ),
    )
    op.create_index("headcount_report_by_programme", "headcount_report", ["programme_code"])
    _visible("headcount_report")
