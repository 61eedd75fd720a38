"""Open registers as JSON text: topics with their mappings, instruments, country groups."""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
)

from kit.auth import Caller
from kit.db.unit import Hot, Unit
from kit.db.visible import visible_to
from programmes.domain.register import NoSuchEntry
from programmes.queries import shapes
from programmes.queries.parts import asked_for, if_asked, of_programme
from programmes.queries.records import Tagged, shape
from programmes.storage.tables import programme
from programmes.storage.tables_cooperation import (
    component,
    country_group,
    instrument,
    topic,
    topic_mapping,
)

_t, _m = topic.c, topic_mapping.c
_other = topic.alias("other")
_mappings = (
    select(
        shapes.gathered(
            shapes.members(scheme=_other.c.scheme, code=_other.c.code, relation=_m.relation),
            _other.c.scheme,
            _other.c.position,
        )
    )
    .join(_other, _other.c.id == _m.to_id)
    .where(_m.from_id == _t.id)
    .correlate(topic)
    .scalar_subquery()
)
_TOPIC: Final = shape(
    topic,
    "scheme code title description group position keywords",
    mappings=_mappings,
    source=_t.source,
    version=_t.version,
)
INSTRUMENT: Final = shape(
    instrument, "code title legal_basis adopted valid_from valid_to replaces source version"
)
_GROUP: Final = shape(country_group, "code title stated regions members source version")
_group = cast(bindparam("group"), Integer)
_in_group = or_(_group.is_(None), _t.group == _group)


def _listed(shown: ColumnElement[Any], order: list[Any], *where: ColumnElement[bool]) -> Hot:
    items = select(shapes.gathered(shown, *order)).where(*where).scalar_subquery()
    return Hot(select(cast(shapes.members(items=items, next=None), Text).label("body")))


_words = func.lower(
    func.concat_ws(" ", _t.code, _t.title, _t.description, func.array_to_string(_t.keywords, " "))
)
_TOPICS: Final = _listed(
    _TOPIC,
    [_t.scheme, _t.position],
    if_asked(_t.scheme, "scheme"),
    _in_group,
    or_(asked_for("q").is_(None), func.strpos(_words, func.lower(asked_for("q"))) > 0),
)
_INSTRUMENTS: Final = _listed(INSTRUMENT, [instrument.c.code], visible_to(instrument.c.audience))
_GROUPS: Final = _listed(_GROUP, [country_group.c.code], visible_to(country_group.c.audience))


def _one(table: Table, shown: ColumnElement[Any]) -> Hot:
    tag = literal('"v') + cast(table.c.version, Text) + literal('"')
    return Hot(
        select(cast(shown, Text).label("body"), tag.label("tag")).where(
            table.c.code == asked_for("code"), visible_to(table.c.audience)
        )
    )


_ONE_INSTRUMENT: Final = _one(instrument, INSTRUMENT)
_ONE_GROUP: Final = _one(country_group, _GROUP)
TOPICS_OF_COMPONENT: Final = of_programme(
    select(shapes.gathered(_TOPIC, _t.position))
    .join(component, component.c.topic_scheme == _t.scheme)
    .where(
        component.c.programme_id == programme.c.id,
        component.c.code == asked_for("component"),
        _in_group,
    )
)


async def topics(unit: Unit, *, scheme: str | None, q: str | None, group: int | None) -> str:
    """Return topics of a scheme, of a group, or with a word in title, text or keywords."""
    async with unit.read() as read:
        row = await read.hot(_TOPICS, scheme=scheme, q=q, group=group)
    return _body(row)


async def instruments(unit: Unit, *, by: Caller) -> str:
    """Return the instruments, by code."""
    async with unit.read() as read:
        return _body(await read.hot(_INSTRUMENTS, marks=list(by.audience)))


async def country_groups(unit: Unit, *, by: Caller) -> str:
    """Return the country groups, by code."""
    async with unit.read() as read:
        return _body(await read.hot(_GROUPS, marks=list(by.audience)))


def _body(row: Any) -> str:  # noqa: ANN401 (a driver's record)
    if row is None:
        raise RuntimeError("a statement without FROM always has one row")
    return str(row["body"])


async def instrument_of(unit: Unit, code: str, *, by: Caller) -> Tagged:
    """Return an instrument with its ETag; raises NoSuchEntry."""
    return await _entry(unit, _ONE_INSTRUMENT, code, by)


async def country_group_of(unit: Unit, code: str, *, by: Caller) -> Tagged:
    """Return a country group with its ETag; raises NoSuchEntry."""
    return await _entry(unit, _ONE_GROUP, code, by)


async def _entry(unit: Unit, statement: Hot, code: str, by: Caller) -> Tagged:
    async with unit.read() as read:
        row = await read.hot(statement, code=code, marks=list(by.audience))
    if row is None:
        raise NoSuchEntry("the register has no entry of this code")
    return row["body"], row["tag"]
