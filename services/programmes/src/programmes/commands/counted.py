"""Counting what training tells."""

from kit.db.unit import Unit
from programmes.domain.counted import Told
from programmes.storage import counted


async def count_record(unit: Unit, record: Told) -> Told:
    """Keep a record of training as last told; an older telling changes nothing.

    Nothing is told of it: it is what training has told already.
    """
    async with unit.begin() as tx:
        await counted.save(tx, record)
        return tx.result(record)
