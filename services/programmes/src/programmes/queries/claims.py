"""Claims of trips as money sees them, as JSON text: one, and lists by pages."""

from typing import Final
from uuid import UUID

from sqlalchemy import Text, cast, func, select

from kit.auth import Caller
from kit.db.paging import Asked
from kit.db.unit import Unit
from kit.db.visible import visible
from programmes.domain.claim import NoSuchClaim
from programmes.domain.errors import NoSuchProgramme
from programmes.queries.lists import listed
from programmes.queries.parts import UNKNOWN
from programmes.queries.shapes import instant, members, text
from programmes.storage.tables import programme
from programmes.storage.tables_money import claim

_c = claim.c
_CLAIM: Final = members(
    id=_c.id,
    trip_id=_c.trip_id,
    revision=_c.revision,
    resolves=_c.resolves,
    budget_line=_c.line_code,
    certified=text(_c.certified),
    parked=text(_c.parked),
    currency=_c.currency,
    state=_c.state,
    reason=_c.reason,
    available=text(_c.available),
    available_currency=_c.available_currency,
    settlement_id=_c.settlement_id,
    paid=text(_c.paid),
    paid_on=_c.paid_on,
    version=_c.version,
    updated_at=instant(_c.updated_at),
)


async def claims(unit: Unit, asked: Asked, code: str, *, state: str | None, by: Caller) -> str:
    """Return the claims of a programme, oldest first; raises NoSuchProgramme."""
    async with unit.read() as read:
        seen = (programme.c.code == code, visible(programme.c.audience, by))
        if await read.first(select(programme.c.id).where(*seen)) is None:
            raise NoSuchProgramme(UNKNOWN)
    chosen = select(_c.id, cast(_CLAIM, Text))
    chosen = chosen.where(_c.programme_code == code, visible(_c.audience, by))
    if state is not None:
        chosen = chosen.where(_c.state == state)
    return await listed(unit, chosen, [_c.id], asked)


async def waiting(unit: Unit, code: str) -> int:
    """Return how many claims of a programme wait for money; for who sees the programme."""
    chosen = select(func.count()).where(_c.programme_code == code, _c.state == "waiting")
    async with unit.read() as read:
        rows = await read.rows(chosen)
    return int(rows[0][0])


async def claim_of(unit: Unit, code: str, claim_id: UUID, *, by: Caller) -> tuple[str, int]:
    """Return a claim and its version; raises NoSuchClaim."""
    chosen = select(cast(_CLAIM, Text).label("body"), _c.version).where(
        _c.id == claim_id, _c.programme_code == code, visible(_c.audience, by)
    )
    async with unit.read() as read:
        row = await read.first(chosen)
    if row is None:
        raise NoSuchClaim("the programme has no such claim")
    return row.body, row.version
