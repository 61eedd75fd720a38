"""The tables of the training service; names of constraints are part of the design."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Named,
    Numeric,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kit.db.tables import add_to

metadata: Final = MetaData()
add_to(metadata)


class ProgrammeColumns(TypedColumns):
    """The local copy of a programme. `sequence` is the version of the original.

    `starts_on` and `ends_on` are the widest span its dates allow, null where not stated.
    """

    code: Named[str] = Column(Text, primary_key=True)
    title: Named[str] = Column(Text)
    status: Named[str] = Column(Text)
    marks: Named[list[str]] = Column(ARRAY(Text))
    sequence: Named[int]
    starts_on: Named[date | None]
    ends_on: Named[date | None]


class EventSeriesColumns(TypedColumns):
    """A series; the three counts are JSON objects {value, qualifier, basis} or null."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    reference: Named[str] = Column(Text)
    programme_code: Named[str] = Column(Text, ForeignKey("programme.code"))
    kind: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    planned_count: Named[dict[str, Any] | None] = Column(JSONB(none_as_null=True))
    held_count: Named[dict[str, Any] | None] = Column(JSONB(none_as_null=True))
    distinct_places: Named[dict[str, Any] | None] = Column(JSONB(none_as_null=True))
    starts_on: Named[date | None]
    ends_on: Named[date | None]
    date_precision: Named[str] = Column(Text)
    date_text: Named[str | None] = Column(Text)
    date_edtf: Named[str | None] = Column(Text)
    note: Named[str | None] = Column(Text)
    sources: Named[list[dict[str, Any]]] = Column(JSONB)


class TrainingEventColumns(TypedColumns):
    """An event; `starts_on` and `ends_on` are the widest span its fuzzy date allows.

    `sort_on` orders lists: events without a known date come last. Its last day is not the last
    of the calendar, which the driver would send as infinity. `participants` and `expert_days` are
    what it delivered, known once it has been held. `divided` says whether it has quotas; null is
    not known.
    """

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    reference: Named[str] = Column(Text)
    programme_code: Named[str] = Column(Text, ForeignKey("programme.code"))
    kind: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    topic: Named[str | None] = Column(Text)
    starts_on: Named[date | None]
    ends_on: Named[date | None]
    sort_on: Named[date] = Column(
        Computed("coalesce(starts_on, DATE '9999-01-01')", persisted=True)
    )
    date_precision: Named[str] = Column(Text)
    date_text: Named[str | None] = Column(Text)
    date_edtf: Named[str | None] = Column(Text)
    zone: Named[str] = Column(Text)
    city: Named[str | None] = Column(Text)
    country: Named[str | None] = Column(Text)
    venue: Named[str | None] = Column(Text)
    place_precision: Named[str] = Column(Text)
    capacity: Named[int | None]
    taken: Named[int]
    host: Named[str | None] = Column(Text)
    countries: Named[list[str]] = Column(ARRAY(Text))
    institutions: Named[list[str]] = Column(ARRAY(Text))
    series_id: Named[UUID | None] = Column(Uuid, ForeignKey("event_series.id"))
    follow_up_of: Named[UUID | None] = Column(Uuid, ForeignKey("training_event.id"))
    part_of: Named[UUID | None] = Column(Uuid, ForeignKey("training_event.id"))
    departs_at: Named[datetime | None] = Column(DateTime(timezone=True))
    returns_at: Named[datetime | None] = Column(DateTime(timezone=True))
    budget_line_code: Named[str | None] = Column(Text)
    mandatory_minutes: Named[int | None]
    note: Named[str | None] = Column(Text)
    sources: Named[list[dict[str, Any]]] = Column(JSONB)
    synthetic: Named[bool]
    status: Named[str] = Column(Text)
    reason: Named[str | None] = Column(Text)
    component: Named[str | None] = Column(Text)
    action_code: Named[str | None] = Column(Text)
    region: Named[str | None] = Column(Text)
    postponed_from: Named[str | None] = Column(Text)
    attended_percent: Named[int] = Column(server_default="80")
    training_of_trainers: Named[bool] = Column(server_default=false())
    participants: Named[int | None]
    expert_days: Named[Decimal | None] = Column(Numeric(7, 1))
    divided: Named[bool | None]


class NominationColumns(TypedColumns):
    """A nomination; `participant_id` is opaque here, the person is known elsewhere."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    event_id: Named[UUID] = Column(Uuid, ForeignKey("training_event.id"))
    participant_id: Named[UUID] = Column(Uuid)
    organisation: Named[str] = Column(Text)
    country: Named[str] = Column(Text)
    unit_code: Named[str | None] = Column(Text)
    status: Named[str] = Column(Text)
    rank: Named[int | None]
    reason: Named[str | None] = Column(Text)
    synthetic: Named[bool]
    role: Named[str] = Column(Text, server_default="participant")
    origin: Named[str] = Column(Text, server_default="nomination")
    replaces: Named[UUID | None] = Column(Uuid, ForeignKey("nomination.id"))
    external_id: Named[str | None] = Column(Text)
    source_version: Named[int | None]
    source_digest: Named[bytes | None] = Column(LargeBinary)
    eligibility: Named[dict[str, Any] | None] = Column(JSONB(none_as_null=True))
    overlap_reason: Named[str | None] = Column(Text)


class AttendanceColumns(TypedColumns):
    """Minutes of presence on one day, and who recorded them when."""

    id: Named[int] = Column(Identity(always=True), primary_key=True)
    nomination_id: Named[UUID] = Column(Uuid, ForeignKey("nomination.id"))
    day: Named[date]
    minutes: Named[int]
    recorded_at: Named[datetime] = Column(DateTime(timezone=True))
    recorded_by: Named[str] = Column(Text)


class HeadcountReportColumns(TypedColumns):
    """A published head count; programme and kind are those of what it is about."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    programme_code: Named[str] = Column(Text, ForeignKey("programme.code"))
    kind: Named[str] = Column(Text)
    reference: Named[str] = Column(Text)
    event_id: Named[UUID | None] = Column(Uuid, ForeignKey("training_event.id"))
    series_id: Named[UUID | None] = Column(Uuid, ForeignKey("event_series.id"))
    participants: Named[dict[str, Any]] = Column(JSONB)
    participants_of: Named[str | None] = Column(Text)
    units: Named[dict[str, Any] | None] = Column(JSONB(none_as_null=True))
    units_of: Named[str | None] = Column(Text)
    source: Named[dict[str, Any]] = Column(JSONB)


programme: Final = Table("programme", metadata, ProgrammeColumns)
event_series: Final = Table(
    "event_series",
    metadata,
    EventSeriesColumns,
    UniqueConstraint("reference", name="series_reference_taken"),
    CheckConstraint("starts_on <= ends_on", name="series_dates_ordered"),
    Index("event_series_by_programme", "programme_code"),
    Index("event_series_by_audience", "audience", postgresql_using="gin"),
)
training_event: Final = Table(
    "training_event",
    metadata,
    TrainingEventColumns,
    UniqueConstraint("reference", name="event_reference_taken"),
    CheckConstraint("taken BETWEEN 0 AND coalesce(capacity, 0)", name="seats_within_capacity"),
    CheckConstraint("starts_on <= ends_on", name="event_dates_ordered"),
    CheckConstraint("departs_at < returns_at", name="event_travel_ordered"),
    Index("training_event_by_programme", "programme_code", "starts_on"),
    Index("training_event_by_start", "sort_on", "id"),
    Index("training_event_by_series", "series_id"),
    Index("training_event_by_audience", "audience", postgresql_using="gin"),
)
nomination: Final = Table(
    "nomination",
    metadata,
    NominationColumns,
    CheckConstraint("(status = 'waitlisted') = (rank IS NOT NULL)", name="rank_while_waiting"),
    Index(
        "nomination_exists",
        "event_id",
        "participant_id",
        unique=True,
        postgresql_where=text(
            "status NOT IN ('withdrawn', 'event_cancelled', 'rejected', 'expired', 'replaced')"
        ),
    ),
    Index(
        "nomination_waiting",
        "event_id",
        "rank",
        unique=True,
        postgresql_where=text("status = 'waitlisted'"),
    ),
    Index(
        "nomination_external",
        "organisation",
        "external_id",
        unique=True,
        postgresql_where=text("external_id IS NOT NULL"),
    ),
    Index("nomination_by_event", "event_id", "id"),
    Index("nomination_by_participant", "participant_id"),
    Index("nomination_by_organisation", "organisation", "status", "id"),
    Index("nomination_by_audience", "audience", postgresql_using="gin"),
)
attendance: Final = Table(
    "attendance",
    metadata,
    AttendanceColumns,
    UniqueConstraint("nomination_id", "day", name="attendance_recorded_once"),
    CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes_of_a_day"),
)
headcount_report: Final = Table(
    "headcount_report",
    metadata,
    HeadcountReportColumns,
    UniqueConstraint("reference", name="report_reference_taken"),
    CheckConstraint("(event_id IS NULL) <> (series_id IS NULL)", name="report_has_one_subject"),
    Index("headcount_report_by_programme", "programme_code"),
    Index("headcount_report_by_audience", "audience", postgresql_using="gin"),
)
