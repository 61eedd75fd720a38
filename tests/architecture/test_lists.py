"""Lists are found by what they are filtered by, however many rows have something else."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import uuid4

import pytest
from sqlalchemy import text

from kit.service import Service
from kit.testing.cluster import Schema
from participants.main import SERVICE as PARTICIPANTS
from participants.queries.advances import AdvanceFilter
from participants.queries.claims import ClaimFilter, SettlementFilter
from participants.queries.trips import TripFilter
from programmes.main import SERVICE as PROGRAMMES
from training.main import SERVICE as TRAINING
from training.queries.nominations import Wanted

COMPUTED = "overdue"
GIVEN_BY_AN_ORGANISATION = "external_id"


def _columns(wanted: type) -> list[str]:
    return [each.name for each in fields(wanted) if each.name != COMPUTED]


@dataclass
class Filtered:
    """A list that grows with every participant, and what it can be filtered by."""

    service: Service
    table: str
    columns: Sequence[str]


LISTS = [
    Filtered(PARTICIPANTS, "trip", _columns(TripFilter)),
    Filtered(PARTICIPANTS, "claim", _columns(ClaimFilter)),
    Filtered(PARTICIPANTS, "settlement", _columns(SettlementFilter)),
    Filtered(PARTICIPANTS, "advance", _columns(AdvanceFilter)),
    Filtered(PARTICIPANTS, "person", ["organisation"]),
    Filtered(PROGRAMMES, "claim", ["programme_code", "state"]),
    Filtered(TRAINING, "nomination", _columns(Wanted)),
]


@pytest.mark.parametrize("filtered", LISTS, ids=lambda it: f"{it.service.package}-{it.table}")
async def test_list_when_filtered_then_an_index_finds_its_rows(filtered, open_database):
    name = filtered.service.package
    database = await open_database(Schema(name, name))
    async with database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        unserved = [
            column
            for column in filtered.columns
            if column not in await _index_condition(connection, filtered.table, column)
        ]
    assert unserved == []


async def _index_condition(connection, table, column):
    named = column.endswith("_id") and column != GIVEN_BY_AN_ORGANISATION
    condition = f"{column} = '{uuid4() if named else 'wanted'}'"
    if column == GIVEN_BY_AN_ORGANISATION:
        condition += " AND organisation = 'wanted'"
    explain = f"EXPLAIN SELECT id FROM {table} WHERE {condition}"  # noqa: S608 (names of our own)
    plan = await connection.scalars(text(explain))
    return " ".join(line for line in plan if "Index Cond" in line)
