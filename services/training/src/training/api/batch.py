"""Routes that take many items at once."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from kit.problems import problems
from kit.reply import answer
from training.api.bulk_route import BulkRoute, items_of
from training.api.wire_batch import COLUMNS, BatchReport, NominationBatch, judged
from training.commands import batch as commands
from training.context import Nominator, UnitDep
from training.domain.batch import Mode, Report
from training.domain.errors_batch import BatchRefused

router = APIRouter(prefix="/v1", route_class=BulkRoute, tags=["bulk"])
_CHECK: Final = Query(description="Judge everything and store nothing.")
_WHOLE: Final = Query(
    description="`atomic`: all or nothing. `partial`: what is refused is left out."
)
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "JSON, or CSV in UTF-8 with a header row and commas; at most 10 MiB and "
        "5,000 items. Cells that spreadsheets would calculate are refused.",
        "content": {
            "application/json": {"schema": NominationBatch.model_json_schema()},
            "text/csv": {"schema": {"type": "string"}, "example": ",".join(COLUMNS) + "\n"},
        },
    }
}


@router.post(
    "/nominations:batch",
    response_model=BatchReport,
    operation_id="nominate_batch",
    responses={207: {"model": BatchReport}, **problems(BatchRefused)},
    openapi_extra=_BODY,
)
async def nominate_batch(
    request: Request,
    caller: Nominator,
    unit: UnitDep,
    *,
    mode: Annotated[Mode, _WHOLE] = Mode.ATOMIC,
    validate_only: Annotated[bool, _CHECK] = False,
) -> Response:
    """Nominate many at once; sent again under their external ids, they are the same ones."""
    sent, flawed = judged(items_of(request, COLUMNS))
    report = await commands.nominate_batch(
        unit, sent, flawed, mode=mode, validate_only=validate_only, by=caller
    )
    return _told(report, mode, validate_only=validate_only)


def _told(report: Report, mode: Mode, *, validate_only: bool) -> Response:
    if mode is Mode.ATOMIC and not report.flawless:
        shown = BatchReport.of(report, stored=False).model_dump(mode="json")
        refused = report.stats["refused"]
        raise BatchRefused(f"{refused} items are refused", items=shown["items"], stats=report.stats)
    status = 207 if mode is Mode.PARTIAL else 200
    return answer(BatchReport.of(report, stored=not validate_only), status=status)
