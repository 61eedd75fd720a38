"""Health of the whole: every part UP or DOWN; details only for those who operate Entente."""

import asyncio
import json
from collections.abc import Mapping
from typing import Final

from gateway.backends import Backend
from gateway.exchange import Ask, Reply

OPS: Final = "ops:health"
_PING_S: Final = 1.0
_FRESH_S: Final = 1.0


class Health:
    """Asks every service whether it is ready, at most once a second for everyone."""

    def __init__(self, backends: Mapping[str, Backend]) -> None:
        self._backends = backends
        self._parts: dict[str, bool] = {}
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
        """Tell UP, DEGRADED or DOWN; which part it is only to callers with ops:health."""
        ask.query(())
        parts = await self._ask_parts()
        up = sum(parts.values())
        status = "UP" if up == len(parts) else "DEGRADED" if up else "DOWN"
        shown: dict[str, object] = {"status": status}
        if ask.known is not None and OPS in ask.known.scopes:
            shown["parts"] = {"gateway": "UP", **{n: _word(ok) for n, ok in parts.items()}}
        return Reply.json(json.dumps(shown).encode(), status=200 if up else 503)

    async def _ask_parts(self) -> dict[str, bool]:
        async with self._asking:
            now = asyncio.get_running_loop().time()
            if now >= self._until:
                names = list(self._backends)
                pings = (self._backends[n].pings.answers("/readyz", within=_PING_S) for n in names)
                self._parts = dict(zip(names, await asyncio.gather(*pings), strict=True))
                self._until = now + _FRESH_S
        return self._parts


def _word(up: bool) -> str:  # noqa: FBT001  a table of two words
    return "UP" if up else "DOWN"
