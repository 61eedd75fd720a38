"""The service defaults, through a toy service over ASGI."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Header, Response
from fastapi import Request as HttpRequest
from joserfc.jwk import OKPKey

from kit.auth import Caller, TokenSigner, TokenVerifier, new_key
from kit.clock import SystemClock
from kit.errors import DomainError, Kind
from kit.plain import PlainReads
from kit.problems import problems
from kit.reply import IfMatch, answer, unless_known
from kit.route import StrictRoute, requires
from kit.web import Process, service_app
from kit.wire import Answer, Code, Count, Day, Line, MoneyIn, Request


class CupboardBare(DomainError):
    """There is nothing left to take."""

    kind = Kind.CONFLICT
    code = "toy.cupboard_bare"
    title = "The cupboard is bare"
    advice = "Come back when it has been filled."


class Thing(Request):
    name: Line
    code: Code
    amount: MoneyIn
    on: Day
    pieces: Count


class Echo(Answer):
    name: str


Reader = Annotated[Caller, requires("toy:read")]
router = APIRouter(prefix="/v1", route_class=StrictRoute)


@router.post("/things", operation_id="make_thing", responses=problems(CupboardBare))
async def make_thing(thing: Thing, caller: Reader) -> Response:
    if thing.pieces == 0:
        raise CupboardBare("nothing is left", left=0)
    return answer(Echo(name=thing.name), version=1, status=201)


@router.get("/things/{thing_id}", operation_id="thing")
async def thing(thing_id: UUID, caller: Reader, colour: Line | None = None) -> Response:
    return answer(Echo(name=colour or ""))


@router.get("/plain/{thing_id}", operation_id="plain_thing")
async def plain_thing(request: HttpRequest, thing_id: UUID, caller: Reader) -> Response:
    if thing_id.int == 0:
        raise CupboardBare("nothing is left", left=0)
    return unless_known(request, f'{{"id":"{thing_id}"}}'.encode(), '"v3"')


@router.get(
    "/guarded/{thing_id}", operation_id="guarded_thing", dependencies=[requires("toy:read")]
)
async def guarded_thing(request: HttpRequest, thing_id: UUID) -> Response:
    return unless_known(request, b"{}", '"v1"')


@router.get("/ordinary/{thing_id}", operation_id="ordinary_thing")
async def ordinary_thing(
    request: HttpRequest,
    thing_id: UUID,
    caller: Reader,
    colour: Annotated[str | None, Header()] = None,
) -> Response:
    return await plain_thing(request, thing_id, caller)


@router.get("/shaded/{thing_id}", operation_id="shaded_thing")
async def shaded_thing(
    request: HttpRequest, thing_id: UUID, caller: Reader, colour: Line | None = None
) -> Response:
    return await plain_thing(request, thing_id, caller)


@router.get("/versions/{number}", operation_id="version")
async def version(number: int, caller: Reader, limit: int | None = None) -> Response:
    return answer(Echo(name=str(limit)), version=number)


@router.post("/things/{thing_id}/rest", operation_id="rest")
async def rest(thing_id: UUID, expected: IfMatch, caller: Reader) -> Response:
    return answer(Echo(name=str(expected)))


@router.get("/slow", operation_id="slow")
async def slow(caller: Reader) -> Response:
    await asyncio.sleep(5)
    return Response()


@router.get("/broken", operation_id="broken")
async def broken(caller: Reader, colour: Line | None = None) -> Response:
    secret = "canary-9c1e"
    raise RuntimeError(secret)


@router.get("/broken/plainly", operation_id="broken_plainly")
async def broken_plainly(caller: Reader) -> Response:
    return await broken(caller)


@dataclass
class Toy:
    http: httpx.AsyncClient
    app: FastAPI

    async def post(self, body: bytes, content_type: str = "application/json") -> httpx.Response:
        headers = {"content-type": content_type}
        return await self.http.post("/v1/things", content=body, headers=headers)


def _token(scopes: str, key: dict[str, Any]) -> str:
    caller = Caller("toy", "toy", "PL-MOI", "PL", frozenset(scopes.split()))
    signer = TokenSigner(OKPKey.import_key(key))
    return signer.sign(caller, audience="toy", now=datetime.now(UTC))


@pytest.fixture
async def toy() -> AsyncIterator[Toy]:
    private, public = new_key("gateway")

    @asynccontextmanager
    async def opening(app: FastAPI) -> AsyncIterator[Process]:
        yield Process(SystemClock(), TokenVerifier({"keys": [public]}, audience="toy"))

    app = service_app(name="toy", routers=[router], opening=opening)
    async with app.router.lifespan_context(app):
        headers = {"authorization": f"Bearer {_token('toy:read', private)}"}
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://toy", headers=headers
        ) as http:
            toy = Toy(http, app)
            toy.other = _token("other:read", private)  # type: ignore[attr-defined]
            yield toy


GOOD = (
    b'{"name": "Zo\\u0308e", "code": "A-1", "amount": {"amount": "1.20", "currency": "EUR"},'
    b' "on": "2015-04-21", "pieces": 2}'
)


async def test_a_good_request_is_answered_with_version_and_etag(toy: Toy) -> None:
    response = await toy.post(GOOD)
    assert response.status_code == 201
    assert response.json() == {"name": "Zöe"}
    assert response.headers["etag"] == '"v1"'
    assert response.headers["api-version"] == "1.0.0"
    assert response.headers["cache-control"] == "no-store"


async def test_every_violation_is_listed_at_once(toy: Toy) -> None:
    body = (
        b'{"code": "a b", "amount": {"amount": "1.205", "currency": "EUR"}, "pieces": true, "x": 1}'
    )
    response = await toy.post(body)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    found = {(v["pointer"], v["code"]) for v in response.json()["errors"]}
    assert found == {
        ("/name", "kit.missing"),
        ("/code", "kit.string_pattern_mismatch"),
        ("/amount", "kit.money_scale"),
        ("/on", "kit.missing"),
        ("/pieces", "kit.int_type"),
        ("/x", "kit.unknown_field"),
    }
    with_a_query = (await toy.http.post("/v1/things?x=1", json={"code": "a b"})).json()["errors"]
    named = {violation["pointer"] for violation in with_a_query}
    assert named == {"/query/x", "/name", "/code", "/amount", "/on", "/pieces"}


HOSTILE = [
    (b'{"name":"a","name":"b"}', 400),
    (b'{"pieces": NaN}', 400),
    (b'{"pieces": -Infinity}', 400),
    (b'{"pieces": 1e999}', 400),
    (b'{"pieces": ' + b"9" * 5000 + b"}", 400),
    (b'{"name": "\\u0000"}', 400),
    (b'{"name": "\\ud800"}', 400),
    (b'{"\\ud800": 1}', 400),
    (b'{"name": "\xff"}', 400),
    (b"\xef\xbb\xbf{}", 400),
    (b"\xff\xfe{\x00}\x00", 400),
    (b"[" * 200_000, 400),
    (b'{"a":' * 50 + b"1" + b"}" * 50, 400),
    (b"", 400),
    (b"null", 400),
    (b'"text"', 400),
    (b"[]", 400),
    (b"{", 400),
    (b" " * (1024 * 1024 + 1), 413),
    (b'{"on": 1429574400}', 400),
    (b'{"on": "2015-02-30"}', 400),
    (b'{"amount": {"amount": 1.2, "currency": "EUR"}}', 400),
    (b'{"amount": {"amount": "-1", "currency": "EUR"}}', 400),
    (b'{"amount": {"amount": "1e5", "currency": "EUR"}}', 400),
]


@pytest.mark.parametrize(("body", "status"), HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_body_is_refused_with_a_problem(toy: Toy, body: bytes, status: int) -> None:
    response = await toy.post(body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["instance"] == f"urn:uuid:{response.headers['entente-request-id']}"


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/xml", "application/json; charset=utf-16"]
)
async def test_other_content_type_is_415(toy: Toy, content_type: str) -> None:
    assert (await toy.post(GOOD, content_type)).status_code == 415


async def test_unknown_repeated_and_hidden_parameters_are_listed(toy: Toy) -> None:
    path = "/v1/things/01980000-0000-7000-8000-000000000000"
    response = await toy.http.get(f"{path}?color=x&colour=a&colour=b")
    codes = [v["code"] for v in response.json()["errors"]]
    assert (response.status_code, codes) == (
        400,
        ["kit.unknown_parameter", "kit.repeated_parameter"],
    )
    hidden = await toy.http.get(f"{path}?colour=%00")
    assert hidden.status_code == 400
    assert (await toy.http.get("/v1/things/not-a-uuid")).status_code == 400


async def test_scope_is_checked_before_the_body(toy: Toy) -> None:
    headers = {"authorization": f"Bearer {toy.other}"}  # type: ignore[attr-defined]
    response = await toy.http.post("/v1/things", content=b"{", headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "kit.scope_missing")


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer x", "Basic abc", "Bearer \xe9"])
async def test_no_trusted_token_is_401(toy: Toy, token: str) -> None:
    headers = {"authorization": token.encode("latin-1")}
    response = await toy.http.post("/v1/things", content=GOOD, headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"


async def test_unknown_path_and_method_are_problems(toy: Toy) -> None:
    assert (await toy.http.get("/v1/nothing")).json()["code"] == "kit.no_such_path"
    response = await toy.http.put("/v1/things")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_if_match_is_required_and_read(toy: Toy) -> None:
    path = "/v1/things/01980000-0000-7000-8000-000000000000/rest"
    assert (await toy.http.post(path)).status_code == 428
    assert (await toy.http.post(path, headers={"if-match": 'W/"v1"'})).status_code == 400
    assert (await toy.http.post(path, headers={"if-match": '"v7"'})).json() == {"name": "7"}
    unexpected = await toy.http.post(path, headers={"if-match": '"v7"'}, content=b'{"a": 1}')
    assert unexpected.json()["errors"][0]["code"] == "kit.body_unexpected"


async def test_answer_when_the_caller_has_it_already_then_304_without_a_body(toy: Toy) -> None:
    for given in ('"v7"', 'W/"v7"', '"v1", "v7"', "*"):
        known = await toy.http.get("/v1/versions/7", headers={"if-none-match": given})
        assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", '"v7"')
        assert "content-type" not in known.headers
        assert "content-length" not in known.headers
    other = await toy.http.get("/v1/versions/7", headers={"if-none-match": '"v8", v7, "v77"'})
    assert other.json() == {"name": "None"}


@pytest.mark.parametrize("number", ["+7", "07", "7_0", "7.0", "%207", "1e1", "-0x1", "%D9%A7"])
async def test_number_when_written_oddly_then_400(toy: Toy, number: str) -> None:
    for asked in (number, f"7?limit={number.replace('+', '%2B')}"):
        refused = await toy.http.get(f"/v1/versions/{asked}")
        assert {each["code"] for each in refused.json()["errors"]} == {"kit.int_parsing"}


async def test_a_refusal_of_the_domain_carries_its_facts(toy: Toy) -> None:
    response = await toy.post(GOOD.replace(b'"pieces": 2', b'"pieces": 0'))
    assert (response.status_code, response.json()["code"], response.json()["left"]) == (
        409, "toy.cupboard_bare", 0,
    )  # fmt: skip


async def test_a_fault_of_ours_says_nothing_but_the_incident(toy: Toy) -> None:
    for path in ("/v1/broken", "/v1/broken/plainly"):
        response = await toy.http.get(path)
        assert (response.status_code, response.json()["code"]) == (500, "kit.unexpected")
        assert "canary" not in response.text


async def test_the_deadline_of_the_caller_is_kept(toy: Toy) -> None:
    response = await toy.http.get("/v1/slow", headers={"entente-timeout-ms": "150"})
    assert (response.status_code, response.json()["code"]) == (504, "kit.timed_out")
    late = await toy.http.get("/v1/slow", headers={"entente-timeout-ms": "50"})
    assert late.status_code == 504


async def test_oversize_urls_and_headers_are_refused(toy: Toy) -> None:
    assert (await toy.http.get("/v1/slow?x=" + "a" * 9000)).status_code == 414
    many = {f"x-{i}": "1" for i in range(120)}
    assert (await toy.http.get("/v1/slow", headers=many)).status_code == 431


async def test_livez_and_readyz_need_no_token_and_tell_the_truth(
    toy: Toy, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    bare = {"authorization": ""}
    assert (await toy.http.get("/livez", headers=bare)).status_code == 200
    assert (await toy.http.get("/readyz", headers=bare)).status_code == 200
    assert capsysbinary.readouterr().out == b"", "a probe that went well is no news"

    async def down() -> None:
        raise OSError

    toy.app.state.process.health.pings["database"] = down
    response = await toy.http.get("/readyz", headers=bare)
    assert (response.status_code, response.json()["parts"]) == (503, {"database": "DOWN"})
    assert b'"route":"/readyz","status":503' in capsysbinary.readouterr().out


async def test_openapi_names_scope_refusals_and_codes(toy: Toy) -> None:
    document = toy.app.openapi()
    operation = document["paths"]["/v1/things"]["post"]
    assert operation["x-scope"] == "toy:read"
    assert {"400", "401", "403", "409", "503", "504", "default"} <= set(operation["responses"])
    assert "toy.cupboard_bare" not in document["x-problems"]
    assert document["x-problems"]["kit.stale_version"]["status"] == 412


WAYS = ("plain", "ordinary")
ASKED = [
    ("01980000-0000-7000-8000-000000000000", {}, 200),
    ("01980000-0000-7000-8000-000000000000", {"if-none-match": '"v3"'}, 304),
    ("00000000-0000-0000-0000-000000000000", {}, 409),
    ("not-a-uuid", {}, 400),
    ("%00", {}, 400),
    ("01980000-0000-7000-8000-000000000000?x=1", {}, 400),
    ("01980000-0000-7000-8000-00000000000A", {"if-none-match": 'W/"v2", W/"v3"'}, 304),
    ("%7B01980000-0000-7000-8000-000000000000%7D", {}, 400),
    ("01980000-0000-7000-8000-000000000000/", {}, 404),
]


@pytest.mark.parametrize(("asked", "headers", "status"), ASKED, ids=range(len(ASKED)))
async def test_a_plain_read_answers_as_the_ordinary_way_does(
    toy: Toy, asked: str, headers: dict[str, str], status: int
) -> None:
    both = [await toy.http.get(f"/v1/{way}/{asked}", headers=headers) for way in WAYS]
    assert [response.status_code for response in both] == [status, status]
    plain, ordinary = (
        (response.headers.get("etag"), response.headers.get("content-type"), settled(response))
        for response in both
    )
    assert plain == ordinary


def settled(response: httpx.Response) -> object:
    if not response.content:
        return None
    body = response.json()
    return {name: body[name] for name in body if name not in {"instance", "trace_id"}}


async def test_a_plain_read_needs_its_scope(toy: Toy) -> None:
    headers = {"authorization": f"Bearer {toy.other}"}  # type: ignore[attr-defined]
    path = "/v1/plain/01980000-0000-7000-8000-000000000000"
    guarded = path.replace("plain", "guarded")
    refused = [await toy.http.get(each, headers=headers) for each in (path, guarded)]
    assert [each.status_code for each in refused] == [403, 403]
    assert (await toy.http.get(guarded)).status_code == 200


async def test_only_routes_that_need_nothing_more_are_plain(toy: Toy) -> None:
    reads = PlainReads(toy.app)
    scope = {"method": "GET", "query_string": b""}
    found = [reads.find(scope | {"path": f"/v1/{way}/x"}) is not None for way in WAYS]
    assert found == [True, False]
    shaded = scope | {"path": "/v1/shaded/x"}
    assert reads.find(shaded) is not None
    assert reads.find(shaded | {"query_string": b"colour=red"}) is None
