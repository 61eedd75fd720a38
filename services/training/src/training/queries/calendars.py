"""Reading what calendars show: of one event, of a programme, of an organisation."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select

from kit.auth import STAFF, Caller
from kit.db.tables import change
from kit.db.unit import Read, Unit
from kit.db.visible import visible
from training.domain.calendar import CalendarFeed, feed, feed_of_one
from training.domain.errors import NoSuchEvent
from training.domain.errors_evidence import NoSuchProgramme
from training.domain.nomination import UNDONE
from training.domain.training_event import TrainingEvent
from training.storage import training_events
from training.storage.tables import nomination, programme
from training.storage.tables import training_event as t

MOST: Final = 2000
"""A calendar holds at most so many events, the latest ones."""
_DATABLE: Final = t.c.starts_on.is_not(None)
_UNDONE: Final = sorted(status.value for status in UNDONE)
_Dated = Sequence[tuple[TrainingEvent, datetime]]


async def of_event(unit: Unit, event_id: UUID, *, by: Caller) -> CalendarFeed:
    """Return the calendar of one event, or raise NoSuchEvent or EventWithoutDays."""
    async with unit.read() as read:
        found = await _dated(read, [t.c.id == event_id], by=by)
    if not found:
        raise NoSuchEvent("there is no such training event")
    return feed_of_one(*found[0])


async def of_programme(unit: Unit, code: str, *, by: Caller) -> CalendarFeed:
    """Return the calendar of a programme, or raise NoSuchProgramme."""
    seen = [] if STAFF in by.audience else [visible(programme.c.marks, by)]
    async with unit.read() as read:
        known = await read.first(select(programme.c.title).where(programme.c.code == code, *seen))
        if known is None:
            raise NoSuchProgramme("there is no such programme")
        found = await _dated(read, [_DATABLE, t.c.programme_code == code], by=by)
    return feed(f"{code}: {known[0]}", found)


async def of_organisation(unit: Unit, code: str, *, by: Caller) -> CalendarFeed:
    """Return the calendar of an organisation: what it hosts and what it nominates for.

    Only nominations that the caller may see count. Which organisations there are is not known
    here, so that of a code nobody uses is empty.
    """
    sent = select(nomination.c.event_id).where(
        nomination.c.organisation == code,
        nomination.c.status.not_in(_UNDONE),
        visible(nomination.c.audience, by),
    )
    async with unit.read() as read:
        found = await _dated(read, [_DATABLE, or_(t.c.host == code, t.c.id.in_(sent))], by=by)
    return feed(code, found)


async def _dated(read: Read, conditions: list[ColumnElement[bool]], *, by: Caller) -> _Dated:
    at = (
        select(change.c.at)
        .where(change.c.entity_id == t.c.id, change.c.entity_version <= t.c.version)
        .order_by(change.c.entity_version.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(*t.c, at.label("changed_at"))
        .where(*conditions, visible(t.c.audience, by))
        .order_by(t.c.sort_on.desc(), t.c.id.desc())
        .limit(MOST)
    )
    return [_with_instant(row) for row in await read.rows(statement)]


def _with_instant(row: Row[*tuple[Any, ...]]) -> tuple[TrainingEvent, datetime]:
    event = training_events.from_row(row._mapping)  # noqa: SLF001 (public; keeps columns apart)
    changed_at = row._mapping["changed_at"]  # noqa: SLF001 (public)
    return event, changed_at or _made_at(event.id)


def _made_at(event_id: UUID) -> datetime:
    """Return the instant in a version 7 id: the change log may be pruned, ids stay."""
    return datetime.fromtimestamp((event_id.int >> 80) // 1000, UTC)
