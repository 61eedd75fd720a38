"""The three services behind the gateway, each with its limits."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from gateway.config import SERVICES, Config
from kit.http import Upstream
from kit.http_stream import StreamingUpstream


@dataclass(frozen=True, slots=True)
class Backend:
    """One service: `reads`, `writes`, `waits` for long polls and streams, `pings` for health.

    Each has its own bulkhead, so that waiting partners do not take the place of working ones, and
    its own circuit breaker, so that a database that takes no writes is still read.
    """

    name: str
    reads: Upstream
    writes: Upstream
    waits: StreamingUpstream
    pings: Upstream

    async def close(self) -> None:
        """Close every connection to the service."""
        for upstream in (self.reads, self.writes, self.waits, self.pings):
            await upstream.close()


def open_backends(
    config: Config, transports: Mapping[str, httpx.AsyncBaseTransport] | None = None
) -> dict[str, Backend]:
    """Return the services by name; `transports` replaces sockets for in-process services."""
    inside = transports or {}
    return {name: _backend(name, config.url_of(name), inside.get(name)) for name in SERVICES}


def _backend(name: str, url: str, transport: httpx.AsyncBaseTransport | None) -> Backend:
    return Backend(
        name,
        reads=Upstream(name, url, limit=32, transport=transport),
        writes=Upstream(name, url, limit=32, transport=transport),
        waits=StreamingUpstream(name, url, limit=128, transport=transport),
        pings=_pings(name, url, transport),
    )


def _pings(name: str, url: str, transport: httpx.AsyncBaseTransport | None) -> Upstream:
    """Return who asks a service how it is: 503 with the reason is what it wants to hear."""
    none = frozenset[int]()
    return Upstream(name, url, limit=4, max_bytes=64 * 1024, passing=none, transport=transport)
