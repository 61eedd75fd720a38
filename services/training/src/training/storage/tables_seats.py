"""Tables of who may have a seat: quotas, participation of countries, and who was erased."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Named,
    Table,
    Text,
    TypedColumns,
    Uuid,
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


class ErasedParticipantColumns(TypedColumns):
    """The id of a participant who was erased; nothing else is known of them."""

    participant_id: Named[UUID] = Column(Uuid, primary_key=True)


seat_quota: Final = Table(
    "seat_quota",
    metadata,
    SeatQuotaColumns,
    CheckConstraint("taken BETWEEN 0 AND seats", name="seats_within_quota"),
)
participation: Final = Table("participation", metadata, ParticipationColumns)
erased_participant: Final = Table("erased_participant", metadata, ErasedParticipantColumns)
