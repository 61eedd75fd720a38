"""A read by id inside one process, without sockets: bare asyncpg, then the whole service."""

import asyncio
import importlib
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from figures import Figure, median, ratio
from stack import OFFICER, CannotMeasure, Stack

from kit import log
from kit.auth import TokenSigner
from kit.clock import SystemClock
from kit.service import Service

_ROUNDS = 5
_SECONDS = 0.5
_BARE = "SELECT id, code, title, version FROM programme WHERE code = $1"
_CODE = "NO-COMP"
Ask = Callable[[], Awaitable[None]]


def read_figures(stack: Stack) -> Iterator[Figure]:
    """A programme by its code: the service's share of the time, with and without its door."""
    os.environ.update(stack.settings("PROGRAMMES_"))
    key_file = stack.setting("GATEWAY_KEY_FILE")
    signer = TokenSigner.from_file(Path(key_file))
    token = signer.sign(OFFICER, audience="programmes", now=SystemClock().now())
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        log.configure("programmes")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            try:
                rounds = runner.run(_measured(token))
            except RuntimeError as error:
                raise CannotMeasure(f"programmes does not start in one process: {error}") from error
    for name, found in rounds.items():
        yield Figure(f"{name}, one process, one at a time", median(found, "rate"), "/s")
    share = ratio(rounds["service read"], rounds["bare asyncpg"], "rate")
    yield Figure("service read by id : bare asyncpg", share, "x")


async def _measured(token: str) -> dict[str, list[dict[str, float]]]:
    main = importlib.import_module("programmes.main")
    service = next(thing for thing in vars(main).values() if isinstance(thing, Service))
    config = service.config.load()
    app = service.app(config)
    bare = await asyncpg.connect(config.database_url)
    try:
        async with app.router.lifespan_context(app):
            asked: dict[str, Ask] = {
                "bare asyncpg": lambda: _row(bare),
                "service read": lambda: _answer(app, token),
            }
            found: dict[str, list[dict[str, float]]] = {name: [] for name in asked}
            for _ in range(_ROUNDS):
                for name, ask in asked.items():
                    found[name].append({"rate": await _rate(ask)})
            return found
    finally:
        await bare.close()


async def _rate(ask: Ask) -> float:
    done = 0
    started = time.perf_counter()
    while time.perf_counter() - started < _SECONDS:
        await ask()
        done += 1
    return done / (time.perf_counter() - started)


async def _row(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    if await connection.fetchrow(_BARE, _CODE) is None:
        raise CannotMeasure(f"{_CODE} is not loaded")


async def _answer(app: Any, token: str) -> None:
    """Call the application as a server would."""
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    path = f"/v1/programmes/{_CODE}"
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "server": ("127.0.0.1", 1), "client": ("127.0.0.1", 2), "state": {},
        "headers": [(b"host", b"bench"), (b"authorization", f"Bearer {token}".encode())],
    }  # fmt: skip
    await app(scope, receive, send)
    if statuses != [200]:
        raise CannotMeasure(f"{path} answered {statuses}")
