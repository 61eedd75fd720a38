"""What a test's transaction has told and written."""

import json
from contextlib import asynccontextmanager

from sqlalchemy import func, select

from kit.db.tables import change
from training.storage.schema import metadata


async def facts(unit):
    """Every fact told so far, in order."""
    statement = select(
        change.c.type,
        change.c.entity_id,
        change.c.entity_version,
        change.c.data,
        change.c.audience,
        change.c.lost_audience,
    ).order_by(change.c.id)
    async with unit.read() as read:
        rows = await read.rows(statement)
    return [dict(row._mapping) | {"data": json.loads(row.data)} for row in rows]


async def counts(unit):
    """How many rows, and how many versions in sum, every table has."""
    found = {}
    async with unit.read() as read:
        for table in metadata.sorted_tables:
            versions = table.c.get("version")
            summed = func.count() if versions is None else func.coalesce(func.sum(versions), 0)
            row = await read.first(select(func.count(), summed).select_from(table))
            found[table.name] = tuple(row)
    return found


@asynccontextmanager
async def untouched(unit):
    """Check that the body writes nothing at all."""
    before = await counts(unit)
    yield
    assert await counts(unit) == before
