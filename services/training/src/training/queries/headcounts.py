"""Reading head-count reports."""

from sqlalchemy import select

from kit.auth import Caller
from kit.db import paging
from kit.db.paging import Page
from kit.db.unit import Unit
from kit.db.visible import visible
from training.domain.headcount import HeadcountReport
from training.storage import evidence
from training.storage.tables import headcount_report as t


async def reports(
    unit: Unit, *, programme: str | None, limit: int, after: str | None, by: Caller
) -> Page[HeadcountReport]:
    """Return a page of head-count reports, the oldest first."""
    statement = select(*t.c).where(visible(t.c.audience, by))
    if programme is not None:
        statement = statement.where(t.c.programme_code == programme)
    asked = paging.Asked(by.client, after, limit, {"programme": programme})
    async with unit.read() as read:
        found = await paging.page(read, statement, by=[t.c.id], asked=asked)
    return found.map(lambda row: evidence.report_of(row._mapping))  # noqa: SLF001 (public)
