"""Reading nominations: each caller sees those of the own organisation, staff see all."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_, select

from kit.auth import Caller
from kit.db import paging
from kit.db.paging import Page
from kit.db.unit import Hot, Unit
from kit.db.visible import visible, visible_to
from training.domain.errors import NoSuchNomination
from training.domain.nomination import Nomination, NominationStatus, chained
from training.queries.events import event
from training.storage import nominations
from training.storage.tables import nomination as t

_NOMINATION: Final = Hot(select(*t.c).where(t.c.id == bindparam("id"), visible_to(t.c.audience)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which nominations are asked for; None asks for any.

    `external_id` is the one by which `organisation` knows it.
    """

    event_id: UUID | None = None
    organisation: str | None = None
    external_id: str | None = None
    participant_id: UUID | None = None
    status: NominationStatus | None = None

    def filters(self) -> dict[str, object]:
        """Return what a cursor is bound to."""
        return {name: getattr(self, name) for name in self.__slots__}

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on the table of nominations."""
        equal = (
            (t.c.event_id, self.event_id),
            (t.c.organisation, self.organisation),
            (t.c.external_id, self.external_id),
            (t.c.participant_id, self.participant_id),
            (t.c.status, self.status and self.status.value),
        )
        found = [column == value for column, value in equal if value is not None]
        if self.organisation is not None:
            # Its mark is on each of its nominations, and there is an index of marks.
            found.append(t.c.audience.contains([f"org:{self.organisation}"]))
        return found


async def nomination(unit: Unit, nomination_id: UUID, *, by: Caller) -> Nomination:
    """Return a nomination, or raise NoSuchNomination where the caller may not see it."""
    async with unit.read() as read:
        row = await read.hot(_NOMINATION, id=nomination_id, marks=sorted(by.audience))
    if row is None:
        raise NoSuchNomination("there is no such nomination")
    return nominations.from_row(row)


async def nominations_of(
    unit: Unit, event_id: UUID, *, limit: int, after: str | None, by: Caller
) -> Page[Nomination]:
    """Return a page of the nominations for an event, or raise NoSuchEvent."""
    await event(unit, event_id, by=by)
    return await listed(unit, Wanted(event_id=event_id), limit=limit, after=after, by=by)


async def listed(
    unit: Unit, wanted: Wanted, *, limit: int, after: str | None, by: Caller
) -> Page[Nomination]:
    """Return a page of the nominations the caller may see, the oldest first."""
    statement = select(*t.c).where(visible(t.c.audience, by), *wanted.conditions())
    asked = paging.Asked(by.client, after, limit, wanted.filters())
    async with unit.read() as read:
        found = await paging.page(read, statement, by=[t.c.id], asked=asked)
    return found.map(lambda row: nominations.from_row(row._mapping))  # noqa: SLF001 (public)


async def chain_of(unit: Unit, nomination_id: UUID, *, by: Caller) -> list[Nomination]:
    """Return who had the seat of a nomination one after another, or raise NoSuchNomination."""
    found = await nomination(unit, nomination_id, by=by)
    statement = select(*t.c).where(
        t.c.event_id == found.event_id,
        visible(t.c.audience, by),
        or_(t.c.replaces.is_not(None), t.c.status == NominationStatus.REPLACED.value),
    )
    async with unit.read() as read:
        rows = await read.rows(statement)
    linked = [nominations.from_row(row._mapping) for row in rows]  # noqa: SLF001 (public)
    return chained(found, linked)
