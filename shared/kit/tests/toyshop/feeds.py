"""What tests of feeds share: waiting, stamping what was committed, and the owner's hand."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from kit.db.engine import Connection, Database
from kit.db.stamper import stamp_all


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0.005)


async def stamp(database: Database) -> None:
    session = await database.address.connect()
    await stamp_all(session)
    await session.close()


@asynccontextmanager
async def owner_of(cluster, database: Database) -> AsyncIterator[Connection]:
    name = database.address.url.split("/")[3].split("?")[0]
    session = await cluster.address(name, "toyshop_owner").connect()
    yield session
    await session.close()
