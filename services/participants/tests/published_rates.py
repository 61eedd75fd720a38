"""The published rates: registered by the service's own command once, then as the rows it wrote."""

import json
from functools import cache

from participants.commands.rates import _Record, register_rate_sets
from participants.commands.telling import rate_set_registered
from participants.load import rate_sets, rates
from participants.storage.rates import checksums

_TABLES = {"rate_set": "SELECT * FROM rate_set", "rate": "SELECT * FROM rate"}
_written = {}


async def bring_in_rates(unit) -> None:
    """Put all published rates on record, unless they are, with the facts about them."""
    if not _written:
        await register_rate_sets(unit, *_published())
        _written.update(await _rows(unit))
        return
    async with unit.begin() as tx:
        if await checksums(tx):
            return
        driver = (await tx.sql.get_raw_connection()).driver_connection
        for table, rows in _written.items():
            records = [tuple(map(_sent, row.values())) for row in rows]
            await driver.copy_records_to_table(table, records=records, columns=list(rows[0].keys()))
        ids = {row["code"]: (row["id"], row["checksum"]) for row in _written["rate_set"]}
        for edition in _published()[0]:
            set_id, digest = ids[edition.code]
            tx.tell(rate_set_registered(edition, digest), about=_Record(set_id))


@cache
def _published():
    return list(rate_sets()), list(rates())


def _sent(value):
    """What the driver takes for what it gave: it reads JSON, and writes text."""
    return json.dumps(value) if isinstance(value, dict) else value


async def _rows(unit):
    async with unit.begin() as tx:
        assert len(await checksums(tx)) == len(_published()[0])
        driver = (await tx.sql.get_raw_connection()).driver_connection
        return {table: await driver.fetch(query) for table, query in _TABLES.items()}
