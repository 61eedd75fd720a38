"""Reading one's own calendar subscriptions, and a calendar by its secret address."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from kit.auth import Caller
from kit.db import paging
from kit.db.paging import Page
from kit.db.unit import Hot, Unit
from training.domain.calendar import CalendarFeed
from training.domain.errors import NoSuchEvent
from training.domain.errors_calendar import NoSuchCalendar
from training.domain.errors_evidence import EventWithoutDays, NoSuchProgramme
from training.domain.subscription import CalendarOf, Subscription, hash_of
from training.queries import calendars
from training.storage import subscriptions
from training.storage.tables_calendar import calendar_subscription as t

_BY_HASH: Final = Hot(select(*t.c).where(t.c.token_hash == bindparam("token_hash")))


async def own(unit: Unit, *, limit: int, after: str | None, by: Caller) -> Page[Subscription]:
    """Return a page of the caller's subscriptions, those that ended included."""
    statement = select(*t.c).where(*subscriptions.owned(by))
    asked = paging.Asked(by.client, after, limit, {"subject": by.subject})
    async with unit.read() as read:
        found = await paging.page(read, statement, by=[t.c.id], asked=asked)
    return found.map(lambda row: subscriptions.from_row(row._mapping))  # noqa: SLF001 (public)


async def feed_of(unit: Unit, token: str) -> CalendarFeed:
    """Return the calendar at a secret address, or raise NoSuchCalendar, whatever the reason."""
    async with unit.read() as read:
        row = await read.hot(_BY_HASH, token_hash=hash_of(token))
    found = None if row is None else subscriptions.from_row(row)
    if found is None or not found.counts(unit.clock.now()):
        raise NoSuchCalendar("there is no calendar at this address")
    try:
        return await _shown(unit, found)
    except (NoSuchEvent, NoSuchProgramme) as error:
        raise NoSuchCalendar("there is no calendar at this address") from error


async def _shown(unit: Unit, found: Subscription) -> CalendarFeed:
    """Read with the eyes of the owner. An event whose days are open yet is an empty calendar."""
    if found.calendar is CalendarOf.PROGRAMME:
        return await calendars.of_programme(unit, found.key, by=found.owner)
    if found.calendar is CalendarOf.ORGANISATION:
        return await calendars.of_organisation(unit, found.key, by=found.owner)
    try:
        return await calendars.of_event(unit, UUID(found.key), by=found.owner)
    except EventWithoutDays:
        return CalendarFeed("Entente", ())
