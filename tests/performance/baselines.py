"""What the gateway is compared with: a bare answer from memory, and the plain way to a view.

`python baselines.py hello 9001` or `plain` or `plain-aiohttp`. The plain way is what one writes
first: httpx as it comes, asyncio.gather, decode the parts, return a model, let FastAPI encode it.
It is spared the checking of tokens and knows its caller. `plain-aiohttp` differs in the transport
under httpx only. Parts and the key for inward tokens come from BENCH_PARTS and BENCH_KEY_FILE.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response
from httpx_aiohttp import AiohttpTransport
from pydantic import BaseModel
from stack import OFFICER

from kit.auth import TokenSigner
from kit.clock import SystemClock


class View(BaseModel):
    """The combined view as a response model."""

    programme: dict[str, Any]
    training: dict[str, Any]
    participants: dict[str, Any]
    complete: bool
    unavailable: list[str]


class Tokens:
    """Inward tokens for the parts, minted anew twice a minute."""

    def __init__(self, key_file: Path) -> None:
        self._signer = TokenSigner.from_file(key_file)
        self._made: dict[str, tuple[float, str]] = {}

    def for_service(self, service: str) -> str:
        at, token = self._made.get(service, (0.0, ""))
        if time.monotonic() - at > 30:
            token = self._signer.sign(OFFICER, audience=service, now=SystemClock().now())
            self._made[service] = (time.monotonic(), token)
        return token


def hello() -> FastAPI:
    """A route that returns ready bytes."""
    app = FastAPI()

    @app.get("/")
    async def answer() -> Response:
        return Response(b'{"status":"UP"}', media_type="application/json")

    return app


def plain(transport: httpx.AsyncBaseTransport | None) -> FastAPI:
    """The view, written the plain way."""
    parts: dict[str, str] = json.loads(os.environ["BENCH_PARTS"])
    tokens = Tokens(Path(os.environ["BENCH_KEY_FILE"]))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with httpx.AsyncClient(transport=transport) as client:
            app.state.client = client
            yield

    app = FastAPI(lifespan=lifespan)

    async def part(client: httpx.AsyncClient, service: str, url: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {tokens.for_service(service)}"}
        try:
            response = await client.get(url, headers=headers)
        except (httpx.RemoteProtocolError, httpx.ReadError):
            # httpx may reuse a connection that the server is just closing for being idle: its
            # users see that as an error; here it would end the bench.
            response = await client.get(url, headers=headers)
        response.raise_for_status()
        return response.json()

    @app.get("/views/programmes/{code}")
    async def view(code: str, request: Request) -> View:
        client = request.app.state.client
        asked = (part(client, name, url.replace("{code}", code)) for name, url in parts.items())
        found = dict(zip(parts, await asyncio.gather(*asked), strict=True))
        return View(
            programme=found["programmes"],
            training=found["training"],
            participants=found["participants"],
            complete=True,
            unavailable=[],
        )

    return app


def _made(kind: str) -> FastAPI:
    if kind == "hello":
        return hello()
    return plain(AiohttpTransport() if kind == "plain-aiohttp" else None)


if __name__ == "__main__":
    uvicorn.run(
        _made(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), access_log=False,
        log_level="warning",
    )  # fmt: skip
