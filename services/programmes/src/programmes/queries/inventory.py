"""What is on record, by natural keys, so that loading writes only what is missing."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import func, select

from kit.db.unit import Unit
from programmes.domain.figures import Qualifier
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
)

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
    """Return everything on record, whoever may see it."""
    p, a, n = programme.c, programme_partner.c, programme_country.c
    f, m, r, ln = budget_figure.c, milestone.c, programme_relation.c, budget_line.c
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
    return Inventory(*({tuple(row) for row in rows} for rows in found))
