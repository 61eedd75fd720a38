"""Shapes of cooperation records, and the statements that read them of one programme."""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    any_,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from kit.auth import Caller
from kit.db.unit import Hot, Unit
from kit.db.visible import visible_to
from programmes.domain.component import CONSORTIUM, LeadWarning, NoSuchPart
from programmes.domain.errors import NoSuchProgramme
from programmes.queries import shapes
from programmes.queries.parts import UNKNOWN, asked_for
from programmes.storage import tables_cooperation as tables
from programmes.storage.tables import organisation, programme, programme_partner

Tagged = tuple[str, str]


def shape(table: Table, names: str, **more: Any) -> ColumnElement[Any]:  # noqa: ANN401 (columns of any type)
    """Return an object of these columns, named after them, and of `more`."""
    own = {name: table.c[name] for name in names.split()}
    return shapes.members(**own, **more)


def number(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return a number as a decimal string without trailing zeros."""
    return cast(func.trim_scale(column), Text)


_l, _a, _o = tables.topic_lead.c, programme_partner.c, organisation.c
_roles = cast(
    array([literal_column(f"'{role}'", Text) for role in sorted(CONSORTIUM)]), ARRAY(Text)
)
_consortium = (
    select(literal(1))
    .select_from(programme_partner)
    .outerjoin(organisation, _o.code == _a.organisation)
    .where(
        _a.programme_id == _l.programme_id,
        _a.role == any_(_roles),
        (_a.organisation == _l.organisation)
        | (_a.country == _l.country)
        | (_o.country == _l.country),
    )
    .correlate(tables.topic_lead)
    .exists()
)
_none = cast(array([], type_=Text), ARRAY(Text))
_warned = cast(array([literal_column(f"'{LeadWarning.NOT_PARTNER}'", Text)]), ARRAY(Text))
COMPONENT: Final = shape(
    tables.component,
    "code title description planned_project_count all_beneficiaries topic_scheme note source"
    " version",
)
LEAD: Final = shape(
    tables.topic_lead,
    "component topic_scheme topic organisation country reason duties note source",
    warnings=case((_l.reason.is_(None) & ~_consortium, _warned), else_=_none),
    version=_l.version,
)
PARTNERSHIP: Final = shape(
    tables.bilateral_partnership, "id country partner instrument signed status source version"
)
BODY: Final = shape(
    tables.governance_body, "code name kind frequency meetings_per_year source version"
)
_m = tables.governance_meeting.c
MEETING: Final = shape(
    tables.governance_meeting,
    "id body",
    on=_m.on_date,
    city=_m.city,
    country=_m.country,
    status=_m.status,
    source=_m.source,
    version=_m.version,
)
DECISION: Final = shape(tables.decision, "id decided_by taken_on text effects meeting source")


def one(table: Table, shown: ColumnElement[Any], *key: str) -> Hot:
    """Return the statement that gives a record by its key, if the caller sees its programme."""
    named = [cast(table.c[name], Text) == asked_for(f"{name}_") for name in key]
    here = (table.c.programme_id == programme.c.id, *named)
    body = select(cast(shown, Text)).where(*here).correlate(programme).scalar_subquery()
    version = select(table.c.version).where(*here).correlate(programme).scalar_subquery()
    tag = literal('"v') + cast(version, Text) + literal('"')
    seen = (programme.c.code == asked_for("code")) & visible_to(programme.c.audience)
    return Hot(select(body.label("body"), tag.label("tag")).where(seen))


async def one_of(unit: Unit, statement: Hot, code: str, *, by: Caller, **key: str) -> Tagged:
    """Return a record as JSON text with its ETag; raises NoSuchProgramme or NoSuchPart."""
    async with unit.read() as read:
        row = await read.hot(statement, code=code, marks=list(by.audience), **key)
    if row is None:
        raise NoSuchProgramme(UNKNOWN)
    if row["body"] is None:
        raise NoSuchPart("the programme has no record of this name")
    return row["body"], row["tag"]
