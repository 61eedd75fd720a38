"""A follower in a process of its own, which dies where it is told to.

`python -m toyshop.following <source url> <own url> <where> <at which fact>`: sells one toy of the
name in each fact. `where` is `inside` (before the commit), `after` (between the commit and what
comes next) or `nowhere`.
"""

import asyncio
import os
import signal
import sys

from sqlalchemy import update

from kit.clock import SystemClock
from kit.db.engine import Address, Database
from kit.db.unit import Unit
from kit.facts import Envelope
from kit.feed.follow import FeedPage, Follower
from kit.feed.page import Asked, page
from toyshop.shop import ToyMade, toy


class NextDoor:
    """The feed of a database on the same machine."""

    name = "next_door"

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    async def fetch(self, after: str | None, *, wait: int, limit: int) -> FeedPage:
        asked = Asked(after, min(limit, 4), wait, "follower", None)
        return FeedPage.model_validate_json(await page(self._unit, self.name, asked))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def main(source: str, own: str, where: str, which: int) -> None:
    async def made(unit: Unit, _fact: ToyMade, meta: Envelope) -> None:
        async with unit.begin() as tx:
            await tx.sql.execute(update(toy).values(stock=toy.c.stock - 1))
            if (where, which) == ("inside", meta.position):
                die()
        if (where, which) == ("after", meta.position):
            die()

    theirs = Unit(await Database.at(Address(source)), SystemClock())
    ours = await Database.at(Address(own))
    await Follower(NextDoor(theirs), Unit(ours, SystemClock()), {ToyMade: made}).catch_up()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
