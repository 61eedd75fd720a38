"""Advances, as the domain knows them."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_

from kit.auth import Caller
from kit.db.paging import Asked, Page, page
from kit.db.unit import Unit
from kit.db.visible import visible
from participants.domain.errors import NoSuchAdvance
from participants.domain.settlement import ACCOUNTED_WITHIN, Advance
from participants.storage.settlements import ADVANCES, advance_of
from participants.storage.tables import trip
from participants.storage.tables_claims import advance as a


@dataclass(frozen=True, slots=True)
class AdvanceFilter:
    """Which advances are wanted; null means any."""

    state: str | None = None
    trip_id: UUID | None = None
    overdue: bool | None = None

    def as_filters(self) -> dict[str, object]:
        """Return what a cursor of the list is bound to."""
        return asdict(self)


async def advance(unit: Unit, advance_id: UUID, *, by: Caller) -> Advance:
    """Return an advance; raises NoSuchAdvance if unknown or not visible."""
    async with unit.read() as read:
        row = await read.first(ADVANCES.where(a.c.id == advance_id, visible(a.c.audience, by)))
    if row is None:
        raise NoSuchAdvance("there is no such record")
    return advance_of(row._mapping)  # noqa: SLF001 (public)


async def advances_of(
    unit: Unit, asked: Asked, wanted: AdvanceFilter, *, today: date, by: Caller
) -> Page[Advance]:
    """Return a page of the advances the caller may see, the oldest first."""
    statement = ADVANCES.where(visible(a.c.audience, by))
    if wanted.state is not None:
        statement = statement.where(a.c.state == wanted.state)
    if wanted.trip_id is not None:
        statement = statement.where(a.c.trip_id == wanted.trip_id)
    if wanted.overdue is not None:
        late = _overdue(today)
        statement = statement.where(late if wanted.overdue else late.is_not(True))
    async with unit.read() as read:
        found = await page(read, statement, by=[a.c.id], asked=asked)
    return found.map(lambda row: advance_of(row._mapping))  # noqa: SLF001 (public)


def _overdue(today: date) -> ColumnElement[bool]:
    """Say what `Advance.overdue` says, of rows."""
    given = a.c.state.in_(["paid", "partly_cleared"]) & (a.c.cleared < a.c.amount)
    late = (
        and_(trip.c.ruleset == ruleset, trip.c.last_day < today - timedelta(days=days))
        for ruleset, days in ACCOUNTED_WITHIN.items()
    )
    return and_(given, or_(false(), *late))
