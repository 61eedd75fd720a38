"""Settling 10,000 trips in one job that is killed once, and overlaps among a million trips.

Everything runs on a throw-away database. The job runs in a worker process of its own, which is
killed with SIGKILL on the way; a second one ends it. Their peak memory is theirs alone.
"""

import asyncio
import json
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
from figures import Figure
from stack import CannotMeasure

from kit.auth import Caller, new_key
from kit.clock import SystemClock
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.testing.cluster import Cluster, Schema, running_cluster
from participants.commands.settlement_jobs import ask_settlement_job
from participants.main import SERVICE

CLAIMS = 10_000
FEW, MANY = 1_000, 1_000_000
_ROUNDS = 300
_LIMIT_S = 900
_PAYER = Caller("bench", "bench", "PL-MOI", "PL", frozenset({"participants:pay", "records:all"}))
_PEOPLE = """
INSERT INTO person (id, version, audience, public_ref, role, organisation, country, origin,
                    synthetic)
SELECT uuidv7(), 1, '{staff}', 'P-' || n, 'participant', 'PL-BGHQ', 'PL', 'seat', true
FROM generate_series(1, $1) AS n
"""
_TRIPS = """
INSERT INTO trip (version, audience, person_id, person_number, programme_code, organisation,
                  country, destination_country, first_day, last_day, during, synthetic, state,
                  revision, estimate_amount, estimate_currency)
SELECT 5, '{staff}', person.id, person.number, 'BENCH', 'PL-BGHQ', 'PL', 'PL', DATE '2015-03-02',
       DATE '2015-03-03', tstzrange('2015-03-02', '2015-03-04'), true, 'verified', 1, 60, 'PLN'
FROM person
"""
_CLAIMS = """
INSERT INTO claim (version, audience, trip_id, person_id, person_number, programme_code, revision,
                   state, days, currency, declared, certified, deducted, parked, declared_by,
                   checked_by, synthetic)
SELECT 3, '{staff}', id, person_id, person_number, 'BENCH', 1, 'certified',
       daterange('2015-03-02', '2015-03-04'), 'PLN', 60.00, 60.00, 0.00, 0.00, 'clerk',
       'checker', true
FROM trip
"""
_ITEMS = """
INSERT INTO claim_item (claim_id, number, day, kind, declared, certified, deducted, parked)
SELECT id, n, DATE '2015-03-01' + n, 'subsistence', 30.00, 30.00, 0.00, 0.00
FROM claim, generate_series(1, 2) AS n
"""
# A constraint that is added looks every row up again, which takes minutes for a million. A table
# that is rewritten gets its indexes anew without that: so they rest while the rows come in.
_BARE = "DROP INDEX trip_by_audience, trip_by_programme, trip_by_event, trip_without_funds"
_RESTING = (
    "ALTER TABLE trip DISABLE TRIGGER ALL",
    "UPDATE pg_index SET indisready = false WHERE indrelid = 'trip'::regclass",
)
_AWAKE = (
    "UPDATE pg_index SET indisready = true WHERE indrelid = 'trip'::regclass",
    "VACUUM (FULL, ANALYZE) trip",
)
_MILLION = """
INSERT INTO trip (version, audience, person_id, person_number, programme_code, organisation,
                  country, during, synthetic, state, revision)
SELECT 1, '{staff}', ('00000000-0000-7000-8000-' || lpad((n / $2)::text, 12, '0'))::uuid,
       n / $2, 'BENCH', 'PL-BGHQ', 'PL',
       tstzrange('2015-01-01'::timestamptz + (n % $2) * interval '2 days',
                 '2015-01-02'::timestamptz + (n % $2) * interval '2 days'),
       true, 'funded', 1
FROM generate_series(0, $1::int - 1) AS n
"""
_AWAY = """
SELECT EXISTS (SELECT 1 FROM trip WHERE person_id = $1 AND id <> $2
               AND state NOT IN ('cancelled', 'overlapping') AND during && $3)
"""
_ONE = """
INSERT INTO trip (version, audience, person_id, person_number, programme_code, organisation,
                  country, during, synthetic, state, revision)
VALUES (1, '{staff}', $1, $2, 'BENCH', 'PL-BGHQ', 'PL', $3, true, 'funded', 1)
"""
_PER_PERSON = 5


def settling_figures() -> Iterator[Figure]:
    """Measure on a cluster of our own."""
    with running_cluster(f"settling-{os.getpid()}") as cluster:
        schema = Schema("participants", "participants", SERVICE.constraints)
        yield from asyncio.run(_job(cluster, schema))
        yield from asyncio.run(_overlaps(cluster, schema))


async def _job(cluster: Cluster, schema: Schema) -> list[Figure]:
    await cluster.prepare(schema)
    address = await cluster.clone(schema, "settling")
    connection = await asyncpg.connect(address.url)
    database = await Database.at(address, SERVICE.constraints)
    try:
        for statement in (_PEOPLE, _TRIPS, _CLAIMS, _ITEMS):
            await connection.execute(statement, *([CLAIMS] if "$1" in statement else []))
        unit = Unit(database, SystemClock())
        await ask_settlement_job(unit, "BENCH", payer="PL-MOI", override=None, by=_PAYER)
        with tempfile.TemporaryDirectory() as folder:
            return await _settled(connection, address.url, Path(folder))
    finally:
        await database.close()
        await connection.close()
        await cluster.drop("settling")


async def _settled(connection: "asyncpg.Connection", url: str, folder: Path) -> list[Figure]:
    """Run the job in two processes, the first of which is killed; return what that took."""
    environment = _settings(url, folder)
    started = time.perf_counter()
    first = _worker(environment)
    await _until(connection, CLAIMS // 3)
    peak_mb = _ended(first, signal.SIGKILL)
    second = _worker(environment)
    await _until(connection, CLAIMS)
    took = time.perf_counter() - started
    peak_mb = max(peak_mb, _ended(second, signal.SIGTERM))
    twice = await connection.fetchval("SELECT count(*) - count(DISTINCT claim_id) FROM settlement")
    wrong = await connection.fetchval("SELECT count(*) FROM trip WHERE state <> 'settled'")
    return [
        Figure("settling 10,000 trips, killed once: peak memory", peak_mb, "MB", most=200),
        Figure("settling 10,000 trips, killed once", CLAIMS / took, "/s"),
        Figure("trips settled twice or not at all", twice + wrong, "", most=0),
    ]


def _settings(url: str, folder: Path) -> dict[str, str]:
    private, public = new_key("participants")
    (folder / "key.json").write_text(json.dumps(private), encoding="utf-8")
    (folder / "trusted.json").write_text(json.dumps({"keys": [public]}), encoding="utf-8")
    return {
        **os.environ,
        "PARTICIPANTS_DATABASE_URL": url,
        "PARTICIPANTS_KEY_FILE": str(folder / "key.json"),
        "PARTICIPANTS_TRUSTED_KEYS_FILE": str(folder / "trusted.json"),
        "PARTICIPANTS_PROGRAMMES_URL": "http://127.0.0.1:9",
        "PARTICIPANTS_TRAINING_URL": "http://127.0.0.1:9",
    }


def _worker(environment: dict[str, str]) -> int:
    """Start a worker as in production; return its process id."""
    command = [sys.executable, "-m", "participants", "worker"]
    nowhere = os.open(os.devnull, os.O_RDWR)
    files = [(os.POSIX_SPAWN_DUP2, nowhere, number) for number in (0, 1, 2)]
    return os.posix_spawn(command[0], command, environment, file_actions=files)


def _ended(process: int, how: signal.Signals) -> float:
    """End a process; return the most memory it ever had, in MB.

    What `wait4` tells counts the memory of whoever started it, until it became a program.
    """
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    os.kill(process, how)
    os.waitpid(process, 0)
    return int(peak) / 1024


async def _until(connection: "asyncpg.Connection", settled: int) -> None:
    limit = time.monotonic() + _LIMIT_S
    while await connection.fetchval("SELECT count(*) FROM settlement") < settled:
        if time.monotonic() > limit:
            raise CannotMeasure("the job did not settle in time")
        await asyncio.sleep(0.05)


async def _overlaps(cluster: Cluster, schema: Schema) -> list[Figure]:
    """Time the look for another trip, and the constraint, among few trips and among many."""
    await cluster.clone(schema, "overlaps")
    connection = await asyncpg.connect(cluster.address("overlaps").url)
    try:
        await connection.execute("SET maintenance_work_mem = '512MB'")
        await connection.execute(_BARE)
        few = await _among(connection, FEW)
        await connection.execute("TRUNCATE trip CASCADE")
        many = await _among(connection, MANY)
    finally:
        await connection.close()
        await cluster.drop("overlaps")
    return [
        Figure("overlap looked for, 1,000,000 trips : 1,000", many[0] / few[0], "x", most=2),
        Figure("overlap refused by the table, 1,000,000 : 1,000", many[1] / few[1], "x", most=2),
    ]


async def _among(connection: "asyncpg.Connection", trips: int) -> tuple[float, float]:
    """Time the look and the constraint with so many trips on record."""
    for statement in _RESTING:
        await connection.execute(statement)
    await connection.execute(_MILLION, trips, _PER_PERSON, timeout=_LIMIT_S)
    for statement in _AWAKE:
        await connection.execute(statement, timeout=_LIMIT_S)
    return await _timed(connection, trips // _PER_PERSON)


async def _timed(connection: "asyncpg.Connection", people: int) -> tuple[float, float]:
    """Return the median seconds of a look, and of a trip stored under the constraint."""
    looked, stored = [], []
    nobody = UUID(int=0)
    for number in range(_ROUNDS):
        person = number * 97 % people
        person_id = UUID(f"00000000-0000-7000-8000-{person:012d}")
        start = datetime(2030, 1, 1, tzinfo=UTC) + timedelta(days=2 * number)
        span = asyncpg.Range(start, start + timedelta(days=1))
        begun = time.perf_counter()
        await connection.fetchval(_AWAY, person_id, nobody, span)
        between = time.perf_counter()
        await connection.execute(_ONE, person_id, person, span)
        looked.append(between - begun)
        stored.append(time.perf_counter() - between)
    return statistics.median(looked), statistics.median(stored)
