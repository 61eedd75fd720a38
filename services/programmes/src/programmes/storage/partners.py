"""Rows of partners."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from kit.db.unit import Tx
from kit.errors import StaleVersion
from programmes.domain.errors import NoSuchPartner
from programmes.domain.partner import Partner, PartnerRole, Party
from programmes.domain.programme import Programme
from programmes.storage import values
from programmes.storage.tables import programme_partner

_c = programme_partner.c
_columns = (
    _c.id,
    _c.version,
    _c.organisation,
    _c.country,
    _c.role,
    _c.scope,
    _c.valid_from,
    _c.valid_to,
    _c.ended,
    _c.source,
)


async def of(tx: Tx, programme: Programme) -> list[Partner]:
    """Return every partner of a programme that is locked, past ones too."""
    chosen = select(*_columns).where(_c.programme_id == programme.id).order_by(_c.id)
    rows = (await tx.sql.execute(chosen)).all()
    return [_partner(row, programme.audience) for row in rows]


def _partner(row: Row[Any], audience: frozenset[str]) -> Partner:
    return Partner(
        id=row.id,
        version=row.version,
        audience=audience,
        party=Party(row.organisation, row.country),
        role=PartnerRole(row.role),
        scope=row.scope,
        valid_from=values.fuzzy(row.valid_from),
        valid_to=values.fuzzy(row.valid_to),
        ended=row.ended,
        source=values.source(row.source),
    )


def chosen(partners: list[Partner], partner_id: UUID, *, expected: int) -> Partner:
    """Return the partner of this id; raises NoSuchPartner, or StaleVersion if it changed."""
    for partner in partners:
        if partner.id == partner_id and partner.version != expected:
            raise StaleVersion("the partner is at another version")
        if partner.id == partner_id:
            return partner
    raise NoSuchPartner("the programme has no partner of this id")


async def add(tx: Tx, programme_id: UUID, new: Partner) -> None:
    """Store a partner; raises PartnerRoleDuplicate, LeadDuplicate or NoSuchOrganisation."""
    await tx.sql.execute(
        insert(programme_partner).values(
            id=new.id,
            version=new.version,
            programme_id=programme_id,
            organisation=new.party.organisation,
            country=new.party.country,
            role=new.role,
            scope=new.scope,
            valid_from=values.fuzzy_json(new.valid_from),
            valid_to=values.fuzzy_json(new.valid_to),
            during=values.spanning(new.valid_from, new.valid_to),
            ended=new.ended,
            source=values.source_json(new.source),
        )
    )


async def save_end(tx: Tx, ended: Partner) -> None:
    """Store the end of a partner's role; its programme is locked, so nobody else does."""
    await tx.sql.execute(
        update(programme_partner)
        .where(_c.id == ended.id)
        .values(
            version=ended.version,
            valid_to=values.fuzzy_json(ended.valid_to),
            during=values.spanning(ended.valid_from, ended.valid_to),
            ended=True,
        )
    )
