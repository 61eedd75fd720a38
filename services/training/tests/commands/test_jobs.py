"""Jobs whose worker is killed in the middle, and workers that were taken for dead."""

import asyncio
import signal
from datetime import timedelta
from uuid import uuid4

import pytest
from job_worker import work_on_jobs
from make_training import MOLDOVA, OFFICER, opened
from sqlalchemy import func, select, update
from told import counts

from kit.db.tables import change
from training.commands import jobs as commands
from training.commands.bulk import AT_ONCE
from training.domain.attendance_import import SentPresence
from training.domain.batch import Mode, Sent
from training.domain.job import ATTEMPTS, JobKind, JobState, Order
from training.domain.nomination import Candidate
from training.domain.presence import Claim, PresenceSource, Stay
from training.queries import jobs as queries
from training.storage import jobs as stored
from training.storage.jobs import JobLostError
from training.storage.tables import nomination
from training.storage.tables_jobs import job as t

LATER = timedelta(minutes=1)


def order(mode, *events):
    """Nominees for events: for the first as many as one portion has, for the last one."""
    sent = [
        Sent(n, f"MD-{n}", event.id, Candidate(uuid4()), None)
        for n, event in enumerate([*[events[0]] * AT_ONCE, events[-1]])
    ]
    return Order(JobKind.NOMINATIONS, mode, validate_only=False, items=sent, flawed=[])


async def nominated(unit):
    async with unit.read() as read:
        return (await read.first(select(func.count()).select_from(nomination)))[0]


async def until(unit, job, reached):
    """Wait until a job is so far."""
    for _ in range(3000):
        found = await queries.one(unit, job.id, by=MOLDOVA)
        if reached(found):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"the job came no further than {found}")


@pytest.mark.parametrize(("mode", "kept"), [(Mode.ATOMIC, 0), (Mode.PARTIAL, AT_ONCE)])
async def test_job_when_its_worker_is_killed_then_goes_on_and_repeats_nothing(
    fresh_unit, fresh_database, fork, clock, mode, kept
):
    first = await opened(fresh_unit)
    second = await opened(fresh_unit, known=False, reference="SECOND")
    job = await commands.submit(fresh_unit, order(mode, first, second), b"1", by=MOLDOVA)
    process = await fork(work_on_jobs, fresh_database.address.url)
    async with fresh_database.driving() as driver, driver.transaction():
        await driver.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        await driver.execute(
            "SELECT 1 FROM training_event WHERE id = $1 FOR UPDATE", second.id
        )  # the second portion has to wait: the first is judged, and nothing is finished
        found = await until(fresh_unit, job, lambda each: each.done == AT_ONCE)
        process.kill()
        assert await process.wait() == -signal.SIGKILL
    assert (found.state, await nominated(fresh_unit)) == (JobState.RUNNING, kept)
    assert not await commands.work_on_next(fresh_unit)
    clock.move(LATER)
    assert await commands.work_on_next(fresh_unit)
    done = await queries.finished(fresh_unit, job.id, by=MOLDOVA)
    assert (done.state, done.stats["created"]) == (JobState.SUCCEEDED, AT_ONCE + 1)
    assert await nominated(fresh_unit) == AT_ONCE + 1
    async with fresh_unit.read() as read:
        told = await read.first(
            select(func.count(), func.count(change.c.entity_id.distinct())).where(
                change.c.entity == "nomination"
            )
        )
    assert tuple(told) == (AT_ONCE + 1, AT_ONCE + 1)


async def test_jobs_when_many_are_sent_over_one_connection_then_each_is_queued_once(unit):
    """PostgreSQL plans a statement for all values after it was sent five times."""
    event = await opened(unit)
    asked = [order(Mode.ATOMIC, event)] * 8
    sent = [
        await commands.submit(unit, each, bytes([n]), by=MOLDOVA) for n, each in enumerate(asked)
    ]
    again = [
        await commands.submit(unit, each, bytes([n]), by=MOLDOVA) for n, each in enumerate(asked)
    ]
    assert [each.id for each in again] == [each.id for each in sent]
    assert len({each.id for each in sent}) == len(asked)


async def test_worker_when_taken_for_dead_then_writes_nothing_any_more(unit, clock):
    event = await opened(unit)
    job = await commands.submit(unit, order(Mode.ATOMIC, event), b"1", by=MOLDOVA)
    async with unit.begin() as tx:
        slow = await stored.take(tx)
    clock.move(LATER)
    async with unit.begin() as tx:
        assert (await stored.take(tx)).attempt == slow.attempt + 1
    before = await counts(unit)
    with pytest.raises(JobLostError):
        await commands._carry_out(unit, slow)
    assert await counts(unit) == before
    assert (await queries.one(unit, job.id, by=MOLDOVA)).state is JobState.RUNNING


async def test_job_when_it_kills_every_worker_then_fails_visibly(unit):
    event = await opened(unit)
    job = await commands.submit(unit, order(Mode.ATOMIC, event), b"1", by=MOLDOVA)
    async with unit.begin() as tx:
        await tx.sql.execute(update(t).values(attempt=ATTEMPTS))
    assert await commands.work_on_next(unit)
    found = await queries.one(unit, job.id, by=MOLDOVA)
    assert (found.state, found.problem.code) == (JobState.FAILED, "training.job_interrupted")
    assert await nominated(unit) == 0


async def test_job_when_refused_whole_then_says_why_and_is_forgotten_after_a_month(unit, clock):
    event = await opened(unit)
    claim = Claim(1, "nonce-001", PresenceSource.IMPORT, Stay())
    sent = [SentPresence(0, claim, uuid4(), None, None)]
    async with unit.begin() as tx:
        asked = Order(JobKind.ATTENDANCE, Mode.ATOMIC, False, sent, [], event.id)
        job = await stored.add(tx, asked, b"1", by=OFFICER)
    assert await commands.work_on_next(unit)
    found = await queries.one(unit, job.id, by=OFFICER)
    assert (found.state, found.problem.code) == (JobState.FAILED, "training.nominations_closed")
    clock.move(timedelta(days=31))
    await commands._tidy(unit)
    async with unit.read() as read:
        assert await read.rows(select(t.c.id)) == []
