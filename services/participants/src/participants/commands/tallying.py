"""Keeping tallies short: the worker sums up what many small writes appended."""

import asyncio
from typing import Final

from kit.db.unit import Unit
from participants.storage import tallies

_AT_ONCE: Final = 100_000
_LONG: Final = 500
_POLL_S: Final = 2.0


async def sum_tallies_up(unit: Unit, *, most: int = _AT_ONCE) -> int:
    """Sum the oldest rows of each tally up; return how many rows fewer there are."""
    fewer = 0
    for table in tallies.TALLIES:
        async with unit.begin() as tx:
            fewer += await tallies.sum_up(tx, table, most)
    return fewer


async def keep_summing_up(unit: Unit) -> None:
    """Sum up whenever a tally has grown by 500 rows; look every two seconds."""
    short = 0
    while True:
        async with unit.read() as read:
            rows = await tallies.longest(read)
        if rows > short + _LONG:
            short = rows - await sum_tallies_up(unit)
        await asyncio.sleep(_POLL_S)
