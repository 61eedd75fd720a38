"""Streams of events pass as they come, end with either side, and count as long as they last."""

import asyncio

import pytest
import uvicorn
from aiohttp import ClientSession, web

from .stage import Stage, assert_problem

EVENTS = "/api/v1/jobs/01980000-0000-7000-8000-000000000000/events"
HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}


class Source:
    """A service that sends what it is told to, when it is told to, and notices who leaves."""

    def __init__(self) -> None:
        self.said: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.left = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=HEADERS)
        await response.prepare(request)
        try:
            while (piece := await self.said.get()) is not None:
                await response.write(piece)
            await response.write_eof()
        except (asyncio.CancelledError, ConnectionError):
            self.left.set()
            raise
        return response


@pytest.fixture
def source(stage: Stage) -> Source:
    source = Source()
    stage.neighbours["training"].handle_with = source.handle
    return source


@pytest.fixture
async def url(stage: Stage):
    """The gateway behind a real server: a stream is nothing in one piece."""
    config = uvicorn.Config(stage.app, port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    for _ in range(1000):
        if server.started:
            break
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}{EVENTS}"
    server.should_exit = server.force_exit = True
    await serving


async def test_stream_when_passed_then_each_piece_comes_before_the_next_is_sent(
    stage: Stage, source: Source, url: str
) -> None:
    source.said.put_nowait(b": begins\n\n")
    headers = stage.headers(**{"Last-Event-ID": "7"})
    async with ClientSession() as session, session.get(url, headers=headers) as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/event-stream"
        assert "Content-Length" not in response.headers
        assert await response.content.readany() == b": begins\n\n"
        source.said.put_nowait(b"data: 1\n\n")
        assert await response.content.readany() == b"data: 1\n\n"
        source.said.put_nowait(None)
        assert await response.content.read() == b""
    assert stage.neighbours["training"].seen[0].headers["Last-Event-ID"] == "7"


async def test_stream_when_the_client_leaves_then_the_service_is_left_too(
    stage: Stage, source: Source, url: str
) -> None:
    source.said.put_nowait(b": begins\n\n")
    async with ClientSession() as session:
        response = await session.get(url, headers=stage.headers())
        await response.content.readany()
        response.close()
    for _ in range(200):
        source.said.put_nowait(b": more\n\n")
        await asyncio.sleep(0.02)
        if source.left.is_set():
            break
    assert source.left.is_set()


async def test_stream_when_refused_or_over_then_passes_like_any_answer(stage: Stage) -> None:
    training = stage.neighbours["training"]
    training.behaviour = "404"
    assert_problem(await stage.get(EVENTS), 404)
    training.answer = lambda _: web.Response(status=204)
    over = await stage.get(EVENTS)
    assert (over.status_code, over.content) == (204, b"")
    training.answer = lambda _: web.Response(headers=HEADERS, body=b"data: 1\n\n")
    whole = await stage.get(EVENTS)
    assert (whole.status_code, whole.content) == (200, b"data: 1\n\n")
    head = await stage.client.head(EVENTS, headers=stage.headers())
    assert (head.status_code, head.content) == (200, b"")
    training.answer, training.behaviour = None, "500"
    assert_problem(await stage.get(EVENTS), 502)


async def test_stream_when_nobody_answers_then_is_unavailable(stage: Stage) -> None:
    stage.neighbours["training"].delay = 1
    refused = await stage.get(EVENTS, **{"Entente-Timeout-Ms": "150"})
    assert_problem(refused, 504)
