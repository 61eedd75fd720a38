"""Following a feed over HTTP in process, with real commits."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from joserfc.jwk import OKPKey
from sqlalchemy import func, select, text
from toyshop.feeds import owner_of, stamp, until
from toyshop.shop import ToyMade, ToySold, hide_toy, make_toy, sell_toy, toy

from kit.auth import TokenSigner, TokenVerifier, new_key
from kit.clock import SystemClock
from kit.db.engine import Database
from kit.db.history import new_epoch
from kit.db.tables import inbox, parked_fact
from kit.db.unit import Unit
from kit.errors import DomainError, Kind, Unavailable
from kit.facts import Envelope
from kit.feed.follow import Follower, HttpFeedSource
from kit.feed.run import keep_running
from kit.feed.serve import feed_router
from kit.web import Process, service_app

NOBODY = "client-1"


class Bus:
    """A follower of the toy shop over HTTP in process; it follows into the same database."""

    def __init__(self, unit: Unit, client: httpx.AsyncClient, signer: TokenSigner) -> None:
        self.unit = unit
        self.source = HttpFeedSource("toyshop", client, signer, SystemClock())
        self.applied: list[tuple[str, int]] = []
        self.broken: set[UUID] = set()
        self.error: Exception = RuntimeError("broken")

    def follower(self) -> Follower:
        return Follower(self.source, self.unit, {ToyMade: self.made, ToySold: self.sold})

    async def made(self, unit: Unit, _fact: ToyMade, meta: Envelope) -> None:
        async with unit.begin() as tx:
            await self._apply(meta)
            await tx.sql.execute(text("SELECT 1"))

    async def sold(self, _unit: Unit, _fact: ToySold, meta: Envelope) -> None:
        await self._apply(meta)

    async def _apply(self, meta: Envelope) -> None:
        if meta.subject in self.broken:
            raise self.error
        self.applied.append((meta.type.split(".")[1], meta.position))


@pytest_asyncio.fixture
async def bus(fresh_unit: Unit, fresh_database: Database) -> AsyncIterator[Bus]:
    private, public = new_key("participants")
    verifier = TokenVerifier({"keys": [public]}, audience="toyshop")
    app = service_app(name="toyshop", routers=[feed_router("toyshop")], opening=None)
    serving = Unit(fresh_database, SystemClock())
    app.state.process = Process(SystemClock(), verifier, unit=serving)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://toyshop") as client:
        yield Bus(fresh_unit, client, TokenSigner(OKPKey.import_key(private)))


async def test_follower_when_run_twice_then_each_fact_has_one_effect(
    bus: Bus, fresh_unit: Unit, fresh_database: Database
) -> None:
    made = await make_toy(fresh_unit, "ball")
    await sell_toy(fresh_unit, made.id)
    await hide_toy(fresh_unit, made.id, audience=frozenset({"staff"}))
    await stamp(fresh_database)
    first = bus.follower()
    await first.catch_up()
    await bus.follower().catch_up()
    assert bus.applied == [("toy_made", 1), ("toy_sold", 2)]
    assert first.status() == {"position": 3, "lag": 0, "parked": 0, "error": None}


async def test_follower_when_pages_are_read_again_then_effects_are_not(
    bus: Bus, fresh_unit: Unit, fresh_database: Database, cluster
) -> None:
    await make_toy(fresh_unit, "ball")
    await stamp(fresh_database)
    await bus.follower().catch_up()
    async with owner_of(cluster, fresh_database) as owner:
        await owner.execute("UPDATE feed_cursor SET cursor = NULL, position = 0")
    await bus.follower().catch_up()
    assert bus.applied == [("toy_made", 1)]


async def test_follower_when_the_neighbour_was_restored_then_it_reads_from_the_start(
    bus: Bus, fresh_unit: Unit, fresh_database: Database, cluster
) -> None:
    await make_toy(fresh_unit, "ball")
    await stamp(fresh_database)
    follower = bus.follower()
    await follower.catch_up()
    async with owner_of(cluster, fresh_database) as owner:
        await new_epoch(owner)
    await make_toy(fresh_unit, "doll")
    await stamp(fresh_database)
    await follower.catch_up()
    assert bus.applied == [("toy_made", 1), ("toy_made", 2)]


async def test_fact_when_it_cannot_be_applied_then_it_is_parked_and_others_go_on(
    bus: Bus, fresh_unit: Unit, fresh_database: Database
) -> None:
    bad = await make_toy(fresh_unit, "bad")
    await make_toy(fresh_unit, "good")
    await sell_toy(fresh_unit, bad.id)
    await stamp(fresh_database)
    bus.broken.add(bad.id)
    follower = bus.follower()
    await follower.catch_up()
    assert bus.applied == [("toy_made", 2)]
    assert follower.status()["parked"] == 2
    async with fresh_unit.read() as read:
        rows = await read.rows(
            select(parked_fact.c.position, parked_fact.c.error, parked_fact.c.attempts).order_by(
                parked_fact.c.position
            )
        )
    assert rows == [(1, "RuntimeError", 5), (3, "waits for a parked fact", 0)]
    assert await follower.replay() == 0
    bus.broken.clear()
    assert await follower.replay() == 2
    assert bus.applied == [("toy_made", 2), ("toy_made", 1), ("toy_sold", 3)]
    assert (follower.status()["parked"], await follower.replay()) == (0, 0)


async def test_page_when_read_again_then_what_was_applied_before_a_parked_fact_is_not_parked(
    bus: Bus, fresh_unit: Unit, fresh_database: Database, cluster
) -> None:
    made = await make_toy(fresh_unit, "ball")
    await stamp(fresh_database)
    await bus.follower().catch_up()
    await sell_toy(fresh_unit, made.id)
    await stamp(fresh_database)
    bus.broken.add(made.id)
    await bus.follower().catch_up()
    async with owner_of(cluster, fresh_database) as owner:
        await owner.execute("UPDATE feed_cursor SET cursor = NULL, position = 0")
    follower = bus.follower()
    await follower.catch_up()
    async with fresh_unit.read() as read:
        assert await read.rows(select(parked_fact.c.position)) == [(2,)]
    assert bus.applied == [("toy_made", 1)]


async def test_fact_when_our_database_is_in_trouble_then_it_is_not_parked(
    bus: Bus, fresh_unit: Unit, fresh_database: Database
) -> None:
    made = await make_toy(fresh_unit, "ball")
    await stamp(fresh_database)
    bus.broken.add(made.id)
    bus.error = Unavailable("busy")
    follower = bus.follower()
    with pytest.raises(Unavailable):
        await follower.catch_up()
    bus.broken.clear()
    await follower.catch_up()
    assert (bus.applied, follower.status()["parked"]) == ([("toy_made", 1)], 0)


async def test_follower_when_the_effect_fails_then_neither_inbox_nor_cursor_moves(
    bus: Bus, fresh_unit: Unit, fresh_database: Database
) -> None:
    await make_toy(fresh_unit, "ball")
    await stamp(fresh_database)

    class Broken(DomainError):
        kind = Kind.CONFLICT
        code = "toyshop.broken"

    async def made(unit: Unit, _fact: ToyMade, _meta: Envelope) -> None:
        async with unit.begin() as tx:
            await tx.sql.execute(toy.update().values(stock=0))
            raise Broken("no")

    await Follower(bus.source, fresh_unit, {ToyMade: made}).catch_up()
    async with fresh_unit.read() as read:
        assert (await read.first(select(func.count()).select_from(inbox))) == (0,)
        assert (await read.first(select(toy.c.stock))) == (10,)
        assert (await read.first(select(parked_fact.c.error))) == ("toyshop.broken",)


async def test_follower_when_the_neighbour_is_down_then_it_says_so_and_recovers(
    fresh_unit: Unit,
) -> None:
    answers = iter([500, 200])
    body = {"items": [], "next": "n", "has_more": False, "horizon": {"position": 0}}

    async def answer(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.01)
        status = next(answers, None)
        if status is None:
            await asyncio.sleep(60)
        return httpx.Response(status or 200, json=body)

    private, _ = new_key("participants")
    signer = TokenSigner(OKPKey.import_key(private))
    transport = httpx.MockTransport(answer)
    async with httpx.AsyncClient(transport=transport, base_url="http://away") as client:
        source = HttpFeedSource("toyshop", client, signer, SystemClock())
        follower = Follower(source, fresh_unit, {})
        async with keep_running([follower.run]):
            await until(lambda: follower.status()["error"] is not None)
            await until(lambda: follower.status()["lag"] == 0)


async def test_loop_when_it_fails_then_it_is_started_again_and_stops_at_once() -> None:
    runs = 0

    async def loop() -> None:
        nonlocal runs
        runs += 1
        raise ToyshopClosedError if runs < 3 else asyncio.CancelledError

    class ToyshopClosedError(Exception): ...

    async with keep_running([loop]):
        await until(lambda: runs >= 3)
