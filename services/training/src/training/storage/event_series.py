"""Event series as rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from training.domain.errors import NoSuchSeries
from training.domain.event_kind import EventKind
from training.domain.event_series import EventSeries, SeriesPlan
from training.storage.parts import (
    count_json,
    count_of,
    date_columns,
    dates_of,
    source_json,
    sources_of,
)
from training.storage.tables import event_series as t

_of_programme = select(*t.c).where(t.c.programme_code == bindparam("programme")).order_by(t.c.id)
_LOCK_ALL: Final = Hot(_of_programme.with_for_update())


async def get(tx: Tx, series_id: UUID, *, by: Caller) -> EventSeries:
    """Return a series that the caller may see, or raise NoSuchSeries."""
    statement = select(*t.c).where(t.c.id == series_id, visible(t.c.audience, by))
    row = (await tx.sql.execute(statement)).mappings().first()
    if row is None:
        raise NoSuchSeries("there is no such event series")
    return from_row(row)


async def lock_all_of(tx: Tx, programme_code: str) -> Sequence[EventSeries]:
    """Lock and return every series of a programme."""
    return [from_row(row) for row in await tx.hot_rows(_LOCK_ALL, programme=programme_code)]


async def add(tx: Tx, series: EventSeries) -> None:
    """Store a new series."""
    await tx.sql.execute(insert(t).values(_values(series)))


async def save(tx: Tx, series: EventSeries) -> EventSeries:
    """Store a changed series as its next version, or raise StaleVersion."""
    saved = replace(series, version=series.version + 1)
    statement = update(t).where(t.c.id == series.id, t.c.version == series.version)
    if (await tx.sql.execute(statement.values(_values(saved)))).rowcount != 1:
        raise StaleVersion("the event series has changed meanwhile")
    return saved


def from_row(row: ByName) -> EventSeries:
    """Return the series of a row with every column."""
    plan = SeriesPlan(
        reference=row["reference"],
        programme_code=row["programme_code"],
        kind=EventKind(row["kind"]),
        title=row["title"],
        planned_count=count_of(row["planned_count"]),
        held_count=count_of(row["held_count"]),
        distinct_places=count_of(row["distinct_places"]),
        dates=dates_of(row),
        note=row["note"],
        sources=sources_of(row["sources"]),
    )
    return EventSeries(row["id"], row["version"], frozenset(row["audience"]), plan)


def _values(series: EventSeries) -> dict[str, Any]:
    plan = series.plan
    return {
        "id": series.id,
        "version": series.version,
        "audience": sorted(series.audience),
        "reference": plan.reference,
        "programme_code": plan.programme_code,
        "kind": plan.kind.value,
        "title": plan.title,
        "planned_count": count_json(plan.planned_count),
        "held_count": count_json(plan.held_count),
        "distinct_places": count_json(plan.distinct_places),
        **date_columns(plan.dates),
        "note": plan.note,
        "sources": [source_json(source) for source in plan.sources],
    }
