"""Seats as users take them: 200 acceptances at once through the gateway, beside 200 reads in turn.

It plans events of its own in the running system, so it is only asked of one that is thrown away.
"""

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import aiohttp
from figures import Figure
from stack import CannotMeasure, Stack

_SEATS, _ASKING, _AT_ONCE, _ROUNDS = 20, 200, 32, 3
_PAUSE_S: Final = 0.02
_BUSY: Final = 503
_REFUSED: Final = 400
_OPENED: Final = ("announced", "nominations_open")
_EVENT: Final = {
    "programme_code": "EAP-PCP",
    "kind": "training",
    "title": "Bench",
    "capacity": _SEATS,
    "host": "PL-MOI",
    "dates": {"from": "2015-03-30", "to": "2015-04-03", "precision": "day"},
    "place": {"country": "MD", "precision": "country"},
}


def seat_figures(stack: Stack) -> Iterator[Figure]:
    """Measure; each round has an event and nominations of its own."""
    ratio = statistics.median(asyncio.run(_rounds(stack)))
    what = f"{_ASKING} ask for {_SEATS} seats at once : {_ASKING} reads in turn, by the gateway"
    yield Figure(what, ratio, "x", most=3)


async def _rounds(stack: Stack) -> list[float]:
    headers = {"Authorization": f"Bearer {stack.token}"}
    connector = aiohttp.TCPConnector(limit=_AT_ONCE)
    async with aiohttp.ClientSession(stack.url, headers=headers, connector=connector) as session:
        return [await _asked_and_read(session) for _ in range(_ROUNDS)]


async def _asked_and_read(session: aiohttp.ClientSession) -> float:
    nominated = await _nominated(session)
    started = time.perf_counter()
    for each in nominated:
        await _read(session, f"nominations/{each}")
    read_s = time.perf_counter() - started
    started = time.perf_counter()
    given = Counter(await _at_once(session, nominated, "acceptance"))
    asked_s = time.perf_counter() - started
    if given != {"accepted": _SEATS, "waitlisted": _ASKING - _SEATS}:
        raise CannotMeasure(f"{_SEATS} seats were given as {given}")
    return asked_s / read_s


async def _nominated(session: aiohttp.ClientSession) -> list[str]:
    """Plan and open an event, and have as many nominated and endorsed as will ask."""
    planned = _EVENT | {"reference": f"BENCH-{uuid4().hex[:8].upper()}"}
    event, version = await _written(session, "events", planned)
    for status in _OPENED:
        path = f"events/{event['id']}/transitions"
        event, version = await _written(session, path, {"to": status}, version)
    items = [
        {
            "event_id": event["id"],
            "participant_id": str(uuid4()),
            "external_id": f"{event['reference']}-{n}",
            "source_version": 1,
        }
        for n in range(_ASKING)
    ]
    await _written(session, "nominations:batch", {"items": items})
    page = await _read(session, f"events/{event['id']}/nominations?limit={_ASKING}")
    nominated = [each["id"] for each in page["items"]]
    await _at_once(session, nominated, "endorsement")
    return nominated


async def _at_once(session: aiohttp.ClientSession, nominated: list[str], step: str) -> list[str]:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def taken(nomination: str) -> str:
        async with gate:
            found, _ = await _written(session, f"nominations/{nomination}/{step}", None)
            return str(found["status"])

    return await asyncio.gather(*map(taken, nominated))


async def _read(session: aiohttp.ClientSession, path: str) -> Any:
    async with session.get(f"/api/v1/{path}") as answer:
        answer.raise_for_status()
        return await answer.json()


async def _written(
    session: aiohttp.ClientSession, path: str, body: object, version: str | None = None
) -> tuple[Any, str | None]:
    """Write once; ask again with the same key where the gateway is busy."""
    headers = {"Idempotency-Key": str(uuid4())} | ({"If-Match": version} if version else {})
    while True:
        sent = {} if body is None else {"json": body}
        async with session.post(f"/api/v1/{path}", headers=headers, **sent) as answer:
            if answer.status != _BUSY:
                found = await answer.json(content_type=None)
                if answer.status >= _REFUSED:
                    raise CannotMeasure(f"{path} answered {found}")
                return found, answer.headers.get("ETag")
        await asyncio.sleep(_PAUSE_S)
