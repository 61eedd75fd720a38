"""Rows of what training told, one for each record."""

from typing import Any, Final

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import Insert, insert

from kit.db.unit import Tx
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
from programmes.storage.rows import row_of

_KEPT: Final = {"organisation", "unit_code", "present"}
"""Members of a seat that a fact which does not tell them leaves as they are."""


def _newest(table: Table[Any]) -> Insert:
    """Return the statement that stores a record unless a later telling is stored; made once."""
    newer = insert(table)
    told = {column.name: newer.excluded[column.name] for column in table.columns}
    kept = {name: func.coalesce(told[name], table.c[name]) for name in _KEPT & told.keys()}
    return newer.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_=told | kept,
        where=table.c.sequence < told["sequence"],
    )


_TABLES: Final[dict[type[Told], Table[Any]]] = {
    ToldEvent: tables.told_event,
    ToldSeat: tables.told_seat,
    ToldSeries: tables.told_series,
    ToldHeadcount: tables.told_headcount,
    ToldExpert: tables.told_expert,
}
_NEWEST: Final = {kind: _newest(table) for kind, table in _TABLES.items()}


async def save(tx: Tx, record: Told) -> None:
    """Store a record as last told; what was told before it changes nothing."""
    kind = type(record)
    await tx.sql.execute(_NEWEST[kind], row_of(record, _TABLES[kind]))


async def held_events(tx: Tx, programme: str, action: str) -> int:
    """Return how many events of an action have been held."""
    e = tables.told_event.c
    chosen = select(func.count()).where(
        e.programme_code == programme, e.action_code == action, e.status.in_(HELD)
    )
    found: int = (await tx.sql.execute(chosen)).scalar_one()
    return found
