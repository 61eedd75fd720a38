"""How far the feed is stamped, known over one connection however many readers wait."""

import asyncio
from contextlib import suppress
from typing import Final, Protocol

import asyncpg
import structlog

STAMPED: Final = "entente_stamped"
_POLL_S: Final = 1.0
_log = structlog.get_logger()


class Opens(Protocol):
    """Opens a connection; `kit.db.engine.Address` fits."""

    async def connect(self, *, patience_s: float) -> "asyncpg.Connection[asyncpg.Record]":
        """Open a connection that waits so long for each answer."""
        ...


class Horizon:
    """Wakes readers when the feed grows. It connects when somebody first waits."""

    def __init__(self, address: Opens) -> None:
        self._address = address
        self._head = -1
        self._released = False
        self._moved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def wait(self, position: int, seconds: float) -> bool:
        """Return whether the feed has something after `position` before the time is over."""
        if self._task is None:
            self._task = asyncio.create_task(self._watch())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._head <= position and not self._released:
                    await self._moved.wait()
        return self._head > position

    def release(self) -> None:
        """Let nobody wait from now on: the process is about to stop."""
        self._released = True
        self._moved.set()

    async def close(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            try:
                await self._listen()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
                _log.warning("feed_watch_lost", error=type(error).__name__)
            await asyncio.sleep(_POLL_S)

    async def _listen(self) -> None:
        session = await self._address.connect(patience_s=10 * _POLL_S)
        try:
            await session.add_listener(STAMPED, lambda *said: self._reached(int(str(said[-1]))))
            while True:
                self._reached(await session.fetchval("SELECT head FROM feed"))
                await asyncio.sleep(_POLL_S)
        finally:
            session.terminate()

    def _reached(self, head: int) -> None:
        if head > self._head and not self._released:
            self._head = head
            self._moved.set()
            self._moved = asyncio.Event()
