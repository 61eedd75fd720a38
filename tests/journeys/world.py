"""A whole Entente in one process: three services and the gateway, real databases, no sockets.

Facts travel by the real feeds, over HTTP as between processes. The tests say when: `settle` stamps
what is committed and lets every follower catch up until nothing moves any more.
"""

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from gateway.config import Config as GatewayConfig
from gateway.main import create_app as gateway_app
from gateway.main import mint
from kit.auth import TokenVerifier
from kit.clock import Clock
from kit.config import ServiceConfig
from kit.db.engine import Connection, Database
from kit.db.stamper import LEADER, stamp_all
from kit.db.unit import Unit
from kit.errors import Unavailable
from kit.feed.follow import Follower
from kit.feed.source import FeedPage, FeedSource
from kit.http import Upstream
from kit.service import Service
from kit.testing.cluster import Schema
from kit.testing.fixtures import OpenDatabase
from kit.web import Process
from local import keys
from participants.commands.rates import register_rate_sets
from participants.load import rate_sets, rates

RATES = "EU-EXT-2024-11-08"
SERVICES = ("programmes", "training", "participants")


def service(name: str) -> Service:
    """The description of a service in its main module."""
    main = importlib.import_module(f"{name}.main")
    return next(thing for thing in vars(main).values() if isinstance(thing, Service))


@cache
def application(name: str) -> FastAPI:
    """The web application of a service; each world puts its own process behind it."""
    return service(name).app()


class Switch(httpx.AsyncBaseTransport):
    """The way to a service in the same process; it can be cut."""

    def __init__(self, app: FastAPI) -> None:
        self._inner = httpx.ASGITransport(app)
        self.cut = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("nobody listens", request=request)
        return await self._inner.handle_async_request(request)


@dataclass
class Member:
    """One service with its database, as its process would hold it."""

    name: str
    database: Database
    unit: Unit
    way: Switch
    stamping: Connection
    followers: Sequence[Follower] = ()

    async def count(self, query: str, *values: object) -> int:
        """Ask the database itself; for what no API shows."""
        return await self.stamping.fetchval(query, *values)


class Repeating:
    """A feed that hands out every fact twice, as after a crash before the cursor was kept."""

    def __init__(self, feed: FeedSource) -> None:
        self.name = feed.name
        self._feed = feed

    async def fetch(
        self, after: str | None, *, wait: int, limit: int, types: Iterable[str]
    ) -> FeedPage:
        page = await self._feed.fetch(after, wait=wait, limit=limit, types=types)
        twice = [copy for item in page.items for copy in (item, item)]
        return page.model_copy(update={"items": twice})


@dataclass
class World:
    """Everything, and the callers who speak to its gateway."""

    members: dict[str, Member]
    callers: dict[str, httpx.AsyncClient]

    @property
    def officer(self) -> httpx.AsyncClient:
        return self.callers["officer"]

    @property
    def ministry(self) -> httpx.AsyncClient:
        return self.callers["ministry"]

    def cut(self, name: str, *, down: bool = True) -> None:
        """Take a service off the network, or bring it back."""
        self.members[name].way.cut = down

    async def load_rates(self) -> None:
        """Put the one list on record that the journeys need, as the participants service does."""
        unit = self.members["participants"].unit
        sets = [each for each in rate_sets() if each.code == RATES]
        await register_rate_sets(unit, sets, [each for each in rates() if each.rate_set == RATES])

    async def settle(self) -> None:
        """Deliver facts until nothing moves; a follower whose neighbour is down is passed over."""
        before: dict[str, int] | None = None
        while (heads := await self._stamped()) != before:
            before = heads
            for follower in self._followers():
                try:
                    await follower.catch_up()
                except Unavailable:
                    continue

    async def _stamped(self) -> dict[str, int]:
        for member in self.members.values():
            await stamp_all(member.stamping)
        return {
            name: await member.count("SELECT head FROM feed")
            for name, member in self.members.items()
        }

    def _followers(self) -> Iterator[Follower]:
        for name, member in self.members.items():
            if not self.members[name].way.cut:
                yield from member.followers


async def build(
    open_database: OpenDatabase, clock: Clock, folder: Path, stack: AsyncExitStack, *, twice: bool
) -> World:
    """Put a world together; the stack takes it apart."""
    keys.make(folder)
    members = {name: await _member(name, open_database, clock, folder, stack) for name in SERVICES}
    ways = {name: member.way for name, member in members.items()}
    for member in members.values():
        member.followers = await _followers(member, ways, folder, stack)
        for follower in member.followers:
            follower._feed = Repeating(follower._feed) if twice else follower._feed
    return World(members, await _callers(ways, clock, folder, stack))


def _config(described: Service, folder: Path) -> ServiceConfig:
    """What a process is told; the key file of people is known to participants alone."""
    known = {"key_encryption_file": folder / "encryption.json"}
    return described.config(
        port=1,
        database_url="postgresql:///unused",
        key_file=folder / f"{described.package}.json",
        trusted_keys_file=folder / "trusted.json",
        **{name: path for name, path in known.items() if name in described.config.model_fields},
    )


async def _followers(
    member: Member, ways: Mapping[str, Switch], folder: Path, stack: AsyncExitStack
) -> Sequence[Follower]:
    """What the service's own main makes, with the other applications in place of sockets."""
    described = service(member.name)
    config = _config(described, folder)
    main = importlib.import_module(f"{member.name}.main")
    with pytest.MonkeyPatch.context() as patch:
        inside = partial(_upstream, ways)
        patch.setattr(main, "Upstream", inside, raising=False)
        return await described.followers(config, member.unit, stack)


def _upstream(ways: Mapping[str, Switch], name: str, url: str, **limits: int) -> Upstream:
    return Upstream(name, url, transport=ways[name], **limits)


async def _member(
    name: str, open_database: OpenDatabase, clock: Clock, folder: Path, stack: AsyncExitStack
) -> Member:
    described = service(name)
    database = await open_database(Schema(name, name, described.constraints))
    unit = Unit(database, clock)
    app = application(name)
    trusted = folder / "trusted.json"
    verifier = TokenVerifier.from_file(trusted, audience=name)
    app.state.process = Process(
        clock=clock, verifier=verifier, unit=unit, config=_config(described, folder)
    )
    stamping = await database.address.connect()
    stack.push_async_callback(stamping.close)
    await stamping.execute("SELECT pg_advisory_lock($1)", LEADER)
    return Member(name, database, unit, Switch(app), stamping)


async def _callers(
    ways: Mapping[str, Switch], clock: Clock, folder: Path, stack: AsyncExitStack
) -> dict[str, httpx.AsyncClient]:
    config = GatewayConfig(
        key_file=folder / "gateway.json",
        callers_file=folder / "callers.json",
        access_key_file=folder / "issuer.json",
    )
    app = gateway_app(config, clock=clock, transports=ways)
    callers = {}
    for name, caller in keys.CALLERS.items():
        token = mint(config, str(caller["client"]), clock.now())
        speaking = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://gateway/api",
            headers={"authorization": f"Bearer {token}"},
        )
        callers[name] = await stack.enter_async_context(speaking)
    return callers
