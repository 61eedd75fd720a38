"""Rows of organisations and of source documents."""

from sqlalchemy import insert

from kit.db.unit import Tx
from programmes.domain.organisation import Organisation
from programmes.domain.source import SourceDocument
from programmes.storage.tables import organisation, source_document
from programmes.storage.values import fuzzy_json, source_json


async def add(tx: Tx, new: Organisation) -> None:
    """Store a new organisation; raises OrganisationCodeTaken or NoSuchOrganisation (parent)."""
    await tx.sql.execute(
        insert(organisation).values(
            id=new.id,
            version=new.version,
            audience=sorted(new.audience),
            updated_at=tx.now,
            code=new.code,
            name=new.name,
            type=new.type,
            country=new.country,
            parent=new.parent,
            aliases=list(new.aliases),
            source=source_json(new.source),
        )
    )


async def add_source(tx: Tx, new: SourceDocument) -> None:
    """Store a new source document; raises SourceTaken."""
    await tx.sql.execute(
        insert(source_document).values(
            id=new.id,
            version=new.version,
            audience=sorted(new.audience),
            updated_at=tx.now,
            code=new.code,
            title=new.title,
            publisher=new.publisher,
            language=new.language,
            url=new.url,
            published=fuzzy_json(new.published),
            retrieved=fuzzy_json(new.retrieved),
            note=new.note,
        )
    )
