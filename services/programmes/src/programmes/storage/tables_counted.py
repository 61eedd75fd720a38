"""Tables of what training told, one row for each record, as last told."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    Named,
    Numeric,
    Table,
    Text,
    TypedColumns,
    Uuid,
)

from programmes.storage.tables import metadata


class EventColumns(TypedColumns):
    """A training event, where it belongs and what it delivered."""

    event_id: Named[UUID] = Column(Uuid, primary_key=True)
    programme_code: Named[str] = Column(Text)
    kind: Named[str] = Column(Text)
    status: Named[str] = Column(Text)
    action_code: Named[str | None] = Column(Text)
    component_code: Named[str | None] = Column(Text)
    starts_on: Named[date | None] = Column(Date)
    ends_on: Named[date | None] = Column(Date)
    country: Named[str | None] = Column(Text)
    city: Named[str | None] = Column(Text)
    participants: Named[int | None] = Column(Integer)
    expert_days: Named[Decimal | None] = Column(Numeric(10, 2))
    sequence: Named[int] = Column(Integer)
    synthetic: Named[bool] = Column(Boolean)


class SeatColumns(TypedColumns):
    """A seat; `present` once attendance is on record."""

    nomination_id: Named[UUID] = Column(Uuid, primary_key=True)
    event_id: Named[UUID] = Column(Uuid)
    participant_id: Named[UUID] = Column(Uuid)
    organisation: Named[str | None] = Column(Text)
    unit_code: Named[str | None] = Column(Text)
    present: Named[bool | None] = Column(Boolean)
    sequence: Named[int] = Column(Integer)


class SeriesColumns(TypedColumns):
    """A series and its kind."""

    series_id: Named[UUID] = Column(Uuid, primary_key=True)
    programme_code: Named[str] = Column(Text)
    kind: Named[str] = Column(Text)
    sequence: Named[int] = Column(Integer)


class HeadcountColumns(TypedColumns):
    """A head count of an event or a series."""

    report_id: Named[UUID] = Column(Uuid, primary_key=True)
    programme_code: Named[str] = Column(Text)
    event_id: Named[UUID | None] = Column(Uuid)
    series_id: Named[UUID | None] = Column(Uuid)
    participants: Named[int] = Column(Integer)
    basis: Named[str] = Column(Text)
    sequence: Named[int] = Column(Integer)


class ExpertColumns(TypedColumns):
    """An expert at an event."""

    assignment_id: Named[UUID] = Column(Uuid, primary_key=True)
    event_id: Named[UUID | None] = Column(Uuid)
    participant_id: Named[UUID | None] = Column(Uuid)
    role: Named[str] = Column(Text)
    assigned: Named[bool] = Column(Boolean)
    sequence: Named[int] = Column(Integer)


told_event = Table(
    "told_event",
    metadata,
    EventColumns,
    Index("told_event_by_action", "programme_code", "action_code"),
)
told_seat = Table("told_seat", metadata, SeatColumns, Index("told_seat_by_event", "event_id"))
told_series = Table("told_series", metadata, SeriesColumns)
told_headcount = Table(
    "told_headcount",
    metadata,
    HeadcountColumns,
    Index("told_headcount_by_programme", "programme_code"),
)
told_expert = Table(
    "told_expert", metadata, ExpertColumns, Index("told_expert_by_event", "event_id")
)
