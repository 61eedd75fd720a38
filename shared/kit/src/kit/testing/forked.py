"""Processes of their own for tests that kill them.

They are forked from one process that has imported the kit once: starting an interpreter and
importing everything again for each would take a second of processor time.
"""

import asyncio
import multiprocessing
from collections.abc import Callable, Coroutine
from typing import Any

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["kit.service", "kit.db.migrations", "kit.feed.run"])
Main = Callable[..., Coroutine[Any, Any, None]]


def _run(main: Main, arguments: tuple[object, ...]) -> None:
    asyncio.run(main(*arguments))


class Forked:
    """A process that runs a coroutine; `main` is a function that can be imported by its name."""

    def __init__(self, main: Main, *arguments: object) -> None:
        self._process = _CONTEXT.Process(target=_run, args=(main, arguments), daemon=True)

    async def start(self) -> "Forked":
        """Return when the process is there; the first one waits for what all are forked from."""
        await asyncio.to_thread(self._process.start)
        return self

    def kill(self) -> None:
        """End it without warning, unless it has ended."""
        self._process.kill()

    def alive(self) -> bool:
        """Say whether it still runs."""
        return self._process.is_alive()

    async def wait(self) -> int | None:
        """Return its exit code: negative for the signal that has killed it."""
        await asyncio.to_thread(self._process.join)
        return self._process.exitcode
