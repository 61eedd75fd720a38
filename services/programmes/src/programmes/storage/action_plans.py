"""Rows of action plans and their actions."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from kit.db.unit import Tx
from kit.errors import StaleVersion
from programmes.domain.action_plan import (
    Action,
    ActionPlan,
    ActionStatus,
    Area,
    AreaStatus,
    Planned,
    PlanStatus,
)
from programmes.domain.component import NoSuchPart
from programmes.domain.programme import Programme
from programmes.storage import parts, values
from programmes.storage.rows import row_of
from programmes.storage.tables_results import action_plan, plan_action

_p, _a = action_plan.c, plan_action.c


async def latest(
    tx: Tx, programme: Programme, country: str, *, expected: int | None = None
) -> ActionPlan:
    """Return the newest edition of a country's plan for change; raises NoSuchPart, StaleVersion."""
    chosen = (
        select(action_plan)
        .where(_p.programme_id == programme.id, _p.country == country)
        .order_by(_p.edition.desc())
        .limit(1)
        .with_for_update()
    )
    row = (await tx.sql.execute(chosen)).first()
    if row is None:
        raise NoSuchPart("the country has no action plan in the programme")
    if expected is not None and row.version != expected:
        raise StaleVersion("the plan is at another version")
    actions = select(plan_action).where(_a.plan_id == row.id).order_by(_a.number)
    return plan_from(row, (await tx.sql.execute(actions)).all(), programme)


def plan_from(row: Row[Any], actions: Any, programme: Programme) -> ActionPlan:  # noqa: ANN401 (rows)
    """Return an edition with its actions as a domain value."""
    return ActionPlan(
        id=row.id,
        version=row.version,
        audience=programme.audience,
        programme=programme.code,
        country=row.country,
        edition=row.edition,
        status=PlanStatus(row.status),
        planned_action_count=row.planned_action_count,
        areas=tuple(_area(each) for each in row.areas),
        actions=tuple(_action(each) for each in actions),
        source=values.source(row.source),
    )


def _area(stored: dict[str, Any]) -> Area:
    status = AreaStatus(stored["status"])
    return Area(stored["topic"], stored["title"], status, values.source(stored["source"]))


def _action(row: Row[Any]) -> Action:
    return Action(
        number=row.number,
        area=row.area,
        title=row.title,
        calendar=values.fuzzy(row.calendar),
        planned=Planned(row.participants, row.ste_count, row.ste_days),
        expected_results=row.expected_results,
        status=ActionStatus(row.status),
        follow_up_of=row.follow_up_of,
        closing_reason=row.closing_reason,
        source=values.source(row.source),
    )


def _row(plan_id: UUID, action: Action) -> dict[str, Any]:
    planned = row_of(action.planned, plan_action)
    return row_of(action, plan_action) | planned | {"plan_id": plan_id}


async def add(tx: Tx, programme_id: UUID, new: ActionPlan) -> None:
    """Store an edition with its actions; raises PartTaken."""
    await parts.add(tx, programme_id, new)
    for action in new.actions:
        await add_action(tx, new.id, action)


async def add_action(tx: Tx, plan_id: UUID, action: Action) -> None:
    """Store an action; raises ActionNumberTaken."""
    await tx.sql.execute(insert(plan_action).values(_row(plan_id, action)))


async def save_action(tx: Tx, plan_id: UUID, action: Action) -> None:
    """Store an action in the state it has now; its plan is locked."""
    statement = update(plan_action).where(_a.plan_id == plan_id, _a.number == action.number)
    await tx.sql.execute(statement.values(_row(plan_id, action)))
