"""Identical views in flight share one fetch that began after they arrived; nobody else's."""

import asyncio
import json

import pytest
from aiohttp import web

from gateway.coalesce import Coalescer

from .stage import Stage

VIEW = "/api/v1/views/programmes/NO-COMP"
READ = "/api/v1/programmes/NO-COMP"


async def test_view_when_100_ask_at_once_then_few_fetches(stage: Stage) -> None:
    stage.neighbours["training"].delay = 0.05
    headers = stage.headers()
    asked = [stage.client.get(VIEW, headers=headers) for _ in range(100)]
    responses = await asyncio.gather(*asked)
    assert {response.status_code for response in responses} == {200}
    assert len(stage.neighbours["training"].seen) <= 3
    assert len({response.headers["entente-request-id"] for response in responses}) == 100


async def test_view_when_two_ministries_ask_at_once_then_each_is_asked_for_itself(
    stage: Stage,
) -> None:
    stage.neighbours["training"].delay = 0.05
    clients = ["demo-ministry-md", "demo-ministry-ua"] * 10
    await asyncio.gather(*(stage.get(VIEW, client) for client in clients))
    seen = stage.neighbours["training"].seen
    callers = [stage.inward("training", i).organisation for i in range(len(seen))]
    assert set(callers) == {"MD-MIA", "UA-MIA"}
    assert len(seen) <= 6


async def test_view_when_asked_during_a_fetch_then_answer_is_from_a_later_one(
    stage: Stage,
) -> None:
    version = 0

    def current(_: web.Request) -> web.Response:
        return web.json_response({"version": version})

    stage.neighbours["programmes"].answer = current
    stage.neighbours["training"].delay = 0.15

    async def ask_after_a_write() -> tuple[int, int]:
        nonlocal version
        version += 1
        written = version
        answer = await stage.get(VIEW)
        return written, json.loads(answer.content)["programme"]["version"]

    async def later(delay: float) -> tuple[int, int]:
        await asyncio.sleep(delay)
        return await ask_after_a_write()

    checks = await asyncio.gather(*(later(i * 0.01) for i in range(40)))
    assert all(read >= written for written, read in checks)
    assert len(stage.neighbours["programmes"].seen) < 20


async def test_view_when_a_leader_leaves_then_followers_are_answered(stage: Stage) -> None:
    stage.neighbours["training"].delay = 0.1
    leader = asyncio.create_task(stage.get(VIEW))
    await asyncio.sleep(0.02)
    followers = [asyncio.create_task(stage.get(VIEW)) for _ in range(5)]
    await asyncio.sleep(0.02)
    leader.cancel()
    followers[0].cancel()
    responses = await asyncio.gather(*followers[1:])
    assert {response.status_code for response in responses} == {200}


async def test_view_when_one_fetch_fails_then_the_next_is_not_harmed(stage: Stage) -> None:
    training = stage.neighbours["training"]
    training.delay = 0.05
    training.behaviour = "500"
    first = asyncio.create_task(stage.get(VIEW))
    await asyncio.sleep(0.02)
    second = asyncio.create_task(stage.get(VIEW))
    await first
    training.behaviour = "ok"
    assert first.result().status_code == 502
    assert (await second).status_code == 200


async def test_view_when_many_are_cancelled_then_later_ones_succeed(stage: Stage) -> None:
    stage.neighbours["training"].delay = 0.2
    callers = ["demo-officer", "demo-ministry-md", "demo-ministry-ua"] * 40
    storm = [asyncio.create_task(stage.get(VIEW, client)) for client in callers]
    await asyncio.sleep(0.08)
    for task in storm:
        task.cancel()
    await asyncio.gather(*storm, return_exceptions=True)
    stage.neighbours["training"].delay = 0
    responses = await asyncio.gather(*(stage.get(VIEW) for _ in range(20)))
    assert {response.status_code for response in responses} == {200}


async def test_join_when_the_last_one_leaves_then_the_fetch_is_stopped() -> None:
    shared: Coalescer[int] = Coalescer()
    stopped = asyncio.Event()

    async def fetch() -> int:
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            stopped.set()
            raise
        return 1

    task = asyncio.create_task(shared.join("k", fetch))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(stopped.wait(), 1)

    async def quick() -> int:
        return 2

    assert await shared.join("k", quick) == 2
    assert not shared._open
    assert not shared._running


async def test_join_when_a_fetch_hangs_then_later_ones_wait_a_tenth_of_a_second() -> None:
    shared: Coalescer[int] = Coalescer()
    results = iter((5.0, 0.0))

    async def fetch() -> int:
        pause = next(results)
        await asyncio.sleep(pause)
        return int(pause)

    hung = asyncio.create_task(shared.join("k", fetch))
    await asyncio.sleep(0.01)
    assert await asyncio.wait_for(shared.join("k", fetch), 0.5) == 0
    hung.cancel()
    await asyncio.gather(hung, return_exceptions=True)


async def test_join_when_keys_differ_then_nothing_is_shared() -> None:
    shared: Coalescer[str] = Coalescer()

    async def of(name: str) -> str:
        await asyncio.sleep(0.01)
        return name

    asked = [shared.join(name, lambda name=name: of(name)) for name in "abcabc"]
    assert await asyncio.gather(*asked) == list("abcabc")


async def test_read_when_many_ask_at_once_then_few_are_sent_and_each_has_its_own_id(
    stage: Stage,
) -> None:
    programmes = stage.neighbours["programmes"]
    programmes.delay = 0.05
    for behaviour in ("ok", "404"):
        programmes.behaviour = behaviour
        programmes.seen.clear()
        responses = await asyncio.gather(*(stage.get(READ) for _ in range(50)))
        assert len(programmes.seen) <= 3
        ids = {response.headers["entente-request-id"] for response in responses}
        assert len(ids) == 50
        if behaviour == "404":
            named = {response.json()["instance"] for response in responses}
            assert named == {f"urn:uuid:{each}" for each in ids}


async def test_read_when_anything_differs_then_is_sent_for_itself(stage: Stage) -> None:
    programmes = stage.neighbours["programmes"]
    programmes.delay = 0.05
    await asyncio.gather(
        stage.get(READ),
        stage.get(READ, "demo-ministry-md"),
        stage.get(READ, "demo-ministry-ua"),
        stage.get(f"{READ}?a=1"),
        stage.get("/api/v1/programmes/EAP-PCP"),
        stage.get(READ, **{"Accept-Language": "pl"}),
        stage.get(READ, **{"If-None-Match": '"programmes1"'}),
    )
    assert len(programmes.seen) == 7
    callers = {stage.inward("programmes", n).organisation for n in range(7)}
    assert callers == {"PL-MOI", "MD-MIA", "UA-MIA"}


async def test_read_of_a_person_when_many_ask_at_once_then_each_is_sent_and_noted(
    stage: Stage,
) -> None:
    participants = stage.neighbours["participants"]
    participants.delay = 0.05
    path = "/api/v1/persons/01980000-0000-7000-8000-000000000000"
    await asyncio.gather(*(stage.get(path) for _ in range(10)))
    assert len(participants.seen) == 10


async def test_read_when_asked_during_another_then_answer_is_from_after_it_was_asked(
    stage: Stage,
) -> None:
    version = 0

    async def slowly(_: web.Request) -> web.Response:
        found = version
        await asyncio.sleep(0.05)
        return web.json_response({"version": found})

    stage.neighbours["programmes"].handle_with = slowly
    first = asyncio.create_task(stage.get(READ))
    await asyncio.sleep(0.02)
    version = 1
    assert (await stage.get(READ)).json() == {"version": 1}
    await first
