"""Routes of jobs: how far they are, as they go on, and what became of each item."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response

from kit.auth import Caller
from kit.db.unit import Unit
from kit.problems import problems
from kit.reply import Listing, answer, dump
from kit.route import StrictRoute
from kit.stream import EVENT_STREAM, Event, EventStream
from training.api.wire_batch import BatchReport
from training.api.wire_jobs import Job
from training.context import Cursor, Limit, Reader, UnitDep
from training.domain.errors_jobs import JobUnfinished, NoSuchJob
from training.domain.job import Job as Known
from training.queries import jobs as queries

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["bulk"])
_LOOK_S: Final = 0.25
_NO_MORE: Final = 204
_LastSeen = Annotated[
    str | None, Header(description="The id of the last event you saw; older ones are left out.")
]
_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Server-sent events. `progress` while it runs, `end` once; the data of "
        "each is the job. After `end` the stream ends.",
        "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
    },
    204: {"description": "The job has ended, and you have seen its end: do not connect again."},
}


@router.get("/jobs", response_model=Listing[Job], operation_id="jobs")
async def jobs(caller: Reader, unit: UnitDep, limit: Limit = 50, after: Cursor = None) -> Response:
    """List the jobs you sent in, the newest first; they are kept for 30 days after their end."""
    found = await queries.listed(unit, limit=limit, after=after, by=caller)
    return answer(Listing(items=[Job.of(each) for each in found.items], next=found.next))


@router.get("/jobs/{job_id}", response_model=Job, operation_id="job", responses=problems(NoSuchJob))
async def job(job_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read how far a job of yours is."""
    found = await queries.one(unit, job_id, by=caller)
    return answer(Job.of(found), version=found.version)


@router.get(
    "/jobs/{job_id}/report",
    response_model=BatchReport,
    operation_id="job_report",
    responses=problems(NoSuchJob, JobUnfinished),
)
async def job_report(job_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read what became of each item of a job that has ended."""
    found = await queries.finished(unit, job_id, by=caller)
    return answer(BatchReport.of(found.report, stored=found.stored))


@router.get(
    "/jobs/{job_id}/events",
    status_code=200,
    operation_id="job_events",
    response_class=EventStream,
    responses={**_STREAM, **problems(NoSuchJob)},
)
async def job_events(
    job_id: UUID,
    request: Request,
    caller: Reader,
    unit: UnitDep,
    last_event_id: _LastSeen = None,
) -> Response:
    """Follow a job while it is worked on, as server-sent events."""
    seen = _seen(last_event_id)
    found = await queries.one(unit, job_id, by=caller)
    if found.finished and seen >= found.version:
        return Response(status_code=_NO_MORE)
    return EventStream(request, _told(unit, found, seen, by=caller))


def _seen(last_event_id: str | None) -> int:
    """Return the version last seen, 0 where nothing was, or nothing that could be."""
    text = last_event_id or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004


async def _told(unit: Unit, found: Known, seen: int, *, by: Caller) -> AsyncIterator[Event | None]:
    """Tell of every version after `seen` that is noticed, until the job has ended."""
    while True:
        if found.version > seen:
            seen = found.version
            kind = "end" if found.finished else "progress"
            yield Event(str(seen), kind, dump(Job.of(found)))
        if found.finished:
            return
        yield None
        await asyncio.sleep(_LOOK_S)
        found = await queries.one(unit, found.id, by=by)
