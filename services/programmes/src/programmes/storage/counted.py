"""Rows of what training told, one for each record."""

from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import insert

from kit.db.unit import Hot, Tx
from programmes.domain.counted import (
    HELD,
    Told,
    ToldEvent,
    ToldExpert,
    ToldHeadcount,
    ToldSeat,
    ToldSeries,
)
from programmes.storage import tables_counted as tables

_KEPT: Final = {"organisation", "unit_code", "present"}
"""Members of a seat that a fact which does not tell them leaves as they are."""


def _newest(table: Table[Any]) -> Hot:
    """Make the statement that stores a record unless a later telling is stored."""
    newer = insert(table)
    told = {column.name: newer.excluded[column.name] for column in table.columns}
    kept = {name: func.coalesce(told[name], table.c[name]) for name in _KEPT & told.keys()}
    return Hot(
        newer.on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_=told | kept,
            where=table.c.sequence < told["sequence"],
        )
    )


_NEWEST: Final[dict[type[Told], Hot]] = {
    ToldEvent: _newest(tables.told_event),
    ToldSeat: _newest(tables.told_seat),
    ToldSeries: _newest(tables.told_series),
    ToldHeadcount: _newest(tables.told_headcount),
    ToldExpert: _newest(tables.told_expert),
}


async def save(tx: Tx, record: Told) -> None:
    """Store a record as last told; what was told before it changes nothing."""
    await tx.hot(_NEWEST[type(record)], **asdict(record))


async def held_events(tx: Tx, programme: str, action: str) -> int:
    """Return how many events of an action have been held."""
    e = tables.told_event.c
    chosen = select(func.count()).where(
        e.programme_code == programme, e.action_code == action, e.status.in_(HELD)
    )
    found: int = (await tx.sql.execute(chosen)).scalar_one()
    return found
