"""Programmes as JSON text: one by its code, its overview, and the portfolio of all."""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
)

from kit.auth import Caller
from kit.db.unit import Hot, Unit
from kit.db.visible import visible_to
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.figures import FigureKind
from programmes.queries import shapes
from programmes.queries.parts import UNKNOWN
from programmes.storage.tables import (
    budget_figure,
    budget_line,
    milestone,
    programme,
    programme_country,
    programme_partner,
)

Tagged = tuple[str, str]
"""JSON text and its ETag."""

_p = programme.c
_this = _p.code == cast(bindparam("code"), Text)
_seen = visible_to(_p.audience)


def list_of(table: Table, shape: ColumnElement[Any], *order: Any) -> ColumnElement[Any]:  # noqa: ANN401 (columns of any type)
    """Return what hangs on the programme as a list, in this order."""
    chosen = select(shapes.gathered(shape, *order)).where(table.c.programme_id == _p.id)
    return chosen.correlate(programme).scalar_subquery()


_lines_version = (
    select(func.coalesce(func.sum(budget_line.c.version), 0))
    .where(budget_line.c.programme_id == _p.id)
    .correlate(programme)
    .scalar_subquery()
)
_OVERVIEW: Final = shapes.members(
    programme=shapes.PROGRAMME,
    budget_figures=list_of(budget_figure, shapes.FIGURE, budget_figure.c.id),
    partners=list_of(programme_partner, shapes.PARTNER, programme_partner.c.id),
    countries=list_of(
        programme_country,
        shapes.COUNTRY,
        programme_country.c.role,
        programme_country.c.country,
    ),
    milestones=list_of(milestone, shapes.MILESTONE, milestone.c.edtf, milestone.c.kind),
    budget_lines=list_of(budget_line, shapes.LINE, budget_line.c.code),
    source=_p.citations["title"],
)


def _tagged(body: ColumnElement[Any], tag: ColumnElement[str]) -> Select[str, str]:
    return select(cast(body, Text).label("body"), tag.label("tag"))


TAG: Final = literal('"v') + cast(_p.version, Text) + literal('"')
_ONE: Final = Hot(_tagged(shapes.PROGRAMME, TAG).where(_this, _seen))
TAG_OF_ALL: Final = (
    literal('"v') + cast(_p.version, Text) + "." + cast(_lines_version, Text) + literal('"')
)
_WHOLE: Final = Hot(_tagged(_OVERVIEW, TAG_OF_ALL).where(_this, _seen))


async def programme_of(unit: Unit, code: str, *, by: Caller) -> Tagged:
    """Return a programme; raises NoSuchProgramme if it is unknown or not visible."""
    return await _one(unit, _ONE, code, by)


async def overview(unit: Unit, code: str, *, by: Caller) -> Tagged:
    """Return a programme with all that hangs on it; raises NoSuchProgramme."""
    return await _one(unit, _WHOLE, code, by)


async def _one(unit: Unit, statement: Hot, code: str, by: Caller) -> Tagged:
    async with unit.read() as read:
        row = await read.hot(statement, code=code, marks=list(by.audience))
    if row is None:
        raise NoSuchProgramme(UNKNOWN)
    return row["body"], row["tag"]


_f = budget_figure.c
_total = (_f.kind == FigureKind.TOTAL) & _f.amount.is_not(None)
_published = (
    select(
        shapes.gathered(
            shapes.members(
                amount=shapes.text(_f.amount),
                amount_published=_f.amount_published,
                currency=_f.currency,
                qualifier=_f.qualifier,
                source=_f.source,
            ),
            _f.currency,
            _f.id,
        )
    )
    .where(_f.programme_id == _p.id, _total)
    .correlate(programme)
    .scalar_subquery()
)
_listed = shapes.members(
    code=_p.code,
    title=_p.title,
    kind=_p.kind,
    status=_p.status,
    start=_p.starts,
    end=_p.ends,
    end_derived=_p.ends_derived,
    published_totals=_published,
    version=_p.version,
)
_per_currency = (
    select(
        _f.currency,
        func.sum(_f.amount).label("amount"),
        func.count().label("figures"),
        func.bool_and(_f.qualifier == "exact").label("exact"),
    )
    .join(programme, _p.id == _f.programme_id)
    .where(_total, _seen)
    .group_by(_f.currency)
    .subquery()
)
_t = _per_currency.c
_totals = select(
    shapes.gathered(
        shapes.members(
            currency=_t.currency,
            amount=shapes.text(_t.amount),
            qualifier=case((_t.exact, "exact"), else_="approximate"),
            figures=_t.figures,
        ),
        _t.currency,
    )
).scalar_subquery()
_programmes = select(shapes.gathered(_listed, _p.code)).where(_seen).scalar_subquery()
_PORTFOLIO: Final = Hot(
    select(
        cast(shapes.members(programmes=_programmes, published_totals=_totals), Text).label("body")
    )
)


async def portfolio(unit: Unit, *, by: Caller) -> str:
    """Return every visible programme with its published totals, added up per currency alone."""
    async with unit.read() as read:
        row = await read.hot(_PORTFOLIO, marks=list(by.audience))
    if row is None:
        raise RuntimeError("a statement without FROM always has one row")
    return str(row["body"])
