"""What was taken back of a programme, as JSON text."""

from typing import Final

from sqlalchemy import Text, cast, select

from kit.auth import Caller
from kit.db.paging import Asked
from kit.db.unit import Unit
from kit.db.visible import visible
from programmes.queries.budgets import id_of
from programmes.queries.lists import listed
from programmes.queries.shapes import instant, members
from programmes.storage.tables import withdrawn_part

_w = withdrawn_part.c
_WITHDRAWAL: Final = members(
    id=_w.id,
    part=_w.part,
    part_id=_w.part_id,
    recorded=_w.recorded,
    reason=_w.reason,
    by=_w.by,
    at=instant(_w.updated_at),
)


async def withdrawals(unit: Unit, asked: Asked, code: str, *, by: Caller) -> str:
    """Return what was taken back, as far as the caller sees it, oldest first; NoSuchProgramme."""
    here = await id_of(unit, code, by)
    chosen = select(_w.id, cast(_WITHDRAWAL, Text))
    chosen = chosen.where(_w.programme_id == here, visible(_w.audience, by))
    return await listed(unit, chosen, [_w.id], asked)
