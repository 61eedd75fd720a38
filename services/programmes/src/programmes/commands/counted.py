"""Counting what training tells."""

from kit.db.unit import Unit
from programmes.domain.counted import CountedRecord
from programmes.storage import counted


async def count_record(unit: Unit, record: CountedRecord) -> CountedRecord:
    """Keep what a record adds to a figure, as last told; an older telling changes nothing.

    Nothing is told of it: it is what training has told already.
    """
    async with unit.begin() as tx:
        await counted.save(tx, record)
        return tx.result(record)
