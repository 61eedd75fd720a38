"""Training under load: many ask for few seats, a batch beside bare COPY, and the reach of many.

It has a throw-away database of its own, and speaks to the training service in this process.
"""

import asyncio
import gc
import io
import json
import os
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, redirect_stdout
from typing import Any
from uuid import UUID, uuid4

import httpx
from figures import Figure
from joserfc.jwk import OKPKey
from stack import CannotMeasure

from kit.auth import SEES_ALL, Caller, TokenSigner, TokenVerifier, new_key
from kit.clock import SystemClock
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.strict import parse_json
from kit.testing.cluster import Schema, running_cluster
from kit.web import Process
from training.api.bulk_route import Given
from training.api.wire_batch import BatchReport, judged
from training.commands import events, programmes
from training.commands.batch import nominate_batch
from training.commands.reaching import count_reach
from training.domain.batch import Mode
from training.domain.event_kind import EventKind
from training.domain.event_series import SeriesPlan
from training.domain.figures import Source
from training.domain.nomination import Nomination, NominationStatus
from training.domain.programme import Programme
from training.domain.training_event import EventPlan, EventStatus, Place, PlacePrecision
from training.main import SERVICE
from training.queries import reach
from training.storage import many_nominations, training_events
from training.storage.nominations import values_of
from training.storage.tables import nomination

_SEATS, _ASKING = 20, 200
_AT_ONCE = 32  # what the gateway lets into a service at a time
_BATCH = 5_000
_FEW, _MANY, _EVENTS = 1_000, 100_000, 20
_ROUNDS = 9
_PAUSE_S = 0.02
_LOOKS = 60
_SCOPES = frozenset({"training:read", "training:host", "training:nominate", SEES_ALL})
_BY = Caller("bench", "bench", "PL-MOI", "PL", _SCOPES)
_SOURCE = Source("bench", "nowhere", "invented to be measured")
_PLACE = Place("Warszawa", "PL", None, PlacePrecision.CITY, "PL-14")
_FORWARD = (EventStatus.ANNOUNCED, EventStatus.NOMINATIONS_OPEN)


def training_figures() -> Iterator[Figure]:
    """Measure on a cluster of our own."""
    with running_cluster(f"bench-{os.getpid()}") as cluster:
        schema = Schema("training", "training", SERVICE.constraints)

        async def measured() -> list[Figure]:
            await cluster.prepare(schema)
            database = await Database.at(await cluster.clone(schema, "bench"), schema.constraints)
            try:
                return await _figures(database)
            finally:
                await database.close()

        yield from asyncio.run(measured())


async def _figures(database: Database) -> list[Figure]:
    unit = Unit(database, SystemClock(), actor="bench", cause="bench")
    await programmes.copy_programme(unit, Programme("BENCH", "Bench", "active", frozenset(), 1))
    gc.collect()
    gc.freeze()  # as in a service: what was imported is not looked at again
    try:
        return [
            *await _seats(unit),
            *await _batches(unit, database),
            *await _reach(unit),
        ]
    finally:
        gc.unfreeze()


async def _seats(unit: Unit) -> list[Figure]:
    async with _speaking(unit) as client:
        ratios = [await _asked_and_read(unit, client, number) for number in range(3)]
    what = f"{_ASKING} ask for {_SEATS} seats at once : {_ASKING} reads in turn, in one process"
    return [Figure(what, statistics.median(ratios), "x", most=3)]


async def _asked_and_read(unit: Unit, client: httpx.AsyncClient, number: int) -> float:
    event_id = await _opened(unit, f"SEATS-{number}", capacity=_SEATS)
    made = await _put(unit, event_id, _ASKING, NominationStatus.ENDORSED)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def accept(each: Nomination) -> httpx.Response:
        async with gate:
            return await _insisting(client, each)

    started = time.perf_counter()
    answers = await asyncio.gather(*(accept(each) for each in made))
    asked_s = time.perf_counter() - started
    outcomes = Counter(answer.json().get("status") for answer in answers)
    if outcomes != {"accepted": _SEATS, "waitlisted": _ASKING - _SEATS}:
        raise CannotMeasure(f"{_SEATS} seats were given as {outcomes}")
    started = time.perf_counter()
    for each in made:
        await client.get(f"/v1/nominations/{each.id}")
    return asked_s / (time.perf_counter() - started)


async def _insisting(client: httpx.AsyncClient, each: Nomination) -> httpx.Response:
    """Ask again where the service is too busy, as the gateway would."""
    path, headers = f"/v1/nominations/{each.id}/acceptance", {"idempotency-key": str(each.id)}
    while True:
        answer = await client.post(path, headers=headers)
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer
        await asyncio.sleep(_PAUSE_S)


@asynccontextmanager
async def _speaking(unit: Unit) -> AsyncIterator[httpx.AsyncClient]:
    """Speak HTTP with the service in this process; its log goes nowhere."""
    private, public = new_key("gateway")
    signer = TokenSigner(OKPKey.import_key(private))
    app = SERVICE.app()
    verifier = TokenVerifier({"keys": [public]}, audience="training")
    app.state.process = Process(SystemClock(), verifier, unit=unit)

    async def sign(request: httpx.Request) -> None:
        token = signer.sign(_BY, audience="training", now=SystemClock().now())
        request.headers["authorization"] = f"Bearer {token}"

    with redirect_stdout(io.TextIOWrapper(io.BytesIO())):
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://bench",
            event_hooks={"request": [sign]},
        ) as client:
            yield client


async def _batches(unit: Unit, database: Database) -> list[Figure]:
    event_id = await _opened(unit, "BATCH", capacity=_SEATS)
    shares = []
    for number in range(_ROUNDS):
        body = _body(event_id, number)
        batch_s = await _timed(lambda body=body: _imported(unit, body))
        rows = [values_of(each) for each in _made(event_id, _BATCH, NominationStatus.SUBMITTED)]
        copy_s = await _timed(lambda body=body, rows=rows: _copied(database, body, rows))
        shares.append(copy_s / batch_s)
    what = f"{_BATCH:,} nominations : bare COPY and one validation pass"
    return [Figure(what, statistics.median(shares), "x", least=0.4)]


def _body(event_id: UUID, number: int) -> bytes:
    items = [
        {
            "external_id": f"B-{number}-{n}",
            "event_id": str(event_id),
            "participant_id": str(uuid4()),
            "unit_code": f"U-{n % 50}",
            "source_version": 1,
        }
        for n in range(_BATCH)
    ]
    return json.dumps({"items": items}).encode()


def _read(body: bytes) -> Any:
    return judged([Given(each) for each in parse_json(body)["items"]])


async def _imported(unit: Unit, body: bytes) -> None:
    sent, flawed = _read(body)
    report = await nominate_batch(unit, sent, flawed, mode=Mode.ATOMIC, validate_only=False, by=_BY)
    BatchReport.of(report, stored=True).model_dump_json()
    if report.stats["created"] != _BATCH:
        raise CannotMeasure(f"a batch of {_BATCH} ended as {report.stats}")


async def _copied(database: Database, body: bytes, rows: Sequence[dict[str, Any]]) -> None:
    _read(body)
    names = [name for name in rows[0] if name != "eligibility"]
    records = [tuple(row[name] for name in names) for row in rows]
    async with database.driving() as driver:
        await driver.copy_records_to_table(nomination.name, records=records, columns=names)


async def _reach(unit: Unit) -> list[Figure]:
    few, many = [await _series(unit, number) for number in (_FEW, _MANY)]
    looks: dict[UUID, list[float]] = {few: [], many: []}
    for _ in range(_LOOKS):
        for series_id, taken in looks.items():
            taken.append(await _timed(lambda of=series_id: reach.of_series(unit, of, by=_BY)))
    ratio = statistics.median(looks[many]) / statistics.median(looks[few])
    return [Figure(f"reach of {_MANY:,} attendances : of {_FEW:,}", ratio, "x", most=1.5)]


async def _series(unit: Unit, attendances: int) -> UUID:
    plan = SeriesPlan(f"SERIES-{attendances}", "BENCH", EventKind.TRAINING, "Bench")
    series = await events.create_series(unit, plan, by=_BY)
    for number in range(_EVENTS):
        event = await events.record_event(
            unit,
            EventPlan(
                reference=f"REACH-{attendances}-{number}",
                programme_code="BENCH",
                kind=EventKind.TRAINING,
                title="Bench",
                place=_PLACE,
                series_id=series.id,
                sources=(_SOURCE,),
            ),
            status=EventStatus.COMPLETED,
            by=_BY,
        )
        await _put(unit, event.id, attendances // _EVENTS, NominationStatus.ATTENDED)
    found = await reach.of_series(unit, series.id, by=_BY)
    counted = {each.measure.value: each.value for each in found.computed}
    if counted["attendances"] != attendances:
        raise CannotMeasure(f"{attendances} attendances were counted as {counted}")
    return series.id


async def _opened(unit: Unit, reference: str, *, capacity: int) -> UUID:
    plan = EventPlan(reference, "BENCH", EventKind.TRAINING, "Bench", capacity=capacity)
    event = await events.create_event(unit, plan, by=_BY)
    for status in _FORWARD:
        event = await events.move_event(unit, event.id, to=status, expected=event.version, by=_BY)
    return event.id


async def _put(
    unit: Unit, event_id: UUID, number: int, status: NominationStatus
) -> list[Nomination]:
    """Put nominations on record as if they had come so far, and count who was there."""
    made = _made(event_id, number, status)
    async with unit.begin() as tx:
        await many_nominations.add_all(tx, made)
        await count_reach(tx, await training_events.lock_known(tx, event_id))
    return made


def _made(event_id: UUID, number: int, status: NominationStatus) -> list[Nomination]:
    return [
        Nomination(
            id=uuid4(),
            version=1,
            audience=frozenset({"staff", "org:PL-MOI"}),
            event_id=event_id,
            participant_id=uuid4(),
            organisation=f"ORG-{n % 3}",
            country=("MD", "GE", "PL")[n % 3],
            unit_code=f"U-{n % 50}",
            status=status,
            rank=None,
            reason=None,
            synthetic=True,
        )
        for n in range(number)
    ]


async def _timed(work: Callable[[], Coroutine[Any, Any, object]]) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started
