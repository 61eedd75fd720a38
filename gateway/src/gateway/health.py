"""Health of the whole: every part UP or DOWN; details only for those who operate Entente."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

from gateway.backends import Backend
from gateway.exchange import Ask, Reply
from gateway.troubles import parts_of, troubles_of
from kit.errors import TimedOut, Unavailable
from kit.health import PING_S
from kit.http import Deadline

OPS: Final = "ops:health"
_PATIENCE_S: Final = 2 * PING_S  # a service waits that long itself for what it depends on
_FRESH_S: Final = 1.0
_OK: Final = 200


class Health:
    """Asks every service how it is, at most once a second for everyone."""

    def __init__(self, backends: Mapping[str, Backend]) -> None:
        self._backends = backends
        self._said: dict[str, Mapping[str, Any]] = {}
        self._until = 0.0
        self._asking = asyncio.Lock()
        self.draining = False

    async def livez(self, ask: Ask) -> Reply:
        """Answer as long as the process can answer anything."""
        ask.query(())
        return Reply.json(b'{"status":"UP"}')

    async def readyz(self, ask: Ask) -> Reply:
        """Answer 200 unless the process is about to stop; services may be down (they are named)."""
        ask.query(())
        if self.draining:
            return Reply.json(b'{"status":"DOWN"}', status=503)
        return Reply.json(b'{"status":"UP"}')

    async def health(self, ask: Ask) -> Reply:
        """Tell UP, DEGRADED or DOWN; what is wrong, and where, only to callers with ops:health."""
        ask.query(())
        said = await self._ask_all()
        up = any(each.get("status") == "UP" for each in said.values())
        troubles = troubles_of(said)
        status = "DOWN" if not up else "DEGRADED" if troubles else "UP"
        shown: dict[str, object] = {"status": status}
        if ask.known is not None and OPS in ask.known.scopes:
            shown["parts"] = {"gateway": "UP", **parts_of(said)}
            shown["troubles"] = troubles
        return Reply.json(json.dumps(shown).encode(), status=200 if up else 503)

    async def _ask_all(self) -> Mapping[str, Mapping[str, Any]]:
        async with self._asking:
            now = asyncio.get_running_loop().time()
            if now >= self._until:
                answers = await asyncio.gather(*(_said(each) for each in self._backends.values()))
                self._said = dict(zip(self._backends, answers, strict=True))
                self._until = now + _FRESH_S
        return self._said


async def _said(backend: Backend) -> Mapping[str, Any]:
    """Return what a service says of itself at /readyz, or nothing where it does not answer."""
    try:
        answer = await backend.pings.send(
            "GET", "/readyz", headers={}, deadline=Deadline.after(_PATIENCE_S)
        )
        found = json.loads(answer.body)
    except (Unavailable, TimedOut, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return found | {"status": "UP" if answer.status == _OK else "DOWN"}
