"""Reading training events."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_, select

from kit.auth import Caller
from kit.db import paging
from kit.db.paging import Page
from kit.db.unit import Hot, Unit
from kit.db.visible import visible, visible_to
from training.domain.errors import NoSuchEvent
from training.domain.event_kind import EventKind
from training.domain.training_event import EventStatus, TrainingEvent
from training.storage import training_events
from training.storage.tables import training_event as t

_EVENT: Final = Hot(select(*t.c).where(t.c.id == bindparam("id"), visible_to(t.c.audience)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for; None asks for any.

    `country` is where an event is held or a country it is held for. `first` and `last` are the
    ends of a span that the event may touch as far as its date is known.
    """

    programme: str | None = None
    kind: EventKind | None = None
    country: str | None = None
    topic: str | None = None
    status: EventStatus | None = None
    series_id: UUID | None = None
    follow_up_of: UUID | None = None
    first: date | None = None
    last: date | None = None

    def filters(self) -> dict[str, object]:
        """Return what a cursor is bound to."""
        return {name: getattr(self, name) for name in self.__slots__}

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on the table of events."""
        equal = (
            (t.c.programme_code, self.programme),
            (t.c.kind, self.kind and self.kind.value),
            (t.c.topic, self.topic),
            (t.c.status, self.status and self.status.value),
            (t.c.series_id, self.series_id),
            (t.c.follow_up_of, self.follow_up_of),
        )
        found = [column == value for column, value in equal if value is not None]
        if self.country is not None:
            found.append(or_(t.c.country == self.country, t.c.countries.contains([self.country])))
        if self.first is not None:
            found.append(t.c.ends_on >= self.first)
        if self.last is not None:
            found.append(t.c.starts_on <= self.last)
        return found


async def event(unit: Unit, event_id: UUID, *, by: Caller) -> TrainingEvent:
    """Return an event, or raise NoSuchEvent where the caller may not see it."""
    async with unit.read() as read:
        row = await read.hot(_EVENT, id=event_id, marks=sorted(by.audience))
    if row is None:
        raise NoSuchEvent("there is no such training event")
    return training_events.from_row(row)


async def events(
    unit: Unit, wanted: Wanted, *, limit: int, after: str | None, by: Caller
) -> Page[TrainingEvent]:
    """Return a page of events by date, those without a known date last."""
    statement = select(*t.c).where(visible(t.c.audience, by), *wanted.conditions())
    asked = paging.Asked(by.client, after, limit, wanted.filters())
    async with unit.read() as read:
        found = await paging.page(read, statement, by=[t.c.sort_on, t.c.id], asked=asked)
    return found.map(lambda row: training_events.from_row(row._mapping))  # noqa: SLF001 (public)
