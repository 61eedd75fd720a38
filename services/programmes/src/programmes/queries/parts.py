"""What hangs on one programme, each list as JSON text from one statement.

Every function raises NoSuchProgramme if it is unknown or the caller may not see it.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    bindparam,
    cast,
    exists,
    literal_column,
    or_,
    select,
)

from kit.auth import Caller
from kit.db.unit import Hot, Unit
from kit.db.visible import visible_to
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.queries import shapes
from programmes.storage.tables import (
    budget_figure,
    budget_line,
    milestone,
    organisation,
    programme,
    programme_country,
    programme_partner,
    programme_relation,
)

UNKNOWN: Final = "no programme of this code is visible to you"
_other = programme.alias("other")


def asked_for(name: str) -> ColumnElement[str]:
    """Return a parameter that may be null."""
    return cast(bindparam(name), Text)


def if_asked(
    column: ColumnElement[str | None] | ColumnElement[str], name: str
) -> ColumnElement[bool]:
    """Return the condition that a column has the value asked for, if one is."""
    return or_(asked_for(name).is_(None), column == asked_for(name))


def if_then(stored: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a date may have been in the days asked for, if any are.

    The days are compared as ISO text, of years from 0000 to 9999; a date not stated is in none.
    """
    begins, ends = (stored.op("->>")(literal_column(f"'{name}'", Text)) for name in ("from", "to"))
    within = (begins <= asked_for("until")) & (ends >= asked_for("since"))
    return or_(asked_for("since").is_(None), within)


def days(during: FuzzyDate | None) -> dict[str, str | None]:
    """Return the parameters of `if_then`."""
    since, until = (None, None) if during is None else during.interval
    return {
        "since": None if since is None else since.isoformat(),
        "until": None if until is None else until.isoformat(),
    }


def of_programme(chosen: Select[tuple[object]]) -> Hot:
    """Return the statement that gives a list if the caller may see the programme."""
    items = chosen.correlate(programme).scalar_subquery()
    listed = cast(shapes.members(items=items, next=None), Text).label("body")
    here = (programme.c.code == asked_for("code")) & visible_to(programme.c.audience)
    return Hot(select(listed).where(here))


_as_of = cast(bindparam("as_of"), Date)
_PARTNERS: Final = of_programme(
    select(shapes.gathered(shapes.PARTNER, programme_partner.c.id)).where(
        programme_partner.c.programme_id == programme.c.id,
        if_asked(programme_partner.c.role, "role"),
        or_(
            if_asked(programme_partner.c.country, "country"),
            exists().where(
                organisation.c.code == programme_partner.c.organisation,
                organisation.c.country == asked_for("country"),
            ),
        ),
        or_(_as_of.is_(None), programme_partner.c.during.bool_op("@>")(_as_of)),
    )
)
_COUNTRIES: Final = of_programme(
    select(
        shapes.gathered(shapes.COUNTRY, programme_country.c.role, programme_country.c.country)
    ).where(
        programme_country.c.programme_id == programme.c.id,
        if_asked(programme_country.c.role, "role"),
    )
)
_FIGURES: Final = of_programme(
    select(shapes.gathered(shapes.FIGURE, budget_figure.c.id)).where(
        budget_figure.c.programme_id == programme.c.id
    )
)
_MILESTONES: Final = of_programme(
    select(shapes.gathered(shapes.MILESTONE, milestone.c.edtf, milestone.c.kind)).where(
        milestone.c.programme_id == programme.c.id,
        if_asked(milestone.c.kind, "kind"),
        if_then(milestone.c.on_date),
    )
)
_LINES: Final = of_programme(
    select(shapes.gathered(shapes.LINE, budget_line.c.code)).where(
        budget_line.c.programme_id == programme.c.id
    )
)
_RELATIONS: Final = of_programme(
    select(
        shapes.gathered(
            shapes.members(
                id=programme_relation.c.id,
                type=programme_relation.c.type,
                to=_other.c.code,
                title=_other.c.title,
                additional=programme_relation.c.additional,
                source=programme_relation.c.source,
            ),
            programme_relation.c.type,
            _other.c.code,
        )
    )
    .join(_other, _other.c.id == programme_relation.c.to_id)
    .where(programme_relation.c.programme_id == programme.c.id, visible_to(_other.c.audience))
)
_CHILDREN: Final = of_programme(
    select(
        shapes.gathered(
            shapes.members(
                type=programme_relation.c.type,
                code=_other.c.code,
                title=_other.c.title,
                additional=programme_relation.c.additional,
                source=programme_relation.c.source,
            ),
            _other.c.code,
        )
    )
    .join(_other, _other.c.id == programme_relation.c.programme_id)
    .where(programme_relation.c.to_id == programme.c.id, visible_to(_other.c.audience))
)


async def partners(
    unit: Unit, code: str, *, role: str | None, country: str | None, as_of: date | None, by: Caller
) -> str:
    """Return the partners, of a role, a country, or who may have taken part on a day."""
    return await body_of(unit, _PARTNERS, by, code=code, role=role, country=country, as_of=as_of)


async def countries(unit: Unit, code: str, *, role: str | None, by: Caller) -> str:
    """Return the countries the programme is for or that take part."""
    return await body_of(unit, _COUNTRIES, by, code=code, role=role)


async def figures(unit: Unit, code: str, *, by: Caller) -> str:
    """Return the budget figures: published ones with their doubts, then derived ones."""
    return await body_of(unit, _FIGURES, by, code=code)


async def milestones(
    unit: Unit, code: str, *, kind: str | None, during: FuzzyDate | None, by: Caller
) -> str:
    """Return what happened or is planned, by date; `during` finds what may have been then."""
    return await body_of(unit, _MILESTONES, by, code=code, kind=kind, **days(during))


async def lines(unit: Unit, code: str, *, by: Caller) -> str:
    """Return the budget lines with what is committed and available."""
    return await body_of(unit, _LINES, by, code=code)


async def relations(unit: Unit, code: str, *, by: Caller) -> str:
    """Return the programmes this one stands to in some way, as far as the caller sees them."""
    return await body_of(unit, _RELATIONS, by, code=code)


async def children(unit: Unit, code: str, *, by: Caller) -> str:
    """Return the programmes that stand to this one in some way, as far as the caller sees them."""
    return await body_of(unit, _CHILDREN, by, code=code)


async def body_of(unit: Unit, statement: Hot, by: Caller, **asked: str | date | int | None) -> str:
    """Return the list a statement gives; raises NoSuchProgramme."""
    async with unit.read() as read:
        row = await read.hot(statement, marks=list(by.audience), **asked)
    if row is None:
        raise NoSuchProgramme(UNKNOWN)
    return str(row["body"])
