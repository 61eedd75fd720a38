"""Reading assignments of experts."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from kit.auth import Caller
from kit.db import paging
from kit.db.paging import Page
from kit.db.unit import Unit
from kit.db.visible import visible
from training.domain.errors_experts import NoSuchAssignment
from training.domain.expert import Assignment, AssignmentStatus, ExpertRole
from training.domain.fuzzy_date import Precision
from training.queries.events import event
from training.queries.series import one
from training.storage import experts
from training.storage.tables import training_event
from training.storage.tables_attendance import expert_assignment as t


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which assignments are asked for; None asks for any.

    `clashing` asks for those of persons who stand on the days of another assignment.
    """

    programme: str | None = None
    event_id: UUID | None = None
    series_id: UUID | None = None
    participant_id: UUID | None = None
    organisation: str | None = None
    role: ExpertRole | None = None
    status: AssignmentStatus | None = None
    clashing: bool = False

    def filters(self) -> dict[str, object]:
        """Return what a cursor is bound to."""
        return {name: getattr(self, name) for name in self.__slots__}

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on the table of assignments."""
        equal = (
            (t.c.programme_code, self.programme),
            (t.c.event_id, self.event_id),
            (t.c.series_id, self.series_id),
            (t.c.participant_id, self.participant_id),
            (t.c.organisation, self.organisation),
            (t.c.role, self.role and self.role.value),
            (t.c.status, self.status and self.status.value),
        )
        found = [column == value for column, value in equal if value is not None]
        return [*found, _clashes()] if self.clashing else found


async def assignment(unit: Unit, assignment_id: UUID, *, by: Caller) -> Assignment:
    """Return an assignment, or raise NoSuchAssignment where the caller may not see it."""
    statement = select(*t.c).where(t.c.id == assignment_id, visible(t.c.audience, by))
    async with unit.read() as read:
        row = await read.first(statement)
    if row is None:
        raise NoSuchAssignment("there is no such assignment")
    return experts.from_row(row._mapping)  # noqa: SLF001 (public; keeps columns apart)


async def of_event(
    unit: Unit, event_id: UUID, *, limit: int, after: str | None, by: Caller
) -> Page[Assignment]:
    """Return a page of the experts of an event, or raise NoSuchEvent."""
    await event(unit, event_id, by=by)
    return await assignments(unit, Wanted(event_id=event_id), limit=limit, after=after, by=by)


async def of_series(
    unit: Unit, series_id: UUID, *, limit: int, after: str | None, by: Caller
) -> Page[Assignment]:
    """Return a page of the experts of a series, or raise NoSuchSeries."""
    await one(unit, series_id, by=by)
    return await assignments(unit, Wanted(series_id=series_id), limit=limit, after=after, by=by)


async def assignments(
    unit: Unit, wanted: Wanted, *, limit: int, after: str | None, by: Caller
) -> Page[Assignment]:
    """Return a page of assignments, the oldest first."""
    statement = select(*t.c).where(visible(t.c.audience, by), *wanted.conditions())
    asked = paging.Asked(by.client, after, limit, wanted.filters())
    async with unit.read() as read:
        found = await paging.page(read, statement, by=[t.c.id], asked=asked)
    return found.map(lambda row: experts.from_row(row._mapping))  # noqa: SLF001 (public)


def _clashes() -> ColumnElement[bool]:
    """Whether the person stands on a day of another assignment, whatever the reason is."""
    own, other, other_event = training_event.alias(), t.alias(), training_event.alias()
    days = own.c.starts_on, own.c.ends_on
    first, last = (
        func.coalesce(*pair) for pair in zip((t.c.first_on, t.c.last_on), days, strict=True)
    )
    return (
        select(other.c.id)
        .join_from(other, other_event, other_event.c.id == other.c.event_id)
        .join(own, own.c.id == t.c.event_id)
        .where(
            other.c.participant_id == t.c.participant_id,
            other.c.event_id != t.c.event_id,
            t.c.status == AssignmentStatus.ASSIGNED.value,
            other.c.status == AssignmentStatus.ASSIGNED.value,
            own.c.date_precision == Precision.DAY.value,
            other_event.c.date_precision == Precision.DAY.value,
            func.coalesce(other.c.first_on, other_event.c.starts_on) <= last,
            func.coalesce(other.c.last_on, other_event.c.ends_on) >= first,
            or_(own.c.part_of.is_(None), own.c.part_of != other_event.c.id),
            or_(other_event.c.part_of.is_(None), other_event.c.part_of != own.c.id),
        )
        .exists()
    )
