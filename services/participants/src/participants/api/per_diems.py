"""Routes of per diems: simulations and rate sets."""

from fastapi import APIRouter, Request, Response

from kit.db.paging import Asked
from kit.problems import problems
from kit.reply import Listing, unless_known
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from kit.wire import Code
from participants.api import wire
from participants.api.replies import listing, ready
from participants.api.simulation import Simulation
from participants.api.wire_per_diem import PerDiem
from participants.context import Cursor, Limit, Reader, UnitDep
from participants.domain.errors import NoSuchRateSet, NoSuchRuleset, TripFactsRefused
from participants.queries import rates
from participants.queries.simulations import simulate

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["per diems"])


@router.post(
    "/per-diem/simulations",
    response_model=PerDiem,
    responses=problems(NoSuchRuleset, TripFactsRefused),
    operation_id="simulate_per_diem",
)
async def simulate_per_diem(body: Simulation, caller: Reader, unit: UnitDep) -> Response:
    """Compute a per diem without saving anything; no personal data is needed."""
    del caller
    facts, pin, found = body.facts(), body.pin(), body.time_violations()
    return ready(await simulate(unit, body.ruleset, facts, pin, found))


@router.get(
    "/rate-sets",
    response_model=Listing[wire.RateSet],
    responses=problems(CursorInvalid),
    operation_id="rate_sets",
)
async def list_rate_sets(
    caller: Reader,
    unit: UnitDep,
    scheme: Code | None = None,
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List the rate sets, drafts and lists of which no copy is held among them."""
    asked = Asked(caller.client, after, limit, {"scheme": scheme})
    return listing(await rates.rate_sets(unit, asked, scheme=scheme))


@router.get(
    "/rate-sets/{code}",
    response_model=wire.RateSetWithRates,
    responses=problems(NoSuchRateSet),
    operation_id="rate_set",
)
async def read_rate_set(code: str, request: Request, caller: Reader, unit: UnitDep) -> Response:
    """Read a rate set with every rate in it, its source and how well it is attested."""
    del caller
    body, tag = await rates.rate_set_with_rates(unit, code)
    return unless_known(request, body.encode(), tag)
