"""Streams are passed through as they come: nothing is gathered, nothing is decoded."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from gateway.auth.inward import InwardTokens
from gateway.backends import Backend
from gateway.errors import BackendBroken, backend_error
from gateway.exchange import Ask, Reply
from gateway.passthrough import inward_headers, passed_back, target
from gateway.rows import Row
from kit.clock import Clock
from kit.errors import TimedOut, Unavailable
from kit.http import Answer
from kit.http_stream import Streamed

_MOST_BYTES: Final = 64 * 1024
_EVENTS: Final = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Listening:
    """Carries one stream of events from its service to the client."""

    row: Row
    backend: Backend
    inward: InwardTokens
    clock: Clock

    async def __call__(self, ask: Ask) -> Reply:
        """Ask the service; what is no stream (a refusal, 204) passes like any other answer."""
        service = self.row.service
        async with AsyncExitStack() as stack:
            headers = inward_headers(ask, ask.caller, self.inward, service, self.clock)
            listening = self.backend.waits.stream(
                target(ask), headers=headers, deadline=ask.deadline
            )
            try:
                streamed = await stack.enter_async_context(listening)
            except (Unavailable, TimedOut) as error:
                raise backend_error(service, error) from error
            goes_on = streamed.headers.get("Content-Type", "").startswith(_EVENTS)
            if streamed.status != HTTPStatus.OK or not goes_on:
                body = await _whole(streamed, service)
                return passed_back(service, Answer(streamed.status, streamed.headers, body))
            reply = passed_back(service, Answer(streamed.status, streamed.headers, b""))
            if ask.scope["method"] != "HEAD":
                reply.stream = _until_closed(streamed.chunks, stack.pop_all())
            return reply


async def _whole(streamed: Streamed, service: str) -> bytes:
    body = bytearray()
    async for chunk in streamed.chunks:
        body += chunk
        if len(body) > _MOST_BYTES:
            raise BackendBroken("a part gave too long an answer", service=service)
    return bytes(body)


async def _until_closed(
    chunks: AsyncIterator[bytes], stack: AsyncExitStack
) -> AsyncGenerator[bytes]:
    async with stack:
        async for chunk in chunks:
            yield chunk
