"""Health: the process answers (/livez); it can do its work (/readyz)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from kit.errors import DomainError

Ping = Callable[[], Awaitable[None]]
Detail = Callable[[], Mapping[str, Any]]
Look = Callable[[], Awaitable[Mapping[str, Any]]]
PING_S = 1.0
_log = structlog.get_logger()


async def _nothing() -> Mapping[str, Any]:
    return {}


@dataclass
class Health:
    """What readiness depends on. A ping is registered where its resource is made.

    `look` and `details` tell how the work behind the answers goes; they decide nothing here.
    """

    pings: dict[str, Ping] = field(default_factory=dict)
    look: Look = _nothing
    details: dict[str, Detail] = field(default_factory=dict)
    draining: bool = False

    async def ready(self) -> tuple[bool, dict[str, Any]]:
        """Ask every resource at once, a second each; return the verdict and each answer."""
        pings = [_asked(ping, "ping_failed") for ping in self.pings.values()]
        (_, found), *answers = await asyncio.gather(_asked(self.look, "look_failed"), *pings)
        answered = dict(zip(self.pings, (answer[0] for answer in answers), strict=True))
        parts = {name: "UP" if up else "DOWN" for name, up in answered.items()}
        ready = all(answered.values()) and not self.draining
        shown = {n: {**detail(), **found.get(n, {})} for n, detail in self.details.items()}
        return ready, {"status": "UP" if ready else "DOWN", "parts": parts, **found, **shown}


async def _asked(ask: Ping | Look, failed: str) -> tuple[bool, Mapping[str, Any]]:
    """Return whether there was an answer within a second, and what it tells."""
    try:
        async with asyncio.timeout(PING_S):
            return True, await ask() or {}
    except (TimeoutError, OSError, DomainError):
        return False, {}
    except Exception:
        _log.exception(failed)
        return False, {}
