"""A service put together: one description, from which its processes and its tools are made."""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any, Final

from fastapi import APIRouter, FastAPI

from kit import log
from kit.auth import KeysUnreadable, TokenVerifier, keys_in
from kit.clock import SystemClock
from kit.config import ServiceConfig, secret
from kit.db.engine import Address, Database
from kit.db.readiness import let_in
from kit.db.refusals import Constraints
from kit.db.revision import NotReady, require_revision
from kit.db.stamper import Stamper
from kit.db.unit import Unit
from kit.db.work import look
from kit.feed.follow import Follower
from kit.feed.run import Loop, keep_running
from kit.health import Health
from kit.server import serve
from kit.web import Process, service_app

Followers = Callable[[Any, Unit, AsyncExitStack], Awaitable[Sequence[Follower]]]
Load = Callable[[Unit, Any], Awaitable[object]]
Loops = Callable[[Unit, Any], Sequence[Loop]]
Task = Callable[[Unit, Any, Sequence[str]], Awaitable[int]]


@dataclass(frozen=True)
class Service:
    """What a service consists of; `main.py` of each service holds exactly one of these.

    `package` is its import package, which is also its name and holds `migrations`. `followers`
    makes its consumers from the configuration; what they open is closed by the stack they get.
    `load` brings the service's own data in through its commands, idempotently. `loops` are what
    its worker does besides, and `tasks` what an operator asks for by name, with arguments; a task
    returns the exit code.
    """

    package: str
    description: str
    config: type[ServiceConfig]
    routers: Sequence[APIRouter]
    constraints: Constraints
    followers: Followers
    load: Load
    loops: Loops = lambda _unit, _config: ()
    tasks: Mapping[str, Task] = field(default_factory=dict)

    def app(self, config: ServiceConfig | None = None, *, with_worker: bool = False) -> FastAPI:
        """Return the web application; without a configuration it only describes itself."""

        @asynccontextmanager
        async def opening(_app: FastAPI) -> AsyncIterator[Process]:
            if config is None:
                raise RuntimeError("an application without configuration cannot be started")
            async with _process(self, config, with_worker=with_worker) as process:
                yield process

        return service_app(
            name=self.package, description=self.description, routers=self.routers, opening=opening
        )


@asynccontextmanager
async def _process(
    service: Service, config: ServiceConfig, *, with_worker: bool
) -> AsyncIterator[Process]:
    async with _opened(service, config) as (database, unit), AsyncExitStack() as stack:
        verifier = TokenVerifier.from_file(config.trusted_keys_file, audience=service.package)
        health = Health(pings={"database": database.ping}, look=partial(look, database))
        process = Process(unit.clock, verifier, health, unit, config)
        process.on_drain.append(database.horizon.release)
        if with_worker:
            await stack.enter_async_context(_working(service, config, database, unit, health))
        yield process


@asynccontextmanager
async def _opened(service: Service, config: ServiceConfig) -> AsyncIterator[tuple[Database, Unit]]:
    database = await Database.open(config, name=service.package, constraints=service.constraints)
    try:
        yield database, Unit(database, SystemClock())
    finally:
        await database.close()


@asynccontextmanager
async def _working(
    service: Service, config: ServiceConfig, database: Database, unit: Unit, health: Health
) -> AsyncIterator[None]:
    """Run the stamper and the followers until the block ends."""
    async with AsyncExitStack() as stack:
        followers = await service.followers(config, unit, stack)
        for follower in followers:
            health.details[f"follows_{follower.source}"] = follower.status
        loops = [Stamper(database).run, *(follower.run for follower in followers)]
        loops += service.loops(unit.on_behalf(f"service:{service.package}", cause="loop"), config)
        await stack.enter_async_context(keep_running(loops))
        yield


async def _work(service: Service, config: ServiceConfig) -> None:
    async with (
        _opened(service, config) as (database, unit),
        _working(service, config, database, unit, Health()),
    ):
        await asyncio.Event().wait()


async def _load(service: Service, config: ServiceConfig) -> None:
    async with _opened(service, config) as (_, unit):
        await service.load(unit.on_behalf(f"service:{service.package}", cause="load"), config)


async def _replay(service: Service, config: ServiceConfig) -> None:
    """Try parked facts again, in their order; say per source how many went well."""
    async with _opened(service, config) as (_, unit), AsyncExitStack() as stack:
        for follower in await service.followers(config, unit, stack):
            done = await follower.replay()
            still = follower.status()["parked"]
            sys.stdout.write(f"{follower.source}: {done} applied, {still} still parked\n")


async def _carry_out(service: Service, config: ServiceConfig, name: str, rest: list[str]) -> int:
    async with _opened(service, config) as (_, unit):
        return await service.tasks[name](unit.on_behalf("operator", cause=name), config, rest)


def _serve(service: Service, config: ServiceConfig, *, with_worker: bool) -> None:
    config.must_serve()
    app = service.app(config, with_worker=with_worker)

    def draining() -> None:
        process: Process | None = getattr(app.state, "process", None)
        if process is not None:
            process.drain()

    serve(app, host=config.host, port=config.port, draining=draining)


async def _ready(service: Service, config: ServiceConfig, what: str) -> None:
    """Return when `what` can begin; raise NotReady where the database or a file is in the way."""
    try:
        trusted = () if what == "worker" else (config.trusted_keys_file,)  # nobody asks a worker
        for file in (config.key_file, *trusted) if what in _SERVING else ():
            keys_in(file)
        if what == "migrate" and config.owner_database_url is not None:
            await let_in(Address(config.owner_database_url, secret(config.owner_password_file)))
        elif what != "migrate":
            await let_in(Address(config.database_url, secret(config.database_password_file)))
            async with _opened(service, config) as (database, _):
                await require_revision(database, service.package)
    except OSError as error:
        raise NotReady(f"{error.filename} cannot be read: {error.strerror}") from error


async def _migrate(service: Service, config: ServiceConfig) -> None:
    # Alembic costs 3 MB that a process which only serves should not pay.
    migrations = import_module("kit.db.migrations")
    await migrations.upgrade(config, package=service.package)


async def _none(*_: object) -> tuple[()]:
    return ()


def _described(package: str, arguments: Sequence[str]) -> Service:
    """Return the service; to migrate, without routes and consumers, which take a second to make."""
    if arguments == ["migrate"]:
        config = import_module(f"{package}.config").Config
        return Service(package, package, config, (), {}, followers=_none, load=_none)
    service: Service = import_module(f"{package}.main").SERVICE
    return service


def command_line(package: str) -> None:
    """Carry out `python -m <package> web | worker | run | migrate | load | replay | openapi`.

    Or one of the service's own tasks, which reads the arguments behind its name itself.
    """
    arguments = sys.argv[1:]
    service = _described(package, arguments)
    parser = argparse.ArgumentParser(prog=service.package, description=service.description)
    choices = [*_PROCESSES, "openapi", *service.tasks]
    parser.add_argument("what", nargs="?", choices=choices, default="run")
    parser.add_argument("--print-config", action="store_true", help="show the settings and stop")
    chosen, rest = parser.parse_known_args(arguments)
    if rest and chosen.what not in service.tasks:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if chosen.what == "openapi":
        sys.stdout.write(json.dumps(service.app().openapi(), indent=1, ensure_ascii=False) + "\n")
        return
    config = service.config.load()
    if chosen.print_config:
        sys.stdout.write(json.dumps(config.shown(), indent=1) + "\n")
        return
    log.configure(service.package)
    try:
        asyncio.run(_ready(service, config, chosen.what))
        if chosen.what in service.tasks:
            sys.exit(asyncio.run(_carry_out(service, config, chosen.what, rest)))
        _PROCESSES[chosen.what](service, config)
    except (NotReady, KeysUnreadable) as refusal:
        log.stopped(str(refusal))
        sys.exit(1)


_SERVING: Final = frozenset({"web", "run", "worker"})
_PROCESSES: Final[dict[str, Callable[[Service, ServiceConfig], None]]] = {
    "web": lambda service, config: _serve(service, config, with_worker=False),
    "run": lambda service, config: _serve(service, config, with_worker=True),
    "worker": lambda service, config: asyncio.run(_work(service, config)),
    "migrate": lambda service, config: asyncio.run(_migrate(service, config)),
    "load": lambda service, config: asyncio.run(_load(service, config)),
    "replay": lambda service, config: asyncio.run(_replay(service, config)),
}
