"""Rows of organisations and of source documents."""

from dataclasses import asdict

from sqlalchemy import insert, select, update

from kit.db.unit import Tx
from kit.errors import StaleVersion
from programmes.domain.errors import NoSuchOrganisation
from programmes.domain.organisation import Organisation, OrganisationType
from programmes.domain.source import SourceDocument
from programmes.storage.tables import organisation, source_document
from programmes.storage.values import fuzzy_json, source


async def add(tx: Tx, new: Organisation) -> None:
    """Store a new organisation; raises OrganisationCodeTaken or NoSuchOrganisation (parent)."""
    row = asdict(new) | {"audience": sorted(new.audience), "updated_at": tx.now}
    await tx.sql.execute(insert(organisation).values(row))


async def lock(tx: Tx, code: str, *, expected: int) -> Organisation:
    """Return an organisation for change; raises NoSuchOrganisation, or StaleVersion."""
    chosen = select(organisation).where(organisation.c.code == code).with_for_update()
    row = (await tx.sql.execute(chosen)).first()
    if row is None:
        raise NoSuchOrganisation("no organisation has this code")
    if row.version != expected:
        raise StaleVersion("the organisation is at another version")
    return Organisation(
        id=row.id,
        version=row.version,
        code=row.code,
        name=row.name,
        type=OrganisationType(row.type),
        country=row.country,
        parent=row.parent,
        aliases=tuple(row.aliases),
        source=source(row.source),
    )


async def save(tx: Tx, changed: Organisation) -> None:
    """Store the next version of a locked organisation."""
    said = {
        "version": changed.version,
        "updated_at": tx.now,
        "name": changed.name,
        "type": changed.type,
        "country": changed.country,
        "aliases": list(changed.aliases),
    }
    await tx.sql.execute(update(organisation).where(organisation.c.id == changed.id).values(said))


async def add_source(tx: Tx, new: SourceDocument) -> None:
    """Store a new source document; raises SourceTaken."""
    dates = {"published": fuzzy_json(new.published), "retrieved": fuzzy_json(new.retrieved)}
    row = asdict(new) | dates | {"audience": sorted(new.audience), "updated_at": tx.now}
    await tx.sql.execute(insert(source_document).values(row))


async def homes(tx: Tx) -> dict[str, str | None]:
    """Return the country of each organisation by its code."""
    rows = (await tx.sql.execute(select(organisation.c.code, organisation.c.country))).all()
    return {row.code: row.country for row in rows}
