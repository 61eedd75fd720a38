"""Fixtures for tests on a real PostgreSQL.

A service's conftest gives `schema` (session scope) and, for tests over HTTP, `app`.
Tests of commands and routes use `unit` and `client`: one rolled-back transaction per test. Tests
that need real commits use `fresh_database`, or `open_database` for databases of several services.
"""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import httpx
import pytest
import pytest_asyncio
import structlog
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from joserfc.jwk import OKPKey
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.auth import Caller, TokenSigner, TokenVerifier, new_key
from kit.db.engine import Address, Database
from kit.db.unit import Unit
from kit.testing.clock import HeldClock
from kit.testing.cluster import (
    Cluster,
    Schema,
    apart,
    quick_folder,
    run_name,
    running_cluster,
)
from kit.testing.forked import Forked, Main
from kit.testing.sessions import Savepoints, lasting_engine, share_compiled
from kit.web import Process

# A slow machine is no failure, and everybody's run tries the same examples.
settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")
# structlog's own choice draws every local of a traceback, which takes seconds.
structlog.configure(
    processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
)
_numbers = itertools.count(1)
OpenDatabase = Callable[[Schema], Awaitable[Database]]
Signed = Callable[[Caller], dict[str, str]]
Fork = Callable[..., Awaitable[Forked]]
CountQueries = Callable[[int], AbstractAsyncContextManager[list[str]]]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """End what a test left running: all tests of a worker share one event loop."""
    runner = getattr(item, "funcargs", {}).get("_session_scoped_runner")
    loop = runner.get_loop() if isinstance(runner, asyncio.Runner) else None
    yield
    if loop is not None and not loop.is_closed():
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))


@pytest.fixture(scope="session")
def cluster() -> Generator[Cluster]:
    """Run PostgreSQL for all workers of this test run."""
    with running_cluster(run_name(), quick_folder()) as running:
        yield running


@pytest.fixture(scope="session")
def schema() -> Schema:
    """Say whose database is tested; the conftest of each service overrides this."""
    raise pytest.UsageError("conftest.py has to define a session fixture `schema`")


@pytest.fixture(scope="session")
def worker_databases() -> dict[str, Address]:
    """Remember this worker's clone of each service: one run tests several services."""
    return {}


@pytest.fixture
def worker_database(
    cluster: Cluster, schema: Schema, worker_databases: dict[str, Address]
) -> Address:
    """Clone the service's migrated template for this worker, once; tests never commit to it."""
    if schema.name not in worker_databases:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        name = f"{schema.name}_{worker}_{next(_numbers)}"
        apart(cluster.prepare(schema))
        worker_databases[schema.name] = apart(cluster.clone(schema, name))
    return worker_databases[schema.name]


@pytest.fixture
def clock() -> HeldClock:
    """Hold the time of the test."""
    return HeldClock()


@pytest_asyncio.fixture(scope="session")
async def worker_engines() -> AsyncIterator[dict[str, AsyncEngine]]:
    """Keep this worker's connection to each clone: statements are compiled and planned once."""
    engines: dict[str, AsyncEngine] = {}
    yield engines
    for engine in engines.values():
        await engine.dispose()


@pytest_asyncio.fixture
async def sessions(
    worker_database: Address, schema: Schema, worker_engines: dict[str, AsyncEngine]
) -> AsyncIterator[Savepoints]:
    """Lend this worker's connection to a test and roll back whatever happened on it."""
    if schema.name not in worker_engines:
        worker_engines[schema.name] = lasting_engine(worker_database)
    async with (
        worker_engines[schema.name].connect() as connection,
        Savepoints.over(connection, schema.constraints) as sessions,
    ):
        yield sessions


@pytest_asyncio.fixture
async def unit(sessions: Savepoints, clock: HeldClock) -> Unit:
    """Make the unit of a test: its transactions are savepoints."""
    return Unit(sessions, clock, actor="test", cause="test")


@pytest_asyncio.fixture(scope="session")
async def compiling(cluster: Cluster) -> AsyncIterator[AsyncEngine]:
    """Remember for all fresh databases of this worker how statements are compiled."""
    database = await Database.at(cluster.address("postgres"))
    async with database.engine.connect():
        yield database.engine
    await database.close()


@pytest_asyncio.fixture
async def open_database(cluster: Cluster, compiling: AsyncEngine) -> AsyncIterator[OpenDatabase]:
    """Open fresh databases in which commits are real; they are dropped after the test."""
    async with AsyncExitStack() as stack:

        async def fresh(schema: Schema) -> Database:
            await cluster.prepare(schema)
            name = f"{schema.name}_{os.getpid()}_{next(_numbers)}"
            address = await cluster.clone(schema, name)
            stack.push_async_callback(cluster.drop, name)
            database = await Database.at(address, schema.constraints)
            share_compiled(database.engine, compiling)
            stack.push_async_callback(database.close)
            return database

        yield fresh


@pytest_asyncio.fixture
async def owner_address(cluster: Cluster, schema: Schema) -> AsyncIterator[Address]:
    """Say how the owner of the tables reaches a migrated database of this test's own."""
    await cluster.prepare(schema)
    name = f"{schema.name}_owned_{os.getpid()}_{next(_numbers)}"
    await cluster.clone(schema, name)
    yield cluster.address(name, schema.owner)
    await cluster.drop(name)


@pytest_asyncio.fixture
async def fresh_database(open_database: OpenDatabase, schema: Schema) -> Database:
    """Open a database of this test's own, in which commits are real."""
    return await open_database(schema)


@pytest.fixture
def fresh_unit(fresh_database: Database, clock: HeldClock) -> Unit:
    """Make a unit whose transactions are committed."""
    return Unit(fresh_database, clock, actor="test", cause="test")


@pytest_asyncio.fixture
async def fork() -> AsyncIterator[Fork]:
    """Start processes of a test's own, which may be killed; at its end they are."""
    started: list[Forked] = []

    async def start(main: Main, *arguments: object) -> Forked:
        started.append(await Forked(main, *arguments).start())
        return started[-1]

    yield start
    for process in started:
        process.kill()
        await process.wait()


@pytest.fixture(scope="session")
def gateway_key() -> tuple[TokenSigner, dict[str, object]]:
    """Make the gateway's signer, and the key set by which services trust it."""
    private, public = new_key("gateway")
    return TokenSigner(OKPKey.import_key(private)), {"keys": [public]}


@pytest.fixture
def signed(
    gateway_key: tuple[TokenSigner, dict[str, object]], schema: Schema, clock: HeldClock
) -> Signed:
    """Return the headers with which the gateway passes a caller's request to this service."""

    def headers(caller: Caller) -> dict[str, str]:
        token = gateway_key[0].sign(caller, audience=schema.name, now=clock.now())
        return {"authorization": f"Bearer {token}"}

    return headers


@pytest.fixture
def app() -> FastAPI:
    """Return the application under test; a conftest overrides this."""
    raise pytest.UsageError("conftest.py has to define a fixture `app`")


@pytest.fixture
def process(
    gateway_key: tuple[TokenSigner, dict[str, object]],
    schema: Schema,
    clock: HeldClock,
    unit: Unit,
) -> Process:
    """Make what a web process of this service lives with, over the test's transaction."""
    verifier = TokenVerifier(gateway_key[1], audience=schema.name)
    return Process(clock=clock, verifier=verifier, unit=unit)


@pytest_asyncio.fixture
async def client(app: FastAPI, process: Process) -> AsyncIterator[httpx.AsyncClient]:
    """Speak HTTP with the application, in process."""
    app.state.process = process
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as speaking:
        yield speaking


@pytest.fixture
def count_queries(sessions: Savepoints) -> CountQueries:
    """Return a check, used with `async with`, of how many statements a piece of work sends."""

    @asynccontextmanager
    async def counting(expected: int) -> AsyncIterator[list[str]]:
        await asyncio.sleep(0)
        before = len(sessions.statements)
        yield sessions.statements
        await asyncio.sleep(0)
        sent = sessions.statements[before:]
        if len(sent) != expected:
            pytest.fail("\n".join([f"{len(sent)} statements, not {expected}:", *sent]))

    return counting
