"""The chain of the access log, inspected: whole, or broken at a place."""

from typing import Final

from kit.db.unit import Unit
from participants.domain.chain import Head, Inspection
from participants.storage import chain

_AT_ONCE: Final = 5_000


async def chain_head(unit: Unit) -> Head:
    """Return where the chain ends now, to be noted elsewhere."""
    async with unit.read() as read:
        return await chain.last(read)


async def inspect_chain(unit: Unit, *, since: int = 1, noted: Head | None = None) -> Inspection:
    """Go along the whole chain and stop where it breaks; 5,000 looks in memory at once."""
    inspection = Inspection(since=since, noted=noted)
    after = since - 1
    async with unit.read() as read:
        while steps := await chain.steps(read, after=after, most=_AT_ONCE):
            for link, look in steps:
                inspection.read(link, look)
            after = steps[-1][0].place
        inspection.close(await chain.without_a_place(read))
    return inspection
