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


@dataclass
class Health:
    """What readiness depends on. A ping is registered where its resource is made.

    `look` and `details` tell how the work behind the answers goes; they decide nothing here.
    """

    pings: dict[str, Ping] = field(default_factory=dict)
    look: Look | None = None
    details: dict[str, Detail] = field(default_factory=dict)
    draining: bool = False

    async def ready(self) -> tuple[bool, dict[str, Any]]:
        """Ask every resource at once, a second each; return the verdict and each answer."""
        names = list(self.pings)
        found, *answers = await asyncio.gather(
            _found(self.look), *(_answer(self.pings[name]) for name in names)
        )
        parts: dict[str, Any] = {
            name: "UP" if answer else "DOWN" for name, answer in zip(names, answers, strict=True)
        }
        ready = all(answers) and not self.draining
        shown = {name: dict(detail()) for name, detail in self.details.items()}
        return ready, {"status": "UP" if ready else "DOWN", "parts": parts, **found, **shown}


async def _answer(ping: Ping) -> bool:
    try:
        async with asyncio.timeout(PING_S):
            await ping()
    except (TimeoutError, OSError, DomainError):
        return False
    except Exception:
        _log.exception("ping_failed")
        return False
    return True


async def _found(look: Look | None) -> Mapping[str, Any]:
    """Return what the look sees; nothing where it fails, for it is the pings that decide."""
    if look is None:
        return {}
    try:
        async with asyncio.timeout(PING_S):
            return await look()
    except (TimeoutError, OSError, DomainError):
        return {}
    except Exception:
        _log.exception("look_failed")
        return {}
