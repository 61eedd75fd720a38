"""Views are whole unless a hole was asked for, fresh, and shared only by those who may share."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web

from .stage import Stage, assert_dressed, assert_problem, staged

VIEW = "/api/v1/views/programmes/NO-COMP"
PARTS = {"programme": "programmes", "training": "training", "participants": "participants"}
FAULTS = {
    "down": (503, "gateway.backend_down"),
    "500": (502, "gateway.backend_broken"),
    "503": (503, "gateway.backend_down"),
    "404": (502, "gateway.backend_broken"),
    "401": (502, "gateway.backend_broken"),
    "slow": (504, "gateway.backend_slow"),
    "truncated": (502, "gateway.backend_broken"),
    "oversize": (502, "gateway.backend_broken"),
    "bad": (502, "gateway.backend_broken"),
}


def matrix() -> Iterator[tuple[str, str]]:
    for part in PARTS:
        for fault in FAULTS:
            if (part, fault) != ("programme", "404"):
                yield part, fault


async def test_view_when_all_answer_then_parts_are_spliced_unchanged(stage: Stage) -> None:
    response = await stage.get(VIEW)
    assert response.status_code == 200
    assert response.json() == {
        "programme": {"from": "programmes"},
        "training": {"from": "training"},
        "participants": {"from": "participants"},
        "complete": True,
        "unavailable": [],
    }
    assert b'{"from": "programmes"}' in response.content
    assert stage.neighbours["programmes"].seen[0].path == "/v1/programmes/NO-COMP/overview"
    assert stage.neighbours["training"].seen[0].path == "/v1/programme-totals/NO-COMP"
    assert response.headers["etag"].startswith('W/"')
    assert response.headers["entente-complete"] == "true"
    assert_dressed(response)


@pytest.mark.parametrize("partial", [False, True])
@pytest.mark.parametrize(("part", "fault"), list(matrix()))
async def test_view_when_a_part_fails_then_whole_refusal_or_named_hole(
    tmp_path: Path, part: str, fault: str, *, partial: bool
) -> None:
    status, code = FAULTS[fault]
    behaviour = "ok" if fault == "slow" else fault
    async with staged(tmp_path, **{PARTS[part]: behaviour}) as stage:
        budget = {}
        if fault == "slow":
            stage.neighbours[PARTS[part]].delay = 5
            budget = {"Entente-Timeout-Ms": "250"}
        response = await stage.get(f"{VIEW}?partial={str(partial).lower()}", **budget)
    if not partial:
        problem = assert_problem(response, status, code)
        assert problem["part"] == part
        assert problem["unavailable"] == [part]
        assert part in problem["detail"]
        assert "secret" not in response.text
        assert "127.0.0.1" not in response.text
        return
    assert response.status_code == 200
    view = response.json()
    assert view[part] is None
    assert (view["complete"], view["unavailable"]) == (False, [part])
    assert all(view[other] is not None for other in PARTS if other != part)
    assert response.headers["entente-complete"] == "false"
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


@pytest.mark.parametrize("query", ["", "?partial=true"])
async def test_view_when_programme_is_unknown_then_its_404_is_the_views(
    tmp_path: Path, query: str
) -> None:
    async with staged(tmp_path, programmes="404", participants="down") as stage:
        response = await stage.get(VIEW + query)
    problem = assert_problem(response, 404)
    assert problem["code"] == "x.no_such"
    assert response.headers["entente-error-origin"] == "programmes"


async def test_view_when_404_is_shared_then_each_names_its_own_request(tmp_path: Path) -> None:
    async with staged(tmp_path, programmes="404") as stage:
        headers = stage.headers()
        asked = [stage.client.get(VIEW, headers=headers) for _ in range(10)]
        responses = await asyncio.gather(*asked)
    assert len({assert_problem(response, 404)["instance"] for response in responses}) == 10


async def test_view_when_everything_is_down_then_partial_is_refused_too(tmp_path: Path) -> None:
    down = dict.fromkeys(PARTS.values(), "down")
    async with staged(tmp_path, **down) as stage:
        response = await stage.get(f"{VIEW}?partial=true")
    problem = assert_problem(response, 503, "gateway.backend_down")
    assert problem["unavailable"] == list(PARTS)
    assert response.headers["retry-after"]


@pytest.mark.parametrize(
    "query", ["?partial=1", "?partial=True", "?partial=", "?x=1", "?partial=true&partial=true"]
)
async def test_view_when_query_is_not_known_then_400_and_nobody_is_asked(
    stage: Stage, query: str
) -> None:
    problem = assert_problem(await stage.get(VIEW + query), 400, "kit.invalid_input")
    assert problem["errors"]
    assert not stage.neighbours["programmes"].seen


async def test_view_when_known_etag_is_sent_then_304_until_a_part_changes(stage: Stage) -> None:
    etag = (await stage.get(VIEW)).headers["etag"]
    again = await stage.get(VIEW, **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag

    def changed(_: web.Request) -> web.Response:
        return web.json_response({"from": "training", "more": 1}, headers={"ETag": '"t2"'})

    stage.neighbours["training"].answer = changed
    later = await stage.get(VIEW, **{"If-None-Match": etag})
    assert later.status_code == 200
    assert later.headers["etag"] != etag


async def test_view_when_asked_by_others_then_etag_differs(stage: Stage) -> None:
    officer = await stage.get(VIEW)
    ministry = await stage.get(VIEW, "demo-ministry-md")
    assert officer.content == ministry.content
    assert officer.headers["etag"] != ministry.headers["etag"]


async def test_view_when_head_then_headers_without_body(stage: Stage) -> None:
    response = await stage.client.head(VIEW, headers=stage.headers())
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["content-length"]) > 50


async def test_portfolio_when_asked_then_three_parts(stage: Stage) -> None:
    view = (await stage.get("/api/v1/views/portfolio")).json()
    assert list(view) == ["programmes", "training", "participants", "complete", "unavailable"]


async def test_view_when_scope_is_missing_then_403_before_anybody_is_asked(stage: Stage) -> None:
    problem = assert_problem(await stage.get(VIEW, "demo-ops"), 403, "kit.scope_missing")
    assert "participants:read" in problem["detail"]
    assert not stage.neighbours["programmes"].seen
