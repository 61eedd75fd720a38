"""A stamper in a process of its own, to be killed."""

import asyncio

from kit.db.engine import Address, Database
from kit.db.stamper import Stamper
from kit.feed.run import keep_running


async def main(url: str) -> None:
    database = await Database.at(Address(url, None, "stamper"))
    async with keep_running([Stamper(database, poll_s=0.05).run]):
        await asyncio.Event().wait()
