"""Budgets as JSON text: versions, who pays, lines by category, transfers."""

from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSON

from kit.auth import Caller
from kit.days import home_day
from kit.db.paging import Asked
from kit.db.unit import Hot, Unit
from kit.db.visible import visible, visible_to
from programmes.domain.budget import NoSuchBudget
from programmes.domain.errors import NoSuchProgramme
from programmes.queries.lists import listed
from programmes.queries.parts import UNKNOWN
from programmes.queries.shapes import gathered, instant, members, text
from programmes.storage.tables import programme
from programmes.storage.tables_money import (
    budget,
    budget_cost,
    budget_transfer,
    funding_source,
    stated_line,
)

_p = programme.c
_b = budget.c
_k = budget_cost.c
_f = funding_source.c
_s = stated_line.c
_t = budget_transfer.c


def _stated(column: ColumnElement[Any]) -> ColumnElement[str]:
    return case((column.is_(None), "not_stated"), else_="exact")


FUNDING: Final = members(
    budget=select(_b.number)
    .where(_b.id == _f.budget_id)
    .correlate(funding_source)
    .scalar_subquery(),
    funder=_f.funder,
    kind=_f.kind,
    instrument=_f.instrument,
    rate=text(_f.rate),
    rate_qualifier=_stated(_f.rate),
    amount=text(_f.amount),
    amount_qualifier=_stated(_f.amount),
    currency=_f.currency,
    source=_f.source,
)
_COST_MEMBERS: Final = {
    "code": _k.code,
    "title": _k.title,
    "category": _k.category,
    "model": _k.model,
    "unit": _k.unit,
    "quantity": text(_k.quantity),
    "unit_price": text(_k.unit_price),
    "percent": text(_k.percent),
    "percent_of": _k.percent_of,
    "base": text(_k.base),
    "partner": _k.partner,
    "period": _k.period,
    "amount": text(_k.amount),
}
_COSTS = (
    select(gathered(members(**_COST_MEMBERS), _k.position))
    .where(_k.budget_id == _b.id)
    .correlate(budget)
    .scalar_subquery()
)
_SOURCES = (
    select(gathered(FUNDING, _f.position))
    .where(_f.budget_id == _b.id)
    .correlate(budget)
    .scalar_subquery()
)
_VERSION_MEMBERS: Final = {
    "number": _b.number,
    "status": _b.status,
    "total": text(_b.total),
    "currency": _b.currency,
    "transfer_limit": text(_b.transfer_limit),
    "line_tolerance": text(_b.line_tolerance),
    "effective_from": _b.effective_from,
    "drafted_by": _b.drafted_by,
    "approved_by": _b.approved_by,
    "version": _b.version,
}
_BRIEF: Final = members(**_VERSION_MEMBERS)
_WHOLE: Final = members(**_VERSION_MEMBERS, lines=_COSTS, funding_sources=_SOURCES)
_on = cast(bindparam("on_day"), Date)
_here = (_p.code == cast(bindparam("code"), Text)) & visible_to(_p.audience)
_effective = (
    select(_b.id)
    .where(_b.programme_id == _p.id, _b.effective_from <= _on)
    .order_by(_b.number.desc())
    .limit(1)
    .correlate(programme)
    .scalar_subquery()
)


def _of(items: ColumnElement[Any]) -> Hot:
    body = cast(members(items=items, next=None), Text).label("body")
    return Hot(select(body).where(_here))


_PAYING: Final = _of(
    select(gathered(FUNDING, _f.budget_id.nulls_first(), _f.position, _f.id))
    .where(_f.programme_id == _p.id, or_(_f.budget_id.is_(None), _f.budget_id == _effective))
    .correlate(programme)
    .scalar_subquery()
)
_NOTHING: Final = {
    name: literal(None, Text) for name in _COST_MEMBERS if name not in {"code", "title", "category"}
}
_spent_on = union_all(
    select(
        literal(0).label("rank"),
        _k.position.label("position"),
        cast(
            members(
                basis=literal("approved"),
                budget=_b.number,
                **_COST_MEMBERS,
                qualifier=literal("exact"),
                currency=_b.currency,
                source=literal(None, Text),
            ),
            Text,
        ).label("shape"),
    )
    .join(budget, _b.id == _k.budget_id)
    .where(_k.budget_id == _effective)
    .correlate(programme),
    select(
        literal(1),
        func.row_number().over(order_by=_s.code),
        cast(
            members(
                basis=literal("published"),
                budget=literal(None, Text),
                code=_s.code,
                title=_s.title,
                category=_s.category,
                **_NOTHING,
                qualifier=literal("not_stated"),
                currency=literal(None, Text),
                source=_s.source,
            ),
            Text,
        ),
    )
    .where(_s.programme_id == _p.id)
    .correlate(programme),
).subquery()
_LINES: Final = _of(
    select(
        gathered(cast(_spent_on.c.shape, JSON), _spent_on.c.rank, _spent_on.c.position)
    ).scalar_subquery()
)
_ONE: Final = Hot(
    select(cast(_WHOLE, Text).label("body"), _b.version)
    .join(programme, _p.id == _b.programme_id)
    .where(_here, _b.number == bindparam("number"), visible_to(_b.audience))
)
_TRANSFER: Final = members(
    id=_t.id,
    giver=_t.giver,
    taker=_t.taker,
    amount=text(_t.amount),
    currency=_t.currency,
    reason=_t.reason,
    by=_t.by,
    at=instant(_t.updated_at),
)


async def paying(unit: Unit, code: str, as_of: date | None, *, by: Caller) -> str:
    """Return who pays: as sources state it, then by the budget in effect; NoSuchProgramme."""
    return await _body(unit, _PAYING, code, as_of, by)


async def costs(unit: Unit, code: str, as_of: date | None, *, by: Caller) -> str:
    """Return what is paid for: the lines in effect, then what sources state; NoSuchProgramme."""
    return await _body(unit, _LINES, code, as_of, by)


async def _body(unit: Unit, statement: Hot, code: str, as_of: date | None, by: Caller) -> str:
    on = as_of or home_day(unit.clock.now())
    async with unit.read() as read:
        row = await read.hot(statement, code=code, on_day=on, marks=list(by.audience))
    if row is None:
        raise NoSuchProgramme(UNKNOWN)
    return str(row["body"])


async def version(unit: Unit, code: str, number: int, *, by: Caller) -> tuple[str, int]:
    """Return a version with its lines and sources, and its version; raises NoSuchBudget."""
    async with unit.read() as read:
        row = await read.hot(_ONE, code=code, number=number, marks=list(by.audience))
    if row is None:
        raise NoSuchBudget("the programme has no such version")
    return row["body"], row["version"]


async def versions(unit: Unit, asked: Asked, code: str, *, by: Caller) -> str:
    """Return the versions the caller sees, first to last; raises NoSuchProgramme."""
    here = await id_of(unit, code, by)
    chosen = select(_b.number, cast(_BRIEF, Text))
    chosen = chosen.where(_b.programme_id == here, visible(_b.audience, by))
    return await listed(unit, chosen, [_b.number], asked)


async def transfers(unit: Unit, asked: Asked, code: str, *, by: Caller) -> str:
    """Return the transfers the caller sees, oldest first; raises NoSuchProgramme."""
    here = await id_of(unit, code, by)
    chosen = select(_t.id, cast(_TRANSFER, Text))
    chosen = chosen.where(_t.programme_id == here, visible(_t.audience, by))
    return await listed(unit, chosen, [_t.id], asked)


async def id_of(unit: Unit, code: str, by: Caller) -> object:
    """Return the id of a programme the caller sees; raises NoSuchProgramme."""
    async with unit.read() as read:
        found = await read.first(select(_p.id).where(_p.code == code, visible(_p.audience, by)))
    if found is None:
        raise NoSuchProgramme(UNKNOWN)
    return found.id
