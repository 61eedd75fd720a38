"""The tables every service has besides its own: change log, feed, followed feeds, idempotency."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Named,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY


class ChangeColumns(TypedColumns):
    """One fact. `data` is its JSON text; `position` is null until the stamper has seen it."""

    id: Named[int] = Column(BigInteger, Identity(always=True), primary_key=True)
    fact_id: Named[UUID] = Column(Uuid, server_default=func.uuidv7())
    type: Named[str] = Column(Text)
    entity: Named[str] = Column(Text)
    entity_id: Named[UUID] = Column(Uuid)
    entity_version: Named[int]
    data: Named[str] = Column(Text)
    audience: Named[list[str]] = Column(ARRAY(Text))
    lost_audience: Named[list[str]] = Column(ARRAY(Text))
    cause: Named[str] = Column(Text)
    actor: Named[str] = Column(Text)
    at: Named[datetime] = Column(DateTime(timezone=True))
    position: Named[int | None] = Column(BigInteger)


class FeedColumns(TypedColumns):
    """One row: which history this is (`epoch`), how far it is stamped and was pruned."""

    one: Named[int] = Column(SmallInteger, primary_key=True)
    epoch: Named[UUID] = Column(Uuid)
    head: Named[int] = Column(BigInteger)
    pruned_to: Named[int] = Column(BigInteger)
    seal_key: Named[bytes] = Column(LargeBinary)


class FeedCursorColumns(TypedColumns):
    """How far this service has followed another one: last page cursor, last position done."""

    source: Named[str] = Column(Text, primary_key=True)
    cursor: Named[str | None] = Column(Text)
    position: Named[int] = Column(BigInteger)
    at: Named[datetime] = Column(DateTime(timezone=True))


class InboxColumns(TypedColumns):
    """A fact of another service whose effect is committed here."""

    source: Named[str] = Column(Text)
    fact_id: Named[UUID] = Column(Uuid)
    at: Named[datetime] = Column(DateTime(timezone=True))


class ParkedFactColumns(TypedColumns):
    """A fact that could not be applied; it waits for a person, and so do later ones like it."""

    source: Named[str] = Column(Text)
    fact_id: Named[UUID] = Column(Uuid)
    position: Named[int] = Column(BigInteger)
    subject: Named[UUID] = Column(Uuid)
    type: Named[str] = Column(Text)
    envelope: Named[str] = Column(Text)
    error: Named[str] = Column(Text)
    attempts: Named[int]
    at: Named[datetime] = Column(DateTime(timezone=True))


class IdempotencyColumns(TypedColumns):
    """What was answered to a request that must not be done twice."""

    client: Named[str] = Column(Text)
    key: Named[str] = Column(Text)
    fingerprint: Named[bytes] = Column(LargeBinary)
    status: Named[int]
    headers: Named[str] = Column(Text)
    body: Named[bytes] = Column(LargeBinary)
    at: Named[datetime] = Column(DateTime(timezone=True))


KIT: Final = MetaData()

change = Table(
    "change",
    KIT,
    ChangeColumns,
    UniqueConstraint("position", name="change_position_key"),
    UniqueConstraint("fact_id", name="change_fact_id_key"),
    CheckConstraint("data IS JSON OBJECT", name="change_data_is_json"),
    Index("change_unstamped", "id", postgresql_where=text("position IS NULL")),
    Index("change_by_entity", "entity_id", "entity_version"),
)
feed = Table("feed", KIT, FeedColumns, CheckConstraint("one = 1", name="feed_is_one_row"))
feed_cursor = Table("feed_cursor", KIT, FeedCursorColumns)
inbox = Table("inbox", KIT, InboxColumns, PrimaryKeyConstraint("source", "fact_id"))
parked_fact = Table(
    "parked_fact",
    KIT,
    ParkedFactColumns,
    PrimaryKeyConstraint("source", "fact_id"),
    Index("parked_fact_by_subject", "source", "subject"),
)
idempotency = Table(
    "idempotency",
    KIT,
    IdempotencyColumns,
    PrimaryKeyConstraint("client", "key"),
    Index("idempotency_by_age", "at"),
)


def add_to(metadata: MetaData) -> None:
    """Declare the kit's tables in the metadata of a service, so that Alembic compares them."""
    for table in KIT.sorted_tables:
        table.to_metadata(metadata)
