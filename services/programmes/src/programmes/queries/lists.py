"""Lists by pages, each as JSON text joined from rows the database has rendered."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Select, Text, cast, exists, select

from kit.auth import Caller
from kit.db.paging import Asked, page
from kit.db.unit import Unit
from kit.db.visible import visible
from programmes.domain.errors import NoSuchBudgetLine
from programmes.queries import shapes
from programmes.queries.programme_filters import NOTHING, Filters
from programmes.queries.programme_view import PLAIN, View
from programmes.storage.tables import (
    budget_line,
    commitment,
    organisation,
    programme,
    source_document,
)
from programmes.storage.tables_cooperation import organisation_status

_p = programme.c


async def programmes(
    unit: Unit, asked: Asked, *, filters: Filters = NOTHING, view: View = PLAIN, by: Caller
) -> str:
    """Return the programmes the caller sees that fulfil every filter."""
    chosen: Select[*tuple[Any, ...]] = select(*view.order, cast(view.shape, Text).label("shape"))
    chosen = chosen.where(visible(_p.audience, by), *filters.conditions(by))
    if view.codes:
        chosen = chosen.where(_p.code.in_(view.codes))
    return await listed(unit, chosen, view.order, asked, descending=view.descending)


async def organisations(
    unit: Unit,
    asked: Asked,
    *,
    country: str | None,
    kind: str | None,
    standing: str | None = None,
    codes: Sequence[str] = (),
    by: Caller,
) -> str:
    """Return the organisations, by code; `standing` is a status such as mandated_body."""
    o = organisation.c
    chosen = select(o.code, cast(shapes.ORGANISATION, Text)).where(visible(o.audience, by))
    if codes:
        chosen = chosen.where(o.code.in_(codes))
    if country is not None:
        chosen = chosen.where(o.country == country)
    if kind is not None:
        chosen = chosen.where(o.type == kind)
    if standing is not None:
        held = organisation_status.c
        chosen = chosen.where(exists().where(held.organisation == o.code, held.status == standing))
    return await listed(unit, chosen, [o.code], asked)


async def sources(unit: Unit, asked: Asked, *, by: Caller) -> str:
    """Return the source documents, by code."""
    s = source_document.c
    chosen = select(s.code, cast(shapes.SOURCE, Text)).where(visible(s.audience, by))
    return await listed(unit, chosen, [s.code], asked)


async def commitments(unit: Unit, asked: Asked, code: str, line: str, *, by: Caller) -> str:
    """Return what became of each request on a line, oldest first; raises NoSuchBudgetLine."""
    at = select(budget_line.c.id).join(programme, _p.id == budget_line.c.programme_id)
    at = at.where(_p.code == code, budget_line.c.code == line, visible(_p.audience, by))
    async with unit.read() as read:
        found = await read.first(at)
    if found is None:
        raise NoSuchBudgetLine("the programme has no budget line of this code")
    k = commitment.c
    chosen = select(k.id, cast(shapes.COMMITMENT, Text))
    chosen = chosen.where(k.line_id == found.id, visible(k.audience, by))
    return await listed(unit, chosen, [k.id], asked)


async def listed(
    unit: Unit,
    chosen: Select[*tuple[Any, ...]],
    by: Sequence[Column[Any]],
    asked: Asked,
    *,
    descending: bool = False,
) -> str:
    """Return one page of rows that end with their JSON text."""
    async with unit.read() as read:
        found = await page(read, chosen, by=by, asked=asked, descending=descending)
    items = ",".join([row[-1] for row in found.items])
    return f'{{"items":[{items}],"next":{json.dumps(found.next)}}}'
