"""Rows of what hangs on a programme, which is locked by whoever writes them."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Table, insert, select, update

from kit.db.unit import Tx
from kit.errors import StaleVersion
from programmes.domain.action_plan import ActionPlan
from programmes.domain.component import Component, NoSuchPart, Partnership, TopicLead
from programmes.domain.cooperation_unit import CooperationUnit
from programmes.domain.deliverable import Deliverable
from programmes.domain.governance import GovernanceBody, Meeting
from programmes.domain.indicator import Indicator
from programmes.storage import tables_cooperation as cooperation
from programmes.storage import tables_results as results
from programmes.storage.rows import row_of, stored

Part = (
    Component
    | TopicLead
    | Partnership
    | GovernanceBody
    | Meeting
    | ActionPlan
    | Indicator
    | CooperationUnit
    | Deliverable
)
TABLES: Final[dict[type[Part], Table]] = {
    Component: cooperation.component,
    TopicLead: cooperation.topic_lead,
    Partnership: cooperation.bilateral_partnership,
    GovernanceBody: cooperation.governance_body,
    Meeting: cooperation.governance_meeting,
    ActionPlan: results.action_plan,
    Indicator: results.indicator,
    CooperationUnit: results.cooperation_unit,
    Deliverable: results.deliverable,
}


def _row(it: Part) -> dict[str, Any]:
    row = row_of(it, TABLES[type(it)])
    if isinstance(it, Meeting):
        row |= {"on_date": stored(it.on), "edtf": it.on.edtf}
    if isinstance(it, CooperationUnit):
        act = it.legal_act
        row |= {"act_type": act.act_type, "act_number": act.number, "act_issuer": act.issuer}
        row |= {"act_on": stored(act.on), "act_edtf": act.on.edtf if act.key else None}
    return row


async def add(tx: Tx, programme_id: UUID, new: Part) -> None:
    """Store a new part; raises what its constraints stand for."""
    row = _row(new) | {"programme_id": programme_id, "updated_at": tx.now}
    await tx.sql.execute(insert(TABLES[type(new)]), row)


async def save(tx: Tx, changed: Part) -> None:
    """Store a changed part in place of the version before it."""
    table = TABLES[type(changed)]
    statement = (
        update(table)
        .where(table.c.id == changed.id, table.c.version == changed.version - 1)
        .values(_row(changed) | {"updated_at": tx.now})
    )
    if (await tx.sql.execute(statement)).rowcount != 1:
        raise StaleVersion("the record was changed meanwhile")


async def found(
    tx: Tx, table: Table, programme_id: UUID, *, expected: int | None = None, **key: object
) -> Row[Any]:
    """Return the row of this key, locked; raises NoSuchPart, or StaleVersion if it changed."""
    chosen = select(table).where(
        table.c.programme_id == programme_id, *(table.c[name] == key[name] for name in key)
    )
    row = (await tx.sql.execute(chosen.with_for_update())).first()
    if row is None:
        raise NoSuchPart("the programme has no record of this name")
    if expected is not None and row.version != expected:
        raise StaleVersion("the record is at another version")
    return row
