"""What is on record already, by natural key: so that loading twice writes nothing twice."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from kit.db.unit import Unit
from training.domain.training_event import TrainingEvent
from training.storage import training_events
from training.storage.tables import event_series, headcount_report, programme, training_event
from training.storage.tables_attendance import event_session, expert_assignment


async def unknown_programmes(unit: Unit, codes: Iterable[str]) -> set[str]:
    """Return which of these programmes no fact has told of yet."""
    async with unit.read() as read:
        rows = await read.rows(select(programme.c.code))
    return set(codes) - {code for (code,) in rows}


async def series_ids(unit: Unit) -> dict[str, UUID]:
    """Return the id of every series by its reference."""
    async with unit.read() as read:
        rows = await read.rows(select(event_series.c.reference, event_series.c.id))
    return {reference: series_id for reference, series_id in rows}  # noqa: C416 (rows are typed)


async def report_references(unit: Unit) -> set[str]:
    """Return the reference of every head-count report."""
    async with unit.read() as read:
        rows = await read.rows(select(headcount_report.c.reference))
    return {reference for (reference,) in rows}


async def assignment_references(unit: Unit) -> set[str]:
    """Return the reference of every assignment of an expert."""
    async with unit.read() as read:
        rows = await read.rows(select(expert_assignment.c.reference))
    return {reference for (reference,) in rows}


async def events_by_reference(unit: Unit) -> dict[str, TrainingEvent]:
    """Return every event by its reference."""
    async with unit.read() as read:
        rows = await read.rows(select(*training_event.c))
    events = [training_events.from_row(row._mapping) for row in rows]  # noqa: SLF001 (public)
    return {event.plan.reference: event for event in events}


async def session_numbers(unit: Unit) -> set[tuple[UUID, int]]:
    """Return the event and the number of every session."""
    async with unit.read() as read:
        rows = await read.rows(select(event_session.c.event_id, event_session.c.number))
    return {(event_id, number) for event_id, number in rows}
