"""Routes of totals: the parts of this service in the gateway's views."""

from fastapi import APIRouter, Request, Response

from kit.route import StrictRoute
from participants.api.replies import part
from participants.api.wire import PortfolioTotals, ProgrammeTotals
from participants.context import Reader, UnitDep
from participants.queries import totals

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["totals"])


@router.get(
    "/programme-totals/{programme_code}",
    response_model=ProgrammeTotals,
    operation_id="programme_totals",
)
async def programme_totals(
    programme_code: str, request: Request, caller: Reader, unit: UnitDep
) -> Response:
    """Read what the trips of a programme add up to, over the trips you may see."""
    return part(request, await totals.programme_totals(unit, programme_code, by=caller))


@router.get("/portfolio-totals", response_model=PortfolioTotals, operation_id="portfolio_totals")
async def portfolio_totals(request: Request, caller: Reader, unit: UnitDep) -> Response:
    """Read the totals of every programme with trips you may see, by its code."""
    return part(request, await totals.portfolio_totals(unit, by=caller))
