"""Rows of organisations and of source documents."""

from dataclasses import asdict

from sqlalchemy import insert, select

from kit.db.unit import Tx
from programmes.domain.organisation import Organisation
from programmes.domain.source import SourceDocument
from programmes.storage.tables import organisation, source_document
from programmes.storage.values import fuzzy_json


async def add(tx: Tx, new: Organisation) -> None:
    """Store a new organisation; raises OrganisationCodeTaken or NoSuchOrganisation (parent)."""
    row = asdict(new) | {"audience": sorted(new.audience), "updated_at": tx.now}
    await tx.sql.execute(insert(organisation).values(row))


async def add_source(tx: Tx, new: SourceDocument) -> None:
    """Store a new source document; raises SourceTaken."""
    dates = {"published": fuzzy_json(new.published), "retrieved": fuzzy_json(new.retrieved)}
    row = asdict(new) | dates | {"audience": sorted(new.audience), "updated_at": tx.now}
    await tx.sql.execute(insert(source_document).values(row))


async def homes(tx: Tx) -> dict[str, str | None]:
    """Return the country of each organisation by its code."""
    rows = (await tx.sql.execute(select(organisation.c.code, organisation.c.country))).all()
    return {row.code: row.country for row in rows}
