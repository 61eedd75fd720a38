"""Results of one programme: plans, units and deliverables as JSON text, indicators as values."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import Text, cast, func, literal, select

from kit.auth import Caller
from kit.db.unit import Hot, Read, Unit
from kit.db.visible import visible, visible_to
from programmes.domain.component import CONSORTIUM, NoSuchPart
from programmes.domain.cooperation_unit import Coverage, missing_from
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.indicator import Indicator
from programmes.queries import codelists, shapes
from programmes.queries.cooperation import listed
from programmes.queries.parts import (
    UNKNOWN,
    asked_for,
    body_of,
    days,
    if_asked,
    if_then,
    of_programme,
)
from programmes.queries.records import Tagged, one, one_of, shape
from programmes.storage.indicators import indicator_from
from programmes.storage.tables import programme, programme_partner
from programmes.storage.tables_results import (
    action_plan,
    cooperation_unit,
    deliverable,
    indicator,
    indicator_value,
    plan_action,
)

_p, _a, _u = action_plan.c, plan_action.c, cooperation_unit.c
_recorded = select(func.count()).where(_a.plan_id == _p.id).correlate(action_plan).scalar_subquery()
_PLAN: Final = shape(
    action_plan,
    "country edition status",
    counts=shapes.members(
        planned=_p.planned_action_count,
        recorded=_recorded,
        difference=_recorded - _p.planned_action_count,
        warning=func.coalesce(_recorded > _p.planned_action_count, literal(value=False)),
    ),
    areas=_p.areas,
    source=_p.source,
    version=_p.version,
)
_ACTION: Final = shape(
    plan_action,
    "number area title calendar",
    planned=shape(plan_action, "participants ste_count ste_days"),
    expected_results=_a.expected_results,
    status=_a.status,
    follow_up_of=_a.follow_up_of,
    closing_reason=_a.closing_reason,
    source=_a.source,
)
_seen = (programme.c.code == asked_for("code")) & visible_to(programme.c.audience)
_newest = (
    select(_p.id)
    .where(_p.programme_id == programme.c.id, _p.country == asked_for("country"))
    .order_by(_p.edition.desc())
    .limit(1)
    .correlate(programme)
    .scalar_subquery()
)
_ONE_PLAN: Final = Hot(
    select(
        select(cast(_PLAN, Text)).where(_p.id == _newest).scalar_subquery().label("body"),
        select(literal('"v') + cast(_p.version, Text) + literal('"'))
        .where(_p.id == _newest)
        .scalar_subquery()
        .label("tag"),
    ).where(_seen)
)
_PLANS: Final = listed(action_plan, _PLAN, "country edition")
_ACTIONS: Final = of_programme(
    select(shapes.gathered(_ACTION, _a.number)).where(
        _a.plan_id == _newest,
        if_asked(_a.area, "area"),
        if_asked(_a.status, "status"),
        if_then(_a.calendar),
    )
)
_UNIT: Final = shape(
    cooperation_unit,
    "id name region founded",
    legal_act=shapes.members(
        act_type=_u.act_type, number=_u.act_number, on=_u.act_on, issuer=_u.act_issuer
    ),
    member_categories=_u.member_categories,
    source=_u.source,
    version=_u.version,
)
_UNITS: Final = listed(cooperation_unit, _UNIT, "id", "region", dated="founded")
_ONE_UNIT: Final = one(cooperation_unit, _UNIT, "id")
_DELIVERABLE: Final = shape(deliverable, "id kind title quantity status due source version")
_DELIVERABLES: Final = listed(deliverable, _DELIVERABLE, "id", "kind", "status", dated="due")
_ONE_DELIVERABLE: Final = one(deliverable, _DELIVERABLE, "id")


async def plans(unit: Unit, code: str, *, by: Caller) -> str:
    """Return every edition of every country's plan."""
    return await body_of(unit, _PLANS, by, code=code)


async def plan(unit: Unit, code: str, country: str, *, by: Caller) -> Tagged:
    """Return the newest edition of a country's plan; raises NoSuchPart."""
    async with unit.read() as read:
        row = await read.hot(_ONE_PLAN, code=code, country=country, marks=list(by.audience))
    if row is None:
        raise NoSuchProgramme(UNKNOWN)
    if row["body"] is None:
        raise NoSuchPart("the country has no action plan in the programme")
    return row["body"], row["tag"]


async def actions(
    unit: Unit,
    code: str,
    country: str,
    *,
    area: str | None = None,
    status: str | None = None,
    during: FuzzyDate | None = None,
    by: Caller,
) -> str:
    """Return the actions of the newest edition, narrowed if asked; raises NoSuchPart."""
    await plan(unit, code, country, by=by)
    asked = {"country": country, "area": area, "status": status, **days(during)}
    return await body_of(unit, _ACTIONS, by, code=code, **asked)


async def units(
    unit: Unit, code: str, *, region: str | None, during: FuzzyDate | None, by: Caller
) -> str:
    """Return the cooperation units, of a region or founded then if asked."""
    return await body_of(unit, _UNITS, by, code=code, region=region, **days(during))


async def cooperation_unit_of(unit: Unit, code: str, unit_id: str, *, by: Caller) -> Tagged:
    """Return a cooperation unit; raises NoSuchPart."""
    return await one_of(unit, _ONE_UNIT, code, by=by, id_=unit_id)


async def coverage_of(unit: Unit, code: str, *, by: Caller) -> Coverage:
    """Return how many units there are, and which voivodeships have none."""
    async with unit.read() as read:
        programme_id = await _visible(read, code, by)
        chosen = select(_u.region, _u.source).where(_u.programme_id == programme_id)
        rows = await read.rows(chosen.order_by(_u.id))
    documents = {row.source["document"] for row in rows if row.source}
    found = missing_from([row.region for row in rows], codelists.labels("voivodeships"))
    return replace(found, documents=tuple(sorted(documents)))


async def deliverables(
    unit: Unit,
    code: str,
    *,
    kind: str | None,
    status: str | None,
    during: FuzzyDate | None,
    by: Caller,
) -> str:
    """Return what the programme leaves behind, of a kind, in a state, due then, or all."""
    asked = {"kind": kind, "status": status, **days(during)}
    return await body_of(unit, _DELIVERABLES, by, code=code, **asked)


async def deliverable_of(unit: Unit, code: str, deliverable_id: str, *, by: Caller) -> Tagged:
    """Return a deliverable with its ETag; raises NoSuchPart."""
    return await one_of(unit, _ONE_DELIVERABLE, code, by=by, id_=deliverable_id)


async def indicators(unit: Unit, code: str, *, by: Caller) -> Sequence[Indicator]:
    """Return the indicators of a programme with their values."""
    return await _indicators(unit, code, None, by)


async def indicator_of(unit: Unit, code: str, name: str, *, by: Caller) -> Indicator:
    """Return the indicator of a code with its values; raises NoSuchPart if there is none."""
    found = await _indicators(unit, code, name, by)
    if not found:
        raise NoSuchPart("the programme has no indicator of this code")
    return found[0]


async def _indicators(unit: Unit, code: str, name: str | None, by: Caller) -> Sequence[Indicator]:
    async with unit.read() as read:
        programme_id = await _visible(read, code, by)
        return await indicators_of(read, programme_id, code, name)


async def indicators_of(
    read: Read, programme_id: object, code: str, name: str | None = None
) -> Sequence[Indicator]:
    """Return the indicators of a programme that may be seen, or the one of a code."""
    i, v = indicator.c, indicator_value.c
    chosen = select(indicator).where(i.programme_id == programme_id).order_by(i.id)
    rows = await read.rows(chosen if name is None else chosen.where(i.code == name))
    ids = [row.id for row in rows]
    reported = await read.rows(
        select(indicator_value).where(v.indicator_id.in_(ids)).order_by(v.id)
    )
    return [
        indicator_from(
            row, [each for each in reported if each.indicator_id == row.id], code, frozenset()
        )
        for row in rows
    ]


async def recorded_partners(unit: Unit, code: str, *, by: Caller) -> int:
    """Return how many parties are on record in the consortium, each counted once."""
    a = programme_partner.c
    async with unit.read() as read:
        programme_id = await _visible(read, code, by)
        party = func.coalesce(a.organisation, a.country)
        found = await read.first(
            select(func.count(party.distinct())).where(
                a.programme_id == programme_id, ~a.ended, a.role.in_(sorted(CONSORTIUM))
            )
        )
    return 0 if found is None else found[0]


async def _visible(read: Read, code: str, by: Caller) -> object:
    here = select(programme.c.id).where(programme.c.code == code)
    found = await read.first(here.where(visible(programme.c.audience, by)))
    if found is None:
        raise NoSuchProgramme(UNKNOWN)
    return found.id
