"""Server-sent events: an answer that goes on while something happens."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import StreamingResponse

from kit.health import Health

EVENT_STREAM: Final = "text/event-stream"
_RETRY_MS: Final = 1000
_SILENCE_S: Final = 10.0
_LONGEST_S: Final = 900.0


@dataclass(frozen=True, slots=True)
class Event:
    """One event: an id by which a reader goes on where it was, a kind, and one line of data."""

    id: str
    kind: str
    data: bytes

    @property
    def wire(self) -> bytes:
        """The event as the specification of server-sent events writes it."""
        head = f"id: {self.id}\nevent: {self.kind}\ndata: ".encode()
        return head + self.data + b"\n\n"


class EventStream(StreamingResponse):
    """Sends events as they come; the time allowed for a request does not end it.

    The source gives None where nothing has happened: then a comment is sent now and again, so
    that nobody on the way takes the connection for dead. The stream ends with its source, after a
    quarter of an hour, and when the process is about to stop; the reader connects again.
    """

    media_type = EVENT_STREAM

    def __init__(self, request: Request, events: AsyncIterator[Event | None]) -> None:
        deadline = request.scope["state"].get("deadline")
        if deadline is not None:
            deadline.reschedule(None)
        health = request.state.process.health
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(_lines(events, health), headers=headers)


async def _lines(events: AsyncIterator[Event | None], health: Health) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    until, spoken = loop.time() + _LONGEST_S, loop.time()
    yield f"retry: {_RETRY_MS}\n\n".encode()
    async for event in events:
        now = loop.time()
        if event is not None:
            yield event.wire
            spoken = now
        elif now - spoken > _SILENCE_S:
            yield b": still here\n\n"
            spoken = now
        if health.draining or now > until:
            return
