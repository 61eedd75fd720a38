"""The merged feed loses nothing: every service keeps its own place in one sealed cursor."""

import asyncio
import json
import random
from pathlib import Path

import pytest
from aiohttp import web

from .stage import Stage, assert_problem, staged

PATH = "/api/v1/changes"
NAMES = ("programmes", "training", "participants")


class Feed:
    """A service's feed: numbered facts, a cursor that is a position, long poll."""

    def __init__(self, name: str, count: int) -> None:
        self.name = name
        self.facts = [self._fact(i) for i in range(1, count + 1)]
        self.asked: list[web.Request] = []
        self.arrived = asyncio.Event()
        self.gone = False

    def _fact(self, position: int) -> dict[str, object]:
        kind = "series_changed" if position % 2 == 0 else "event_changed"
        return {"id": f"{self.name}-{position}", "type": f"{self.name}.{kind}.v1", "text": "ł],"}

    def add(self) -> None:
        self.facts.append(self._fact(len(self.facts) + 1))
        self.arrived.set()

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        assert set(request.query) <= {"after", "limit"}
        if self.gone:
            problem = {"code": "kit.epoch_changed"}
            return web.json_response(problem, status=410, content_type="application/problem+json")
        after = int(request.query.get("after", "0"))
        if after == len(self.facts) and "wait=" in request.headers.get("Prefer", ""):
            await asyncio.wait_for(self.arrived.wait(), 3)
        items = self.facts[after : after + int(request.query["limit"])]
        upto = after + len(items)
        text = json.dumps(items, separators=(",", ":"), ensure_ascii=False)
        more = json.dumps(upto < len(self.facts))
        body = (
            f'{{"items":{text},"next":"{upto}","has_more":{more},"horizon":{{"position":{upto}}}}}'
        )
        return web.Response(text=body, content_type="application/json")


def feeds(stage: Stage, **counts: int) -> dict[str, Feed]:
    found = {name: Feed(name, counts.get(name, 0)) for name in NAMES}
    for name, feed in found.items():
        stage.neighbours[name].handle_with = feed.handle
    return found


async def read(stage: Stage, **query: str) -> dict:
    response = await stage.client.get(PATH, params=query, headers=stage.headers())
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("limit", ["1", "2", "3", "7", "200"])
async def test_changes_when_paged_then_all_facts_once_and_in_order(
    stage: Stage, limit: str
) -> None:
    feeds(stage, programmes=5, training=11, participants=2)
    ids: list[str] = []
    page = await read(stage, limit=limit)
    for _ in range(60):
        assert len(page["items"]) <= int(limit)
        ids += [item["id"] for item in page["items"]]
        if not page["has_more"]:
            break
        page = await read(stage, limit=limit, after=page["next"])
    assert not page["has_more"]
    for name, count in (("programmes", 5), ("training", 11), ("participants", 2)):
        own = [found for found in ids if found.startswith(name)]
        assert own == [f"{name}-{i}" for i in range(1, count + 1)]


async def test_changes_when_a_service_stops_at_random_then_nothing_is_lost(stage: Stage) -> None:
    found = feeds(stage, programmes=30, training=30, participants=30)
    chance = random.Random(7)  # noqa: S311  the same faults on every run
    ids: list[str] = []
    query: dict[str, str] = {"limit": "9"}
    for _ in range(60):
        down = chance.choice((*NAMES, None))
        for name in NAMES:
            stage.neighbours[name].handle_with = None if name == down else found[name].handle
            stage.neighbours[name].behaviour = "500"
        page = await read(stage, **query)
        assert page["unreachable"] == ([down] if down else [])
        ids += [item["id"] for item in page["items"]]
        query["after"] = page["next"]
    assert sorted(ids) == sorted(f"{n}-{i}" for n in NAMES for i in range(1, 31))


async def test_changes_when_nothing_is_reachable_then_503(tmp_path: Path) -> None:
    async with staged(tmp_path, **dict.fromkeys(NAMES, "down")) as stage:
        problem = assert_problem(await stage.get(PATH), 503, "gateway.backend_down")
    assert problem["unavailable"] == sorted(NAMES)


async def test_changes_when_types_are_named_then_only_those_and_only_their_owner(
    stage: Stage,
) -> None:
    found = feeds(stage, programmes=4, training=4)
    page = await read(stage, types="training.event_changed.v1")
    assert [item["id"] for item in page["items"]] == ["training-1", "training-3"]
    assert page["items"][0]["text"] == "ł],"
    assert not found["programmes"].asked


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "x"},
        {"limit": "-1"},
        {"limit": "²"},
        {"types": "secret.x.v1"},
        {"types": "training"},
        {"types": ""},
        {"types": "training.event_changed.v1,"},
        {"types": "training.event_changed.v2"},
        {"after": "x"},
        {"after": ""},
        {"after": "ą"},
        {"after": "x" * 6000},
        {"since": "1"},
    ],
)
async def test_changes_when_question_is_wrong_then_400(stage: Stage, query: dict) -> None:
    feeds(stage)
    response = await stage.client.get(PATH, params=query, headers=stage.headers())
    assert_problem(response, 400)


async def test_cursor_when_used_by_another_client_or_question_then_400(stage: Stage) -> None:
    feeds(stage, training=3)
    cursor = (await read(stage, limit="1"))["next"]
    for client, query in (
        ("demo-ministry-md", {"after": cursor}),
        ("demo-officer", {"after": cursor, "types": "training.event_changed.v1"}),
        ("demo-officer", {"after": cursor[:-2] + "AA"}),
    ):
        response = await stage.client.get(PATH, params=query, headers=stage.headers(client))
        assert_problem(response, 400, "kit.cursor_invalid")


async def test_changes_when_history_ended_in_one_service_then_its_410_passes(stage: Stage) -> None:
    feeds(stage, training=3)["training"].gone = True
    response = await stage.get(PATH)
    assert response.status_code == 410
    assert response.json()["code"] == "kit.epoch_changed"
    assert response.headers["entente-error-origin"] == "training"


async def test_changes_when_client_waits_then_answered_as_soon_as_one_service_has_news(
    stage: Stage,
) -> None:
    found = feeds(stage, training=1)
    cursor = (await read(stage))["next"]
    headers = stage.headers(Prefer="wait=2")
    waiting = asyncio.create_task(stage.client.get(PATH, params={"after": cursor}, headers=headers))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    second = await stage.client.get(PATH, params={"after": cursor}, headers=headers)
    assert second.json()["items"] == []
    found["training"].add()
    response = await asyncio.wait_for(waiting, 1)
    assert [item["id"] for item in response.json()["items"]] == ["training-2"]
    later = await read(stage, after=response.json()["next"])
    assert later["items"] == []


async def test_changes_when_scope_is_missing_then_403(stage: Stage) -> None:
    assert_problem(await stage.get(PATH, "demo-ops"), 403, "kit.scope_missing")
