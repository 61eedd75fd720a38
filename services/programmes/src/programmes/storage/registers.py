"""Rows of the open registers: instruments, topics, mappings, country groups, standings."""

from typing import Final
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, select

from kit.db.unit import Hot, Tx
from programmes.domain.register import (
    CountryGroup,
    Instrument,
    NoSuchEntry,
    Standing,
    Topic,
    TopicKey,
    TopicMapping,
)
from programmes.storage.rows import row_of
from programmes.storage.tables_cooperation import (
    country_group,
    instrument,
    organisation_status,
    topic,
    topic_mapping,
)

Entry = Instrument | Topic | CountryGroup | Standing
_TABLES: Final[dict[type[Entry], Table]] = {
    Instrument: instrument,
    Topic: topic,
    CountryGroup: country_group,
    Standing: organisation_status,
}
_TOPIC: Final = Hot(
    select(topic.c.id).where(
        topic.c.scheme == bindparam("scheme"), topic.c.code == bindparam("code")
    )
)


async def add(tx: Tx, new: Entry) -> None:
    """Store a new entry; raises EntryTaken, or NoSuchEntry for one it names."""
    table = _TABLES[type(new)]
    row = row_of(new, table)
    if "updated_at" in table.columns:
        row["updated_at"] = tx.now
    await tx.sql.execute(insert(table).values(row))


async def add_mapping(tx: Tx, new: TopicMapping) -> None:
    """Store how two topics stand to one another; raises EntryTaken or NoSuchEntry."""
    ids = [await topic_id(tx, key) for key in (new.from_topic, new.to_topic)]
    row = {"from_id": ids[0], "to_id": ids[1], "relation": new.relation}
    await tx.sql.execute(insert(topic_mapping).values(row))


async def topic_id(tx: Tx, key: TopicKey) -> UUID:
    """Return the id of a topic, or raise NoSuchEntry."""
    row = await tx.hot(_TOPIC, scheme=key.scheme, code=key.code)
    if row is None:
        raise NoSuchEntry("the scheme has no topic of this code")
    found: UUID = row["id"]
    return found
