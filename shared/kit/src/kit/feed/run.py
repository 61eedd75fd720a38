"""Loops of a worker: they never die silently, and stop at once when told to."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog

CAP_S: Final = 5.0
_FIRST_S: Final = 0.1
_log = structlog.get_logger()
Loop = Callable[[], Coroutine[Any, Any, None]]


def back_off(failures: int) -> float:
    """Return seconds to wait after so many failures in a row: full jitter, at most 5."""
    return random.uniform(0, min(CAP_S, _FIRST_S * 2 ** min(failures, 10)))  # noqa: S311


@asynccontextmanager
async def keep_running(loops: Sequence[Loop]) -> AsyncIterator[None]:
    """Run loops beside the block; one that ends or fails is logged and started again."""
    tasks = [asyncio.create_task(_again_and_again(loop)) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _again_and_again(loop: Loop) -> None:
    failures = 0
    while True:
        started = time.monotonic()
        try:
            await loop()
        except Exception:
            _log.exception("loop_failed", part=getattr(loop, "__qualname__", ""))
        failures = 0 if time.monotonic() - started > CAP_S else failures + 1
        await asyncio.sleep(back_off(failures))
