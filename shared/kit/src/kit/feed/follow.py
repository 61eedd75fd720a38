"""Following another service: each of its facts takes effect here once, in its order."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

import structlog

from kit.db.part import PartUnit
from kit.db.unit import Origin, Tx, Unit
from kit.errors import DomainError, Unavailable
from kit.facts import Envelope, Fact
from kit.feed import inbox
from kit.feed.inbox import FactKey, FactSeen, ReplayKey
from kit.feed.page import LIMIT, WAIT_S
from kit.feed.run import back_off
from kit.feed.source import FeedPage, FeedSource, HttpFeedSource
from kit.seal import EpochChanged

__all__ = ["FeedPage", "FeedSource", "Follower", "Handler", "HttpFeedSource"]
ATTEMPTS: Final = 5
TOGETHER: Final = 20
_STARTING_S: Final = 15
Handler = Callable[[Unit, Any, Envelope], Awaitable[object]]
_log = structlog.get_logger()


class Follower:
    """Follows one feed and gives each fact to the handler of its class.

    A handler gets a unit good for one transaction; the inbox row and the cursor commit with it,
    so a crash delays an effect and never repeats it. Facts that wait in line are applied twenty
    to a transaction; where that fails nothing of it has happened, and each is tried alone. Facts
    without handler are passed over. A fact whose handler fails five times alone is parked, and so
    are later facts about the same subject; the others go on. Trouble with a database or a
    neighbour parks nothing: it is waited out.
    """

    def __init__(
        self, source: FeedSource, unit: Unit, handlers: Mapping[type[Fact], Handler]
    ) -> None:
        self.source = source.name
        self._feed = source
        self._unit = unit.on_behalf(f"service:{source.name}", cause="feed")
        self._handlers = {fact.type: (fact, handler) for fact, handler in handlers.items()}
        self._cursor: str | None = None
        self._started = False
        self._status: dict[str, Any] = {"position": 0, "lag": None, "parked": 0, "error": None}

    def status(self) -> Mapping[str, Any]:
        """Tell the position reached, how many facts are behind it, parked facts, last trouble.

        `lag` is null until the neighbour has answered once.
        """
        return dict(self._status)

    async def run(self) -> None:
        """Follow until cancelled; what is wrong with others is waited out and shown.

        The first page is not waited for, so that `lag` is known soon after the start.
        """
        failures, began = 0, time.monotonic()
        while True:
            try:
                await self.step(wait=0 if self._status["lag"] is None else WAIT_S)
                failures = 0
                self._status["error"] = None
            except DomainError as error:
                failures += 1
                self._status["error"] = error.code
                self._say(error.code, starting=time.monotonic() - began < _STARTING_S)
                await asyncio.sleep(back_off(failures))

    def _say(self, code: str, *, starting: bool) -> None:
        """Log the trouble: a neighbour still starting is nothing to warn of, one gone is."""
        tell = _log.info if starting and self._status["lag"] is None else _log.warning
        tell("feed_not_followed", source=self.source, code=code)

    async def step(self, *, wait: int = 0) -> bool:
        """Take one page and apply it; return whether there is more to take at once."""
        if not self._started:
            self._cursor, self._status["position"] = await inbox.place(self._unit, self.source)
            self._status["parked"] = await inbox.parked_count(self._unit, self.source)
            self._started = True
        try:
            page = await self._feed.fetch(
                self._cursor, wait=wait, limit=LIMIT, types=sorted(self._handlers)
            )
        except EpochChanged:
            await self._start_again()
            return True
        await self._apply(page)
        return page.has_more

    async def catch_up(self) -> None:
        """Apply everything stamped by now; for tests and for loading data."""
        while await self.step():
            pass

    async def replay(self, fact_ids: Sequence[UUID] | None = None) -> int:
        """Try parked facts again, all or those named, in their order; return how many went well.

        A fact that fails again stays, and so do the later ones about its subject.
        """
        done, stuck = 0, set()
        for fact in await inbox.parked(self._unit, self.source):
            if fact.subject in stuck:
                continue
            wanted = fact_ids is None or fact.id in fact_ids
            if wanted and await self._replayed(fact):
                done += 1
            else:
                stuck.add(fact.subject)
        self._status["parked"] = await inbox.parked_count(self._unit, self.source)
        return done

    async def _apply(self, page: FeedPage) -> None:
        handled = [fact for fact in page.items if fact.type in self._handlers]
        end = self._end(page)
        self._status["lag"] = page.horizon.position - self._status["position"]
        keys = [FactKey(self.source, fact.id, fact.position, None) for fact in handled]
        if keys:
            keys[-1] = replace(keys[-1], position=end, cursor=page.next)
        for start in range(0, len(handled), TOGETHER):
            chunk = slice(start, start + TOGETHER)
            await self._take_all(handled[chunk], keys[chunk], page.horizon.position)
        if not handled and page.next != self._cursor:
            async with self._unit.begin() as tx:
                await inbox.move(tx, self.source, position=end, cursor=page.next)
        self._cursor = page.next
        self._status.update(position=end, lag=page.horizon.position - end)

    def _end(self, page: FeedPage) -> int:
        """Return the position up to which a page tells all there is of our types."""
        if not page.has_more:
            return page.horizon.position
        return page.items[-1].position if page.items else int(self._status["position"])

    async def _take_all(
        self, facts: Sequence[Envelope], keys: Sequence[FactKey], horizon: int
    ) -> None:
        """Apply facts together, or where that is not possible one by one."""
        if len(facts) > 1 and await self._taken_together(facts, keys[-1]):
            self._reached(keys[-1], horizon)
            return
        for fact, key in zip(facts, keys, strict=True):
            await self._take(fact, key)
            self._reached(key, horizon)

    def _reached(self, key: FactKey, horizon: int) -> None:
        self._status.update(position=key.position, lag=horizon - key.position)

    async def _taken_together(self, facts: Sequence[Envelope], last: FactKey) -> bool:
        """Apply facts in one transaction; False where nothing of it has happened.

        Whatever is wrong with one of them, or with the database, shows again when they are tried
        one by one, and is judged there.
        """
        try:
            async with self._unit.begin() as tx:
                new = await inbox.take(tx, self.source, facts)
                if new is None:
                    return False
                for fact in facts:
                    if fact.id in new:
                        new.remove(fact.id)
                        await self._effect(self._part(tx, fact), fact)
                await last.settle(tx)
        except Unavailable as busy:
            _log.info("facts_taken_alone", source=self.source, code=busy.code)
            return False
        except Exception:
            _log.exception("facts_taken_alone", source=self.source)
            return False
        for fact in facts:
            _log.info("fact_handled", **self._shown(fact))
        return True

    async def _take(self, fact: Envelope, key: FactKey) -> None:
        """Apply a fact, or park it where it cannot be applied or must wait for a parked one."""
        if await inbox.held_back(self._unit, self.source, fact):
            await self._park(fact, key, error="waits for a parked fact", attempts=0)
            return
        error = ""
        for attempt in range(1, ATTEMPTS + 1):
            failed = await self._tried(fact, key)
            if failed is None:
                return
            error = failed
            await asyncio.sleep(back_off(attempt) / ATTEMPTS)
        await self._park(fact, key, error=error, attempts=ATTEMPTS)

    async def _tried(self, fact: Envelope, key: FactKey) -> str | None:
        """Return None when the fact has its effect, else the name of what went wrong."""
        shown = self._shown(fact)
        try:
            await self._handle(fact, key)
        except FactSeen:
            await self._moved(key)
        except Unavailable:
            raise
        except Exception as error:
            _log.exception("fact_failed", **shown)
            return error.code if isinstance(error, DomainError) else type(error).__qualname__
        else:
            _log.info("fact_handled", **shown)
        return None

    def _shown(self, fact: Envelope) -> dict[str, str]:
        told = {"source": self.source, "fact": str(fact.id), "fact_type": fact.type}
        return {**told, "cause": fact.cause}

    def _origin(self, fact: Envelope) -> Origin:
        return Origin(f"service:{self.source}", str(fact.id))

    def _part(self, tx: Tx, fact: Envelope) -> PartUnit:
        return PartUnit(tx, self._unit.clock, self._origin(fact))

    async def _handle(self, fact: Envelope, key: FactKey) -> None:
        origin = self._origin(fact)
        unit = self._unit.on_behalf(origin.actor, cause=origin.cause).once(key)
        await self._effect(unit, fact)
        if not unit.used:
            async with unit.begin():
                pass

    async def _effect(self, unit: Unit, fact: Envelope) -> None:
        kind, handler = self._handlers[fact.type]
        await handler(unit, kind.model_validate(fact.data), fact)

    async def _moved(self, key: FactKey) -> None:
        if key.cursor is not None:
            async with self._unit.begin() as tx:
                await key.settle(tx)

    async def _park(self, fact: Envelope, key: FactKey, *, error: str, attempts: int) -> None:
        async with self._unit.begin() as tx:
            await inbox.park(tx, self.source, fact, error=error, attempts=attempts)
            await key.settle(tx)
        self._status["parked"] += 1
        _log.error("fact_parked", source=self.source, fact=str(fact.id), error=error)

    async def _replayed(self, fact: Envelope) -> bool:
        key = ReplayKey(self.source, fact.id, fact.position, None)
        if await self._tried(fact, key) is not None:
            return False
        async with self._unit.begin() as tx:
            await key.settle(tx)
        return True

    async def _start_again(self) -> None:
        """Read a restored neighbour's feed from its start; the inbox knows what was applied."""
        _log.error("feed_epoch_changed", source=self.source)
        async with self._unit.begin() as tx:
            await inbox.start_again(tx, self.source)
        self._cursor = None
        self._status.update(position=0, lag=None)
