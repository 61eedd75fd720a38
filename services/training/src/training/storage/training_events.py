"""Training events as rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, insert, select, update

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from training.domain.delivery import Delivery
from training.domain.errors import NoSuchEvent
from training.domain.event_kind import EventKind
from training.domain.training_event import (
    EventPlan,
    EventStatus,
    Place,
    PlacePrecision,
    TrainingEvent,
    Travel,
)
from training.storage.parts import date_columns, dates_of, source_json, sources_of
from training.storage.tables import training_event as t

_EVERY: Final = select(*t.c)
_SAVED: Final = (
    "version",
    "audience",
    "status",
    "taken",
    "reason",
    "postponed_from",
    "departs_at",
    "returns_at",
    "participants",
    "expert_days",
    "divided",
    "starts_on",
    "ends_on",
    "date_precision",
    "date_text",
    "date_edtf",
)
_SAVE: Final = Hot(
    update(t)
    .where(t.c.id == bindparam("of_id"), t.c.version == bindparam("of_version"))
    .values({name: bindparam(f"new_{name}", type_=t.c[name].type) for name in _SAVED})
    .returning(t.c.id)
)


async def get(tx: Tx, event_id: UUID, *, by: Caller) -> TrainingEvent:
    """Return an event that the caller may see, or raise NoSuchEvent."""
    found = await _read(tx, [t.c.id == event_id, visible(t.c.audience, by)], locked=False)
    if not found:
        raise NoSuchEvent("there is no such training event")
    return found[0]


async def lock(tx: Tx, event_id: UUID, *, by: Caller) -> TrainingEvent:
    """Lock and return an event that the caller may see, or raise NoSuchEvent."""
    found = await _read(tx, [t.c.id == event_id, visible(t.c.audience, by)], locked=True)
    if not found:
        raise NoSuchEvent("there is no such training event")
    return found[0]


async def lock_known(tx: Tx, event_id: UUID) -> TrainingEvent:
    """Lock and return an event that is known to exist, in its newest version."""
    [found] = await _read(tx, [t.c.id == event_id], locked=True)
    return found


async def lock_all_of(tx: Tx, programme_code: str) -> Sequence[TrainingEvent]:
    """Lock and return every event of a programme."""
    return await _read(tx, [t.c.programme_code == programme_code], locked=True)


async def add(tx: Tx, event: TrainingEvent) -> None:
    """Store a new event."""
    await tx.sql.execute(insert(t).values(_values(event)))


async def save(tx: Tx, event: TrainingEvent) -> TrainingEvent:
    """Store a changed event as its next version, or raise StaleVersion.

    Of the plan, only dates and travel change here.
    """
    saved = replace(event, version=event.version + 1)
    values = {
        "version": saved.version,
        "audience": sorted(saved.audience),
        "status": saved.status.value,
        "taken": saved.taken,
        "reason": saved.reason,
        "postponed_from": saved.postponed_from and saved.postponed_from.value,
        "departs_at": saved.plan.travel and saved.plan.travel.departs_at,
        "returns_at": saved.plan.travel and saved.plan.travel.returns_at,
        "participants": saved.delivered.participants,
        "expert_days": saved.delivered.expert_days,
        "divided": saved.divided,
        **date_columns(saved.plan.dates),
    }
    new = {f"new_{name}": value for name, value in values.items()}
    if await tx.hot(_SAVE, of_id=event.id, of_version=event.version, **new) is None:
        raise StaleVersion("the training event has changed meanwhile")
    return saved


async def save_plan(tx: Tx, event: TrainingEvent) -> TrainingEvent:
    """Store an event whose plan has changed as its next version, or raise StaleVersion."""
    saved = replace(event, version=event.version + 1)
    statement = update(t).where(t.c.id == event.id, t.c.version == event.version)
    if (await tx.sql.execute(statement.values(_values(saved)))).rowcount != 1:
        raise StaleVersion("the training event has changed meanwhile")
    return saved


async def _read(
    tx: Tx, conditions: Sequence[ColumnElement[bool]], *, locked: bool
) -> Sequence[TrainingEvent]:
    statement = _EVERY.where(*conditions).order_by(t.c.id)
    if locked:
        statement = statement.with_for_update(of=t)
    return [from_row(row) for row in (await tx.sql.execute(statement)).mappings()]


def from_row(row: ByName) -> TrainingEvent:
    """Return the event of a row with every column."""
    return TrainingEvent(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        plan=_plan(row),
        status=EventStatus(row["status"]),
        taken=row["taken"],
        reason=row["reason"],
        postponed_from=EventStatus(row["postponed_from"]) if row["postponed_from"] else None,
        delivered=Delivery(row["participants"], row["expert_days"]),
        divided=row["divided"],
    )


def _plan(row: ByName) -> EventPlan:
    travels = row["departs_at"] is not None and row["returns_at"] is not None
    return EventPlan(
        reference=row["reference"],
        programme_code=row["programme_code"],
        kind=EventKind(row["kind"]),
        title=row["title"],
        dates=dates_of(row),
        zone=row["zone"],
        place=_place(row),
        topic=row["topic"],
        capacity=row["capacity"],
        host=row["host"],
        countries=tuple(row["countries"]),
        institutions=tuple(row["institutions"]),
        series_id=row["series_id"],
        follow_up_of=row["follow_up_of"],
        part_of=row["part_of"],
        travel=Travel(row["departs_at"], row["returns_at"]) if travels else None,
        budget_line_code=row["budget_line_code"],
        mandatory_minutes=row["mandatory_minutes"],
        note=row["note"],
        sources=sources_of(row["sources"]),
        synthetic=row["synthetic"],
        component=row["component"],
        action_code=row["action_code"],
        attended_percent=row["attended_percent"],
        training_of_trainers=row["training_of_trainers"],
    )


def _place(row: ByName) -> Place:
    precision = PlacePrecision(row["place_precision"])
    return Place(row["city"], row["country"], row["venue"], precision, row["region"])


def _values(event: TrainingEvent) -> dict[str, Any]:
    plan = event.plan
    return {
        "id": event.id,
        "version": event.version,
        "audience": sorted(event.audience),
        "reference": plan.reference,
        "programme_code": plan.programme_code,
        "kind": plan.kind.value,
        "title": plan.title,
        "topic": plan.topic,
        **date_columns(plan.dates),
        "zone": plan.zone,
        **_whereabouts(plan),
        "capacity": plan.capacity,
        "taken": event.taken,
        "series_id": plan.series_id,
        "follow_up_of": plan.follow_up_of,
        "part_of": plan.part_of,
        "budget_line_code": plan.budget_line_code,
        "mandatory_minutes": plan.mandatory_minutes,
        "note": plan.note,
        "sources": [source_json(source) for source in plan.sources],
        "synthetic": plan.synthetic,
        "component": plan.component,
        "action_code": plan.action_code,
        "attended_percent": plan.attended_percent,
        "training_of_trainers": plan.training_of_trainers,
        "status": event.status.value,
        "reason": event.reason,
        "participants": event.delivered.participants,
        "expert_days": event.delivered.expert_days,
        "divided": event.divided,
    }


def _whereabouts(plan: EventPlan) -> dict[str, Any]:
    return {
        "city": plan.place.city,
        "country": plan.place.country,
        "region": plan.place.region,
        "venue": plan.place.venue,
        "place_precision": plan.place.precision.value,
        "host": plan.host,
        "countries": list(plan.countries),
        "institutions": list(plan.institutions),
        "departs_at": plan.travel.departs_at if plan.travel else None,
        "returns_at": plan.travel.returns_at if plan.travel else None,
    }
