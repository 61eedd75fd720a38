"""Serving a feed, in one process with real commits."""

import asyncio
import json
import os
import signal
from datetime import timedelta
from typing import Any

import pytest
from toyshop.feeds import owner_of, stamp, until
from toyshop.shop import ToyHidden, ToyMade, ToySold, hide_toy, make_toy, sell_toy

from kit.auth import Caller
from kit.db import horizon, stamper
from kit.db.engine import Database
from kit.db.history import new_epoch, prune
from kit.db.stamper import Stamper
from kit.db.unit import Unit
from kit.db.work import SETTLED_S, look
from kit.errors import Kind
from kit.facts import Envelope
from kit.feed.inbox import move, park
from kit.feed.page import Asked, page
from kit.feed.run import keep_running
from kit.feed.serve import feed_router
from kit.seal import CursorExpired, CursorInvalid, EpochChanged
from kit.web import service_app

NOBODY = "client-1"
_WATCHES = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND query = 'SELECT head FROM feed'"
)
_LEADS = (
    "SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
)
NOBODY = "client-1"


async def ask(
    unit: Unit,
    after: str | None = None,
    *,
    limit: int = 500,
    wait: int = 0,
    client: str = NOBODY,
    marks: frozenset[str] | None = None,
) -> dict[str, Any]:
    return json.loads(await page(unit, "toyshop", Asked(after, limit, wait, client, marks)))


async def test_page_when_nothing_is_stamped_then_it_is_empty(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    await make_toy(fresh_unit, "ball")
    assert (await ask(fresh_unit))["items"] == []
    await stamp(fresh_database)
    assert len((await ask(fresh_unit))["items"]) == 1


async def test_item_when_served_then_it_is_a_cloud_event(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    made = await make_toy(fresh_unit.on_behalf("c", cause='quoted "cause"'), "ball")
    await stamp(fresh_database)
    item = (await ask(fresh_unit))["items"][0]
    assert Envelope.model_validate(item).cause == 'quoted "cause"'
    del item["id"]
    assert item == {
        "specversion": "1.0",
        "source": "urn:entente:toyshop",
        "type": "toyshop.toy_made.v1",
        "subject": str(made.id),
        "time": "2026-03-02T09:30:00Z",
        "sequence": 1,
        "position": 1,
        "cause": 'quoted "cause"',
        "op": "upsert",
        "data": {"toy_id": str(made.id), "name": "ball"},
    }


async def test_paging_when_followed_to_the_end_then_every_change_once(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    for number in range(7):
        await make_toy(fresh_unit, f"toy {number}")
    await stamp(fresh_database)
    seen: list[int] = []
    after, more = None, True
    while more:
        answer = await ask(fresh_unit, after, limit=3)
        seen += [item["position"] for item in answer["items"]]
        after, more = answer["next"], answer["has_more"]
    assert seen == [1, 2, 3, 4, 5, 6, 7]
    assert answer["horizon"]["position"] == 7
    assert (await ask(fresh_unit, after))["next"] == after


async def test_cursor_when_of_another_client_or_altered_then_refused(fresh_unit: Unit) -> None:
    cursor = (await ask(fresh_unit))["next"]
    await ask(fresh_unit, cursor)
    flipped = ("B" if cursor[30] == "A" else "A").join((cursor[:30], cursor[31:]))
    for after, client, marks in (
        (cursor, "client-2", None),
        (cursor, NOBODY, frozenset({"everyone"})),
        (flipped, NOBODY, None),
        ("", NOBODY, None),
        ("zażółć", NOBODY, None),
        ("AAAA", NOBODY, None),
    ):
        with pytest.raises(CursorInvalid):
            await ask(fresh_unit, after, client=client, marks=marks)


async def test_cursor_when_the_epoch_has_changed_then_410(
    fresh_unit: Unit, fresh_database: Database, cluster
) -> None:
    cursor = (await ask(fresh_unit))["next"]
    async with owner_of(cluster, fresh_database) as owner:
        await new_epoch(owner)
    with pytest.raises(EpochChanged) as refused:
        await ask(fresh_unit, cursor)
    assert refused.value.kind is Kind.GONE


async def test_cursor_when_what_follows_was_pruned_then_410(
    fresh_unit: Unit, fresh_database: Database, cluster, clock
) -> None:
    cursor = (await ask(fresh_unit))["next"]
    for number in range(2):
        await make_toy(fresh_unit, f"old {number}")
    clock.move(timedelta(days=91))
    await make_toy(fresh_unit, "new")
    await stamp(fresh_database)
    await make_toy(fresh_unit, "not stamped")
    async with owner_of(cluster, fresh_database) as owner:
        assert await prune(owner, before=clock.now() - timedelta(days=90)) == 2
        assert await prune(owner, before=clock.now() - timedelta(days=90)) == 0
    with pytest.raises(CursorExpired):
        await ask(fresh_unit, cursor)
    await stamp(fresh_database)
    assert [item["position"] for item in (await ask(fresh_unit))["items"]] == [3, 4]


async def test_changes_when_filtered_then_only_what_the_caller_may_see(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    mine = frozenset({"everyone", "org:MD-MIA"})
    await make_toy(fresh_unit, "secret", audience=frozenset({"org:FR-MOI"}))
    shown = await make_toy(fresh_unit, "shown", audience=frozenset({"org:MD-MIA"}))
    await hide_toy(fresh_unit, shown.id, audience=frozenset({"org:FR-MOI"}))
    await sell_toy(fresh_unit, shown.id)
    await stamp(fresh_database)
    answer = await ask(fresh_unit, marks=mine)
    first, second = answer["items"]
    assert (first["type"], first["op"]) == ("toyshop.toy_made.v1", "upsert")
    assert (second["subject"], second["op"]) == (str(shown.id), "out_of_scope")
    assert "data" not in second
    assert "secret" not in json.dumps(answer)
    assert not answer["has_more"]


async def test_long_poll_when_a_change_comes_then_it_is_answered_at_once(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    async with keep_running([Stamper(fresh_database).run]):
        waiting = asyncio.create_task(ask(fresh_unit, wait=20))
        await asyncio.sleep(0.3)
        await make_toy(fresh_unit, "ball")
        answer = await asyncio.wait_for(waiting, 5)
    assert len(answer["items"]) == 1


async def test_long_poll_when_200_wait_then_no_pooled_connection_is_held(
    fresh_unit: Unit, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor = (await ask(fresh_unit))["next"]
    arrived: list[int] = []
    wait = fresh_database.horizon.wait

    async def counted(position: int, seconds: float) -> bool:
        arrived.append(position)
        return await wait(position, seconds)

    monkeypatch.setattr(fresh_database.horizon, "wait", counted)
    waiting = [asyncio.create_task(ask(fresh_unit, cursor, wait=20)) for _ in range(200)]
    await until(lambda: len(arrived) == 200)
    await until(lambda: len(fresh_database._ready) == fresh_database.pool.get_size())
    assert not any(task.done() for task in waiting)
    async with fresh_database.driving() as driver:
        connections = await driver.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        )
    assert connections <= 5 + 1, "the pool, and the one that listens"
    await make_toy(fresh_unit, "ball")
    await stamp(fresh_database)
    answers = await asyncio.wait_for(asyncio.gather(*waiting), 15)
    assert {len(answer["items"]) for answer in answers} == {1}


async def test_long_poll_when_the_process_stops_or_time_is_over_then_an_empty_page(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    assert (await ask(fresh_unit, wait=1))["items"] == []
    waiting = asyncio.create_task(ask(fresh_unit, wait=20))
    await asyncio.sleep(0.2)
    fresh_database.horizon.release()
    assert (await asyncio.wait_for(waiting, 5))["items"] == []
    assert (await asyncio.wait_for(ask(fresh_unit, wait=20), 5))["items"] == []


async def test_stampers_when_two_run_then_one_leads_and_the_other_takes_over(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    first, second = (Stamper(fresh_database, poll_s=0.05) for _ in range(2))
    assert (await look(fresh_database))["worker"] == {"seen_s": None}
    one = asyncio.create_task(first.run())
    await until(lambda: first.leading)
    assert (await look(fresh_database))["worker"]["seen_s"] < SETTLED_S
    two = asyncio.create_task(second.run())
    await asyncio.sleep(0.3)
    assert (first.leading, second.leading) == (True, False)
    one.cancel()
    await asyncio.gather(one, return_exceptions=True)
    await until(lambda: second.leading)
    await make_toy(fresh_unit, "ball")
    assert len((await ask(fresh_unit, wait=5))["items"]) == 1
    two.cancel()
    await asyncio.gather(two, return_exceptions=True)


async def test_stamper_when_its_connection_is_dead_unnoticed_then_it_leads_over_another(
    fresh_unit: Unit, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamper, "LOST_S", 0.2)
    leading = Stamper(fresh_database, poll_s=0.05)
    async with keep_running([leading.run]):
        await until(lambda: leading.leading)
        async with fresh_database.driving() as driver:
            stopped = await driver.fetchval(_LEADS)
        os.kill(stopped, signal.SIGSTOP)
        try:
            await until(lambda: not leading.leading)
        finally:
            os.kill(stopped, signal.SIGCONT)
        await make_toy(fresh_unit, "ball")
        assert len((await ask(fresh_unit, wait=5))["items"]) == 1


async def test_reader_when_the_watch_is_dead_unnoticed_then_it_is_woken_over_another(
    fresh_unit: Unit, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(horizon, "_POLL_S", 0.02)
    await ask(fresh_unit, wait=1)
    async with fresh_database.driving() as driver:
        stopped = await driver.fetchval(_WATCHES)
    os.kill(stopped, signal.SIGSTOP)
    try:
        await make_toy(fresh_unit, "ball")
        await stamp(fresh_database)
        assert await asyncio.wait_for(fresh_unit.wait(0, 20), 5)
    finally:
        os.kill(stopped, signal.SIGCONT)


async def test_routes_when_scopes_are_missing_then_403(signed, client) -> None:
    reader = Caller("c", "s", "MD-MIA", "MD", frozenset({"changes:read"}))
    for path, status in (("/internal/feed", 403), ("/v1/changes", 200)):
        assert (await client.get(path, headers=signed(reader))).status_code == status


@pytest.fixture
def app():
    return service_app(name="toyshop", routers=[feed_router("toyshop")], opening=None)


async def test_changes_when_of_some_types_then_only_those(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    made = await make_toy(fresh_unit, "ball")
    await sell_toy(fresh_unit, made.id)
    await stamp(fresh_database)
    sold = Asked(None, 500, 0, NOBODY, frozenset({"everyone"}), frozenset({ToySold.type}))
    answer = json.loads(await page(fresh_unit, "toyshop", sold))
    assert [item["type"] for item in answer["items"]] == [ToySold.type]
    assert (await ask(fresh_unit, answer["next"], marks=frozenset({"everyone"})))["items"] == []


async def test_changes_when_asked_wrongly_then_400(signed, client) -> None:
    reader = Caller("c", "s", "MD-MIA", "MD", frozenset({"changes:read"}))
    for query in ("?limit=0", "?limit=x", "?after=zzz", "?offset=3", "?types=a&types=b"):
        answer = await client.get(f"/v1/changes{query}", headers=signed(reader))
        assert answer.status_code == 400, query
    big = await client.get("/v1/changes?limit=100000", headers=signed(reader))
    assert big.status_code == 200


def test_facts_when_declared_then_their_type_names_service_and_version() -> None:
    assert {fact.type.split(".")[0] for fact in (ToyMade, ToySold, ToyHidden)} == {"toyshop"}


async def test_work_when_a_fact_waits_and_one_is_parked_then_it_is_seen_without_the_worker(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    await make_toy(fresh_unit, "ball")
    assert (await look(fresh_database))["feed"] == {"head": 0, "untold": 1, "settled": 0}
    await stamp(fresh_database)
    (told,) = (await ask(fresh_unit))["items"]
    async with fresh_unit.begin() as tx:
        await move(tx, "factory", position=7, cursor=None)
        await park(tx, "factory", Envelope.model_validate(told), error="x.y", attempts=5)
    seen = await look(fresh_database)
    assert seen["feed"]["head"] == 1
    assert seen["follows_factory"] == {"position": 7, "parked": 1}
