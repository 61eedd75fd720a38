"""Pages work from this host alone, and the health of the whole is told to those who may know."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from aiohttp import web

from kit.health import PING_S

from .stage import Stage, assert_dressed, assert_problem, staged

PUBLIC = [
    "/",
    "/docs",
    "/redoc",
    "/problems",
    "/api/v1/openapi.json",
    "/livez",
    "/readyz",
    "/health",
]


@pytest.mark.parametrize("path", PUBLIC)
async def test_page_when_asked_without_token_then_served_and_dressed(
    stage: Stage, path: str
) -> None:
    response = await stage.client.get(path)
    assert response.status_code == 200
    assert_dressed(response)


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_docs_when_loaded_then_everything_comes_from_here_and_nothing_is_inline(
    stage: Stage, path: str
) -> None:
    page = await stage.client.get(path)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert not re.search(r"https?:", page.text)
    assert not re.search(r"<script(?![^>]*src=)", page.text)
    assert not re.search(r"\son\w+=|style=", page.text)
    for address in re.findall(r'(?:src|href|spec-url)="([^"]+)"', page.text):
        found = await stage.client.get(address)
        assert found.status_code == 200, address
        assert found.content


async def test_openapi_when_known_then_304(stage: Stage) -> None:
    first = await stage.client.get("/api/v1/openapi.json")
    headers = {"If-None-Match": first.headers["etag"]}
    assert (await stage.client.get("/api/v1/openapi.json", headers=headers)).status_code == 304


async def test_problem_page_when_code_is_known_then_explained_to_people_and_programs(
    stage: Stage,
) -> None:
    codes = (await stage.client.get("/problems")).json()
    assert "gateway.backend_down" in codes
    for code in codes:
        explained = (await stage.client.get(f"/problems/{code}")).json()
        assert explained["advice"]
    page = await stage.client.get("/problems/gateway.backend_down", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert "<h1>" in page.text
    problem = assert_problem(await stage.client.get("/problems/x.<script>"), 404)
    assert problem["code"] == "gateway.no_such_problem"


@pytest.mark.parametrize(
    ("down", "status", "word"),
    [
        ([], 200, "UP"),
        (["training"], 200, "DEGRADED"),
        (["training", "programmes", "participants"], 503, "DOWN"),
    ],
)
async def test_health_when_parts_are_down_then_said_and_named_only_to_ops(
    tmp_path: Path, down: list[str], status: int, word: str
) -> None:
    async with staged(tmp_path, **dict.fromkeys(down, "down")) as stage:
        public = await stage.client.get("/health")
        officer = await stage.get("/health")
        ops = await stage.get("/health", "demo-ops")
        assert (await stage.client.get("/readyz")).status_code == 200
    assert {public.status_code, officer.status_code, ops.status_code} == {status}
    assert public.json() == officer.json() == {"status": word}
    assert [name for name, state in ops.json()["parts"].items() if state == "DOWN"] == sorted(
        down, key=["programmes", "training", "participants"].index
    )
    assert len(ops.json()["troubles"]) == len(down)


async def no_database(_request: web.Request) -> web.Response:
    return web.json_response({"status": "DOWN", "parts": {"database": "DOWN"}}, status=503)


NO_DATABASE = ["training cannot reach its database: training answers 503 until it can."]


async def test_health_when_a_resource_hangs_then_its_service_has_time_to_say_so(
    stage: Stage,
) -> None:
    async def hangs(request: web.Request) -> web.Response:
        await asyncio.sleep(PING_S)  # as long as a service gives its database
        return await no_database(request)

    stage.neighbours["training"].handle_with = hangs
    ops = await stage.get("/health", "demo-ops")
    assert ops.json()["troubles"] == NO_DATABASE


async def test_health_when_a_service_is_not_ready_for_long_then_goes_on_saying_why(
    stage: Stage,
) -> None:
    stage.neighbours["training"].handle_with = no_database
    for _ in range(30):
        ops = await stage.get("/health", "demo-ops")
        stage.app.health._until = 0.0
        assert ops.json()["troubles"] == NO_DATABASE
    assert len(stage.neighbours["training"].seen) == 30


async def test_health_when_asked_often_then_services_are_asked_once(stage: Stage) -> None:
    for _ in range(10):
        await stage.client.get("/health")
    assert len(stage.neighbours["training"].seen) == 1


async def test_health_when_token_is_bad_then_401(stage: Stage) -> None:
    response = await stage.client.get("/health", headers={"Authorization": "Bearer x"})
    assert_problem(response, 401)


async def test_readyz_when_draining_then_503(stage: Stage) -> None:
    stage.app.health.draining = True
    assert (await stage.client.get("/readyz")).status_code == 503
    assert (await stage.client.get("/livez")).status_code == 200


async def test_index_when_opened_by_a_person_then_links(stage: Stage) -> None:
    page = await stage.client.get("/", headers={"Accept": "text/html"})
    assert '<a href="/docs">' in page.text
    assert json.loads((await stage.client.get("/")).content)["docs"] == "/docs"
