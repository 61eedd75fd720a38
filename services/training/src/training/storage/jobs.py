"""Jobs as rows: taken up by one worker at a time, and finished with their effects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, or_, select, type_coerce, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from training.domain.attendance_import import SentPresence
from training.domain.batch import ItemReport, Mode, Report, Sent
from training.domain.job import HELD_FOR, Job, JobKind, JobState, Order, Problem
from training.storage.tables_jobs import UNFINISHED
from training.storage.tables_jobs import job as t

_UNFINISHED: Final = (JobState.QUEUED.value, JobState.RUNNING.value)
_KEPT: Final = timedelta(days=30)
_ITEMS: Final[dict[JobKind, TypeAdapter[Any]]] = {
    JobKind.NOMINATIONS: TypeAdapter(list[Sent]),
    JobKind.ATTENDANCE: TypeAdapter(list[SentPresence]),
}
_REPORTS: Final = TypeAdapter(tuple[ItemReport, ...])
_CALLER: Final = TypeAdapter(Caller)


_SETTINGS: Final = t.c.request.op("-")("items").op("-")("flawed")
BRIEF: Final = (
    *(column for column in t.c if column.name not in {"request", "report"}),
    type_coerce(_SETTINGS, JSONB).label("request"),
    type_coerce(t.c.report.op("-")("items"), JSONB).label("report"),
)
"""Columns of a job without its items, which are many."""


def _taking() -> Hot:
    """Make the statement of all workers that are idle: it is sent three times a second."""
    free = or_(t.c.state == JobState.QUEUED.value, t.c.held_until < bindparam("now"))
    oldest = (
        select(t.c.id)
        .where(UNFINISHED, free)
        .order_by(t.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return Hot(
        update(t)
        .where(t.c.id == oldest.scalar_subquery())
        .values(
            state=JobState.RUNNING.value,
            attempt=t.c.attempt + 1,
            version=t.c.version + 1,
            held_until=bindparam("held_until"),
        )
        .returning(*t.c)
    )


_TAKE: Final = _taking()


class JobLostError(Exception):
    """Another worker has taken the job up meanwhile: this one must not write anything."""


@dataclass(frozen=True, slots=True)
class Held:
    """A job that a worker has taken up, what it is to do, and for whom."""

    job: Job
    order: Order
    by: Caller
    attempt: int


async def add(tx: Tx, order: Order, digest: bytes, *, by: Caller) -> Job:
    """Queue an order; the same one, if it is queued or running, is the same job."""
    new = insert(t).values(
        version=1,
        client=by.client,
        subject=by.subject,
        kind=order.kind.value,
        state=JobState.QUEUED.value,
        done=0,
        total=order.number,
        request=_request(order, by),
        digest=digest,
        created_at=tx.now,
    )
    statement = new.on_conflict_do_update(
        index_elements=["client", "subject", "digest"],
        index_where=UNFINISHED,
        set_={"client": new.excluded.client},
    ).returning(*t.c)
    return job_of((await tx.sql.execute(statement)).mappings().one())


async def take(tx: Tx) -> Held | None:
    """Take up the oldest job that nobody holds, or return None."""
    row = await tx.hot(_TAKE, now=tx.now, held_until=tx.now + HELD_FOR)
    return None if row is None else _held(row)


async def advance(tx: Tx, held: Held, *, done: int, reports: Sequence[ItemReport] = ()) -> None:
    """Store how far a job is, and in partial mode what became of the items so far."""
    values: dict[str, Any] = {"done": done, "held_until": tx.now + HELD_FOR}
    if reports:
        values["report"] = _report(reports)
    await _write(tx, held, values)


async def finish(
    tx: Tx, held: Held, reports: Sequence[ItemReport], *, problem: Problem | None = None
) -> None:
    """End a job with its report, in the transaction of its last effect."""
    state = JobState.SUCCEEDED if problem is None else JobState.FAILED
    stored = problem and {"code": problem.code, "detail": problem.detail}
    values: dict[str, Any] = {
        "state": state.value,
        "report": _report(reports),
        "problem": stored,
        "finished_at": tx.now,
        "held_until": None,
        "request": _SETTINGS,
    }
    if problem is None:
        values["done"] = held.job.total
    await _write(tx, held, values)


async def forget_old(tx: Tx) -> None:
    """Delete jobs that finished more than thirty days ago."""
    await tx.sql.execute(delete(t).where(t.c.finished_at < tx.now - _KEPT))


async def _write(tx: Tx, held: Held, values: dict[str, Any]) -> None:
    mine = (t.c.id == held.job.id, t.c.attempt == held.attempt, t.c.state.in_(_UNFINISHED))
    statement = update(t).where(*mine).values(version=t.c.version + 1, **values)
    if (await tx.sql.execute(statement)).rowcount != 1:
        raise JobLostError(str(held.job.id))


def job_of(row: ByName) -> Job:
    """Return the job of a row with every column; of `BRIEF`, without the report on each item."""
    request, report, problem = row["request"], row["report"], row["problem"]
    event_id = request["event_id"]
    return Job(
        id=row["id"],
        version=row["version"],
        kind=JobKind(row["kind"]),
        state=JobState(row["state"]),
        mode=Mode(request["mode"]),
        validate_only=request["validate_only"],
        event_id=UUID(event_id) if event_id else None,
        done=row["done"],
        total=row["total"],
        reports=_REPORTS.validate_python(report.get("items", ())) if report else (),
        stats=report["stats"] if report else None,
        problem=Problem(**problem) if problem else None,
        created_at=row["created_at"],
        finished_at=row["finished_at"],
    )


def _report(reports: Sequence[ItemReport]) -> dict[str, Any]:
    items = _REPORTS.dump_python(tuple(reports), mode="json")
    return {"items": items, "stats": Report(tuple(reports)).stats}


def _request(order: Order, by: Caller) -> dict[str, Any]:
    return {
        "by": _CALLER.dump_python(by, mode="json"),
        "mode": order.mode.value,
        "validate_only": order.validate_only,
        "event_id": str(order.event_id) if order.event_id else None,
        "items": _ITEMS[order.kind].dump_python(list(order.items), mode="json"),
        "flawed": _REPORTS.dump_python(tuple(order.flawed), mode="json"),
    }


def _held(row: ByName) -> Held:
    job, request = job_of(row), row["request"]
    order = Order(
        kind=job.kind,
        mode=job.mode,
        validate_only=job.validate_only,
        items=_ITEMS[job.kind].validate_python(request["items"]),
        flawed=_REPORTS.validate_python(request["flawed"]),
        event_id=job.event_id,
    )
    return Held(job, order, _CALLER.validate_python(request["by"]), row["attempt"])
