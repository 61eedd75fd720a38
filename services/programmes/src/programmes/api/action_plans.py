"""Routes of action plans: editions, areas, numbered actions, planned beside recorded."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer, unless_known
from kit.route import StrictRoute
from programmes.api import requests_results as bodies
from programmes.api import wire_results as wire
from programmes.api.programme_view import Within
from programmes.api.wire_cooperation import Transitions
from programmes.commands import action_plans as commands
from programmes.context import ProgrammeCode, Reader, UnitDep, Writer, ready
from programmes.domain import errors
from programmes.domain.action_plan import (
    PLAN_MOVES,
    ActionNumberTaken,
    ActionStatus,
    AreaTwice,
    NoSuchArea,
    NothingDelivered,
    PlanClosed,
    PlannedNegative,
    action_name,
    action_ways,
)
from programmes.domain.component import NoSuchPart, PartTaken
from programmes.domain.moves import IllegalMove
from programmes.queries import counted
from programmes.queries import results as queries

router = APIRouter(
    prefix="/v1/programmes/{code}/action-plans", route_class=StrictRoute, tags=["action plans"]
)
PlanOf = Annotated[
    str, Path(pattern="^[A-Z]{2}$", description="The country of the plan.", examples=["MD"])
]
Topic = Annotated[str, Path(max_length=60, description="Topic of an area.")]
Number = Annotated[int, Path(ge=1, description="Number of an action.")]
_NO_PLAN = problems(errors.NoSuchProgramme, NoSuchPart)
_MOVING = (errors.NoSuchProgramme, NoSuchPart, StaleVersion, PreconditionRequired)


@router.get(
    "",
    operation_id="list_action_plans",
    response_model=Listing[wire.ActionPlan],
    responses=problems(errors.NoSuchProgramme),
)
async def list_plans(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """List every edition of every country's plan."""
    return ready(await queries.plans(unit, code, by=caller))


@router.post(
    "",
    status_code=201,
    operation_id="draft_action_plan",
    response_model=wire.ActionPlan,
    responses=problems(errors.NoSuchProgramme, PartTaken, AreaTwice),
)
async def draft_plan(
    code: ProgrammeCode, new: bodies.NewActionPlan, caller: Writer, once: Once
) -> Response:
    """Draft the first edition of a country's plan."""
    return await once(
        lambda unit: commands.draft_plan(unit, code, new.plan, by=caller), wire.ActionPlan.of
    )


@router.get(
    "/{country}", operation_id="action_plan", response_model=wire.ActionPlan, responses=_NO_PLAN
)
async def action_plan(
    request: Request, code: ProgrammeCode, country: PlanOf, caller: Reader, unit: UnitDep
) -> Response:
    """Read the newest edition of a country's plan, with planned and recorded actions."""
    body, tag = await queries.plan(unit, code, country, by=caller)
    return unless_known(request, body.encode(), tag)


@router.put(
    "/{country}",
    operation_id="correct_action_plan",
    response_model=wire.ActionPlan,
    responses=problems(*_MOVING, PlanClosed, AreaTwice, NoSuchArea),
)
async def correct_plan(
    code: ProgrammeCode,
    country: PlanOf,
    body: bodies.PlanCorrection,
    caller: Writer,
    unit: UnitDep,
    *,
    expected: IfMatch,
) -> Response:
    """Say anew what a draft says; an area that has actions stays among the areas."""
    changed = await commands.correct_plan(
        unit, code, country, body.change, expected=expected, by=caller
    )
    return answer(wire.ActionPlan.of(changed), version=changed.version)


@router.get(
    "/{country}/areas/{topic}",
    operation_id="action_plan_area",
    response_model=wire.Area,
    responses=_NO_PLAN,
)
async def area(
    code: ProgrammeCode, country: PlanOf, topic: Topic, caller: Reader, unit: UnitDep
) -> Response:
    """Read an area of the plan, and whether work in it goes on."""
    body, _ = await queries.plan(unit, code, country, by=caller)
    found = wire.ActionPlan.model_validate_json(body)
    return answer(found.area(topic))


@router.post(
    "/{country}/areas/{topic}/completion",
    operation_id="complete_action_plan_area",
    response_model=wire.ActionPlan,
    responses=problems(*_MOVING),
)
async def complete_area(
    code: ProgrammeCode,
    country: PlanOf,
    topic: Topic,
    caller: Writer,
    unit: UnitDep,
    *,
    expected: IfMatch,
) -> Response:
    """Say that work in an area has ended, quoting the ETag of its plan."""
    changed = await commands.complete_area(unit, code, country, topic, expected=expected, by=caller)
    return answer(wire.ActionPlan.of(changed), version=changed.version)


@router.get(
    "/{country}/transitions",
    operation_id="action_plan_transitions",
    response_model=Transitions,
    responses=_NO_PLAN,
)
async def plan_transitions(
    code: ProgrammeCode, country: PlanOf, caller: Reader, unit: UnitDep
) -> Response:
    """Say which states the plan may move to, and why not to the others."""
    body, _ = await queries.plan(unit, code, country, by=caller)
    present = wire.ActionPlan.model_validate_json(body).status
    return answer(Transitions.of(present, PLAN_MOVES.ways(present)))


@router.post(
    "/{country}/transitions",
    operation_id="move_action_plan",
    response_model=wire.ActionPlan,
    responses=problems(*_MOVING, IllegalMove, PartTaken),
)
async def move_plan(
    code: ProgrammeCode,
    country: PlanOf,
    move: bodies.PlanMove,
    caller: Writer,
    unit: UnitDep,
    *,
    expected: IfMatch,
) -> Response:
    """Move the plan on; `revised` answers the next edition, a draft with all actions."""
    moved = await commands.pass_plan(unit, code, country, move.to, expected=expected, by=caller)
    return answer(wire.ActionPlan.of(moved), version=moved.version)


@router.get(
    "/{country}/actions",
    operation_id="list_actions",
    response_model=wire.Actions,
    responses=problems(errors.NoSuchProgramme, NoSuchPart, errors.DatesInvalid),
)
async def list_actions(
    code: ProgrammeCode,
    country: PlanOf,
    caller: Reader,
    unit: UnitDep,
    during: Within,
    *,
    area: Annotated[str | None, Query(max_length=60, description="Topic of an area.")] = None,
    status: ActionStatus | None = None,
) -> Response:
    """List the actions: calendar and expected results, planned beside delivered in numbers."""
    body = await queries.actions(
        unit, code, country, area=area, status=status, during=during, by=caller
    )
    told = await counted.delivered(unit, code, country)
    found = wire.PlannedActions.model_validate_json(body).items
    items = [wire.Action.found(each, country, told) for each in found]
    return answer(wire.Actions(items=items, next=None))


@router.post(
    "/{country}/actions",
    status_code=201,
    operation_id="plan_action",
    response_model=wire.ActionPlan,
    responses=problems(
        errors.NoSuchProgramme,
        NoSuchPart,
        PlanClosed,
        ActionNumberTaken,
        NoSuchArea,
        PlannedNegative,
        errors.DatesInvalid,
    ),
)
async def plan_action(
    code: ProgrammeCode, country: PlanOf, new: bodies.NewAction, caller: Writer, once: Once
) -> Response:
    """Add an action to a draft; a plan in force is revised first."""
    action = new.action()
    return await once(
        lambda unit: commands.plan_action(unit, code, country, action, by=caller),
        wire.ActionPlan.of,
    )


@router.put(
    "/{country}/actions/{number}",
    operation_id="correct_action",
    response_model=wire.ActionPlan,
    responses=problems(*_MOVING, PlanClosed, NoSuchArea, PlannedNegative, errors.DatesInvalid),
)
async def correct_action(
    code: ProgrammeCode,
    country: PlanOf,
    number: Number,
    body: bodies.ActionCorrection,
    caller: Writer,
    *,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Say anew what a draft plans as an action, quoting the ETag of its plan; its state stays."""
    changed = await commands.correct_action(
        unit, code, country, body.numbered(number), expected=expected, by=caller
    )
    return answer(wire.ActionPlan.of(changed), version=changed.version)


@router.get(
    "/{country}/actions/{number}/transitions",
    operation_id="action_transitions",
    response_model=Transitions,
    responses=_NO_PLAN,
)
async def action_transitions(
    code: ProgrammeCode, country: PlanOf, number: Number, caller: Reader, unit: UnitDep
) -> Response:
    """Say which states the action may move to, what completing it needs, and why not the others."""
    body = await queries.actions(unit, code, country, by=caller)
    present = wire.PlannedActions.model_validate_json(body).status_of(number)
    told = await counted.delivered(unit, code, country)
    done = told.get(action_name(country, number))
    return answer(
        Transitions.of(present, action_ways(present, held=0 if done is None else done.events))
    )


@router.post(
    "/{country}/actions/{number}/transitions",
    operation_id="move_action",
    response_model=wire.ActionPlan,
    responses=problems(*_MOVING, IllegalMove, NothingDelivered),
)
async def move_action(
    code: ProgrammeCode,
    country: PlanOf,
    number: Number,
    move: bodies.ActionMove,
    *,
    caller: Writer,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Move an action on, quoting the ETag of its plan."""
    moved = await commands.advance_action(
        unit,
        code,
        country,
        number,
        move.to,
        reason=move.reason,
        expected=expected,
        by=caller,
    )
    return answer(wire.ActionPlan.of(moved), version=moved.version)
