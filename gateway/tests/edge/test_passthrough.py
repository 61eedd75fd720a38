"""What is in the table passes unchanged; what a client invents about itself does not."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from .stage import Stage, assert_dressed, assert_problem, staged

READ = "/api/v1/programmes/NO-COMP"
CONFIRM = "/api/v1/nominations/01980000-0000-7000-8000-000000000000/confirmation"


async def test_read_when_passed_then_bytes_path_and_query_are_untouched(stage: Stage) -> None:
    response = await stage.get(f"{READ}?a=%C5%82&a=2&b=x%2Fy+z")
    assert response.content == b'{"from": "programmes"}'
    assert response.headers["etag"] == '"programmes1"'
    seen = stage.neighbours["programmes"].seen[0]
    assert seen.raw_path == "/v1/programmes/NO-COMP?a=%C5%82&a=2&b=x%2Fy+z"
    assert_dressed(response)
    assert "x-internal" not in response.headers


async def test_write_when_passed_then_body_is_not_parsed_and_key_and_deadline_arrive(
    stage: Stage,
) -> None:
    body = b'{"a":1,"a":NaN} \xff'
    headers = stage.headers(**{"Idempotency-Key": "k1", "Content-Type": "application/json"})
    await stage.client.post(CONFIRM, content=body, headers=headers)
    training = stage.neighbours["training"]
    assert training.bodies == [body]
    assert training.seen[0].headers["Idempotency-Key"] == "k1"
    assert training.seen[0].headers["Content-Type"] == "application/json"
    assert 4_000 < int(training.seen[0].headers["Entente-Timeout-Ms"]) <= 4_980


async def test_read_when_client_spoofs_headers_then_services_see_only_ours(stage: Stage) -> None:
    spoofed = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Real-IP": "10.0.0.1",
        "Forwarded": "for=10.0.0.1",
        "Entente-Request-Id": "01980000-0000-7000-8000-00000000dead",
        "Entente-Caller": "root",
        "Entente-On-Behalf-Of": "PL-MOI",
        "Connection": "close, X-Secret",
        "X-Secret": "1",
        "TE": "trailers",
        "Upgrade": "h2c",
        "Proxy-Authorization": "Basic eA==",
        "Cookie": "a=b",
        "X-HTTP-Method-Override": "DELETE",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }
    response = await stage.get(READ, "demo-ministry-md", **spoofed)
    seen = stage.neighbours["programmes"].seen[0].headers
    allowed = {"host", "accept", "authorization", "entente-request-id", "entente-timeout-ms"}
    assert {name.lower() for name in seen} <= allowed
    assert seen["Entente-Request-Id"] == response.headers["entente-request-id"]
    assert seen["Entente-Request-Id"] != spoofed["Entente-Request-Id"]
    assert seen["Host"].startswith("127.0.0.1")
    caller = stage.inward("programmes")
    assert (caller.client, caller.organisation) == ("demo-ministry-md", "MD-MIA")


@pytest.mark.parametrize("name", ["If-None-Match", "Idempotency-Key", "Prefer"])
async def test_read_when_a_passed_header_is_given_twice_then_400(stage: Stage, name: str) -> None:
    headers = [*stage.headers().items(), (name, "1"), (name, "2")]
    assert_problem(await stage.client.get(READ, headers=headers), 400, "kit.invalid_input")
    assert not stage.neighbours["programmes"].seen


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("down", 503, "gateway.backend_down"),
        ("500", 502, "gateway.backend_broken"),
        ("503", 503, "gateway.backend_down"),
        ("504", 504, "gateway.backend_slow"),
        ("401", 502, "gateway.backend_broken"),
        ("418", 502, "gateway.backend_broken"),
        ("302", 502, "gateway.backend_broken"),
        ("truncated", 502, "gateway.backend_broken"),
        ("oversize", 502, "gateway.backend_broken"),
    ],
)
async def test_read_when_service_fails_then_problem_names_it_and_tells_nothing_else(
    tmp_path: Path, fault: str, status: int, code: str
) -> None:
    async with staged(tmp_path, programmes=fault) as stage:
        response = await stage.get(READ)
    problem = assert_problem(response, status, code)
    assert problem["service"] == "programmes"
    assert "secret" not in response.text
    assert "127.0.0.1" not in response.text
    assert ("retry-after" in response.headers) == (status == 503)
    assert response.headers["entente-error-origin"] == "gateway"


async def test_read_when_service_refuses_then_its_problem_passes(tmp_path: Path) -> None:
    async with staged(tmp_path, programmes="404") as stage:
        response = await stage.get(READ)
    problem = assert_problem(response, 404)
    assert problem["code"] == "x.no_such"
    assert response.headers["entente-error-origin"] == "programmes"


async def test_read_when_service_is_slow_then_answered_at_the_deadline(stage: Stage) -> None:
    stage.neighbours["programmes"].delay = 5
    loop = asyncio.get_running_loop()
    started = loop.time()
    response = await stage.get(READ, **{"Entente-Timeout-Ms": "300"})
    assert_problem(response, 504, "gateway.backend_slow")
    assert loop.time() - started < 0.6


@pytest.mark.parametrize(
    ("given", "status"), [("99", 504), ("x", 400), ("-5", 400), ("²", 400), ("1" * 12, 400)]
)
async def test_read_when_timeout_is_senseless_then_refused(
    stage: Stage, given: str, status: int
) -> None:
    headers = stage.headers() | {"Entente-Timeout-Ms": given.encode("latin-1")}
    assert_problem(await stage.client.get(READ, headers=headers), status)
    assert not stage.neighbours["programmes"].seen


async def test_read_when_timeout_is_long_then_30_seconds_at_most(stage: Stage) -> None:
    await stage.get(READ, **{"Entente-Timeout-Ms": "999999"})
    passed = int(stage.neighbours["programmes"].seen[0].headers["Entente-Timeout-Ms"])
    assert 29_000 < passed <= 29_980


async def test_write_when_created_then_location_is_the_public_one(stage: Stage) -> None:
    def created(_: web.Request) -> web.Response:
        headers = {"Location": "/v1/nominations/1", "Idempotency-Replayed": "true"}
        return web.json_response({}, status=201, headers=headers)

    stage.neighbours["training"].answer = created
    response = await stage.client.post(CONFIRM, headers=stage.headers())
    assert response.status_code == 201
    assert response.headers["location"] == "/api/v1/nominations/1"
    assert response.headers["idempotency-replayed"] == "true"


async def test_write_when_answered_204_then_no_body_and_no_length(stage: Stage) -> None:
    stage.neighbours["training"].answer = lambda _: web.Response(status=204)
    response = await stage.client.post(CONFIRM, headers=stage.headers())
    assert response.status_code == 204
    assert "content-length" not in response.headers


async def test_write_when_body_is_over_1_mib_then_413_before_the_service(stage: Stage) -> None:
    async def endless():
        for _ in range(20):
            yield b"x" * 100_000

    for content in (b"x" * (1024 * 1024 + 1), endless()):
        response = await stage.client.post(CONFIRM, content=content, headers=stage.headers())
        assert_problem(response, 413, "kit.body_too_large")
        assert response.headers["connection"] == "close"
    exact = await stage.client.post(CONFIRM, content=b"x" * 1024 * 1024, headers=stage.headers())
    assert exact.status_code == 200
    assert len(stage.neighbours["training"].seen) == 1


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate, gzip", "x"])
async def test_write_when_packed_then_415_before_the_service(stage: Stage, coding: str) -> None:
    headers = stage.headers(**{"Content-Encoding": coding})
    response = await stage.client.post(CONFIRM, content=b"{}", headers=headers)
    assert_problem(response, 415, "kit.unsupported_content_type")
    assert not stage.neighbours["training"].seen


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%ED%A0%80", "%C3=1", "q=%C3"])
async def test_read_when_query_is_not_utf8_then_400_before_the_service(
    stage: Stage, query: str
) -> None:
    for path in (READ, "/api/v1/changes", "/api/v1/views/portfolio"):
        response = await stage.get(f"{path}?{query}")
        problem = assert_problem(response, 400, "kit.invalid_input")
        assert [each["code"] for each in problem["errors"]] == ["kit.not_utf8"]
    assert not stage.neighbours["programmes"].seen


async def test_write_when_scope_is_missing_then_403_before_the_body_is_read(stage: Stage) -> None:
    async def never():
        raise AssertionError("the body was read")
        yield b""

    headers = stage.headers("demo-ministry-md")
    response = await stage.client.post(CONFIRM, content=never(), headers=headers)
    problem = assert_problem(response, 403, "kit.scope_missing")
    assert "training:host" in problem["detail"]


async def test_head_when_get_is_served_then_headers_alone(stage: Stage) -> None:
    response = await stage.client.head(READ, headers=stage.headers())
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == "22"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing",
        "/api/v1/programmes/",
        "/api/v1//programmes",
        "/api/v1/programmes/a/b/c",
        "/api/v1/programmes/..",
        "/api/v1/programmes/%2e%2e",
        "/api/v1/programmes/%2E%2E%2Fsecret",
        "/api/v1/programmes/a%2Fb",
        "/api/v1/programmes/a%5Cb",
        "/api/v1/programmes/%00",
        "/api/v1/programmes/%0d%0aX:1",
        "/api/v1/programmes/%ff",
        "/api/v1/programmes/%ED%A0%80",
        "/api/v1/programmes/{}/overview/x",
        "/internal/feed",
        "/api/internal/feed",
        "/v1/programmes",
        "/api/v2/programmes",
        "/API/v1/programmes",
        "/api/v1/views/programmes",
        "/metrics",
        "/docs/../../etc/passwd",
        "/docs/secret.js",
        "/.env",
    ],
)
@pytest.mark.parametrize("known", [True, False])
async def test_path_when_not_in_the_table_then_404_for_everyone(
    stage: Stage, path: str, *, known: bool
) -> None:
    headers = stage.headers() if known else {}
    url = httpx.URL("http://gateway", raw_path=path.encode())
    assert_problem(await stage.client.get(url, headers=headers), 404, "kit.no_such_path")
    assert not any(neighbour.seen for neighbour in stage.neighbours.values())


async def test_path_when_parameter_is_polish_then_it_is_encoded_once(stage: Stage) -> None:
    url = httpx.URL("http://gateway", raw_path=b"/api/v1/programmes/%C5%81%C3%93D%C5%B9%25")
    await stage.client.get(url, headers=stage.headers())
    seen = stage.neighbours["programmes"].seen[0]
    assert seen.raw_path == "/v1/programmes/%C5%81%C3%93D%C5%B9%25"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X"])
async def test_method_when_not_in_the_table_then_405_with_allow(stage: Stage, method: str) -> None:
    path = f"{READ}/overview"
    response = await stage.client.request(method, path, headers=stage.headers())
    assert_problem(response, 405, "kit.method_not_allowed")
    assert response.headers["allow"] == "GET, HEAD"


async def test_read_when_no_token_then_401(stage: Stage) -> None:
    assert_problem(await stage.client.get(READ), 401, "kit.unauthenticated")


async def test_reads_when_a_service_refuses_every_write_then_they_go_on(stage: Stage) -> None:
    def answer(request: web.Request) -> web.Response:
        return web.Response(status=200 if request.method == "GET" else 503)

    for neighbour in stage.neighbours.values():
        neighbour.answer = answer
    for _ in range(12):
        refused = await stage.client.post(CONFIRM, content=b"{}", headers=stage.headers())
        assert_problem(refused, 503, "gateway.backend_down")
    assert (await stage.get("/api/v1/events")).status_code == 200


async def test_gateway_when_full_then_503_at_once_but_health_answers(tmp_path: Path) -> None:
    async with staged(tmp_path) as stage:
        stage.app._max_in_flight = 5
        stage.neighbours["programmes"].delay = 0.2
        busy = [asyncio.create_task(stage.get(f"{READ}?n={i}")) for i in range(5)]
        await asyncio.sleep(0.1)
        assert_problem(await stage.get(READ), 503, "gateway.overloaded")
        assert (await stage.client.get("/health")).status_code == 200
        assert {response.status_code for response in await asyncio.gather(*busy)} == {200}


async def test_gateway_when_one_sends_many_slow_bodies_then_others_are_served(
    tmp_path: Path,
) -> None:
    arrived = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        await arrived.wait()
        yield b"{}"

    async with staged(tmp_path) as stage:
        stage.app._max_in_flight = 8
        ours = stage.headers()
        many = [("/api/v1/events", ours), ("/api/v1/evaluation-forms", {}), ("/oauth/token", {})]
        slow = [
            asyncio.create_task(stage.client.post(path, headers=headers, content=slowly()))
            for path, headers in many
            for _ in range(9)
        ]
        await asyncio.sleep(0.1)
        assert (await stage.get(READ)).status_code == 200
        refused = await stage.client.post(many[0][0], headers=ours)
        assert_problem(refused, 503, "gateway.overloaded")
        arrived.set()
        said = [answer.status_code for answer in await asyncio.gather(*slow)]
    assert [said[start : start + 9].count(503) for start in (0, 9, 18)] == [7, 7, 0]
    assert not stage.app._writing


async def test_log_when_requests_are_answered_then_no_value_or_token_is_in_it(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    canary = "canary4711"
    await stage.get(f"/api/v1/programmes/{canary}?q={canary}", **{"Idempotency-Key": canary})
    await stage.client.get(READ, headers={"Authorization": f"Bearer {canary}"})
    await stage.client.get(f"/{canary}?{canary}={canary}")
    written = capsys.readouterr().out
    assert "/api/v1/programmes/{code}" in written
    assert canary not in written
    assert stage.token().split(".")[0] not in written


async def test_problem_when_a_fault_is_ours_then_500_without_detail(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("/srv/secret")

    programmes = next(r for r in stage.app.table.routes if r.path.endswith("/programmes"))
    monkeypatch.setattr(type(programmes.handler), "__call__", broken)
    response = await stage.get(READ)
    assert_problem(response, 500, "kit.unexpected")
    assert "secret" not in json.dumps(response.json())
