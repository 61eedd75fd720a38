"""The token by which services know the caller: minted again for each service (GW-10)."""

from datetime import datetime
from typing import Final

from kit.auth import Caller, TokenSigner

_REUSED_S: Final = 30
_CACHE_SIZE: Final = 4096


class InwardTokens:
    """Mints inward tokens; one is used for half of its 60 seconds, so it never arrives late."""

    def __init__(self, signer: TokenSigner) -> None:
        self._signer = signer
        self._known: dict[tuple[str, Caller], tuple[float, str]] = {}

    def bearer(self, caller: Caller, service: str, now: datetime) -> str:
        """Return the Authorization header by which `service` knows `caller`."""
        instant = now.timestamp()
        known = self._known.get((service, caller))
        if known is not None and known[0] > instant:
            return known[1]
        value = f"Bearer {self._signer.sign(caller, audience=service, now=now)}"
        if len(self._known) >= _CACHE_SIZE:
            self._known.clear()
        self._known[service, caller] = (instant + _REUSED_S, value)
        return value
