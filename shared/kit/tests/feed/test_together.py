"""Facts that wait in line share transactions; what comes of them is as if each were alone."""

import asyncio
import random
from collections.abc import Iterable
from uuid import UUID

import pytest
from sqlalchemy import String, cast, column, func, select, text
from toyshop.feeds import stamp
from toyshop.shop import ToyMade, ToySold, lock, make_toy, save, sell_toy, toy

from kit.clock import SystemClock
from kit.db.engine import Database
from kit.db.part import PartUnit
from kit.db.tables import change, feed_cursor, inbox, parked_fact
from kit.db.unit import Origin, Unit
from kit.facts import Envelope
from kit.feed import follow
from kit.feed.follow import TOGETHER, FeedPage, Follower
from kit.feed.page import Asked, page
from kit.seal import EpochChanged

LEDGER = "ledger"


class Neighbour:
    """A toy shop in a database of its own."""

    name = "next_door"

    def __init__(self, database: Database) -> None:
        self.database = database
        self.unit = Unit(database, SystemClock())

    async def fetch(
        self, after: str | None, *, wait: int, limit: int, types: Iterable[str]
    ) -> FeedPage:
        asked = Asked(after, limit, wait, "follower", None, frozenset(types))
        return FeedPage.model_validate_json(await page(self.unit, self.name, asked))


class Books:
    """What the follower does here: every fact is written behind the last one."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.broken: set[int] = set()
        self.patience: list[str] = []

    async def open(self) -> None:
        await make_toy(self.unit, LEDGER)

    async def write(self, unit: Unit, _fact: ToyMade | ToySold, meta: Envelope) -> None:
        async with unit.begin() as tx:
            self.patience.append((await tx.sql.execute(text("SHOW lock_timeout"))).scalar_one())
            entry = toy.c.name + f",{meta.position}"
            written = toy.update().values(name=entry).where(toy.c.name.startswith(LEDGER))
            row = (await tx.sql.execute(written.returning(toy.c.id))).one()
            found = await lock(tx, row.id)
            sold = await save(tx, found)
            tx.tell(ToySold(toy_id=sold.id, left=sold.stock), about=sold)
            if meta.position in self.broken:
                raise RuntimeError("broken")

    async def entries(self) -> list[int]:
        async with self.unit.read() as read:
            row = await read.first(select(toy.c.name).where(toy.c.name.startswith(LEDGER)))
        assert row is not None
        return [int(each) for each in row.name.split(",")[1:]]

    async def parked(self) -> list[tuple[int, int]]:
        kept = select(parked_fact.c.position, parked_fact.c.attempts)
        async with self.unit.read() as read:
            rows = await read.rows(kept.order_by(parked_fact.c.position))
        return [(row.position, row.attempts) for row in rows]

    async def transactions(self) -> int:
        """Count the transactions in which facts were applied."""
        async with self.unit.read() as read:
            xid = cast(column("xmin"), String)
            row = await read.first(select(func.count(xid.distinct())).select_from(inbox))
        assert row is not None
        return int(row[0])

    def follower(self, neighbour: Neighbour) -> Follower:
        return Follower(neighbour, self.unit, {ToyMade: self.write, ToySold: self.write})


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "back_off", lambda _failures: 0)


@pytest.fixture
async def neighbour(open_database, schema) -> Neighbour:
    return Neighbour(await open_database(schema))


@pytest.fixture
async def books(fresh_unit: Unit) -> Books:
    kept = Books(fresh_unit)
    await kept.open()
    return kept


async def test_facts_when_many_wait_then_they_share_transactions_and_each_is_its_own_cause(
    neighbour: Neighbour, books: Books
) -> None:
    for number in range(2 * TOGETHER + 1):
        await make_toy(neighbour.unit, f"toy {number}")
    await stamp(neighbour.database)
    follower = books.follower(neighbour)
    await follower.catch_up()
    assert await books.entries() == list(range(1, 2 * TOGETHER + 2))
    assert await books.transactions() == 3
    assert books.patience == ["100ms"] * 2 * TOGETHER + ["1s"], "what waits together gives way"
    async with books.unit.read() as read:
        told = await read.rows(select(change.c.cause, change.c.actor).order_by(change.c.id))
        done = await read.rows(select(cast(inbox.c.fact_id, String)))
        (at,) = await read.rows(select(feed_cursor.c.position))
    assert {row.cause for row in told[1:]} == {row[0] for row in done}
    assert {row.actor for row in told[1:]} == {"service:next_door"}
    assert (at[0], follower.status()["lag"]) == (2 * TOGETHER + 1, 0)


@pytest.mark.parametrize("seed", [7, 11, 5003])
async def test_facts_when_some_cannot_be_applied_then_all_is_as_if_each_were_alone(
    seed: int, neighbour: Neighbour, books: Books
) -> None:
    chance = random.Random(seed)  # noqa: S311 (no secret)
    subjects: list[UUID] = []
    for number in range(60):
        if number < 5 or chance.random() < 0.3:
            subjects.append((await make_toy(neighbour.unit, f"toy {number}")).id)
        else:
            subjects.append(chance.choice(subjects))
            await sell_toy(neighbour.unit, subjects[-1], pieces=0)
    await stamp(neighbour.database)
    books.broken = set(chance.sample(range(1, 61), 4))

    applied, parked, stuck = [], [], set()
    for position, subject in enumerate(subjects, start=1):
        if subject in stuck:
            parked.append((position, 0))
        elif position in books.broken:
            stuck.add(subject)
            parked.append((position, 5))
        else:
            applied.append(position)

    follower = books.follower(neighbour)
    await follower.catch_up()
    assert (await books.entries(), await books.parked()) == (applied, parked)
    assert follower.status() == {"position": 60, "lag": 0, "parked": len(parked), "error": None}
    books.broken.clear()
    assert await follower.replay() == len(parked)
    assert sorted(await books.entries()) == list(range(1, 61))


async def test_facts_when_read_again_with_new_ones_then_only_those_have_an_effect(
    neighbour: Neighbour, books: Books
) -> None:
    for number in range(3):
        await make_toy(neighbour.unit, f"toy {number}")
    await stamp(neighbour.database)
    await books.follower(neighbour).catch_up()
    await make_toy(neighbour.unit, "another")
    await stamp(neighbour.database)

    class Restored(Neighbour):
        lost = True

        async def fetch(self, after: str | None, **asked) -> FeedPage:
            if self.lost:
                self.lost = False
                raise EpochChanged("restored")
            return await super().fetch(after, **asked)

    await books.follower(Restored(neighbour.database)).catch_up()
    assert await books.entries() == [1, 2, 3, 4]


async def test_handler_when_it_looks_beside_its_transaction_then_each_fact_is_applied_alone(
    neighbour: Neighbour, books: Books
) -> None:
    for number in range(3):
        await make_toy(neighbour.unit, f"toy {number}")
    await stamp(neighbour.database)

    async def looks(unit: Unit, fact: ToyMade, meta: Envelope) -> None:
        async with unit.read() as read:
            await read.first(select(toy.c.id))
        await books.write(unit, fact, meta)

    await Follower(neighbour, books.unit, {ToyMade: looks}).catch_up()
    assert (await books.entries(), await books.parked()) == ([1, 2, 3], [])
    assert await books.transactions() == 3


async def test_part_of_a_transaction_when_asked_for_more_then_refused(unit: Unit) -> None:
    async with unit.begin() as tx:
        part = PartUnit(tx, unit.clock, Origin("service:toyshop", "a fact"))
        for more in (part.read, lambda: part.once(None), lambda: part.on_behalf("x", cause="y")):
            with pytest.raises(RuntimeError):
                more()
        async with part.begin():
            pass
        with pytest.raises(RuntimeError):
            async with part.begin():
                pass


async def test_feed_when_only_some_types_are_asked_for_then_it_waits_for_those(
    neighbour: Neighbour,
) -> None:
    made = await make_toy(neighbour.unit, "ball")
    await stamp(neighbour.database)
    asking = neighbour.fetch(None, wait=20, limit=5, types=[ToySold.type])
    waiting = asyncio.create_task(asking)
    await make_toy(neighbour.unit, "doll")
    await stamp(neighbour.database)
    await sell_toy(neighbour.unit, made.id)
    await stamp(neighbour.database)
    found = await waiting
    assert [item.type for item in found.items] == [ToySold.type]
    assert (found.horizon.position, found.has_more) == (3, False)
