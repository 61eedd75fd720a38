"""The reader's side of a feed in our own database: facts applied once, cursors, parked facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    DateTime,
    Text,
    Uuid,
    any_,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from kit.db.tables import feed_cursor, inbox, parked_fact
from kit.db.unit import Hot, Key, Tx, Unit
from kit.facts import Envelope

_CURSOR: Final = Hot(
    select(feed_cursor.c.cursor, feed_cursor.c.position).where(
        feed_cursor.c.source == bindparam("source")
    )
)
_PARKED: Final = Hot(
    select(func.count()).select_from(parked_fact).where(parked_fact.c.source == bindparam("source"))
)
_HELD: Final = Hot(
    select(func.count())
    .select_from(parked_fact)
    .where(
        parked_fact.c.source == bindparam("source"),
        parked_fact.c.subject == bindparam("subject"),
        parked_fact.c.position <= bindparam("position"),
    )
)
_parked_before = exists().where(
    parked_fact.c.source == bindparam("source"),
    parked_fact.c.subject == any_(bindparam("subjects", type_=ARRAY(Uuid))),
)
_GIVE_WAY: Final = Hot(
    select(
        func.set_config("lock_timeout", bindparam("patience"), True), _parked_before.label("waits")
    )
)
_TAKE: Final = Hot(
    insert(inbox)
    .from_select(
        ["source", "fact_id", "at"],
        select(
            bindparam("source", type_=Text),
            func.unnest(bindparam("facts", type_=ARRAY(Uuid))),
            bindparam("now", type_=DateTime(timezone=True)),
        ),
    )
    .on_conflict_do_nothing()
    .returning(inbox.c.fact_id)
)
_PLACED: Final = insert(feed_cursor)
_MOVE: Final = Hot(
    _PLACED.on_conflict_do_update(
        index_elements=["source"],
        set_={
            "cursor": func.coalesce(_PLACED.excluded.cursor, feed_cursor.c.cursor),
            "position": _PLACED.excluded.position,
            "at": _PLACED.excluded.at,
        },
    )
)
_PATIENCE: Final = "100ms"


class FactSeen(Exception):
    """The effect of this fact is committed already."""


@dataclass(frozen=True, slots=True)
class FactKey(Key):
    """Makes the effect of a fact happen once: inbox row and cursor commit with it.

    `cursor` is the page's `next`, given with the last fact of a page that has a handler.
    """

    source: str
    fact_id: UUID
    position: int
    cursor: str | None

    @override
    async def claim(self, tx: Tx) -> None:
        """Take the fact, or raise FactSeen."""
        if await tx.hot(_TAKE, source=self.source, facts=[self.fact_id], now=tx.now) is None:
            raise FactSeen(str(self.fact_id))

    @override
    async def settle(self, tx: Tx) -> None:
        """Move the cursor with the effect."""
        await move(tx, self.source, position=self.position, cursor=self.cursor)


@dataclass(frozen=True, slots=True)
class ReplayKey(FactKey):
    """Makes the effect of a parked fact happen once, and takes it from where it was parked."""

    @override
    async def settle(self, tx: Tx) -> None:
        """Take the fact out of the parked ones, with its effect."""
        await unpark(tx, self.source, self.fact_id)


async def take(tx: Tx, source: str, facts: Sequence[Envelope]) -> set[UUID] | None:
    """Take facts that shall share this transaction; return the ids of those not yet applied.

    None, and nothing is taken, where one of them may have to wait for a parked fact. From here on
    the transaction gives way: it waits for no lock longer than a tenth of a second, long before
    anybody who waits for one of its own would give up.
    """
    subjects = list({fact.subject for fact in facts})
    (row,) = await tx.hot_rows(_GIVE_WAY, source=source, subjects=subjects, patience=_PATIENCE)
    if row["waits"]:
        return None
    taken = await tx.hot_rows(_TAKE, source=source, facts=[fact.id for fact in facts], now=tx.now)
    return {row["fact_id"] for row in taken}


async def move(tx: Tx, source: str, *, position: int, cursor: str | None) -> None:
    """Remember how far `source` is followed; without a cursor the last one stays."""
    await tx.hot(_MOVE, source=source, cursor=cursor, position=position, at=tx.now)


async def start_again(tx: Tx, source: str) -> None:
    """Forget the cursor, not what was applied: the feed is read from its start."""
    forgotten = update(feed_cursor).where(feed_cursor.c.source == source)
    await tx.sql.execute(forgotten.values(cursor=None, position=0, at=tx.now))


async def place(unit: Unit, source: str) -> tuple[str | None, int]:
    """Return cursor and position up to which `source` is followed."""
    async with unit.read() as read:
        row = await read.hot(_CURSOR, source=source)
    return (None, 0) if row is None else (row["cursor"], row["position"])


async def parked_count(unit: Unit, source: str) -> int:
    """Return how many facts of `source` wait for a person."""
    async with unit.read() as read:
        row = await read.hot(_PARKED, source=source)
    return 0 if row is None else int(row[0])


async def held_back(unit: Unit, source: str, fact: Envelope) -> bool:
    """Tell whether an earlier fact about the same subject is parked, so that this one waits."""
    async with unit.read() as read:
        row = await read.hot(_HELD, source=source, subject=fact.subject, position=fact.position)
    return row is not None and row[0] > 0


async def park(tx: Tx, source: str, fact: Envelope, *, error: str, attempts: int) -> None:
    """Keep a fact that cannot be applied; doing it again changes nothing."""
    new = insert(parked_fact).values(
        source=source,
        fact_id=fact.id,
        position=fact.position,
        subject=fact.subject,
        type=fact.type,
        envelope=fact.model_dump_json(),
        error=error,
        attempts=attempts,
        at=tx.now,
    )
    await tx.sql.execute(new.on_conflict_do_nothing())


async def unpark(tx: Tx, source: str, fact_id: UUID) -> None:
    """Take a fact out of the parked ones."""
    await tx.sql.execute(
        delete(parked_fact).where(parked_fact.c.source == source, parked_fact.c.fact_id == fact_id)
    )


async def parked(unit: Unit, source: str) -> Sequence[Envelope]:
    """Return the parked facts of `source` in the order of the feed."""
    query = select(parked_fact.c.envelope).where(parked_fact.c.source == source)
    async with unit.read() as read:
        rows = await read.rows(query.order_by(parked_fact.c.position))
    return [Envelope.model_validate_json(row.envelope) for row in rows]
