"""Reading assignments of experts."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

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

_EXACT: Final = Precision.DAY.value


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which assignments are asked for; None asks for any.

    `clashing` asks for those of persons who stand on the days of another assignment.
    """

    programme: str | None = None
    event_id: UUID | None = None
    series_id: UUID | None = None
    action_code: str | None = None
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
            (t.c.action_code, self.action_code),
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
    events = and_(
        own.c.id != other_event.c.id,
        own.c.part_of.is_distinct_from(other_event.c.id),
        other_event.c.part_of.is_distinct_from(own.c.id),
    )
    action = func.coalesce(t.c.action_code, own.c.action_code)
    other_action = func.coalesce(other.c.action_code, other_event.c.action_code)
    same = and_(t.c.programme_code == other.c.programme_code, action == other_action)
    actions = and_(or_(t.c.action_code != "", other.c.action_code != ""), same.is_not(True))
    return (
        select(other.c.id)
        .join_from(other, other_event, other_event.c.id == other.c.event_id, isouter=True)
        .join(own, own.c.id == t.c.event_id, isouter=True)
        .where(
            other.c.participant_id == t.c.participant_id,
            t.c.status == AssignmentStatus.ASSIGNED.value,
            other.c.status == AssignmentStatus.ASSIGNED.value,
            func.coalesce(own.c.date_precision, _EXACT) == _EXACT,
            func.coalesce(other_event.c.date_precision, _EXACT) == _EXACT,
            func.coalesce(other.c.first_on, other_event.c.starts_on)
            <= func.coalesce(t.c.last_on, own.c.ends_on),
            func.coalesce(other.c.last_on, other_event.c.ends_on)
            >= func.coalesce(t.c.first_on, own.c.starts_on),
            or_(events, actions),
        )
        .exists()
    )
