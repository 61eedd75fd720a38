"""Reading event series."""

from uuid import UUID

from sqlalchemy import select

from kit.auth import Caller
from kit.db import paging
from kit.db.paging import Page
from kit.db.unit import Unit
from kit.db.visible import visible
from training.domain.errors import NoSuchSeries
from training.domain.event_kind import EventKind
from training.domain.event_series import EventSeries
from training.storage import event_series
from training.storage.tables import event_series as t


async def one(unit: Unit, series_id: UUID, *, by: Caller) -> EventSeries:
    """Return a series, or raise NoSuchSeries where the caller may not see it."""
    statement = select(*t.c).where(t.c.id == series_id, visible(t.c.audience, by))
    async with unit.read() as read:
        row = await read.first(statement)
    if row is None:
        raise NoSuchSeries("there is no such event series")
    return event_series.from_row(row._mapping)  # noqa: SLF001 (public; keeps columns apart)


async def listed(
    unit: Unit,
    *,
    programme: str | None,
    kind: EventKind | None,
    limit: int,
    after: str | None,
    by: Caller,
) -> Page[EventSeries]:
    """Return a page of series, the oldest first."""
    statement = select(*t.c).where(visible(t.c.audience, by))
    if programme is not None:
        statement = statement.where(t.c.programme_code == programme)
    if kind is not None:
        statement = statement.where(t.c.kind == kind.value)
    filters: dict[str, object] = {"programme": programme, "kind": kind}
    asked = paging.Asked(by.client, after, limit, filters)
    async with unit.read() as read:
        found = await paging.page(read, statement, by=[t.c.id], asked=asked)
    return found.map(lambda row: event_series.from_row(row._mapping))  # noqa: SLF001 (public)
