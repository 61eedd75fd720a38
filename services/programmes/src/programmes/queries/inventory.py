"""What is on record, by natural keys, so that loading writes only what is missing."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Select, func, select

from kit.db.unit import Unit
from programmes.domain.figures import Qualifier
from programmes.domain.withdrawal import WithdrawnPart
from programmes.storage import tables_cooperation as tables
from programmes.storage import tables_results as results
from programmes.storage.tables import (
    budget_figure,
    budget_line,
    milestone,
    organisation,
    programme,
    programme_country,
    programme_partner,
    programme_relation,
    source_document,
    withdrawn_part,
)
from programmes.storage.tables_money import funding_source, stated_line

Keys = AbstractSet[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Inventory:
    """Natural keys; those of parts begin with the code of their programme."""

    organisations: Keys
    sources: Keys
    programmes: Keys
    partners: Keys
    countries: Keys
    figures: Keys
    milestones: Keys
    relations: Keys
    lines: Keys


async def inventory(unit: Unit) -> Inventory:
    """Return everything on record, whoever may see it, and what was taken back from there."""
    p, a, n = programme.c, programme_partner.c, programme_country.c
    f, m, r, ln = budget_figure.c, milestone.c, programme_relation.c, budget_line.c
    w = withdrawn_part.c
    other = programme.alias("other")
    party = func.coalesce(a.organisation, a.country)
    statements = (
        select(organisation.c.code),
        select(source_document.c.code),
        select(p.code),
        select(p.code, party, a.role, a.scope).join(programme, p.id == a.programme_id),
        select(p.code, n.country, n.role).join(programme, p.id == n.programme_id),
        select(p.code, f.kind, f.document)
        .join(programme, p.id == f.programme_id)
        .where(f.qualifier != Qualifier.DERIVED),
        select(p.code, m.kind, m.edtf).join(programme, p.id == m.programme_id),
        select(p.code, r.type, other.c.code)
        .join(programme, p.id == r.programme_id)
        .join(other, other.c.id == r.to_id),
        select(p.code, ln.code).join(programme, p.id == ln.programme_id),
    )
    async with unit.read() as read:
        found = [await read.rows(statement) for statement in statements]
        gone = await read.rows(
            select(w.part, p.code, w.key).join(programme, p.id == w.programme_id)
        )
    known = Inventory(*({tuple(row) for row in rows} for rows in found))
    return replace(
        known,
        partners=known.partners | _of_part(gone, WithdrawnPart.PARTNER),
        countries=known.countries | _of_part(gone, WithdrawnPart.COUNTRY),
        figures=known.figures | _of_part(gone, WithdrawnPart.BUDGET_FIGURE),
        milestones=known.milestones | _of_part(gone, WithdrawnPart.MILESTONE),
        relations=known.relations | _of_part(gone, WithdrawnPart.RELATION),
    )


def _of_part(gone: Iterable[Any], part: WithdrawnPart) -> Keys:
    return {(code, *key) for each, code, key in gone if each == part}


_PLAN_PATH: Final = ("agreed", "in_force", "completed")
_ACTION_PATH: Final = ("scheduled", "in_progress", "completed")
_VALUE_PATH: Final = ("pending", "approved")
_RETURNED: Final = "returned"


def _passed(path: tuple[str, ...], state: str) -> tuple[str, ...]:
    """Return the states of a path that a record in `state` has passed, this one included."""
    return path[: path.index(state) + 1] if state in path else ()


async def registers(unit: Unit) -> dict[str, Keys]:
    """Return the open registers on record, by the name of the register."""
    t, m = tables.topic, tables.topic_mapping.c
    other = t.alias("other")
    statements: dict[str, Select[*tuple[Any, ...]]] = {
        "instruments": select(tables.instrument.c.code),
        "topics": select(t.c.scheme, t.c.code),
        "topic-mappings": select(t.c.scheme, t.c.code, other.c.scheme, other.c.code)
        .join(tables.topic_mapping, m.from_id == t.c.id)
        .join(other, other.c.id == m.to_id),
        "country-groups": select(tables.country_group.c.code),
        "organisation-statuses": select(
            tables.organisation_status.c.organisation, tables.organisation_status.c.status
        ),
    }
    return await _found(unit, statements)


async def cooperation(unit: Unit) -> dict[str, Keys]:
    """Return what hangs on programmes, by kind; keys begin with the code of the programme."""
    plain = {
        "components": (tables.component, "code"),
        "topic_leads": (tables.topic_lead, "component topic"),
        "partnerships": (tables.bilateral_partnership, "country"),
        "bodies": (tables.governance_body, "code"),
        "meetings": (tables.governance_meeting, "body edtf"),
        "participation": (tables.participation_status, "country"),
        "decisions": (tables.decision, "text"),
        "action_plans": (results.action_plan, "country"),
        "indicators": (results.indicator, "code"),
        "units": (results.cooperation_unit, "name"),
        "deliverables": (results.deliverable, "kind title"),
    }
    statements = {
        name: select(programme.c.code, *(table.c[part] for part in key.split())).join(
            programme, programme.c.id == table.c.programme_id
        )
        for name, (table, key) in plain.items()
    }
    known = await _found(unit, statements)
    return known | await _moves(unit)


async def money(unit: Unit) -> dict[str, Keys]:
    """Return what sources state of money; keys begin with the code of the programme."""
    f, ln = funding_source.c, stated_line.c
    return await _found(
        unit,
        {
            "funding_sources": select(programme.c.code, f.funder, f.kind)
            .join(programme, programme.c.id == f.programme_id)
            .where(f.budget_id.is_(None)),
            "stated_lines": select(programme.c.code, ln.code).join(
                programme, programme.c.id == ln.programme_id
            ),
        },
    )


async def _moves(unit: Unit) -> dict[str, Keys]:
    p, a = results.action_plan.c, results.plan_action.c
    i, v = results.indicator.c, results.indicator_value.c
    m = tables.governance_meeting.c
    of_plan = select(programme.c.code, p.country, p.status).join(
        programme, programme.c.id == p.programme_id
    )
    of_action = (
        select(programme.c.code, p.country, a.number, a.status)
        .join(results.action_plan, p.id == a.plan_id)
        .join(programme, programme.c.id == p.programme_id)
    )
    of_value = (
        select(programme.c.code, i.code, v.period, v.state)
        .join(results.indicator, i.id == v.indicator_id)
        .join(programme, programme.c.id == i.programme_id)
    )
    of_meeting = select(programme.c.code, m.body, m.edtf, m.status).join(
        programme, programme.c.id == m.programme_id
    )
    async with unit.read() as read:
        plans = await read.rows(of_plan)
        actions = await read.rows(of_action)
        values = await read.rows(of_value)
        meetings = await read.rows(of_meeting)
    return {
        "plan_moves": {(r[0], r[1], to) for r in plans for to in _passed(_PLAN_PATH, r[2])},
        "actions": {(r[0], r[1], str(r[2])) for r in actions},
        "action_moves": {
            (r[0], r[1], str(r[2]), to) for r in actions for to in _passed(_ACTION_PATH, r[3])
        },
        "values": {(r[0], r[1], r[2]) for r in values},
        "value_moves": {
            (r[0], r[1], r[2], to)
            for r in values
            for to in (_VALUE_PATH if r[3] == _RETURNED else _passed(_VALUE_PATH, r[3]))
        },
        "meetings_held": {(r[0], r[1], r[2]) for r in meetings if r[3] == "held"},
    }


async def _found(unit: Unit, statements: dict[str, Select[*tuple[Any, ...]]]) -> dict[str, Keys]:
    async with unit.read() as read:
        return {
            name: {tuple(str(part) for part in row) for row in await read.rows(statement)}
            for name, statement in statements.items()
        }
