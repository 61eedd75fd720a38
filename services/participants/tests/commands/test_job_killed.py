"""A settlement job whose worker is killed while it settles: nothing is lost, nothing is doubled."""

import asyncio
import signal

import asyncpg
import pytest_asyncio
from settling_worker import settle_all

from kit.auth import Caller
from kit.testing.patience import served
from participants.commands.settlement_jobs import ask_settlement_job, settle_batch

PAYER = Caller("test", "test", "PL-MOI", "PL", frozenset({"participants:pay", "records:all"}))
_MADE = (
    """
    INSERT INTO person (version, audience, public_ref, role, organisation, country, origin,
                        synthetic)
    SELECT 1, '{staff}', 'P-' || n, 'participant', 'PL-BGHQ', 'PL', 'seat', true
    FROM generate_series(1, 60) AS n
    """,
    """
    INSERT INTO trip (version, audience, person_id, person_number, programme_code, organisation,
                      country, during, synthetic, state, revision)
    SELECT 5, '{staff}', id, number, 'NO-COMP', 'PL-BGHQ', 'PL',
           tstzrange('2015-03-02', '2015-03-04'), true, 'verified', 1
    FROM person
    """,
    """
    INSERT INTO claim (version, audience, trip_id, person_id, person_number, programme_code,
                       revision, state, currency, declared, certified, deducted, parked,
                       declared_by, checked_by, synthetic)
    SELECT 3, '{staff}', id, person_id, person_number, 'NO-COMP', 1, 'certified', 'PLN', 60, 60, 0,
           0, 'clerk', 'checker', true
    FROM trip ORDER BY id
    """,
)
_BUSY = "SELECT trip_id FROM claim ORDER BY id OFFSET 24 LIMIT 1"
_WAITS = """
SELECT EXISTS (SELECT FROM pg_stat_activity
               WHERE application_name = 'killed' AND wait_event_type = 'Lock')
"""
_FOUND = """
SELECT (SELECT count(*) FROM settlement), (SELECT count(DISTINCT claim_id) FROM settlement),
       (SELECT count(*) FROM trip WHERE state = 'settled'),
       (SELECT count(*) FROM change WHERE type = 'participants.settlement_moved.v1'),
       (SELECT settled FROM settlement_job), (SELECT state FROM settlement_job)
"""


@pytest_asyncio.fixture
async def beside(fresh_database):
    """Two more connections: of somebody busy with a trip as long as it takes, and to watch."""
    connections = [await asyncpg.connect(fresh_database.address.url) for _ in range(2)]
    yield connections
    for each in connections:
        await each.close()


async def test_job_when_its_worker_is_killed_in_a_batch_then_another_ends_it_once(
    fresh_database, fresh_unit, beside, fork
):
    somebody, watching = beside
    for statement in _MADE:
        await watching.execute(statement)
    await ask_settlement_job(fresh_unit, "NO-COMP", payer="PL-MOI", override=None, by=PAYER)
    busy = somebody.transaction()
    await busy.start()
    await somebody.execute(f"SELECT FROM trip WHERE id = ({_BUSY}) FOR UPDATE")
    worker = await fork(settle_all, fresh_database.address.url)
    while not await watching.fetchval(_WAITS):
        assert worker.alive()
        await asyncio.sleep(0.02)
    worker.kill()
    assert await worker.wait() == -signal.SIGKILL
    assert tuple(await watching.fetchrow(_FOUND)) == (20, 20, 20, 20, 20, "running")
    await busy.rollback()
    while tuple(await watching.fetchrow(_FOUND))[-1] != "done":
        await served(settle_batch, fresh_unit, most=10)
    assert tuple(await watching.fetchrow(_FOUND)) == (60, 60, 60, 60, 60, "done")
