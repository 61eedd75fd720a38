"""Connections to the one database of a service: a pool for transactions, one for hot reads."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Protocol, Self, TypeAlias

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from kit.config import secret
from kit.db.horizon import Horizon
from kit.db.refusals import Constraints
from kit.seal import Seal

TOLD: Final = "entente_told"
POOL_SIZE: Final = 5
ACQUIRE_S: Final = 2
PING_S: Final = 1
BELL_S: Final = 0.02
LIMITS: Final = {
    "statement_timeout": "5s",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "10s",
    "timezone": "UTC",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_log = structlog.get_logger()

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Pooled: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
Driver: TypeAlias = "Connection | Pooled"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Isolation: TypeAlias = Literal["AUTOCOMMIT"]


class Settings(Protocol):
    """Where the database is; `kit.config.ServiceConfig` fits."""

    @property
    def database_url(self) -> str:
        """A libpq URL without password."""
        ...

    @property
    def database_password_file(self) -> Path | None:
        """A file with the password of the runtime role, if it has one."""
        ...


@dataclass(frozen=True, slots=True)
class Address:
    """How to connect: a libpq URL, a password kept apart from it, and the name DBAs see."""

    url: str
    password: str | None = field(default=None, repr=False)
    name: str = "entente"

    async def connect(self, *, patience_s: float | None = None) -> Connection:
        """Open a connection outside the pools; its owner closes it.

        It waits `patience_s` for each answer: the server may be gone without a word.
        """
        settings = {**LIMITS, "application_name": self.name}
        return await asyncpg.connect(
            self.url,
            password=self.password,
            timeout=ACQUIRE_S,
            command_timeout=patience_s,
            server_settings=settings,
        )

    def engine(self, *, isolation: "Isolation | None" = None) -> AsyncEngine:
        """Make an engine for transactions; it connects when it is first used."""
        return create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self.connect,
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=ACQUIRE_S,
            pool_reset_on_return="rollback",
            isolation_level=isolation,
        )

    async def pool(self) -> Pool:
        """Make a pool for hot reads: single statements that leave nothing behind to reset."""
        return await asyncpg.create_pool(
            self.url,
            password=self.password,
            timeout=ACQUIRE_S,
            server_settings={**LIMITS, "application_name": self.name},
            min_size=0,
            max_size=POOL_SIZE,
            init=_decode_json,
            reset=_keep,
        )


class Lent:
    """A driver connection lent for a block; waits two seconds for one at most.

    It is on the way of every hot read. A connection that comes back well is kept ready, beside the
    pool: the pool's acquiring and releasing cost as much as the read itself.
    """

    def __init__(self, pool: Pool, ready: list[Pooled], slots: asyncio.Semaphore) -> None:
        self._pool = pool
        self._ready = ready
        self._slots = slots

    async def __aenter__(self) -> Driver:
        """Take a connection."""
        if self._slots.locked():
            async with asyncio.timeout(ACQUIRE_S):
                await self._slots.acquire()
        else:
            await self._slots.acquire()
        try:
            self._driver = await self._taken()
        except BaseException:
            self._slots.release()
            raise
        return self._driver

    async def _taken(self) -> Pooled:
        while self._ready:
            driver = self._ready.pop()
            if not driver.is_closed():
                return driver
            await self._pool.release(driver)
        async with asyncio.timeout(ACQUIRE_S):
            return await self._pool.acquire()

    async def __aexit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        """Give it back; after an error the pool sees to it that nothing is still under way."""
        try:
            if kind is None:
                self._ready.append(self._driver)
            else:
                await self._pool.release(self._driver)
        finally:
            self._slots.release()


class Database:
    """The database of one process, as its runtime role. Opening does not yet connect."""

    def __init__(self, address: Address, pool: Pool, constraints: Constraints) -> None:
        self.address = address
        self.constraints = constraints
        self.engine = address.engine(isolation="AUTOCOMMIT")  # `writing` says BEGIN itself
        self.pool = pool
        self._ready: list[Pooled] = []
        self._slots = asyncio.Semaphore(POOL_SIZE)
        self.horizon = Horizon(address)
        self._seal: Seal | None = None
        self._bell: asyncio.Task[None] | None = None
        self._rung = False

    @classmethod
    async def open(
        cls, settings: Settings, *, name: str, constraints: Constraints | None = None
    ) -> Self:
        """Make the pools. `name` is the application_name; see `refusing` for `constraints`."""
        password = secret(settings.database_password_file)
        return await cls.at(Address(settings.database_url, password, name), constraints)

    @classmethod
    async def at(cls, address: Address, constraints: Constraints | None = None) -> Self:
        """Make the pools for an address."""
        return cls(address, await address.pool(), constraints or {})

    async def close(self) -> None:
        """Close every pooled connection; let a NOTIFY under way finish."""
        await self.horizon.close()
        if self._bell is not None:
            await asyncio.gather(self._bell, return_exceptions=True)
        while self._ready:
            await self.pool.release(self._ready.pop())
        with suppress(TimeoutError):
            await asyncio.wait_for(self.pool.close(), ACQUIRE_S)
        self.pool.terminate()
        await self.engine.dispose()

    async def ping(self) -> None:
        """Ask the database for a sign of life; raise what went wrong after one second."""
        async with asyncio.timeout(PING_S), self.driving() as driver:
            await driver.fetchval("SELECT 1")

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction, committed at exit and rolled back on any error.

        BEGIN and COMMIT go straight to the driver: by way of SQLAlchemy the two cost more than all
        statements between them.
        """
        async with self.engine.connect() as connection:
            driver = await _ready(connection)
            try:
                await driver.execute("BEGIN")
                yield connection
                ended = await driver.execute("COMMIT")
            except BaseException:
                await _roll_back(connection, driver)
                raise
        if ended != "COMMIT":
            raise RuntimeError("an error in the transaction was passed over")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that sees one state throughout, and may not write."""
        async with self.engine.connect() as connection:
            yield await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    def driving(self) -> "Lent":
        """Lend a driver connection for single statements, each its own transaction."""
        return Lent(self.pool, self._ready, self._slots)

    async def seal(self) -> Seal:
        """Return the seal for cursors; its key is read once."""
        if self._seal is None:
            async with self.driving() as driver:
                self._seal = Seal(await driver.fetchval("SELECT seal_key FROM feed"))
        return self._seal

    async def wait(self, position: int, seconds: float) -> bool:
        """Wait, holding no pooled connection, for something after `position` in the feed."""
        return await self.horizon.wait(position, seconds)

    def told(self) -> None:
        """Hint to the stamper that changes were committed: at once, then every 20 ms at most."""
        self._rung = True
        if self._bell is None or self._bell.done():
            self._bell = asyncio.create_task(self._ring())

    async def _ring(self) -> None:
        while self._rung:
            self._rung = False
            try:
                async with self.driving() as driver:
                    await driver.execute("SELECT pg_notify($1, '')", TOLD)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                _log.warning("change hint lost", error=type(error).__name__)
            await asyncio.sleep(BELL_S)


async def _ready(connection: AsyncConnection) -> Any:  # noqa: ANN401 (SQLAlchemy does not say)
    """Return the driver's connection, a new one where the pooled one is of no use any more."""
    driver: Any = (await connection.get_raw_connection()).driver_connection
    if driver.is_closed() or driver.is_in_transaction():
        await connection.invalidate()
        driver = (await connection.get_raw_connection()).driver_connection
    return driver


async def _roll_back(connection: AsyncConnection, driver: Any) -> None:  # noqa: ANN401 (as above)
    """End a transaction without effect; a connection on which that fails is not used again."""
    ended = None
    try:
        if not driver.is_closed():
            with suppress(
                asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError
            ):
                ended = await driver.execute("ROLLBACK")
    finally:
        if ended is None:
            await connection.invalidate()


async def _decode_json(driver: Driver) -> None:
    """Decode JSON as SQLAlchemy's connections do, so that hot reads are the same everywhere."""
    for name in ("json", "jsonb"):
        await driver.set_type_codec(
            name, encoder=json.dumps, decoder=json.loads, schema="pg_catalog"
        )


async def _keep(_driver: Driver) -> None:
    """Leave the session as it is: hot reads set nothing, and a reset costs a round trip."""
