"""The chain of the access log as rows: links are only ever added."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import RowMapping, delete, func, insert, select

from kit.db.unit import Hot, Read, Tx
from participants.domain.chain import Anchor, Head, Link, LoggedLook
from participants.storage.tables_people import access_anchor as anchor
from participants.storage.tables_people import access_link as link
from participants.storage.tables_people import access_log as log
from participants.storage.tables_people import access_waiting as waiting

_LOCK: Final = 0x6C6F_6F6B73
_WAITING: Final = Hot(select(waiting.c.look_id).limit(1))
_LAST: Final = select(link.c.place, link.c.hash).order_by(link.c.place.desc()).limit(1)
_SIGNED: Final = select(anchor.c.statement).order_by(anchor.c.number.desc()).limit(1)
Step = tuple[Link, LoggedLook | None]


async def any_waiting(read: Read) -> bool:
    """Tell whether a committed look has no place yet."""
    return await read.hot(_WAITING) is not None


async def take_turn(tx: Tx) -> bool:
    """Become the one that adds links until the transaction ends; False if somebody else is."""
    turn = select(func.pg_try_advisory_xact_lock(_LOCK))
    return bool((await tx.sql.execute(turn)).scalar_one())


async def head(tx: Tx) -> Head:
    """Return what the next link follows."""
    row = (await tx.sql.execute(_LAST)).first()
    return Head() if row is None else Head(row[0], row[1])


async def last(read: Read) -> Head:
    """Return where the chain ends."""
    row = await read.first(_LAST)
    return Head() if row is None else Head(row[0], row[1])


async def take_waiting(tx: Tx, most: int) -> list[LoggedLook]:
    """Take committed looks without a place off the waiting list, the first first."""
    first = select(waiting.c.look_id).order_by(waiting.c.look_id).limit(most)
    taken = delete(waiting).where(waiting.c.look_id.in_(first)).returning(waiting.c.look_id)
    ids = (await tx.sql.execute(taken)).scalars().all()
    rows = await tx.sql.execute(select(*log.c).where(log.c.id.in_(ids)).order_by(log.c.id))
    return [LoggedLook(**row) for row in rows.mappings()]


async def add(tx: Tx, links: Iterable[Link]) -> None:
    """Store links; they are never changed."""
    rows = [
        {"place": each.place, "look_id": each.look_id, "former": each.former, "hash": each.hash}
        for each in links
    ]
    if rows:
        await tx.sql.execute(insert(link), rows)


async def hash_at(tx: Tx, place: int) -> bytes | None:
    """Return the hash of a place, None if the chain has none there."""
    return (await tx.sql.execute(select(link.c.hash).where(link.c.place == place))).scalar()


async def newest_statement(tx: Tx) -> str | None:
    """Return what was signed last, for who signs next."""
    return (await tx.sql.execute(_SIGNED)).scalar()


async def last_statement(read: Read) -> str | None:
    """Return what was signed last."""
    row = await read.first(_SIGNED)
    return None if row is None else row[0]


async def add_anchor(tx: Tx, signed: Anchor) -> None:
    """Store what was signed; it is never changed."""
    values = {"number": signed.number, "place": signed.head.place, "statement": signed.statement}
    await tx.sql.execute(insert(anchor).values(values))


async def statements(read: Read, since: int) -> list[tuple[int, str]]:
    """Return what was signed of a place and those behind it, the first first, with its number."""
    known = select(anchor.c.number, anchor.c.statement).where(anchor.c.place >= since)
    return [(row[0], row[1]) for row in await read.rows(known.order_by(anchor.c.number))]


async def steps(read: Read, *, after: int, most: int) -> Sequence[Step]:
    """Return links after a place in order, each with the look it is about, if that is there."""
    looks = [column.label(f"logged_{column.name}") for column in log.c]
    statement = (
        select(*link.c, *looks)
        .outerjoin(log, log.c.id == link.c.look_id)
        .where(link.c.place > after)
        .order_by(link.c.place)
        .limit(most)
    )
    return [_step(row._mapping) for row in await read.rows(statement)]  # noqa: SLF001 (public)


def _step(row: RowMapping) -> Step:
    found = Link(row["place"], row["look_id"], row["former"], row["hash"])
    if row["logged_id"] is None:
        return found, None
    return found, _look(row)


def _look(row: RowMapping) -> LoggedLook:
    values: dict[str, Any] = {name: row[f"logged_{name}"] for name in LoggedLook.__slots__}
    return LoggedLook(**values)


async def without_a_place(read: Read) -> int | None:
    """Return a look that is neither linked nor waiting, or None."""
    lost = (
        select(log.c.id)
        .outerjoin(link, link.c.look_id == log.c.id)
        .outerjoin(waiting, waiting.c.look_id == log.c.id)
        .where(link.c.look_id.is_(None), waiting.c.look_id.is_(None))
        .order_by(log.c.id)
        .limit(1)
    )
    row = await read.first(lost)
    return None if row is None else row[0]
