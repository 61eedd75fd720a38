"""A follower in a process of its own, which dies where it is told to.

It sells one toy of the name in each fact. `where` is `inside` a command's transaction, `after` it
or `nowhere`; `which` is the fact it dies of. Facts read at once, if more than one, share a
transaction: it is still open `after` a command.
"""

import os
import signal
from collections.abc import Iterable

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

    def __init__(self, unit: Unit, at_once: int) -> None:
        self._unit = unit
        self._at_once = at_once

    async def fetch(
        self, after: str | None, *, wait: int, limit: int, types: Iterable[str]
    ) -> FeedPage:
        asked = Asked(after, min(limit, self._at_once), wait, "follower", None, frozenset(types))
        return FeedPage.model_validate_json(await page(self._unit, self.name, asked))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def main(source: str, own: str, where: str, which: int, at_once: int) -> None:
    async def made(unit: Unit, _fact: ToyMade, meta: Envelope) -> None:
        async with unit.begin() as tx:
            await tx.sql.execute(update(toy).values(stock=toy.c.stock - 1))
            if (where, which) == ("inside", meta.position):
                die()
        if (where, which) == ("after", meta.position):
            die()

    theirs = Unit(await Database.at(Address(source)), SystemClock())
    ours = await Database.at(Address(own))
    feed = NextDoor(theirs, at_once)
    await Follower(feed, Unit(ours, SystemClock()), {ToyMade: made}).catch_up()
