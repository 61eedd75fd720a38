"""How countries take part, as domain values: rules answer from them."""

from sqlalchemy import select

from kit.auth import Caller
from kit.db.unit import Unit
from kit.db.visible import visible
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.participation import ParticipationStatus
from programmes.queries.parts import UNKNOWN
from programmes.storage.participation import chosen, row_from
from programmes.storage.tables import programme


async def rows(unit: Unit, code: str, *, by: Caller) -> list[ParticipationStatus]:
    """Return the rows of a programme, by country and seq; raises NoSuchProgramme."""
    here = select(programme.c.id).where(programme.c.code == code)
    async with unit.read() as read:
        found = await read.first(here.where(visible(programme.c.audience, by)))
        if found is None:
            raise NoSuchProgramme(UNKNOWN)
        return [row_from(row, code) for row in await read.rows(chosen(found.id))]
