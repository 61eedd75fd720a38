"""Tables of who may have a seat: quotas, participation of countries, and what was reached."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Named,
    Table,
    Text,
    TypedColumns,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from training.storage.tables import metadata


class SeatQuotaColumns(TypedColumns):
    """Seats of an event set aside for a country, an organisation, a unit or a role."""

    event_id: Named[UUID] = Column(Uuid, ForeignKey("training_event.id"), primary_key=True)
    dimension: Named[str] = Column(Text, primary_key=True)
    key: Named[str] = Column(Text, primary_key=True)
    seats: Named[int]
    taken: Named[int]


class ParticipationColumns(TypedColumns):
    """The local copy of a decision on a country's participation; `seq` orders them."""

    programme_code: Named[str] = Column(Text, primary_key=True)
    country: Named[str] = Column(Text, primary_key=True)
    seq: Named[int] = Column(primary_key=True, autoincrement=False)
    decision: Named[dict[str, Any]] = Column(JSONB)


class ReachSeenColumns(TypedColumns):
    """How often a member (a person, a unit, …) was counted in a cell of reach."""

    scope: Named[str] = Column(Text, primary_key=True)
    measure: Named[str] = Column(Text, primary_key=True)
    dimension: Named[str] = Column(Text, primary_key=True)
    key: Named[str] = Column(Text, primary_key=True)
    member: Named[str] = Column(Text, primary_key=True)
    times: Named[int]


class ReachCellColumns(TypedColumns):
    """How many members a cell of reach has: what `reach_seen` adds up to, kept as it changes."""

    scope: Named[str] = Column(Text, primary_key=True)
    measure: Named[str] = Column(Text, primary_key=True)
    dimension: Named[str] = Column(Text, primary_key=True)
    key: Named[str] = Column(Text, primary_key=True)
    value: Named[int]


class JobColumns(TypedColumns):
    """Work that takes longer than a request: how far it is, and its report once it is done."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    client: Named[str] = Column(Text)
    kind: Named[str] = Column(Text)
    state: Named[str] = Column(Text)
    done: Named[int]
    total: Named[int]
    request: Named[dict[str, Any]] = Column(JSONB)
    report: Named[dict[str, Any] | None] = Column(JSONB(none_as_null=True))
    created_at: Named[datetime] = Column(DateTime(timezone=True))
    finished_at: Named[datetime | None] = Column(DateTime(timezone=True))


seat_quota: Final = Table(
    "seat_quota",
    metadata,
    SeatQuotaColumns,
    CheckConstraint("taken BETWEEN 0 AND seats", name="seats_within_quota"),
)
participation: Final = Table("participation", metadata, ParticipationColumns)
reach_seen: Final = Table("reach_seen", metadata, ReachSeenColumns)
reach_cell: Final = Table(
    "reach_cell", metadata, ReachCellColumns, CheckConstraint("value >= 0", name="reach_positive")
)
job: Final = Table("job", metadata, JobColumns, Index("job_by_client", "client", "id"))
