"""Sessions of a test: one connection whose outer transaction is rolled back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from kit.db.engine import Address, Driver
from kit.db.refusals import Constraints
from kit.seal import Seal

_FRAME = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")
_STATEMENTS = 5000


def lasting_engine(address: Address) -> AsyncEngine:
    """Make the engine of a worker: one connection, which remembers what all its tests ask."""
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=address.connect,
        connect_args={"prepared_statement_cache_size": _STATEMENTS},
        query_cache_size=_STATEMENTS,
        pool_size=1,
        max_overflow=0,
    )


def share_compiled(engine: AsyncEngine, known: AsyncEngine) -> None:
    """Have an engine use what another one, which has connected before, has compiled."""
    engine.sync_engine.dialect = known.sync_engine.dialect
    engine.sync_engine._compiled_cache = known.sync_engine._compiled_cache  # noqa: SLF001


class Savepoints:
    """Gives a Unit savepoints of one connection, one task at a time; nothing is ever committed."""

    def __init__(
        self, connection: AsyncConnection, driver: Driver, constraints: Constraints
    ) -> None:
        self.constraints = constraints
        self.statements: list[str] = []
        self._connection = connection
        self._driver = driver
        self._seal: Seal | None = None
        self._free = asyncio.Lock()
        self._owner: asyncio.Task[object] | None = None

    @classmethod
    @asynccontextmanager
    async def over(
        cls, connection: AsyncConnection, constraints: Constraints
    ) -> AsyncIterator[Self]:
        """Begin the outer transaction; the caller closes the connection, which rolls it back."""
        await connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
        driver = (await connection.get_raw_connection()).driver_connection
        if driver is None:
            raise RuntimeError("the connection is closed")
        sessions = cls(connection, driver, constraints)
        event.listen(connection.sync_connection, "before_cursor_execute", sessions._saw)
        with driver.query_logger(lambda record: sessions._count(record.query)):
            yield sessions

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Open a savepoint."""
        async with self._turn(), self._connection.begin_nested():
            yield self._connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a savepoint that leaves no trace."""
        async with self._turn():
            savepoint = await self._connection.begin_nested()
            try:
                yield self._connection
            finally:
                await savepoint.rollback()

    @asynccontextmanager
    async def driving(self) -> AsyncIterator[Driver]:
        """Lend the driver's connection, in the same transaction."""
        async with self._turn():
            yield self._driver

    async def seal(self) -> Seal:
        """Return the seal for cursors."""
        if self._seal is None:
            async with self.driving() as driver:
                self._seal = Seal(await driver.fetchval("SELECT seal_key FROM feed"))
        return self._seal

    async def wait(self, position: int, seconds: float) -> bool:  # noqa: ARG002 (a protocol's)
        """Wait in vain: nothing is stamped here."""
        await asyncio.sleep(seconds)
        return False

    def told(self) -> None:
        """Nobody to hint at: what is told here is never committed."""

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Let one task use the connection at a time; the one that has it may use it again."""
        task = asyncio.current_task()
        if self._owner is task:
            yield
            return
        async with self._free:
            self._owner = task
            try:
                yield
            finally:
                self._owner = None

    def _saw(self, _conn: object, _cursor: object, statement: str, *_: object) -> None:
        self._count(statement)

    def _count(self, statement: str) -> None:
        if not statement.startswith(_FRAME):
            self.statements.append(statement)
