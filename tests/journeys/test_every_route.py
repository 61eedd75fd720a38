"""Every row of the gateway's table, asked by a ministry for what is another one's.

The ministry here has every scope but the one that sees all records. Whatever it names that is not
its own, in a path, a query or a body, is answered byte for byte like something that never was.
"""

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from gateway.rows import OPEN, ROWS, Row
from local import keys

from . import steps
from .bodies import Maker, content, operation
from .planting import plant
from .world import Member

_numbers = itertools.count(1)
_UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ALL_BUT_EVERYTHING = sorted({row.scope for row in ROWS} - OPEN | {"changes:read"})
NUMBER = "PLCANARY77"
NAME = {"family_name": "Kanarkowski", "given_names": "Zdzislaw", "email": "kanarek@example.org"}
# Registers and computations: they hold nobody's records, and everybody with the scope sees them.
PUBLIC = re.compile(
    r"/v1/(organisations|sources|codelists|topics|topic-mappings|instruments|country-groups"
    r"|exchange-rates|rate-sets|per-diem|retention-schedule|access-log-head|evaluation-"
    r"|certificate-verifications)"
)


@pytest.fixture(autouse=True)
def strong(monkeypatch):
    """Register a ministry with every scope a partner could be given."""
    caller = {"client": "strong-md", "organisation": "MD-MIA", "country": "MD"}
    monkeypatch.setitem(keys.CALLERS, "strong", caller | {"scopes": ALL_BUT_EVERYTHING})


@pytest_asyncio.fixture
async def hidden(world) -> dict[str, dict[str, str]]:
    """What the ministry must not find: ids by the name of their parameter, for each service."""
    await steps.open_programme(world.officer, funds="5000.00")
    await steps.create(
        world.officer, "/v1/programmes", code="EX-OTHER", title="Example of another",
        kind="programme", status="active",
    )  # fmt: skip
    await world.settle()
    person = await steps.create(
        world.officer, "/v1/persons", role="participant", organisation="PL-BGHQ", country="PL"
    )
    await _known(world.officer, f"/v1/persons/{person['id']}")
    nomination = await steps.nominate(world.officer, await steps.plan_event(world.officer), person)
    await steps.seat(world.officer, nomination)
    event = await steps.create(
        world.officer, "/v1/events", reference="EX-HIDDEN", programme_code="EX-OTHER",
        kind="workshop", title="Example", capacity=3, host="PL-MOI", synthetic=True,
        dates={"from": "2026-06-11", "to": "2026-06-14", "precision": "day"},
        place={"city": "Lublin", "country": "PL", "precision": "city"},
    )  # fmt: skip
    await world.settle()
    trip = await steps.trip_of(world.officer, nomination)
    shared = {"person_id": person["id"], "participant_id": person["id"], "code": "EX-OTHER"}
    return {
        "programmes": shared,
        "training": shared
        | {"event_id": event["id"], "nomination_id": nomination["id"]}
        | await _training(world, event["id"], nomination["id"]),
        "participants": shared
        | {"trip_id": trip["id"]}
        | await _participants(world, person["id"], trip["id"]),
    }


async def _known(officer: httpx.AsyncClient, path: str) -> None:
    for version, what, body in (
        (1, "identity", NAME),
        (2, "documents/passport", {"number": NUMBER, "issuer": "PL"}),
    ):
        kept = await officer.put(f"{path}/{what}", json=body, headers={"if-match": f'"v{version}"'})
        assert kept.status_code == 200, kept.text


MARKS = ["staff", "org:PL-BGHQ", "country:PL"]


async def _training(world, event: str, nomination: str) -> dict[str, str]:
    of = {"event_id": event, "nomination_id": nomination, "audience": MARKS}
    tables = {
        "series_id": ("event_series", {}),
        "presence_id": ("session_presence", {}),
        "certificate_id": ("certificate", {}),
        "questionnaire_id": ("questionnaire", {"questions": "[]"}),
        "assignment_id": (
            "expert_assignment",
            {"programme_code": "EX-OTHER", "organisation": "PL-BGHQ"},
        ),
    }
    return await _planted(world.members["training"], tables, of)


async def _participants(world, person: str, trip: str) -> dict[str, str]:
    of = {
        "person_id": person, "trip_id": trip, "audience": MARKS, "one": person,
        "other": str(UUID(int=2**128 - 1)), "stores": "[]", "currency": "PLN",
    }  # fmt: skip
    tables = {
        "claim_id": ("claim", {"state": "submitted"}),
        "advance_id": ("advance", {"state": "approved"}),
        "settlement_id": ("settlement", {"state": "settled"}),
        "file_id": ("payment_file", {}),
        "certificate_id": ("erasure_certificate", {"ground": "retention"}),
        "proposal_id": ("duplicate_proposal", {"state": "proposed", "grounds": "sound"}),
    }
    return await _planted(world.members["participants"], tables, of)


async def _planted(
    member: Member, tables: dict[str, tuple[str, dict[str, str]]], of: dict[str, Any]
) -> dict[str, str]:
    return {
        name: str(await plant(member, table, **(of | more)))
        for name, (table, more) in tables.items()
    }


def unknown(found: str) -> str:
    """Something of the same shape that never was."""
    if found.isdigit():
        return "987654321"
    return str(uuid4()) if len(found) == 36 else (found[:3] + "NOBODYATALL")[: len(found)]


FIXED = {
    "kind": "passport", "line": "EX-1", "country": "MD", "number": "1", "topic": "example",
    "component": "EX-1", "indicator": "EX-1", "name": "example", "publisher": "nbp",
}  # fmt: skip
_PARAMETER = re.compile(r"\{(\w+)\}")


def addressed(row: Row, known: dict[str, str]) -> str:
    """The path of a row; what is no record of anybody is the same every time."""
    return _PARAMETER.sub(
        lambda found: known.get(found[1]) or FIXED.get(found[1], str(UUID(int=5))), row.path
    )


async def ask(by: httpx.AsyncClient, row: Row, path: str, named: dict[str, Any]) -> httpx.Response:
    described = operation(row.method, row.path)
    headers = {"if-match": '"v1"', "idempotency-key": f"every-{next(_numbers)}"}
    query = {
        each["name"]: "contact" if each["name"] == "purpose" else "example"
        for each in described.get("parameters", ())
        if each["in"] == "query" and each.get("required")
    }
    sent: dict[str, Any] = {}
    if (asked := content(described)) is not None:
        patching = row.method == "PATCH"
        headers["content-type"] = "application/merge-patch+json" if patching else asked[0]
        sent["content"] = json.dumps(Maker(named).body(asked[1]))
    return await by.request(row.method, path, headers=headers, params=query, **sent)


def bare(answer: httpx.Response, *said: str) -> tuple[int, bytes, dict[str, str]]:
    """An answer without ids and without what was asked for."""

    def without(text: bytes) -> bytes:
        text = _UUID.sub(b"?", text)
        for each in said:
            text = text if each.isdigit() else text.replace(each.encode(), b"?")
        return text

    headers = {name: without(value.encode()).decode() for name, value in answer.headers.items()}
    return answer.status_code, without(answer.content), headers


def of_records() -> Iterator[Row]:
    """Rows that name a record which somebody else may own."""
    yield from (row for row in ROWS if "{" in row.path and not PUBLIC.match(row.path))


async def _records_named_in_paths(world, hidden):
    """Nearly every body made here is good enough to get as far as the record."""
    seen = set()
    for row in of_records():
        known = hidden[row.service]
        never = {name: unknown(value) for name, value in known.items()}
        theirs = await ask(world.callers["strong"], row, addressed(row, known), known)
        nobodys = await ask(world.callers["strong"], row, addressed(row, never), never)
        name = f"{row.method} {row.path}"
        assert bare(theirs, *known.values()) == bare(nobodys, *never.values()), name
        if theirs.status_code != 404:
            seen.add(name)
    assert len(seen) < len(list(of_records())) / 20, seen


def of_collections() -> Iterator[Row]:
    """Rows that name no record in their path."""
    yield from (row for row in ROWS if "{" not in row.path and not PUBLIC.match(row.path))


async def _collections_read_and_filtered(world, hidden):
    ministry = world.callers["strong"]
    secrets = _secrets(hidden)
    for row in of_collections():
        if row.method != "GET":
            continue
        asked = await ministry.get(row.path, params={"limit": 200})
        plain = asked if asked.status_code == 200 else await ministry.get(row.path)
        assert plain.status_code == 200, plain.text
        assert not [each for each in secrets if each in plain.text], row.path
        for name, value in _filters(row, hidden[row.service]):
            theirs = await ministry.get(row.path, params={name: value})
            never = unknown(value)
            nobodys = await ministry.get(row.path, params={name: never})
            assert bare(theirs, value) == bare(nobodys, never), (row.path, name)


def _secrets(hidden: dict[str, dict[str, str]]) -> set[str]:
    values = {value for known in hidden.values() for value in known.values()}
    return {value for value in values if not value.isdigit()} | {"PL-BGHQ", *NAME.values()}


def _filters(row: Row, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    more = {"organisation": "PL-BGHQ", "programme_code": "EX-OTHER", "programme": "EX-OTHER"}
    for each in operation("GET", row.path).get("parameters", ()):
        if each["in"] == "query" and each["name"] in known | more:
            yield each["name"], (known | more)[each["name"]]


async def _records_named_in_bodies(world, hidden):
    ministry = world.callers["strong"]
    tried = set()
    for row in of_collections():
        # A programme's code is chosen and public: that it is taken may show.
        if row.method == "GET" or row.path == "/v1/programmes":
            continue
        known = {"organisation": "PL-BGHQ", "programme_code": "EX-OTHER", **hidden[row.service]}
        never = {name: unknown(value) for name, value in known.items()}
        name = f"{row.method} {row.path}"
        theirs = await ask(ministry, row, row.path, known)
        nobodys = await ask(ministry, row, row.path, never)
        assert bare(theirs, *known.values()) == bare(nobodys, *never.values()), name
        if theirs.status_code == 404:
            tried.add(name)
    assert tried >= {
        "POST /v1/trips",
        "POST /v1/claims",
        "POST /v1/advances",
        "POST /v1/settlements",
        "POST /v1/nominations",
    }


async def _same_name_and_document(world, hidden):
    ministry = world.callers["strong"]
    said = []
    for number, given in ((NUMBER, NAME), ("MDFRESH88", {**NAME, "family_name": "Nobodescu"})):
        person = await steps.create(
            ministry, "/v1/persons", role="participant", organisation="MD-MIA", country="MD"
        )
        path = f"/v1/persons/{person['id']}"
        for version, what, body in (
            (1, "identity", given),
            (2, "documents/passport", {"number": number, "issuer": "MD"}),
        ):
            tag = {"if-match": f'"v{version}"'}
            said.append(await ministry.put(f"{path}/{what}", json=body, headers=tag))
        log = await ministry.get(f"{path}/access-log")
        assert log.json()["items"] == []
    kept = [bare(each, each.json()["public_ref"]) for each in said]
    assert kept[:2] == kept[2:]
    assert (await steps.get(ministry, "/v1/possible-duplicates"))["items"] == []
    for body in ({"email": NAME["email"], "name": "Kanarkowski Zdzislaw"}, {"name": "X Nobody"}):
        found = await ministry.post("/v1/person-searches", json=body, params={"purpose": "contact"})
        assert all(each["organisation"] == "MD-MIA" for each in found.json()["items"])


async def test_another_ministrys_people_when_any_route_is_asked_then_never_were(world, hidden):
    await _records_named_in_paths(world, hidden)
    await _collections_read_and_filtered(world, hidden)
    await _records_named_in_bodies(world, hidden)
    await _same_name_and_document(world, hidden)
