"""Exchange rates and conversions as JSON text."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Text, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from kit.auth import Caller
from kit.db.paging import Asked
from kit.db.unit import Unit
from kit.db.visible import visible
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.rate_terms import NoSuchConversion
from programmes.queries.lists import listed
from programmes.queries.parts import UNKNOWN
from programmes.queries.shapes import instant, members, text
from programmes.storage.tables import programme
from programmes.storage.tables_money import (
    conversion,
    exchange_rate,
    exchange_rate_former,
    rate_terms,
)

_r = exchange_rate.c
_f = exchange_rate_former.c
_c = conversion.c
_t = rate_terms.c
_p = programme.c
_NONE: Final[ColumnElement[Any]] = literal_column("'[]'::json")
FORMER: Final = members(
    value=text(_f.value),
    valid_to=_f.valid_to,
    reference=_f.reference,
    imported_at=instant(_f.imported_at),
    replaced_at=instant(_f.replaced_at),
    reason=_f.reason,
    by=_f.by,
)
_FORMER: Final = (
    select(func.coalesce(func.json_agg(aggregate_order_by(FORMER, _f.replaced_at)), _NONE))
    .where(*(_f[name] == _r[name] for name in ("publisher", "base", "quote", "valid_from")))
    .scalar_subquery()
)
RATE: Final = members(
    publisher=_r.publisher,
    base=_r.base,
    quote=_r.quote,
    value=text(_r.value),
    valid_from=_r.valid_from,
    valid_to=_r.valid_to,
    reference=_r.reference,
    imported_at=instant(_r.imported_at),
    former=_FORMER,
)
CONVERSION: Final = members(
    id=_c.id,
    amount=text(_c.amount),
    currency=_c.currency,
    result=text(_c.result),
    result_currency=_c.result_currency,
    rule=_c.rule,
    rates=_c.rates,
    cost_on=_c.cost_on,
    by=_c.by,
)


async def rates(
    unit: Unit,
    asked: Asked,
    *,
    publisher: str | None,
    currency: str | None,
    on: date | None,
    since: date | None,
    until: date | None,
) -> str:
    """Return rates by publisher, pair and day; `currency` finds either side of a pair."""
    by: list[Column[Any]] = [_r.publisher, _r.base, _r.quote, _r.valid_from]
    chosen: Select[*tuple[Any, ...]] = select(*by, cast(RATE, Text).label("shape"))
    if publisher is not None:
        chosen = chosen.where(_r.publisher == publisher)
    if currency is not None:
        chosen = chosen.where((_r.base == currency) | (_r.quote == currency))
    if on is not None:
        chosen = chosen.where(_r.valid_from <= on, _r.valid_to >= on)
    if since is not None:
        chosen = chosen.where(_r.valid_to >= since)
    if until is not None:
        chosen = chosen.where(_r.valid_from <= until)
    return await listed(unit, chosen, by, asked)


async def conversions(unit: Unit, asked: Asked, code: str, *, by: Caller) -> str:
    """Return the conversions the caller sees, oldest first; raises NoSuchProgramme."""
    async with unit.read() as read:
        found = await read.first(select(_p.id).where(_p.code == code, visible(_p.audience, by)))
    if found is None:
        raise NoSuchProgramme(UNKNOWN)
    chosen = select(_c.id, cast(CONVERSION, Text))
    chosen = chosen.where(_c.programme_id == found.id, visible(_c.audience, by))
    return await listed(unit, chosen, [_c.id], asked)


async def conversion_of(unit: Unit, code: str, conversion_id: UUID, *, by: Caller) -> str:
    """Return one conversion; raises NoSuchConversion."""
    chosen = (
        select(cast(CONVERSION, Text).label("body"))
        .join(programme, _p.id == _c.programme_id)
        .where(_p.code == code, _c.id == conversion_id)
        .where(visible(_p.audience, by), visible(_c.audience, by))
    )
    async with unit.read() as read:
        found = await read.first(chosen)
    if found is None:
        raise NoSuchConversion("the programme has no such conversion")
    return str(found.body)


async def rule_of(unit: Unit, code: str, *, by: Caller) -> str:
    """Return what the contract says of exchange rates, nulls if that is not on record."""
    shape = members(rule=_t.rule, fixed=_t.fixed, source=_t.source)
    chosen = (
        select(cast(shape, Text).label("body"))
        .select_from(programme)
        .outerjoin(rate_terms, _t.programme_id == _p.id)
        .where(_p.code == code, visible(_p.audience, by))
    )
    async with unit.read() as read:
        found = await read.first(chosen)
    if found is None:
        raise NoSuchProgramme(UNKNOWN)
    return str(found.body)
