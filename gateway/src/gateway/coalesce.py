"""One fetch for everybody who asks the same at the same time, and never a stale one.

A request waits only for a fetch that starts after the request arrived; everyone waiting for
that fetch shares it. While one fetch runs, the next is gathering those who come meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_PATIENCE_S: Final = 0.1


@dataclass(eq=False, slots=True)
class _Batch(Generic[T]):
    """Those who wait for one fetch."""

    task: asyncio.Task[T] | None = field(default=None)
    waiting: int = 0


class Coalescer(Generic[T]):
    """Shares fetches by key; the key must tell apart everyone who may see something different."""

    def __init__(self) -> None:
        self._open: dict[Hashable, _Batch[T]] = {}
        self._running: dict[Hashable, asyncio.Task[T]] = {}

    async def join(self, key: Hashable, fetch: Callable[[], Awaitable[T]]) -> T:
        """Return the result of a fetch that started after this call; raise what it raised.

        A fetch belongs to nobody who waits: one who leaves does not stop it for the others, but
        when the last one leaves, it is cancelled.
        """
        batch = self._open.get(key)
        if batch is None or batch.task is None:
            batch = self._open[key] = _Batch()
            batch.task = asyncio.create_task(self._run(key, batch, fetch))
        task = batch.task
        if task is None:
            raise AssertionError("a batch has a task from the moment it can be joined")
        batch.waiting += 1
        try:
            return await asyncio.shield(task)
        finally:
            batch.waiting -= 1
            if batch.waiting == 0 and not task.done():
                self._close(key, batch)
                task.cancel()

    async def _run(self, key: Hashable, batch: _Batch[T], fetch: Callable[[], Awaitable[T]]) -> T:
        before = self._running.get(key)
        if before is not None:
            await asyncio.wait({before}, timeout=_PATIENCE_S)
        self._close(key, batch)
        current = asyncio.current_task()
        if current is not None:
            self._running[key] = current
        try:
            return await fetch()
        finally:
            if self._running.get(key) is current:
                del self._running[key]

    def _close(self, key: Hashable, batch: _Batch[T]) -> None:
        """Nobody joins this batch any more."""
        if self._open.get(key) is batch:
            del self._open[key]
