"""Requests that may come twice and happen once."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from toyshop.shop import SoldOut, Toy, make_toy, sell_toy, toy

from kit.db import idempotency
from kit.db.idempotency import KeyTaken, Rendered, RequestInFlight, RequestKey
from kit.db.tables import change
from kit.db.unit import Unit


def render(made: Toy) -> Rendered:
    return Rendered(201, {"etag": f'"v{made.version}"'}, json.dumps({"name": made.name}).encode())


def key(name: str = "k", *, client: str = "c", fingerprint: bytes = b"f") -> RequestKey:
    return RequestKey(client, name, fingerprint, render)


async def counts(unit: Unit) -> tuple[int, int]:
    async with unit.read() as read:
        toys = await read.first(select(func.count()).select_from(toy))
        facts = await read.first(select(func.count()).select_from(change))
    assert toys is not None
    assert facts is not None
    return toys[0], facts[0]


async def test_request_when_repeated_then_the_first_answer_is_there(unit: Unit) -> None:
    once = unit.once(key())
    await make_toy(once, "ball")
    assert once.rendered == Rendered(201, {"etag": '"v1"'}, b'{"name": "ball"}')
    with pytest.raises(KeyTaken):
        await make_toy(unit.once(key()), "doll")
    async with unit.read() as read:
        stored = await idempotency.find(read, "c", "k")
        assert stored is not None
        assert (stored.fingerprint, stored.status) == (b"f", 201)
        assert (stored.headers, stored.body) == ({"etag": '"v1"'}, b'{"name": "ball"}')
        assert await idempotency.find(read, "other", "k") is None
    assert await counts(unit) == (1, 1)


async def test_request_when_20_come_at_once_then_one_has_an_effect(fresh_unit: Unit) -> None:
    async def attempt(number: int) -> str:
        try:
            await make_toy(fresh_unit.once(key()), f"toy {number}")
        except (KeyTaken, RequestInFlight) as refused:
            return type(refused).__name__
        return "done"

    outcomes = await asyncio.gather(*(attempt(number) for number in range(20)))
    assert outcomes.count("done") == 1, outcomes
    assert await counts(fresh_unit) == (1, 1)


async def test_request_when_of_another_client_then_it_is_another_request(unit: Unit) -> None:
    await make_toy(unit.once(key()), "ball")
    await make_toy(unit.once(key(client="d")), "doll")
    assert await counts(unit) == (2, 2)


async def test_request_when_the_first_is_in_flight_then_409(fresh_unit: Unit) -> None:
    async with fresh_unit.once(key()).begin() as tx:
        with pytest.raises(RequestInFlight):
            async with asyncio.timeout(4):
                await make_toy(fresh_unit.once(key()), "doll")
        tx.result(Toy(None, "ball", 1, 1, frozenset()))  # type: ignore[arg-type]
    assert await counts(fresh_unit) == (0, 0)


async def test_request_when_refused_then_its_key_is_free_again(unit: Unit) -> None:
    made = await make_toy(unit, "ball", stock=1)
    with pytest.raises(SoldOut):
        await sell_toy(unit.once(key()), made.id, pieces=2)
    async with unit.read() as read:
        assert await idempotency.find(read, "c", "k") is None
    await sell_toy(unit.once(key()), made.id)


async def silent(unit: Unit) -> None:
    async with unit.begin() as tx:
        await tx.sql.execute(toy.delete())


async def twice(unit: Unit) -> None:
    await make_toy(unit, "doll")
    await make_toy(unit, "bear")


@pytest.mark.parametrize(
    ("command", "left"), [(silent, 1), (twice, 2)], ids=["no result", "two transactions"]
)
async def test_command_when_it_cannot_happen_once_then_an_error(
    unit: Unit, command: Callable[[Unit], Awaitable[None]], left: int
) -> None:
    await make_toy(unit, "ball")
    with pytest.raises(RuntimeError):
        await command(unit.once(key()))
    assert (await counts(unit))[0] == left


async def test_key_when_older_than_30_days_then_it_may_be_used_again(unit: Unit, clock) -> None:
    await make_toy(unit.once(key()), "ball")
    clock.move(timedelta(days=29))
    with pytest.raises(KeyTaken):
        await make_toy(unit.once(key()), "doll")
    clock.move(timedelta(days=2))
    await make_toy(unit.once(key(fingerprint=b"g")), "doll")
    clock.move(timedelta(days=31))
    async with unit.begin() as tx:
        assert await idempotency.prune(tx) == 1


async def test_connection_when_lost_before_commit_then_the_request_can_be_sent_again(
    fresh_unit: Unit, fresh_database
) -> None:
    async def lost() -> None:
        async with fresh_unit.once(key()).begin() as tx:
            tx.result(Toy(None, "ball", 1, 1, frozenset()))  # type: ignore[arg-type]
            backend = (await tx.sql.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            async with fresh_database.driving() as other:
                await other.execute("SELECT pg_terminate_backend($1)", backend)

    with pytest.raises(Exception, match="did not answer"):
        await lost()
    await make_toy(fresh_unit.once(key()), "ball")
    assert await counts(fresh_unit) == (1, 1)
