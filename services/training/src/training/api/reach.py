"""Routes of reach: per event, per series, per programme."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from kit.problems import problems
from kit.reply import dump, unless_known
from kit.route import StrictRoute
from training.api.wire_reach import Reach
from training.context import Reader, UnitDep, content_tag
from training.domain.errors import NoSuchEvent, NoSuchSeries
from training.domain.errors_evidence import NoSuchProgramme
from training.queries import reach as queries

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["figures"])
CodeOf = Annotated[str, Path(pattern="^[A-Z0-9][A-Z0-9_-]{0,39}$")]


@router.get(
    "/events/{event_id}/reach",
    response_model=Reach,
    operation_id="event_reach",
    responses=problems(NoSuchEvent),
)
async def event_reach(event_id: UUID, request: Request, caller: Reader, unit: UnitDep) -> Response:
    """Read how many an event reached, and from which countries."""
    found = await queries.of_event(unit, event_id, by=caller)
    return _shown(request, Reach.of(found, event_id=event_id))


@router.get(
    "/event-series/{series_id}/reach",
    response_model=Reach,
    operation_id="series_reach",
    responses=problems(NoSuchSeries),
)
async def series_reach(
    series_id: UUID, request: Request, caller: Reader, unit: UnitDep
) -> Response:
    """Read how many a series reached, where and from where, beside what sources report."""
    found = await queries.of_series(unit, series_id, by=caller)
    return _shown(request, Reach.of(found, series_id=series_id))


@router.get(
    "/programmes/{code}/reach",
    response_model=Reach,
    operation_id="programme_reach",
    responses=problems(NoSuchProgramme),
)
async def programme_reach(
    code: CodeOf, request: Request, caller: Reader, unit: UnitDep
) -> Response:
    """Read how many a programme reached, where and from where, beside what sources report."""
    found = await queries.of_programme(unit, code, by=caller)
    return _shown(request, Reach.of(found, programme_code=code))


def _shown(request: Request, model: Reach) -> Response:
    body = dump(model)
    return unless_known(request, body, content_tag(body))
