"""The stamper gives committed changes their place in the feed.

Ids and timestamps are taken before a commit, so a reader that remembers the last one loses what
commits late. Positions are given afterwards, by one leader, in id order, without gaps: a reader
that has seen position n has seen everything up to n, for ever.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Final

import structlog

from kit.clock import Clock, SystemClock
from kit.db.engine import TOLD, Connection, Database
from kit.db.horizon import STAMPED
from kit.db.idempotency import KEPT

LEADER: Final = 0x656E_7374_616D_70
_POLL_S: Final = 1.0
LOST_S: Final = 10.0  # longer than a statement may take: then the connection is dead, unnoticed
_SYSTEM: Final = SystemClock()
_TIDY_EVERY: Final = 3600
_log = structlog.get_logger()

_STAMP: Final = """
WITH waiting AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place
    FROM (SELECT id FROM change WHERE position IS NULL ORDER BY id LIMIT 1000) AS unstamped
), stamped AS (
    UPDATE change SET position = (SELECT head FROM feed) + waiting.place
    FROM waiting WHERE change.id = waiting.id
    RETURNING 1
)
UPDATE feed SET head = head + (SELECT count(*) FROM stamped)
WHERE EXISTS (SELECT FROM stamped)
RETURNING head
"""
_TIDY: Final = (
    ("DELETE FROM idempotency WHERE at < $1", KEPT),
    ("DELETE FROM inbox WHERE at < $1", timedelta(days=180)),
)


class Stamper:
    """Stamps while it leads; any number may run, one leads.

    The leader's lock and its stamps are of one session: a leader that lost its lock has lost its
    connection too, so it cannot stamp any more.
    """

    def __init__(
        self, database: Database, *, clock: Clock = _SYSTEM, poll_s: float = _POLL_S
    ) -> None:
        self._database = database
        self._clock = clock
        self._poll_s = poll_s
        self.leading = False

    async def run(self) -> None:
        """Wait to lead, then stamp until cancelled; raise when the database goes away."""
        session = await self._database.address.connect(patience_s=LOST_S)
        try:
            await self._win(session)
            self.leading = True
            _log.info("stamper_leads")
            await self._lead(session)
        finally:
            self.leading = False
            session.terminate()  # to close would wait for an answer, which may not come

    async def _win(self, session: Connection) -> None:
        while True:
            if await session.fetchval("SELECT pg_try_advisory_lock($1)", LEADER):
                return
            await asyncio.sleep(self._poll_s)

    async def _lead(self, session: Connection) -> None:
        woken = asyncio.Event()
        await session.add_listener(TOLD, lambda *_: woken.set())
        idle = 0.0
        while True:
            woken.clear()
            await stamp_all(session)
            if idle <= 0:
                await self._tidy(session)
                idle = _TIDY_EVERY
            with suppress(TimeoutError):
                async with asyncio.timeout(self._poll_s):
                    await woken.wait()
            idle -= self._poll_s

    async def _tidy(self, session: Connection) -> None:
        """Forget what is older than its promise: keys of requests, facts long applied."""
        for statement, kept in _TIDY:
            await session.execute(statement, self._clock.now() - kept)


async def stamp_all(session: Connection) -> None:
    """Stamp every change that is committed by now, and wake whoever waits for them.

    Only the session that holds the leader's lock may do this.
    """
    while (head := await session.fetchval(_STAMP)) is not None:
        await session.execute("SELECT pg_notify($1, $2)", STAMPED, str(head))
