"""Sending an answer that goes on, for as long as somebody listens."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.types import Receive, Send


async def send_stream(stream: AsyncGenerator[bytes], receive: Receive, send: Send) -> None:
    """Send every piece as it comes; stop as soon as the client has gone."""
    sending = asyncio.create_task(_sent(stream, send))
    leaving = asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sending, leaving):
            task.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)


async def _sent(stream: AsyncGenerator[bytes], send: Send) -> None:
    async with aclosing(stream):
        async for piece in stream:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
