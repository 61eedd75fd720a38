"""Rows of what trips and claims add up to: many differences become one."""

from typing import Any, Final

from sqlalchemy import Table, bindparam, delete, func, insert, select

from kit.db.unit import Hot, Read, Tx
from participants.storage.tables_tally import claim_tally, trip_tally

TALLIES: Final[tuple[Table[Any], ...]] = (trip_tally, claim_tally)
_MEASURES: Final = {"trips", "claims", "estimated", "certified"}
_COUNTS: Final = {
    table.name: Hot(select(func.count().label("rows")).select_from(table)) for table in TALLIES
}


async def longest(read: Read) -> int:
    """Return how many rows the longer tally has."""
    found = [await read.hot(_COUNTS[table.name]) for table in TALLIES]
    return max(int(row["rows"]) for row in found if row is not None)


def _summing(table: Table[Any]) -> Hot:
    oldest = select(table.c.id).order_by(table.c.id).limit(bindparam("most"))
    gone = delete(table).where(table.c.id.in_(oldest)).returning(*table.c).cte("gone")
    names = [each.name for each in table.c if each.name != "id"]
    kept = [name for name in names if name not in _MEASURES]
    sums = {name: func.sum(gone.c[name]) for name in names if name in _MEASURES}
    summed = (
        select(*(gone.c[name] for name in kept), *sums.values())
        .group_by(*(gone.c[name] for name in kept))
        .having(func.greatest(*(func.abs(each) for each in sums.values())) > 0)
    )
    stored = insert(table).from_select([*kept, *sums], summed).returning(table.c.id).cte("stored")
    taken = select(func.count()).select_from(gone)
    left = select(func.count()).select_from(stored)
    return Hot(select((taken.scalar_subquery() - left.scalar_subquery()).label("fewer")))


_SUM_UP: Final = {table.name: _summing(table) for table in TALLIES}


async def sum_up(tx: Tx, table: Table[Any], most: int) -> int:
    """Put one row for the oldest ones that tell of the same; return how many fewer there are.

    Their sum stays what it is, whoever else appends or sums up.
    """
    (row,) = await tx.hot_rows(_SUM_UP[table.name], most=most)
    return int(row["fewer"])
