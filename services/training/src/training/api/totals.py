"""Routes of figures: head counts as published, totals as published and as computed, codes."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import problems
from kit.reply import IfMatch, Listing, answer, dump, unless_known
from kit.route import StrictRoute
from training.api.wire_nominations import (
    Codelist,
    HeadcountFigures,
    HeadcountReport,
    NewHeadcount,
    PortfolioTotals,
    ProgrammeTotals,
    event_kinds,
)
from training.commands import evidence
from training.context import Cursor, Host, Limit, ProgrammeCode, Reader, UnitDep, content_tag
from training.domain.errors import (
    CountInconsistent,
    EventNotYet,
    EventOver,
    NoSuchEvent,
    NoSuchReport,
    NoSuchSeries,
    ReferenceTaken,
    SubjectRequired,
    UnknownProgramme,
)
from training.queries import headcounts, totals

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["figures"])


@router.post(
    "/headcount-reports",
    status_code=201,
    response_model=HeadcountReport,
    operation_id="report_headcount",
    responses=problems(
        NoSuchEvent,
        EventNotYet,
        EventOver,
        NoSuchSeries,
        UnknownProgramme,
        ReferenceTaken,
        SubjectRequired,
        CountInconsistent,
    ),
)
async def report_headcount(body: NewHeadcount, caller: Host, once: Once) -> Response:
    """Put a published head count of an event or a series on record, with its source."""
    count = body.headcount()
    return await once(
        lambda unit: evidence.report_headcount(unit, count, by=caller), HeadcountReport.of
    )


@router.put(
    "/headcount-reports/{report_id}",
    response_model=HeadcountReport,
    operation_id="correct_headcount",
    responses=problems(NoSuchReport, StaleVersion, CountInconsistent),
)
async def correct_headcount(
    report_id: UUID, body: HeadcountFigures, caller: Host, unit: UnitDep, expected: IfMatch
) -> Response:
    """Put right what a head count says; a second report would be counted beside the first."""
    change = body.change()
    found = await evidence.correct_headcount(unit, report_id, change, expected=expected, by=caller)
    return answer(HeadcountReport.of(found), version=found.version)


@router.get(
    "/headcount-reports",
    response_model=Listing[HeadcountReport],
    operation_id="headcount_reports",
)
async def headcount_reports(
    caller: Reader,
    unit: UnitDep,
    programme: ProgrammeCode = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List head counts, of a programme or of all you may see."""
    found = await headcounts.reports(unit, programme=programme, limit=limit, after=after, by=caller)
    shown = [HeadcountReport.of(each) for each in found.items]
    return answer(Listing(items=shown, next=found.next))


@router.get(
    "/programme-totals/{programme_code}",
    response_model=ProgrammeTotals,
    operation_id="programme_totals",
)
async def programme_totals(
    programme_code: str, request: Request, caller: Reader, unit: UnitDep
) -> Response:
    """Read what the training of a programme adds up to, published, computed and compared."""
    found = await totals.programme_totals(unit, programme_code, by=caller)
    body = dump(ProgrammeTotals.of(found))
    return unless_known(request, body, content_tag(body))


@router.get("/portfolio-totals", response_model=PortfolioTotals, operation_id="portfolio_totals")
async def portfolio_totals(request: Request, caller: Reader, unit: UnitDep) -> Response:
    """Read the totals of every programme you may see that has records, by programme code."""
    body = dump(PortfolioTotals.of(await totals.portfolio_totals(unit, by=caller)))
    return unless_known(request, body, content_tag(body))


@router.get("/codelists/event-kinds", response_model=Codelist, operation_id="event_kinds")
async def kinds(_caller: Reader) -> Response:
    """List the kinds of training events with their Polish and English names."""
    return answer(event_kinds())
