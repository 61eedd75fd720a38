"""A stamper in a process of its own, to be killed: `python -m toyshop.stamping <url>`."""

import asyncio
import sys

from kit.db.engine import Address, Database
from kit.db.stamper import Stamper
from kit.feed.run import keep_running


async def main(url: str) -> None:
    database = await Database.at(Address(url, None, "stamper"))
    async with keep_running([Stamper(database, poll_s=0.05).run]):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
