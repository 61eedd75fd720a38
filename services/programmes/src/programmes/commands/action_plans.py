"""Action plans: drafting, revising and carrying them out."""

from collections.abc import Callable
from uuid import UUID

from contracts.programmes.facts import ActionPlanChanged
from kit.auth import Caller
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from programmes.domain.action_plan import (
    Action,
    ActionPlan,
    ActionStatus,
    PlanStatus,
    action_name,
)
from programmes.domain.programme import Programme
from programmes.storage import action_plans, counted, parts, programmes


def _tell(tx: Tx, plan: ActionPlan) -> None:
    fact = ActionPlanChanged(
        programme_code=plan.programme,
        country=plan.country,
        edition=plan.edition,
        status=plan.status,
        planned_action_count=plan.planned_action_count,
        recorded_action_count=len(plan.actions),
    )
    tx.tell(fact, about=plan)


async def draft_plan(
    unit: Unit, code: str, make: Callable[[UUID, Programme], ActionPlan], *, by: Caller
) -> ActionPlan:
    """Draft the first edition of a country's plan; refused if it has one."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        new = make(uuid7(tx.now), programme)
        await action_plans.add(tx, programme.id, new)
        _tell(tx, new)
        return tx.result(new)


async def plan_action(
    unit: Unit, code: str, country: str, action: Action, *, by: Caller
) -> ActionPlan:
    """Add an action to a draft; refused if its number is taken or its area is not in the plan."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        former = await action_plans.latest(tx, programme, country)
        changed = former.with_action(action)
        await action_plans.add_action(tx, former.id, action)
        await parts.save(tx, changed)
        _tell(tx, changed)
        return tx.result(changed)


async def pass_plan(
    unit: Unit, code: str, country: str, status: PlanStatus, *, expected: int, by: Caller
) -> ActionPlan:
    """Move the newest edition on; a plan in force is revised by a new edition, a draft.

    Answers the edition to work with from then on.
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        former = await action_plans.latest(tx, programme, country, expected=expected)
        if status is not PlanStatus.REVISED:
            moved = former.passed_to(status)
            await parts.save(tx, moved)
            _tell(tx, moved)
            return tx.result(moved)
        closed, draft = former.revised(uuid7(tx.now))
        await parts.save(tx, closed)
        await action_plans.add(tx, programme.id, draft)
        _tell(tx, closed)
        _tell(tx, draft)
        return tx.result(draft)


async def advance_action(
    unit: Unit,
    code: str,
    country: str,
    number: int,
    status: ActionStatus,
    *,
    reason: str | None,
    expected: int,
    by: Caller,
) -> ActionPlan:
    """Move an action on, decided on the plan's version.

    Refused if the status cannot follow, or if it would be completed by no event and no reason.
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        former = await action_plans.latest(tx, programme, country, expected=expected)
        done = await counted.held_events(tx, code, action_name(country, number))
        action = former.action(number).advanced(status, completed_events=done, reason=reason)
        await action_plans.save_action(tx, former.id, action)
        changed = former.with_moved(action)
        await parts.save(tx, changed)
        _tell(tx, changed)
        return tx.result(changed)


async def correct_action(
    unit: Unit, code: str, country: str, action: Action, *, expected: int, by: Caller
) -> ActionPlan:
    """Say anew what a draft plans as an action; its number and its state stay."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        former = await action_plans.latest(tx, programme, country, expected=expected)
        changed = former.with_corrected(action)
        await action_plans.save_action(tx, former.id, changed.action(action.number))
        await parts.save(tx, changed)
        _tell(tx, changed)
        return tx.result(changed)


async def correct_plan(
    unit: Unit,
    code: str,
    country: str,
    change: Callable[[ActionPlan], ActionPlan],
    *,
    expected: int,
    by: Caller,
) -> ActionPlan:
    """Say anew what a draft says of its areas and of how many actions are planned."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        changed = change(await action_plans.latest(tx, programme, country, expected=expected))
        await parts.save(tx, changed)
        _tell(tx, changed)
        return tx.result(changed)


async def complete_area(
    unit: Unit, code: str, country: str, topic: str, *, expected: int, by: Caller
) -> ActionPlan:
    """Say that work in an area of the plan has ended."""
    return await correct_plan(
        unit,
        code,
        country,
        lambda plan: plan.with_area_completed(topic),
        expected=expected,
        by=by,
    )
