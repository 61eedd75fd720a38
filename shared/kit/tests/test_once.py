"""Repeatable writes over HTTP: the same key never has a second effect."""

import asyncio
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Response
from sqlalchemy import func, select
from toyshop.shop import Toy, make_toy, toy

from kit.auth import Caller
from kit.db.engine import Database
from kit.db.tables import change
from kit.db.unit import Unit
from kit.once import Once
from kit.route import StrictRoute, requires
from kit.web import Process, service_app
from kit.wire import Answer, Count, Line, Request

Maker = Annotated[Caller, requires("toys:write")]
router = APIRouter(prefix="/v1", route_class=StrictRoute)


class NewToy(Request):
    name: Line
    stock: Count


class ToyOut(Answer):
    id: UUID
    name: str

    @classmethod
    def of(cls, made: Toy) -> "ToyOut":
        return cls(id=made.id, name=made.name)


@router.post("/toys", status_code=201, operation_id="make_toy")
async def make(new: NewToy, caller: Maker, once: Once) -> Response:
    return await once(
        lambda unit: make_toy(unit, new.name, stock=new.stock),
        ToyOut.of,
        location=lambda made: f"/api/v1/toys/{made.id}",
    )


@pytest.fixture
def app() -> FastAPI:
    return service_app(name="toyshop", routers=[router], opening=None)  # type: ignore[arg-type]


@pytest.fixture
def process(process: Process, fresh_unit: Unit) -> Process:
    process.unit = fresh_unit
    return process


def caller(client: str = "md", scopes: str = "toys:write") -> Caller:
    return Caller(client, client, "MD-MIA", "MD", frozenset(scopes.split()))


Post = Callable[..., "asyncio.Future[httpx.Response]"]


@pytest.fixture
def post(client: httpx.AsyncClient, signed: Callable[[Caller], dict[str, str]]) -> Post:
    async def send(
        key: str | None, name: str = "kite", stock: int = 3, who: Caller | None = None
    ) -> httpx.Response:
        headers = signed(who or caller()) | ({} if key is None else {"idempotency-key": key})
        return await client.post("/v1/toys", json={"name": name, "stock": stock}, headers=headers)

    return send  # type: ignore[return-value]


async def toys(database: Database) -> tuple[int, int]:
    async with database.reading() as sql:
        made = (await sql.execute(select(func.count()).select_from(toy))).scalar_one()
        told = (await sql.execute(select(func.count()).select_from(change))).scalar_one()
    return made, told


async def test_a_repetition_gets_the_first_answer_byte_for_byte(
    post: Post, fresh_database: Database
) -> None:
    first = await post("k-1")
    again = await post('"k-1"')
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["etag"] == first.headers["etag"] == '"v1"'
    assert again.headers["idempotency-replayed"] == "true"
    assert await toys(fresh_database) == (1, 1)


async def test_twenty_at_once_have_one_effect(post: Post, fresh_database: Database) -> None:
    answers = await asyncio.gather(*(post("k-2") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await toys(fresh_database) == (1, 1)


async def test_the_key_with_another_request_is_422(post: Post, fresh_database: Database) -> None:
    await post("k-3")
    other = await post("k-3", stock=4)
    assert (other.status_code, other.json()["code"]) == (422, "kit.idempotency_key_reused")
    assert await toys(fresh_database) == (1, 1)


async def test_the_key_of_another_client_is_another_key(
    post: Post, fresh_database: Database
) -> None:
    await post("k-4")
    other = await post("k-4", name="ball", who=caller("ge"))
    assert other.status_code == 201
    assert await toys(fresh_database) == (2, 2)


async def test_the_answer_to_one_person_is_not_given_to_another_of_the_same_client(
    post: Post, fresh_database: Database
) -> None:
    people = [
        Caller("portal", subject, organisation, "MD", frozenset({"toys:write"}))
        for subject, organisation in (("one", "MD-MIA"), ("two", "MD-MIA"), ("one", "GE-MIA"))
    ]
    codes = [(await post("k-8", who=who)).status_code for who in [*people, people[0]]]
    assert codes == [201, 422, 422, 201]
    assert await toys(fresh_database) == (1, 1)


async def test_a_refusal_is_not_kept(post: Post, fresh_database: Database) -> None:
    await post("k-5")
    assert (await post("k-6")).json()["code"] == "toyshop.name_taken"
    assert (await post("k-6", name="ball")).status_code == 201
    assert await toys(fresh_database) == (2, 2)


async def test_a_revoked_scope_gets_no_replay(post: Post) -> None:
    await post("k-7")
    revoked = await post("k-7", who=caller(scopes="toys:read"))
    assert (revoked.status_code, revoked.json()["code"]) == (403, "kit.scope_missing")


@pytest.mark.parametrize("key", [None, "", " ", "x" * 65, "a b", "a\tb"])
async def test_a_missing_or_unusable_key_is_refused(
    post: Post, key: str | None, fresh_database: Database
) -> None:
    response = await post(key)
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/header/idempotency-key"
    assert await toys(fresh_database) == (0, 0)
