"""Every call to a neighbour has a deadline, a bulkhead, a size cap, one retry and a breaker."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from aiohttp import web

from kit.breaker import Breaker
from kit.errors import Kind, TimedOut, Unavailable
from kit.http import Answer, BrokenAnswer, Deadline, RemoteError, Upstream, refuse

Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def neighbour(handle: Handle, **limits: int) -> AsyncIterator[Upstream]:
    """A real server on a real socket, and the policy in front of it."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    upstream = Upstream("training", f"http://127.0.0.1:{port}", **limits)
    try:
        yield upstream
    finally:
        await upstream.close()
        await runner.cleanup()


async def get(upstream: Upstream, target: str = "/x", *, seconds: float = 2.0) -> Answer:
    return await upstream.send("GET", target, headers={}, deadline=Deadline.after(seconds))


def scripted(*statuses: int) -> tuple[list[web.Request], Handle]:
    """Answer with these statuses, the last one for ever; remember what was asked."""
    asked: list[web.Request] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request)
        return web.Response(status=statuses[min(len(asked), len(statuses)) - 1], text="ok")

    return asked, handle


async def drop(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def test_send_when_answered_then_target_and_deadline_arrive_as_given() -> None:
    asked, handle = scripted(200)
    async with neighbour(handle) as upstream:
        answer = await get(upstream, "/a%2Fb?x=%C3%A9&x=1")
    assert (answer.status, answer.body) == (200, b"ok")
    assert asked[0].raw_path == "/a%2Fb?x=%C3%A9&x=1"
    assert 1500 < int(asked[0].headers["Entente-Timeout-Ms"]) <= 1980


async def test_send_when_less_than_100_ms_left_then_nobody_is_asked() -> None:
    asked, handle = scripted(200)
    async with neighbour(handle) as upstream:
        with pytest.raises(TimedOut):
            await get(upstream, seconds=0.05)
    assert not asked


async def test_send_when_neighbour_hangs_then_timed_out_at_the_deadline() -> None:
    async def hang(_: web.Request) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    async with neighbour(hang) as upstream:
        loop = asyncio.get_running_loop()
        started = loop.time()
        with pytest.raises(TimedOut):
            await get(upstream, seconds=0.2)
    assert loop.time() - started < 1


async def test_send_when_nobody_listens_then_unavailable() -> None:
    upstream = Upstream("training", "http://127.0.0.1:1")
    with pytest.raises(Unavailable) as refused:
        await get(upstream)
    assert refused.value.facts["service"] == "training"
    await upstream.close()


@pytest.mark.parametrize("length", [None, 2_000])
async def test_send_when_answer_too_large_then_broken(length: int | None) -> None:
    async def large(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_length = length
        await response.prepare(request)
        await response.write(b"x" * 2_000)
        return response

    async with neighbour(large, max_bytes=1_000) as upstream:
        with pytest.raises(BrokenAnswer):
            await get(upstream)


async def test_send_when_answer_cut_off_then_broken() -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"half":')
        return await drop(request)

    async with neighbour(cut) as upstream:
        with pytest.raises(BrokenAnswer):
            await get(upstream)


async def test_send_when_redirected_then_broken_and_not_followed() -> None:
    asked, handle = scripted(302)
    async with neighbour(handle) as upstream:
        with pytest.raises(BrokenAnswer):
            await get(upstream)
    assert len(asked) == 1


@pytest.mark.parametrize("first", [502, 503, 504])
async def test_get_when_neighbour_passes_a_bad_moment_then_asked_once_more(first: int) -> None:
    asked, handle = scripted(first, 200)
    async with neighbour(handle) as upstream:
        assert (await get(upstream)).status == 200
    assert len(asked) == 2


async def test_get_when_503_twice_then_that_answer_is_returned() -> None:
    asked, handle = scripted(503)
    async with neighbour(handle) as upstream:
        assert (await get(upstream)).status == 503
    assert len(asked) == 2


@pytest.mark.parametrize("status", [500, 429, 409])
async def test_get_when_refused_then_never_asked_again(status: int) -> None:
    asked, handle = scripted(status, 200)
    async with neighbour(handle) as upstream:
        assert (await get(upstream)).status == status
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("method", "headers", "times"),
    [("POST", {}, 1), ("DELETE", {}, 1), ("PUT", {}, 1), ("POST", {"Idempotency-Key": "k"}, 2)],
)
async def test_write_when_connection_drops_then_repeated_only_with_key(
    method: str, headers: dict[str, str], times: int
) -> None:
    asked: list[str] = []

    async def answer_then_drop(request: web.Request) -> web.StreamResponse:
        if request.path == "/warm":
            return web.Response()
        asked.append(request.method)
        return await drop(request)

    async with neighbour(answer_then_drop) as upstream:
        await get(upstream, "/warm")
        with pytest.raises(Unavailable):
            await upstream.send(
                method, "/x", headers=headers, body=b"{}", deadline=Deadline.after(2)
            )
    assert len(asked) == times


async def test_get_when_all_fail_then_retries_stay_within_a_fifth_and_breaker_opens() -> None:
    asked, handle = scripted(503)
    async with neighbour(handle) as upstream:
        outcomes = []
        for _ in range(100):
            try:
                outcomes.append((await get(upstream)).status)
            except Unavailable as refused:
                outcomes.append(refused.facts["retry_after_s"])
    assert len(asked) <= 10
    assert outcomes.count(503) == 5


async def test_breaker_when_open_then_one_probe_decides() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(5):
        assert breaker.refused_for() == 0
        breaker.failed()
    assert breaker.refused_for() == 5
    now[0] = 5.0
    assert [breaker.refused_for(), breaker.refused_for()] == [0, 1]
    breaker.failed()
    assert breaker.refused_for() == 5
    now[0] = 10.0
    assert breaker.refused_for() == 0
    breaker.succeeded()
    assert not breaker.is_open


async def test_breaker_when_half_of_twenty_fail_then_open() -> None:
    breaker = Breaker(lambda: 0.0)
    for _ in range(10):
        breaker.succeeded()
        breaker.failed()
    assert breaker.is_open


async def test_breaker_when_probe_is_abandoned_then_the_next_call_probes() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(5):
        breaker.failed()
    now[0] = 6.0
    assert breaker.refused_for() == 0
    breaker.abandoned()
    assert breaker.refused_for() == 0


async def test_bulkhead_when_full_then_unavailable_after_100_ms_and_free_again_later() -> None:
    release = asyncio.Event()

    async def wait(_: web.Request) -> web.Response:
        await release.wait()
        return web.Response(text="ok")

    async with neighbour(wait, limit=1) as upstream:
        first = asyncio.create_task(get(upstream))
        await asyncio.sleep(0.05)
        with pytest.raises(Unavailable):
            await get(upstream)
        release.set()
        assert (await first).status == 200
        assert (await get(upstream)).status == 200


async def test_upstream_when_200_calls_are_cancelled_then_all_later_calls_succeed() -> None:
    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(0.3 if request.path == "/slow" else 0)
        return web.Response(text="ok")

    async with neighbour(slow) as upstream:
        calls = [asyncio.create_task(get(upstream, "/slow")) for _ in range(200)]
        await asyncio.sleep(0.08)
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        answers = await asyncio.gather(*(get(upstream) for _ in range(20)))
    assert [answer.status for answer in answers] == [200] * 20


async def test_client_when_used_then_same_policy_applies() -> None:
    asked, handle = scripted(503, 200)
    async with neighbour(handle) as upstream, upstream.client() as client:
        response = await client.get("/v1/x", params={"a": "b"})
    assert response.status_code == 200
    assert response.text == "ok"
    assert asked[0].raw_path == "/v1/x?a=b"
    assert "Entente-Timeout-Ms" in asked[0].headers


async def test_client_when_nobody_listens_then_no_httpx_error_escapes() -> None:
    upstream = Upstream("training", "http://127.0.0.1:1")
    async with upstream.client() as client:
        with pytest.raises(Unavailable):
            await client.post("/v1/x", json={})
    await upstream.close()


async def test_client_when_answer_cut_off_then_broken() -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"half":')
        return await drop(request)

    async with neighbour(cut) as upstream, upstream.client() as client:
        with pytest.raises(BrokenAnswer):
            await client.get("/x")


async def test_send_when_application_is_in_process_then_no_socket_is_needed() -> None:
    def app(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"path": request.url.raw_path.decode()})

    upstream = Upstream("training", "http://training", transport=httpx.MockTransport(app))
    answer = await get(upstream, "/v1/x?y=%20")
    assert json.loads(answer.body) == {"path": "/v1/x?y=%20"}


def test_refuse_when_neighbour_gave_a_problem_then_its_kind_and_code_are_kept() -> None:
    problem = {"code": "training.event_full", "detail": "no seat"}
    with pytest.raises(RemoteError) as raised:
        refuse("training", httpx.Response(409, json=problem))
    assert raised.value.refused_as is Kind.CONFLICT
    assert (raised.value.service, raised.value.refusal) == ("training", "training.event_full")


def test_refuse_when_neighbour_gave_no_problem_then_still_a_remote_error() -> None:
    with pytest.raises(RemoteError) as raised:
        refuse("training", httpx.Response(500, text="oops"))
    assert raised.value.refusal == "kit.unexpected"
    refuse("training", httpx.Response(200))
