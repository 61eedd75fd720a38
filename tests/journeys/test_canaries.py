"""Personal data sent anywhere comes back nowhere: not in problems, logs, facts or databases.

Every write route of the gateway's table is sent marked personal data, well formed and malformed.
What belongs to a person is sealed; elsewhere it is refused, and no refusal repeats it.
"""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx

from gateway.rows import ROWS, Row
from kit import log

from . import steps
from .bodies import Maker, content, operation
from .test_erasure import dump, with_bytes

_numbers = itertools.count(1)
EMAIL = "canary.bird@example.org"
MARK = "canary"
# Of a person nothing else is taken than what is sealed; names are in these routes alone.
# By these a partner knows its own items again: reports on a batch repeat them.
OWN_NAMES = {"external_id", "nonce"}
OWN_ID = "EX-1-example"
ABOUT_PEOPLE = re.compile(r"/v1/(persons/|person-searches)")
NAMES = ("Canaryowski", EMAIL, "+48601777313", "CANARY7731", "CANARY", "canary")
_PARAMETER = re.compile(r"\{(\w+)\}")


def writing() -> Iterator[Row]:
    yield from (row for row in ROWS if row.method != "GET")


def path_of(row: Row, known: dict[str, str]) -> str:
    return _PARAMETER.sub(lambda found: known.get(found[1], str(UUID(int=5))), row.path)


async def send(by: httpx.AsyncClient, row: Row, path: str, **more: Any) -> httpx.Response:
    headers = {"if-match": '"v1"', "idempotency-key": f"bird-{next(_numbers)}"}
    kind = "application/merge-patch+json" if row.method == "PATCH" else "application/json"
    headers |= {"content-type": kind} | more.pop("headers", {})
    query = {"purpose": "contact"} if row.path == "/v1/person-searches" else {}
    return await by.request(
        row.method, path, headers=headers, params=query | more.pop("params", {}), **more
    )


def canaried(row: Row, known: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Requests to a row that carry a canary: in texts, as every value, in pieces, elsewhere."""
    texts = NAMES if ABOUT_PEOPLE.match(row.path) else (EMAIL,)
    asked = content(operation(row.method, row.path))
    if asked is not None:
        body = _filled(Maker(known, texts=texts, whole=True).body(asked[1]), None)
        small = _filled(Maker(known, texts=texts).body(asked[1]), None)
        for each in (body, small, _filled(body, EMAIL)):
            yield {"content": json.dumps(each)}
        yield {"content": json.dumps(body)[:-3]}
        yield {"content": json.dumps([EMAIL])}
        yield {"content": EMAIL}
    yield {"headers": {"if-match": EMAIL}}
    yield {"headers": {"idempotency-key": f"{EMAIL} "}}
    yield {"headers": {"content-type": f"text/{MARK}"}, "content": EMAIL}
    yield {"params": {"limit": EMAIL, "purpose": EMAIL}}


def _filled(body: Any, leaf: str | None) -> Any:
    """The same body; with a leaf, that is every value, whatever type it should have."""
    if isinstance(body, dict):
        return {
            name: OWN_ID if name in OWN_NAMES else _filled(value, leaf)
            for name, value in body.items()
        }
    if isinstance(body, list):
        return [_filled(value, leaf) for value in body]
    return body if leaf is None else leaf


async def test_personal_data_when_sent_to_any_write_route_then_comes_back_nowhere(world, capsys):
    for name in world.members:
        log.configure(name)
    known = await _something_of_everything(world)
    said = []
    for row in writing():
        path = path_of(row, known)
        for request in canaried(row, known):
            answer = await send(world.officer, row, path, **request)
            assert answer.status_code < 500, (row, request, answer.text)
            if MARK in answer.text.casefold():
                said.append((row.method, row.path, answer.status_code, request, answer.text))
        odd = await send(world.officer, row, path_of(row, dict.fromkeys(known, EMAIL)))
        if MARK in odd.text.casefold():
            said.append((row.method, row.path, odd.status_code, "path", odd.text))
    await world.settle()
    at_rest = {}
    for name, member in world.members.items():
        lines = with_bytes(await dump(member)).splitlines()
        at_rest[name] = [line for line in lines if MARK in line]
    printed = capsys.readouterr()
    logged = [line for line in printed.out.splitlines() if MARK in line and line.startswith("{")]
    assert said == []
    assert at_rest == {name: [] for name in world.members}
    assert logged == []


async def _something_of_everything(world) -> dict[str, str]:
    await steps.open_programme(world.officer, funds="5000.00")
    await world.settle()
    person = await steps.register_person(world.officer)
    event = await steps.plan_event(world.officer)
    nomination = await steps.nominate(world.ministry, event, person)
    await world.settle()
    return {
        "code": steps.PROGRAMME,
        "programme_code": steps.PROGRAMME,
        "line": steps.LINE,
        "person_id": person["id"],
        "participant_id": person["id"],
        "event_id": event["id"],
        "nomination_id": nomination["id"],
        "kind": "passport",
        "country": "MD",
    }
