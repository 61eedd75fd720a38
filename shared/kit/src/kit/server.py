"""The HTTP server of a process: uvicorn, told to finish what it began before it ends."""

import asyncio
from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI
from typing_extensions import override

DRAIN_S: Final = 20


class DrainingServer(uvicorn.Server):
    """Stops in order: not ready any more, then no new connections, then the last answers."""

    def __init__(self, config: uvicorn.Config, *, draining: Callable[[], None]) -> None:
        super().__init__(config)
        self._draining = draining
        self._loop: asyncio.AbstractEventLoop | None = None

    @override
    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)  # type: ignore[arg-type]

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._draining)
        super().handle_exit(sig, frame)


def serve(app: FastAPI, *, host: str, port: int, draining: Callable[[], None]) -> None:
    """Serve until told to stop; `draining` is called once when that begins."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN_S,
    )
    DrainingServer(config, draining=draining).run()
