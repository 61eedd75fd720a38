"""Jobs: queued by a request, carried out by the worker, resumed or failed after a crash.

An atomic job is one transaction, which also ends it: a crash leaves it queued with no effect. A
partial one stores its items in portions, each with the mark of how far it is: a crash repeats
nothing. Every write names the attempt, so that a worker taken for dead cannot write any more.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from kit.auth import Caller
from kit.db.unit import Unit
from kit.errors import DomainError, Unavailable
from training.commands.attendance_import import importing, must_take_attendance
from training.commands.batch import nominating
from training.commands.bulk import (
    AT_ONCE,
    NotToBeKeptError,
    Storing,
    in_order,
    must_be_kept,
    portions,
)
from training.domain.batch import ItemReport, Mode
from training.domain.errors_batch import BatchRefused
from training.domain.errors_jobs import JobInterrupted
from training.domain.job import ATTEMPTS, Job, JobKind, Order, Problem
from training.storage import jobs
from training.storage.jobs import Held, JobLostError

_IDLE_S: Final = 0.3
_TIDY_S: Final = 3600
_UNEXPECTED: Final = Problem("kit.unexpected", "the job could not be carried out")
_log = structlog.get_logger()


async def submit(unit: Unit, order: Order, digest: bytes, *, by: Caller) -> Job:
    """Queue an order; `digest` tells whether the same request is being worked on already.

    Refused: NoSuchEvent, NominationsClosed, where attendance is imported.
    """
    async with unit.begin() as tx:
        if order.event_id is not None:
            await must_take_attendance(tx, order.event_id, by=by)
        return tx.result(await jobs.add(tx, order, digest, by=by))


async def keep_working(unit: Unit) -> None:
    """Carry out jobs as they are queued, until cancelled."""
    idle_s = 0.0
    while True:
        if idle_s <= 0:
            await _tidy(unit)
            idle_s = _TIDY_S
        if not await work_on_next(unit):
            await asyncio.sleep(_IDLE_S)
            idle_s -= _IDLE_S


async def work_on_next(unit: Unit) -> bool:
    """Carry out the oldest job that nobody holds; return whether there was one."""
    async with unit.begin() as tx:
        held = await jobs.take(tx)
    if held is None:
        return False
    work = unit.on_behalf(held.by.client, cause=f"job:{held.job.id}")
    try:
        await _carry_out(work, held)
    except JobLostError:
        _log.warning("job_lost", subject=str(held.job.id))
    except Unavailable as trouble:
        _log.warning("job_waits", subject=str(held.job.id), code=trouble.code)
    except DomainError as refusal:
        await _fail(work, held, Problem(refusal.code, refusal.detail))
    except Exception:
        _log.exception("job_failed", subject=str(held.job.id))
        await _fail(work, held, _UNEXPECTED)
    return True


async def _tidy(unit: Unit) -> None:
    async with unit.begin() as tx:
        await jobs.forget_old(tx)


async def _carry_out(unit: Unit, held: Held) -> None:
    if held.attempt > ATTEMPTS:
        raise JobInterrupted(f"it was taken up {ATTEMPTS} times and never ended")
    storing = _storing(held.order, by=held.by)
    if held.order.mode is Mode.PARTIAL and not held.order.validate_only:
        await _in_portions(unit, held, storing)
    else:
        await _at_once(unit, held, storing)


def _storing(order: Order, *, by: Caller) -> Storing:
    if order.kind is JobKind.NOMINATIONS:
        return nominating(order.items, by=by)
    assert order.event_id is not None  # noqa: S101 (an import names its event)
    return importing(order.items, event_id=order.event_id, by=by)


async def _at_once(unit: Unit, held: Held, storing: Storing) -> None:
    order, reports = held.order, list(held.order.flawed)
    try:
        async with unit.begin() as tx:
            for some in portions(order.items):
                reports += await storing(tx, some)
                await _report_progress(unit, held, len(reports))
            report = in_order(reports)
            must_be_kept(report, order.mode, validate_only=order.validate_only)
            await jobs.finish(tx, held, report.items)
    except NotToBeKeptError:
        await _end_without_effect(unit, held, reports)


async def _end_without_effect(unit: Unit, held: Held, reports: Sequence[ItemReport]) -> None:
    report = in_order(reports)
    refused = held.order.mode is Mode.ATOMIC and not report.flawless
    problem = Problem(BatchRefused.code, BatchRefused.title) if refused else None
    async with unit.begin() as tx:
        await jobs.finish(tx, held, report.without_effect().items, problem=problem)


async def _in_portions(unit: Unit, held: Held, storing: Storing) -> None:
    reports = list(held.job.reports) or list(held.order.flawed)
    begun = len(reports) - len(held.order.flawed)
    for start in range(begun, len(held.order.items), AT_ONCE):
        async with unit.begin() as tx:
            reports += await storing(tx, held.order.items[start : start + AT_ONCE])
            await jobs.advance(tx, held, done=len(reports), reports=reports)
    async with unit.begin() as tx:
        await jobs.finish(tx, held, in_order(reports).items)


async def _report_progress(unit: Unit, held: Held, done: int) -> None:
    """Say how far it is, in a transaction of its own: what is stored so far may not stay."""
    async with unit.begin() as tx:
        await jobs.advance(tx, held, done=done)


async def _fail(unit: Unit, held: Held, problem: Problem) -> None:
    async with unit.begin() as tx:
        await jobs.finish(tx, held, held.job.reports, problem=problem)
