"""Routes of cooperation units, deliverables, objectives, funding rules, and partners in numbers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer, unless_known
from kit.route import StrictRoute
from programmes.api import requests_results as bodies
from programmes.api import wire, wire_results
from programmes.api.programme_view import Within
from programmes.api.wire_cooperation import Transitions
from programmes.commands import parts as commands
from programmes.context import ProgrammeCode, Reader, UnitDep, Writer, ready
from programmes.domain import errors
from programmes.domain.component import NoSuchPart, PartTaken
from programmes.domain.cooperation_unit import LegalActDuplicate, LegalActUnclear
from programmes.domain.deliverable import (
    DELIVERABLE_MOVES,
    DeliverableKind,
    DeliverableStatus,
    QuantityInvalid,
)
from programmes.domain.moves import IllegalMove
from programmes.domain.readiness import ways
from programmes.queries import claims
from programmes.queries import programmes as programme_queries
from programmes.queries import results as queries

router = APIRouter(prefix="/v1/programmes/{code}", route_class=StrictRoute, tags=["results"])
_UNSEEN = problems(errors.NoSuchProgramme)
_DATED = problems(errors.NoSuchProgramme, errors.DatesInvalid)
Region = Annotated[str | None, Query(max_length=60, description="A voivodeship.")]


@router.get(
    "/units",
    operation_id="list_cooperation_units",
    response_model=Listing[wire_results.CooperationUnit],
    responses=_DATED,
)
async def list_units(
    code: ProgrammeCode, caller: Reader, unit: UnitDep, during: Within, region: Region = None
) -> Response:
    """List the cooperation units with the acts that founded them, perhaps founded then."""
    return ready(await queries.units(unit, code, region=region, during=during, by=caller))


@router.post(
    "/units",
    status_code=201,
    operation_id="add_cooperation_unit",
    response_model=wire_results.CooperationUnit,
    responses=problems(
        errors.NoSuchProgramme, PartTaken, LegalActDuplicate, LegalActUnclear, errors.DatesInvalid
    ),
)
async def add_unit(
    code: ProgrammeCode, new: bodies.NewUnit, caller: Writer, once: Once
) -> Response:
    """Record a unit; 48/15 of two voivodes are two acts, of one on one day it is one."""
    return await once(
        lambda unit: commands.add_part(unit, code, new.unit, by=caller),
        wire_results.CooperationUnit.of,
    )


@router.get(
    "/units/summary",
    operation_id="cooperation_unit_summary",
    response_model=wire_results.UnitSummary,
    responses=_UNSEEN,
)
async def unit_summary(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """Count the units, and name the voivodeships that have none."""
    found = await queries.coverage_of(unit, code, by=caller)
    return answer(wire_results.UnitSummary.of(found))


@router.get(
    "/units/{unit_id}",
    operation_id="cooperation_unit",
    response_model=wire_results.CooperationUnit,
    responses=problems(errors.NoSuchProgramme, NoSuchPart),
)
async def cooperation_unit(
    request: Request, code: ProgrammeCode, unit_id: UUID, caller: Reader, unit: UnitDep
) -> Response:
    """Read a unit, with the kinds of institution in it."""
    body, tag = await queries.cooperation_unit_of(unit, code, str(unit_id), by=caller)
    return unless_known(request, body.encode(), tag)


@router.get(
    "/deliverables",
    operation_id="list_deliverables",
    response_model=Listing[wire_results.Deliverable],
    responses=_DATED,
)
async def list_deliverables(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    during: Within,
    *,
    kind: DeliverableKind | None = None,
    status: DeliverableStatus | None = None,
) -> Response:
    """List what the programme leaves behind, of a kind, in a state, perhaps due then."""
    found = await queries.deliverables(
        unit, code, kind=kind, status=status, during=during, by=caller
    )
    return ready(found)


@router.post(
    "/deliverables",
    status_code=201,
    operation_id="add_deliverable",
    response_model=wire_results.Deliverable,
    responses=problems(errors.NoSuchProgramme, PartTaken, QuantityInvalid, errors.DatesInvalid),
)
async def add_deliverable(
    code: ProgrammeCode, new: bodies.NewDeliverable, caller: Writer, once: Once
) -> Response:
    """Record something the programme is to leave behind."""
    return await once(
        lambda unit: commands.add_part(unit, code, new.deliverable, by=caller),
        wire_results.Deliverable.of,
    )


@router.get(
    "/deliverables/{deliverable_id}",
    operation_id="deliverable",
    response_model=wire_results.Deliverable,
    responses=problems(errors.NoSuchProgramme, NoSuchPart),
)
async def deliverable(
    request: Request, code: ProgrammeCode, deliverable_id: UUID, caller: Reader, unit: UnitDep
) -> Response:
    """Read a deliverable."""
    body, tag = await queries.deliverable_of(unit, code, str(deliverable_id), by=caller)
    return unless_known(request, body.encode(), tag)


@router.get(
    "/deliverables/{deliverable_id}/transitions",
    operation_id="deliverable_transitions",
    response_model=Transitions,
    responses=problems(errors.NoSuchProgramme, NoSuchPart),
)
async def deliverable_transitions(
    code: ProgrammeCode, deliverable_id: UUID, caller: Reader, unit: UnitDep
) -> Response:
    """Say which states the deliverable may move to, and why not to the others."""
    body, _ = await queries.deliverable_of(unit, code, str(deliverable_id), by=caller)
    present = wire_results.Deliverable.model_validate_json(body).status
    return answer(Transitions.of(present, DELIVERABLE_MOVES.ways(present)))


@router.post(
    "/deliverables/{deliverable_id}/transitions",
    operation_id="move_deliverable",
    response_model=wire_results.Deliverable,
    responses=problems(
        errors.NoSuchProgramme, NoSuchPart, IllegalMove, StaleVersion, PreconditionRequired
    ),
)
async def move_deliverable(
    code: ProgrammeCode,
    deliverable_id: UUID,
    move: bodies.DeliverableMove,
    caller: Writer,
    unit: UnitDep,
    *,
    expected: IfMatch,
) -> Response:
    """Move a deliverable on."""
    moved = await commands.progress_deliverable(
        unit, code, deliverable_id, move.to, expected=expected, by=caller
    )
    return answer(wire_results.Deliverable.of(moved), version=moved.version)


@router.get(
    "/objectives",
    operation_id="list_objectives",
    response_model=Listing[wire.Objective],
    responses=_UNSEEN,
)
async def list_objectives(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """List what the programme is for and what is expected of it, in the words of the source."""
    body, _ = await programme_queries.programme_of(unit, code, by=caller)
    found = wire.Programme.model_validate_json(body)
    return answer(Listing[wire.Objective](items=found.objectives, next=None))


@router.get(
    "/funding-rules",
    operation_id="funding_rules",
    response_model=wire_results.FundingRulesFound,
    responses=_UNSEEN,
)
async def funding_rules(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """Read whether participants pay and what is paid for them; `stated` false if no source says."""
    body, _ = await programme_queries.programme_of(unit, code, by=caller)
    found = wire.Programme.model_validate_json(body).funding_rules
    return answer(wire_results.FundingRulesFound.found(found))


@router.get(
    "/partners/summary",
    operation_id="partner_summary",
    response_model=wire_results.PartnerSummary,
    responses=_UNSEEN,
)
async def partner_summary(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """Read how many partners a source declares, and how many are on record."""
    body, _ = await programme_queries.programme_of(unit, code, by=caller)
    recorded = await queries.recorded_partners(unit, code, by=caller)
    counts = wire.Programme.model_validate_json(body).counts
    return answer(wire_results.PartnerSummary.found(counts, recorded))


@router.get(
    "/transitions",
    operation_id="programme_transitions",
    response_model=Transitions,
    responses=_UNSEEN,
)
async def programme_transitions(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """Say which states the programme may move to, and why not to the others."""
    body, _ = await programme_queries.overview(unit, code, by=caller)
    shown = wire.Overview.model_validate_json(body)
    reported = await queries.indicators(unit, code, by=caller)
    ready = shown.readiness(reported, await claims.waiting(unit, code))
    return answer(Transitions.of(shown.programme.status, ways(shown.programme.status, ready)))
