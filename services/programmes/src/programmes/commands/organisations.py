"""Registering organisations and source documents, which every caller may see."""

from contracts.programmes.facts import OrganisationRegistered, SourceRegistered
from kit.auth import Caller
from kit.db.unit import Unit
from kit.ids import uuid7
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.organisation import Organisation, OrganisationType
from programmes.domain.source import Source, SourceDocument
from programmes.storage import organisations


async def register_organisation(
    unit: Unit,
    *,
    code: str,
    name: str,
    kind: OrganisationType,
    country: str | None,
    parent: str | None,
    aliases: tuple[str, ...],
    source: Source | None,
    by: Caller,  # noqa: ARG001 (the scope decides; every command says who asks)
) -> Organisation:
    """Let an organisation be named; refused if its code is taken or its parent unknown."""
    async with unit.begin() as tx:
        new = Organisation(uuid7(tx.now), 1, code, name, kind, country, parent, aliases, source)
        await organisations.add(tx, new)
        tx.tell(OrganisationRegistered(code=code, name=name, kind=kind, country=country), about=new)
        return tx.result(new)


async def register_source(
    unit: Unit,
    *,
    code: str,
    title: str,
    publisher: str,
    language: str,
    url: str | None,
    published: FuzzyDate,
    retrieved: FuzzyDate,
    note: str | None,
    by: Caller,  # noqa: ARG001 (the scope decides; every command says who asks)
) -> SourceDocument:
    """Let a document be cited; refused if its code is taken."""
    async with unit.begin() as tx:
        new = SourceDocument(
            uuid7(tx.now), 1, code, title, publisher, language, url, published, retrieved, note
        )
        await organisations.add_source(tx, new)
        tx.tell(SourceRegistered(code=code, title=title), about=new)
        return tx.result(new)
