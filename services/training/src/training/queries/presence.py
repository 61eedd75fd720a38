"""Reading sessions and who was at them."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from kit.auth import Caller
from kit.db import paging
from kit.db.paging import Page
from kit.db.unit import Hot, Unit
from kit.db.visible import visible
from training.domain.presence import Presence
from training.domain.session import Session
from training.queries.events import event
from training.storage import sessions
from training.storage.tables import nomination
from training.storage.tables_attendance import event_session as t
from training.storage.tables_attendance import session_presence as p

_SESSIONS: Final = Hot(select(*t.c).where(t.c.event_id == bindparam("event")).order_by(t.c.number))


async def sessions_of(unit: Unit, event_id: UUID, *, by: Caller) -> list[Session]:
    """Return the sessions of an event in their order, or raise NoSuchEvent."""
    await event(unit, event_id, by=by)
    async with unit.read() as read:
        rows = await read.hot_rows(_SESSIONS, event=event_id)
    return [sessions.session_of(row) for row in rows]


async def presence_of(
    unit: Unit, event_id: UUID, *, limit: int, after: str | None, by: Caller
) -> Page[Presence]:
    """Return a page of the records of presence that the caller may see, or raise NoSuchEvent."""
    await event(unit, event_id, by=by)
    statement = (
        select(*p.c)
        .join_from(p, nomination, nomination.c.id == p.c.nomination_id)
        .where(nomination.c.event_id == event_id, visible(nomination.c.audience, by))
    )
    asked = paging.Asked(by.client, after, limit, {"presence at": event_id})
    async with unit.read() as read:
        found = await paging.page(read, statement, by=[p.c.id], asked=asked)
    return found.map(lambda row: sessions.presence_of(row._mapping))  # noqa: SLF001 (public)
