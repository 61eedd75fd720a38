"""The table of certificates; names of constraints are part of the design."""

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
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from training.storage.tables import metadata


class CertificateColumns(TypedColumns):
    """A certificate; `attested` is what it states about the event, as it was when issued."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    nomination_id: Named[UUID] = Column(Uuid, ForeignKey("nomination.id"))
    event_id: Named[UUID] = Column(Uuid, ForeignKey("training_event.id"))
    organisation: Named[str] = Column(Text)
    code: Named[str] = Column(Text)
    attested: Named[dict[str, Any]] = Column(JSONB)
    issued_at: Named[datetime] = Column(DateTime(timezone=True))
    revoked_at: Named[datetime | None] = Column(DateTime(timezone=True))
    reason: Named[str | None] = Column(Text)
    synthetic: Named[bool]


certificate: Final = Table(
    "certificate",
    metadata,
    CertificateColumns,
    UniqueConstraint("code", name="certificate_code_key"),
    CheckConstraint("(revoked_at IS NULL) = (reason IS NULL)", name="certificate_revoked_why"),
    Index(
        "certificate_exists",
        "nomination_id",
        unique=True,
        postgresql_where=text("revoked_at IS NULL"),
    ),
    Index("certificate_by_event", "event_id", "id"),
    Index("certificate_by_audience", "audience", postgresql_using="gin"),
)
