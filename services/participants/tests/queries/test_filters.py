"""Lists are found by what they are filtered by, however many rows have something else."""

from dataclasses import fields
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from participants.queries.advances import AdvanceFilter
from participants.queries.claims import ClaimFilter, SettlementFilter
from participants.queries.trips import TripFilter

FILTERS = {
    "trip": TripFilter,
    "claim": ClaimFilter,
    "settlement": SettlementFilter,
    "advance": AdvanceFilter,
}
COMPUTED = {("advance", "overdue")}
ASKED = [
    (table, each.name)
    for table, wanted in FILTERS.items()
    for each in fields(wanted)
    if (table, each.name) not in COMPUTED
]


@pytest.mark.parametrize(("table", "column"), ASKED)
async def test_list_when_filtered_then_an_index_finds_its_rows(unit, table, column):
    wanted = uuid4() if column.endswith("_id") else "wanted"
    asked = f"EXPLAIN SELECT id FROM {table} WHERE {column} = '{wanted}'"  # noqa: S608 (our names)
    async with unit.read() as read:
        await read.rows(select(func.set_config("enable_seqscan", "off", True)))
        plan = await read.rows(text(asked))
    assert any(f"Index Cond: ({column} = " in row[0] for row in plan), plan
