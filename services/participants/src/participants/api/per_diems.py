"""Routes of per diems: simulations."""

from fastapi import APIRouter, Response

from kit.problems import problems
from kit.route import StrictRoute
from participants.api.replies import ready
from participants.api.simulation import Simulation
from participants.api.wire_per_diem import PerDiem
from participants.context import Reader, UnitDep
from participants.domain.errors import NoSuchRuleset, TripFactsRefused
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
