"""The feed of a service: every fact in the order of its position, oldest first, with long poll."""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import asyncpg
from fastapi import APIRouter, Header, Query, Request, Response
from sqlalchemy import bindparam, cast, null, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from kit.auth import FEED, Caller
from kit.db.tables import change, feed
from kit.db.unit import Hot, Read, Unit
from kit.errors import DomainError, Kind
from kit.problems import problems
from kit.route import StrictRoute, requires
from kit.seal import CursorInvalid
from kit.wire import Answer, Instant

LIMIT: Final = 500
WAIT_S: Final = 20
_WINDOW: Final = 20_000
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait=(\d{1,3})(?:$|[,;\s])")
_START: Final = "Read the lists again from their start, then follow changes without `after`."


class EpochChanged(DomainError):
    """The cursor is of a history that ended when the database was restored."""

    kind = Kind.GONE
    code = "kit.epoch_changed"
    title = "The history this cursor belongs to has ended"
    advice = _START


class CursorExpired(DomainError):
    """What comes after the cursor is no longer kept."""

    kind = Kind.GONE
    code = "kit.cursor_expired"
    title = "The cursor is older than the changes still kept"
    advice = _START


_STATE: Final = Hot(select(feed.c.epoch, feed.c.head, feed.c.pruned_to))
_MARKS: Final = cast(bindparam("marks"), ARRAY(Text))
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
    """What a reader wants: after which cursor, how many, for whom, and how long it would wait."""

    after: str | None
    limit: int
    wait: int
    client: str
    marks: frozenset[str] | None

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
        await unit.wait(found.upto, left)
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
        raise EpochChanged("the database was restored since this cursor was given", start=_START)
    if after < state["pruned_to"]:
        raise CursorExpired("changes after this cursor are no longer kept", start=_START)
    head: int = state["head"]
    upto = min(head, after + _WINDOW)
    query: dict[str, Any] = {"after": after, "upto": upto, "limit": asked.limit}
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


class Change(Answer):
    """A CloudEvents 1.0 event; `data` is absent when `op` is `out_of_scope`.

    Apply it if its `sequence` is greater than the one you have of this `subject`.
    """

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: Instant
    sequence: int
    position: int
    cause: str
    op: Literal["upsert", "out_of_scope"]
    data: dict[str, Any] | None = None


class HorizonShown(Answer):
    """How far the feed reaches at this moment."""

    position: int
    at: Instant


class Changes(Answer):
    """One page. Ask again with `after` = `next`; when `has_more` is false you have caught up."""

    items: Sequence[Change]
    next: str
    has_more: bool
    horizon: HorizonShown


Follower = Annotated[Caller, requires(FEED)]
Partner = Annotated[Caller, requires("changes:read")]
After = Annotated[str | None, Query(max_length=400, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, description="At most this many; more than 500 means 500.")]
Prefer = Annotated[str | None, Header(description="`wait=20`: wait up to 20 s for a change.")]
_REFUSALS: Final = problems(CursorInvalid, EpochChanged, CursorExpired)


def feed_router(source: str) -> APIRouter:
    """Return the routes of a service's feed: whole for services, filtered for partners."""
    router = APIRouter(route_class=StrictRoute, tags=["changes"])

    @router.get("/internal/feed", operation_id="feed", response_model=Changes, responses=_REFUSALS)
    async def internal(
        request: Request,
        caller: Follower,
        after: After = None,
        limit: Limit = LIMIT,
        prefer: Prefer = None,
    ) -> Response:
        """Tell every fact of this service, to services that follow it."""
        asked = Asked(after, min(limit, LIMIT), _wait(prefer), caller.client, None)
        return await _answer(request, source, asked)

    @router.get("/v1/changes", operation_id="changes", response_model=Changes, responses=_REFUSALS)
    async def public(
        request: Request,
        caller: Partner,
        after: After = None,
        limit: Limit = LIMIT,
        prefer: Prefer = None,
    ) -> Response:
        """Tell what changed in records the caller may see, and which ones it no longer may see."""
        marks = caller.audience
        asked = Asked(after, min(limit, LIMIT), _wait(prefer), caller.client, marks)
        return await _answer(request, source, asked)

    return router


async def _answer(request: Request, source: str, asked: Asked) -> Response:
    body = await page(request.state.process.unit, source, asked)
    return Response(body, media_type="application/json")


def _wait(prefer: str | None) -> int:
    found = _WAIT.search(prefer or "")
    return min(int(found.group(1)), WAIT_S) if found else 0
