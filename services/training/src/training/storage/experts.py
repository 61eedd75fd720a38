"""Assignments of experts as rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from training.domain.errors_experts import NoSuchAssignment
from training.domain.expert import Assignment, AssignmentPlan, AssignmentStatus, ExpertRole, Terms
from training.domain.figures import Source
from training.storage.parts import source_json
from training.storage.tables_attendance import expert_assignment as t

_STANDS: ColumnElement[bool] = t.c.status == AssignmentStatus.ASSIGNED.value


async def get(tx: Tx, assignment_id: UUID, *, by: Caller) -> Assignment:
    """Return an assignment that the caller may see, or raise NoSuchAssignment.

    It is not locked: whoever changes it locks its event first.
    """
    found = await _read(tx, t.c.id == assignment_id, visible(t.c.audience, by))
    if not found:
        raise NoSuchAssignment("there is no such assignment")
    return found[0]


async def lock(tx: Tx, assignment_id: UUID) -> Assignment:
    """Lock and return an assignment that is known to exist."""
    [found] = await _read(tx, t.c.id == assignment_id, locked=True)
    return found


async def lock_standing_of(tx: Tx, event_id: UUID) -> Sequence[Assignment]:
    """Lock and return the assignments to an event that stand, the oldest first."""
    return await _read(tx, t.c.event_id == event_id, _STANDS, locked=True)


async def lock_of_actions(tx: Tx, participant_id: UUID) -> Sequence[Assignment]:
    """Lock and return the assignments of a person to actions that stand, the oldest first."""
    mine = t.c.participant_id == participant_id, t.c.action_code.is_not(None)
    return await _read(tx, *mine, _STANDS, locked=True)


async def lock_shown_of(tx: Tx, programme_code: str) -> Sequence[Assignment]:
    """Lock and return what whoever sees the programme sees: assignments that name nobody."""
    nobody = t.c.participant_id.is_(None)
    return await _read(tx, t.c.programme_code == programme_code, nobody, locked=True)


async def standing_of(tx: Tx, event_id: UUID) -> Sequence[Assignment]:
    """Return the assignments to an event that stand."""
    return await _read(tx, t.c.event_id == event_id, _STANDS)


async def add(tx: Tx, made: Assignment) -> None:
    """Store a new assignment; the same role twice breaks `expert_assigned_once`."""
    await tx.sql.execute(insert(t).values(_values(made)))


async def save(tx: Tx, changed: Assignment) -> Assignment:
    """Store a changed assignment as its next version, or raise StaleVersion."""
    saved = replace(changed, version=changed.version + 1)
    statement = update(t).where(t.c.id == changed.id, t.c.version == changed.version)
    if (await tx.sql.execute(statement.values(_values(saved)))).rowcount != 1:
        raise StaleVersion("the assignment has changed meanwhile")
    return saved


async def _read(
    tx: Tx, *conditions: ColumnElement[bool], locked: bool = False
) -> Sequence[Assignment]:
    statement = select(*t.c).where(*conditions).order_by(t.c.id)
    if locked:
        statement = statement.with_for_update()
    return [from_row(row) for row in (await tx.sql.execute(statement)).mappings()]


def from_row(row: ByName) -> Assignment:
    """Return the assignment of a row with every column."""
    plan = AssignmentPlan(
        reference=row["reference"],
        role=ExpertRole(row["role"]),
        terms=Terms(
            row["days"], row["first_on"], row["last_on"], row["payer"], row["overlap_reason"]
        ),
        event_id=row["event_id"],
        series_id=row["series_id"],
        participant_id=row["participant_id"],
        organisation=row["organisation"],
        description=row["description"],
        source=Source(**row["source"]) if row["source"] else None,
        programme_code=row["programme_code"] if row["action_code"] else None,
        action_code=row["action_code"],
    )
    return Assignment(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        programme_code=row["programme_code"],
        plan=plan,
        status=AssignmentStatus(row["status"]),
        synthetic=row["synthetic"],
        reason=row["reason"],
    )


def _values(assignment: Assignment) -> dict[str, Any]:
    plan, terms = assignment.plan, assignment.plan.terms
    return {
        "id": assignment.id,
        "version": assignment.version,
        "audience": sorted(assignment.audience),
        "programme_code": assignment.programme_code,
        "reference": plan.reference,
        "event_id": plan.event_id,
        "series_id": plan.series_id,
        "action_code": plan.action_code,
        "participant_id": plan.participant_id,
        "organisation": plan.organisation,
        "description": plan.description,
        "role": plan.role.value,
        "days": terms.days,
        "first_on": terms.first_on,
        "last_on": terms.last_on,
        "payer": terms.payer,
        "overlap_reason": terms.overlap_reason,
        "source": source_json(plan.source) if plan.source else None,
        "status": assignment.status.value,
        "synthetic": assignment.synthetic,
        "reason": assignment.reason,
    }
