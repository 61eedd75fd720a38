"""Tables of what happens at an event: sessions, who was at them, and who taught."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
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

from training.storage.tables import metadata


class EventSessionColumns(TypedColumns):
    """A session; times are null where a source names a subject only. `number` orders them."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    event_id: Named[UUID] = Column(Uuid, ForeignKey("training_event.id"))
    number: Named[int]
    title: Named[str] = Column(Text)
    starts_at: Named[datetime | None] = Column(DateTime(timezone=True))
    ends_at: Named[datetime | None] = Column(DateTime(timezone=True))
    minutes: Named[int | None]
    mandatory: Named[bool]
    source: Named[dict[str, Any] | None] = Column(JSONB(none_as_null=True))


class AttendanceCorrectionColumns(TypedColumns):
    """What days a nominee was there instead of those on a list, and why; the last one counts."""

    id: Named[int] = Column(BigInteger, Identity(always=True), primary_key=True)
    nomination_id: Named[UUID] = Column(Uuid, ForeignKey("nomination.id"))
    days: Named[list[dict[str, Any]]] = Column(JSONB)
    reason: Named[str] = Column(Text)
    recorded_at: Named[datetime] = Column(DateTime(timezone=True))
    recorded_by: Named[str] = Column(Text)


class SessionPresenceColumns(TypedColumns):
    """Presence at a session as recorded; a correction is a further row that names the former."""

    id: Named[int] = Column(BigInteger, Identity(always=True), primary_key=True)
    nomination_id: Named[UUID] = Column(Uuid, ForeignKey("nomination.id"))
    session_id: Named[UUID] = Column(Uuid, ForeignKey("event_session.id"))
    nonce: Named[str] = Column(Text)
    came_at: Named[datetime | None] = Column(DateTime(timezone=True))
    left_at: Named[datetime | None] = Column(DateTime(timezone=True))
    minutes: Named[int]
    source: Named[str] = Column(Text)
    departed_from: Named[str | None] = Column(Text)
    corrects: Named[int | None] = Column(BigInteger, ForeignKey("session_presence.id"))
    reason: Named[str | None] = Column(Text)
    recorded_at: Named[datetime] = Column(DateTime(timezone=True))
    recorded_by: Named[str] = Column(Text)


class ExpertAssignmentColumns(TypedColumns):
    """Who teaches or interprets, person or organisation; `days` counts half days as 0.5.

    It is for an event, a series, or the action `action_code` of the programme. Without `first_on`
    and `last_on` it is for all days of the event. `reason` says why it ended.
    """

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    reference: Named[str] = Column(Text)
    event_id: Named[UUID | None] = Column(Uuid, ForeignKey("training_event.id"))
    series_id: Named[UUID | None] = Column(Uuid, ForeignKey("event_series.id"))
    participant_id: Named[UUID | None] = Column(Uuid)
    organisation: Named[str | None] = Column(Text)
    description: Named[str | None] = Column(Text)
    role: Named[str] = Column(Text)
    days: Named[Decimal | None] = Column(Numeric(5, 1))
    first_on: Named[date | None]
    last_on: Named[date | None]
    payer: Named[str | None] = Column(Text)
    reason: Named[str | None] = Column(Text)
    source: Named[dict[str, Any] | None] = Column(JSONB(none_as_null=True))
    programme_code: Named[str] = Column(Text, ForeignKey("programme.code"))
    status: Named[str] = Column(Text, server_default="assigned")
    overlap_reason: Named[str | None] = Column(Text)
    synthetic: Named[bool] = Column(server_default=false())
    action_code: Named[str | None] = Column(Text)


attendance_correction: Final = Table("attendance_correction", metadata, AttendanceCorrectionColumns)
event_session: Final = Table(
    "event_session",
    metadata,
    EventSessionColumns,
    UniqueConstraint("event_id", "number", name="session_number_taken"),
    CheckConstraint("starts_at < ends_at", name="session_times_ordered"),
    CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="session_times_whole"),
    CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes_of_a_session"),
)
session_presence: Final = Table(
    "session_presence",
    metadata,
    SessionPresenceColumns,
    UniqueConstraint("session_id", "nonce", name="presence_nonce_taken"),
    UniqueConstraint("corrects", name="presence_corrected_once"),
    CheckConstraint("minutes BETWEEN 0 AND 1440", name="presence_minutes_of_a_day"),
    CheckConstraint("came_at <= left_at", name="presence_times_ordered"),
    CheckConstraint("(corrects IS NULL) = (reason IS NULL)", name="correction_has_reason"),
    Index("presence_of_nomination", "nomination_id", "session_id"),
)
expert_assignment: Final = Table(
    "expert_assignment",
    metadata,
    ExpertAssignmentColumns,
    UniqueConstraint("reference", name="assignment_reference_taken"),
    CheckConstraint(
        "num_nonnulls(event_id, series_id, action_code) = 1", name="assignment_has_one_subject"
    ),
    CheckConstraint(
        "participant_id IS NOT NULL OR organisation IS NOT NULL OR description IS NOT NULL",
        name="assignment_names_someone",
    ),
    CheckConstraint("first_on <= last_on", name="assignment_dates_ordered"),
    CheckConstraint("days > 0", name="assignment_days_positive"),
    Index(
        "expert_assigned_once",
        "event_id",
        "participant_id",
        "role",
        unique=True,
        postgresql_where=text(
            "status = 'assigned' AND event_id IS NOT NULL AND participant_id IS NOT NULL"
        ),
    ),
    Index(
        "expert_assigned_to_action_once",
        "programme_code",
        "action_code",
        "participant_id",
        "role",
        unique=True,
        postgresql_where=text(
            "status = 'assigned' AND action_code IS NOT NULL AND participant_id IS NOT NULL"
        ),
    ),
    Index("assignment_by_programme", "programme_code", "id"),
    Index("assignment_by_event", "event_id"),
    Index("assignment_by_series", "series_id"),
    Index("assignment_by_expert", "participant_id", "first_on"),
    Index("assignment_by_audience", "audience", postgresql_using="gin"),
)
