"""Routes that take many items at once, now or as a job."""

import hashlib
import re
from collections.abc import Awaitable
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel

from kit.auth import Caller
from kit.db.unit import Unit
from kit.problems import problems
from kit.reply import answer
from training.api.bulk_route import BulkRoute, items_of
from training.api.examples import csv_of
from training.api.wire_batch import COLUMNS, BatchReport, NominationBatch, judged
from training.api.wire_import import ATTENDANCE_COLUMNS, AttendanceBatch, judged_presence
from training.api.wire_jobs import Job
from training.commands import jobs
from training.commands.attendance_import import import_attendance
from training.commands.batch import nominate_batch as nominate
from training.context import Host, Nominator, UnitDep
from training.domain.batch import Mode, Report
from training.domain.errors import (
    MandatoryMinutesUnknown,
    NominationsClosed,
    NoSuchEvent,
    NotConfirmed,
)
from training.domain.errors_batch import BatchRefused
from training.domain.job import AT_MOST_NOW, JobKind, Order

router = APIRouter(prefix="/v1", route_class=BulkRoute, tags=["bulk"])
_CHECK: Final = Query(description="Judge everything and store nothing.")
_WHOLE: Final = Query(
    description="`atomic`: all or nothing. `partial`: what is refused is left out."
)
_LATER: Final = re.compile(r"(?:^|[,;\s])respond-async(?:$|[,;\s])", re.IGNORECASE)
_Mode = Annotated[Mode, _WHOLE]
_Check = Annotated[bool, _CHECK]
_Prefer = Annotated[
    str | None,
    Header(
        description="`respond-async`: answer 202 with a job at once. More than "
        f"{AT_MOST_NOW} items are always a job."
    ),
]


def _body(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the document says of the body: JSON, or CSV."""
    return {
        "requestBody": {
            "required": True,
            "description": "JSON, or CSV in UTF-8 with a header row and commas; at most 10 MiB "
            "and 5,000 items. Cells that spreadsheets would calculate are refused.",
            "content": {
                "application/json": {"schema": model.model_json_schema()},
                "text/csv": {"schema": {"type": "string"}, "example": csv_of(model)},
            },
        }
    }


_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    202: {"model": Job, "description": "A job works on it; `Location` says where to follow it."},
    207: {"model": BatchReport, "description": "What became of each item, in partial mode."},
}


@router.post(
    "/nominations:batch",
    response_model=BatchReport,
    operation_id="nominate_batch",
    responses={**_ANSWERS, **problems(BatchRefused)},
    openapi_extra=_body(NominationBatch),
)
async def nominate_batch(
    request: Request,
    caller: Nominator,
    unit: UnitDep,
    *,
    mode: _Mode = Mode.ATOMIC,
    validate_only: _Check = False,
    prefer: _Prefer = None,
) -> Response:
    """Nominate many at once; sent again under their external ids, they are the same ones."""
    sent, flawed = judged(items_of(request, COLUMNS))
    order = Order(JobKind.NOMINATIONS, mode, validate_only, sent, flawed)
    return await _answered(unit, request, order, prefer, caller)


@router.post(
    "/events/{event_id}/attendance:import",
    response_model=BatchReport,
    operation_id="import_attendance",
    responses={
        **_ANSWERS,
        **problems(
            BatchRefused, NoSuchEvent, NominationsClosed, NotConfirmed, MandatoryMinutesUnknown
        ),
    },
    openapi_extra=_body(AttendanceBatch),
)
async def import_attendance_of(
    event_id: UUID,
    request: Request,
    caller: Host,
    unit: UnitDep,
    *,
    mode: _Mode = Mode.ATOMIC,
    validate_only: _Check = False,
    prefer: _Prefer = None,
) -> Response:
    """Record many presences at an event; the same nonce again is the same record."""
    sent, flawed = judged_presence(items_of(request, ATTENDANCE_COLUMNS), by=caller)
    order = Order(JobKind.ATTENDANCE, mode, validate_only, sent, flawed, event_id)
    return await _answered(unit, request, order, prefer, caller)


async def _answered(
    unit: Unit, request: Request, order: Order, prefer: str | None, caller: Caller
) -> Response:
    """Carry an order out now, or queue it where it is long or the caller would rather not wait."""
    asked = _LATER.search(prefer or "") is not None
    if not asked and order.number <= AT_MOST_NOW:
        return _told(await _carried_out(unit, order, caller), order)
    job = await jobs.submit(unit, order, _digest(request), by=caller)
    response = answer(Job.of(job), version=job.version, status=202)
    response.headers["location"] = f"/v1/jobs/{job.id}"
    if asked:
        response.headers["preference-applied"] = "respond-async"
    return response


def _carried_out(unit: Unit, order: Order, caller: Caller) -> Awaitable[Report]:
    mode, check = order.mode, order.validate_only
    if order.event_id is None:
        return nominate(unit, order.items, order.flawed, mode=mode, validate_only=check, by=caller)
    return import_attendance(
        unit,
        order.event_id,
        order.items,
        order.flawed,
        mode=mode,
        validate_only=check,
        by=caller,
    )


def _digest(request: Request) -> bytes:
    """Return a hash of the whole request: the same again is the same job while it runs."""
    body: str = request._json  # noqa: SLF001 (the hash that BulkRoute keeps)
    query = "&".join(sorted(request.url.query.split("&")))
    return hashlib.sha256(f"{request.url.path}?{query} {body}".encode()).digest()


def _told(report: Report, order: Order) -> Response:
    if order.mode is Mode.ATOMIC and not report.flawless:
        shown = BatchReport.of(report, stored=False).model_dump(mode="json")
        refused = report.stats["refused"]
        raise BatchRefused(f"{refused} items are refused", items=shown["items"], stats=report.stats)
    status = 207 if order.mode is Mode.PARTIAL else 200
    return answer(BatchReport.of(report, stored=not order.validate_only), status=status)
