"""Lists of money by pages, each as JSON text joined from rows the database has rendered."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Text, cast, select

from kit.auth import STAFF, Caller
from kit.db.paging import Asked
from kit.db.unit import Unit
from kit.db.visible import visible
from programmes.domain.errors import NoSuchBudgetLine
from programmes.queries.lists import listed
from programmes.queries.shapes import instant, members, text
from programmes.storage.tables import budget_line, programme
from programmes.storage.tables_money import budget_entry

_e = budget_entry.c
_TOTALS: Final = ("amount", "reserved", "committed", "spent", "released")


def _totals(columns: Mapping[str, Column[Any]], prefix: str) -> ColumnElement[Any]:
    return members(**{name: text(columns[f"{prefix}_{name}"]) for name in _TOTALS})


_ENTRY: Final = members(
    id=_e.id,
    kind=_e.kind,
    amount=text(_e.amount),
    currency=budget_line.c.currency,
    subject_service=_e.subject_service,
    subject_id=_e.subject_id,
    spent_on=_e.spent_on,
    reference=_e.reference,
    by=_e.by,
    at=instant(_e.at),
    changed=_totals(dict(budget_entry.columns.items()), "more"),
    stands=_totals(dict(budget_entry.columns.items()), "line"),
)


async def entries(unit: Unit, asked: Asked, code: str, line: str, *, by: Caller) -> str:
    """Return what was booked on a line, oldest first; raises NoSuchBudgetLine.

    Whose trip costs how much is for the staff: others see what was allotted.
    """
    at = select(budget_line.c.id).join(programme, programme.c.id == budget_line.c.programme_id)
    at = at.where(
        programme.c.code == code, budget_line.c.code == line, visible(programme.c.audience, by)
    )
    async with unit.read() as read:
        found = await read.first(at)
    if found is None:
        raise NoSuchBudgetLine("the programme has no budget line of this code")
    chosen = (
        select(_e.line_version, cast(_ENTRY, Text))
        .join(budget_line, budget_line.c.id == _e.line_id)
        .where(_e.line_id == found.id)
    )
    if STAFF not in by.audience:
        chosen = chosen.where(_e.kind == "allotted")
    return await listed(unit, chosen, [_e.line_version], asked)
