"""One page of a feed: facts in the order of their positions, joined from ready JSON."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import any_, bindparam, cast, null, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from kit.db.tables import change, feed
from kit.db.unit import Hot, Read, Unit
from kit.seal import CursorExpired, EpochChanged

LIMIT: Final = 500
WAIT_S: Final = 20
_WINDOW: Final = 20_000
_STATE: Final = Hot(select(feed.c.epoch, feed.c.head, feed.c.pruned_to))
_MARKS: Final = cast(bindparam("marks"), ARRAY(Text))
_TYPES: Final = cast(bindparam("types"), ARRAY(Text))
_PAGE: Final = (
    select(
        change.c.fact_id,
        change.c.type,
        change.c.entity_id,
        change.c.entity_version,
        change.c.at,
        change.c.position,
        change.c.cause,
        change.c.data,
    )
    .where(change.c.position > bindparam("after"), change.c.position <= bindparam("upto"))
    .where(or_(_TYPES.is_(None), change.c.type == any_(_TYPES)))
    .order_by(change.c.position)
    .limit(bindparam("limit"))
)
_ALL: Final = Hot(_PAGE.add_columns(null().label("hidden")))
_SEEN: Final = Hot(
    _PAGE.add_columns((~change.c.audience.bool_op("&&")(_MARKS)).label("hidden")).where(
        or_(change.c.audience.bool_op("&&")(_MARKS), change.c.lost_audience.bool_op("&&")(_MARKS))
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader wants: after which cursor, how many, for whom, and how long it would wait.

    `marks` are those of the reader, None for services, which see everything; `types` None means
    facts of every type.
    """

    after: str | None
    limit: int
    wait: int
    client: str
    marks: frozenset[str] | None
    types: frozenset[str] | None = None

    @property
    def purpose(self) -> str:
        """What a cursor is good for: one client's view of the feed."""
        return f"{'feed' if self.marks is None else 'changes'}:{self.client}"


@dataclass(frozen=True, slots=True)
class _Found:
    rows: Sequence[asyncpg.Record]
    epoch: str
    upto: int
    head: int

    @property
    def has_more(self) -> bool:
        return self.upto < self.head


async def page(unit: Unit, source: str, asked: Asked) -> bytes:
    """Return one page as JSON: `items`, `next`, `has_more`, `horizon`.

    Where there is nothing yet it waits in no transaction, and answers when there is something or
    the time is over. It looks at 20,000 changes at most: a page may be empty and yet have more.
    Raises CursorInvalid, EpochChanged, CursorExpired.
    """
    async with unit.read() as read:
        found = await _look(read, asked, await _opened(read, asked))
    now = asyncio.get_running_loop().time
    until = now() + asked.wait
    while not found.rows and not found.has_more and (left := until - now()) > 0:
        if not await unit.wait(found.upto, left):
            break
        async with unit.read() as read:
            found = await _look(read, asked, (found.epoch, found.upto))
    return await _rendered(unit, source, asked, found)


async def _opened(read: Read, asked: Asked) -> tuple[str, int] | None:
    if asked.after is None:
        return None
    epoch, position = (await read.seal()).open(asked.after, purpose=asked.purpose)
    return str(epoch), int(position)


async def _look(read: Read, asked: Asked, place: tuple[str, int] | None) -> _Found:
    state = await read.hot(_STATE)
    if state is None:
        raise RuntimeError("the feed has no state: the database is not migrated")
    epoch, after = place or (str(state["epoch"]), state["pruned_to"])
    if epoch != str(state["epoch"]):
        raise EpochChanged(
            "the database was restored since this cursor was given", start=EpochChanged.advice
        )
    if after < state["pruned_to"]:
        raise CursorExpired(
            "changes after this cursor are no longer kept", start=EpochChanged.advice
        )
    head: int = state["head"]
    upto = min(head, after + _WINDOW)
    types = None if asked.types is None else sorted(asked.types)
    query: dict[str, Any] = {"after": after, "upto": upto, "limit": asked.limit, "types": types}
    if asked.marks is None:
        rows = await read.hot_rows(_ALL, **query)
    else:
        rows = await read.hot_rows(_SEEN, **query, marks=sorted(asked.marks))
    if len(rows) == asked.limit:
        upto = rows[-1]["position"]
    return _Found(rows, epoch, upto, head)


async def _rendered(unit: Unit, source: str, asked: Asked, found: _Found) -> bytes:
    async with unit.read() as read:
        seal = await read.seal()
    following = seal.close([found.epoch, found.upto], purpose=asked.purpose)
    urn = json.dumps(f"urn:entente:{source}")
    items = ",".join([_item(urn, row) for row in found.rows])
    more = "true" if found.has_more else "false"
    at = _instant(unit.clock.now())
    return (
        f'{{"items":[{items}],"next":"{following}","has_more":{more},'
        f'"horizon":{{"position":{found.head},"at":"{at}"}}}}'
    ).encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _item(urn: str, row: asyncpg.Record) -> str:
    """Join an event from what is already JSON: the data of a fact is never decoded here."""
    end = '"op":"out_of_scope"}' if row["hidden"] else f'"op":"upsert","data":{row["data"]}}}'
    return (
        f'{{"specversion":"1.0","id":"{row["fact_id"]}","source":{urn},"type":"{row["type"]}",'
        f'"subject":"{row["entity_id"]}","time":"{_instant(row["at"])}",'
        f'"sequence":{row["entity_version"]},"position":{row["position"]},'
        f'"cause":{json.dumps(row["cause"])},{end}'
    )
