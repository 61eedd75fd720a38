"""The table of secret calendar addresses, for calendar programs that cannot send a token."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY

from training.storage.tables import metadata


class CalendarSubscriptionColumns(TypedColumns):
    """A calendar that its owner reads without a token; of the secret only its hash is kept.

    `calendar` is programme, organisation or event and `key` which one. `client`, `subject`,
    `organisation`, `country` and `sees_all` are those of the owner, who sees what it shows.
    """

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    client: Named[str] = Column(Text)
    subject: Named[str] = Column(Text)
    organisation: Named[str] = Column(Text)
    country: Named[str] = Column(Text)
    sees_all: Named[bool]
    calendar: Named[str] = Column(Text)
    key: Named[str] = Column(Text)
    token_hash: Named[bytes] = Column(LargeBinary)
    made_at: Named[datetime] = Column(DateTime(timezone=True))
    expires_at: Named[datetime] = Column(DateTime(timezone=True))
    revoked_at: Named[datetime | None] = Column(DateTime(timezone=True))


calendar_subscription: Final = Table(
    "calendar_subscription",
    metadata,
    CalendarSubscriptionColumns,
    UniqueConstraint("token_hash", name="subscription_token_taken"),
    CheckConstraint("made_at < expires_at", name="subscription_dates_ordered"),
    Index("calendar_subscription_by_owner", "client", "subject", "id"),
)
