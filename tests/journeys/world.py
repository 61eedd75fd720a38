"""A whole Entente in one process: three services and the gateway, real databases, no sockets.

Facts travel by the real feeds, over HTTP as between processes. The tests say when: `settle` stamps
what is committed and lets every follower catch up until nothing moves any more.
"""

import importlib
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from gateway.config import Config as GatewayConfig
from gateway.main import create_app as gateway_app
from gateway.main import mint
from kit.auth import TokenSigner, TokenVerifier
from kit.clock import Clock
from kit.db.engine import Connection, Database
from kit.db.stamper import LEADER, stamp_all
from kit.db.unit import Unit
from kit.errors import Unavailable
from kit.facts import Envelope, Fact
from kit.feed.follow import Follower, HttpFeedSource
from kit.feed.source import FeedPage, FeedSource
from kit.service import Service
from kit.testing.cluster import Schema
from kit.testing.plugin import OpenDatabase
from kit.web import Process
from local import keys

SERVICES = ("programmes", "training", "participants")
FOLLOWS = {
    "programmes": ("participants",),
    "training": ("programmes",),
    "participants": ("programmes", "training"),
}


def service(name: str) -> Service:
    """The description of a service in its main module."""
    main = importlib.import_module(f"{name}.main")
    return next(thing for thing in vars(main).values() if isinstance(thing, Service))


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
    followers: list[Follower] = field(default_factory=list)

    async def count(self, query: str, *values: object) -> int:
        """Ask the database itself; for what no API shows."""
        return await self.stamping.fetchval(query, *values)


class Repeating:
    """A feed that hands out every fact twice, as after a crash before the cursor was kept."""

    def __init__(self, feed: FeedSource) -> None:
        self.name = feed.name
        self._feed = feed

    async def fetch(self, after: str | None, *, wait: int, limit: int) -> FeedPage:
        page = await self._feed.fetch(after, wait=wait, limit=limit)
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


def handlers(name: str, owner: str) -> dict[type[Fact], Any]:
    """The consumer functions of a service for one owner's facts, by the fact they take."""
    consumers = importlib.import_module(f"{name}.consumers.{owner}")
    functions = [each for each in vars(consumers).values() if callable(each)]
    taken = ((getattr(each, "__annotations__", {}).get("fact"), each) for each in functions)
    return {fact: each for fact, each in taken if fact is not None}


async def build(
    open_database: OpenDatabase, clock: Clock, folder: Path, stack: AsyncExitStack, *, twice: bool
) -> World:
    """Put a world together; the stack takes it apart."""
    keys.make(folder)
    members = {name: await _member(name, open_database, clock, folder, stack) for name in SERVICES}
    for name, member in members.items():
        signer = TokenSigner.from_file(folder / f"{name}.json")
        for owner in FOLLOWS[name]:
            client = httpx.AsyncClient(transport=members[owner].way, base_url=f"http://{owner}")
            await stack.enter_async_context(client)
            feed: FeedSource = HttpFeedSource(owner, client, signer, clock)
            feed = Repeating(feed) if twice else feed
            member.followers.append(Follower(feed, member.unit, handlers(name, owner)))
    return World(members, await _callers(members, clock, folder, stack))


async def _member(
    name: str, open_database: OpenDatabase, clock: Clock, folder: Path, stack: AsyncExitStack
) -> Member:
    described = service(name)
    database = await open_database(Schema(name, name, described.constraints))
    unit = Unit(database, clock)
    app = described.app()
    trusted = folder / "trusted.json"
    verifier = TokenVerifier.from_file(trusted, audience=name)
    app.state.process = Process(clock=clock, verifier=verifier, unit=unit)
    stamping = await database.address.connect()
    stack.push_async_callback(stamping.close)
    await stamping.execute("SELECT pg_advisory_lock($1)", LEADER)
    return Member(name, database, unit, Switch(app), stamping)


async def _callers(
    members: dict[str, Member], clock: Clock, folder: Path, stack: AsyncExitStack
) -> dict[str, httpx.AsyncClient]:
    config = GatewayConfig(
        key_file=folder / "gateway.json",
        callers_file=folder / "callers.json",
        access_key_file=folder / "issuer.json",
    )
    app = gateway_app(config, clock=clock, transports={n: m.way for n, m in members.items()})
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


def envelope_ids(items: list[dict[str, Any]]) -> list[str]:
    """The ids of the facts on a page of changes."""
    return [Envelope.model_validate(item).id.hex for item in items]


def load_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
