"""Commands that are sent again while the service is busy, as every client does.

Tests of races count outcomes; how busy the machine is must not change them.
"""

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from kit.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")


async def served(command: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what the command returns, however often it was refused for want of a connection."""
    while True:
        try:
            return await command(*args, **kwargs)
        except Unavailable:  # nothing was written: every connection or lock was taken
            continue
