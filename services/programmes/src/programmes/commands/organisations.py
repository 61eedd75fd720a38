"""Registering organisations and source documents, which every caller may see."""

from collections.abc import Callable
from uuid import UUID

from contracts.programmes.facts import OrganisationRegistered, SourceRegistered
from kit.auth import Caller
from kit.db.unit import Unit
from kit.ids import uuid7
from programmes.domain.organisation import Organisation
from programmes.domain.source import SourceDocument
from programmes.storage import organisations


async def register_organisation(
    unit: Unit,
    make: Callable[[UUID], Organisation],
    *,
    by: Caller,  # noqa: ARG001 (the scope decides; every command says who asks)
) -> Organisation:
    """Let an organisation be named; refused if its code is taken or its parent unknown."""
    async with unit.begin() as tx:
        new = make(uuid7(tx.now))
        await organisations.add(tx, new)
        fact = OrganisationRegistered(
            code=new.code, name=new.name, kind=new.type, country=new.country
        )
        tx.tell(fact, about=new)
        return tx.result(new)


async def register_source(
    unit: Unit,
    make: Callable[[UUID], SourceDocument],
    *,
    by: Caller,  # noqa: ARG001 (the scope decides; every command says who asks)
) -> SourceDocument:
    """Let a document be cited; refused if its code is taken."""
    async with unit.begin() as tx:
        new = make(uuid7(tx.now))
        await organisations.add_source(tx, new)
        tx.tell(SourceRegistered(code=new.code, title=new.title), about=new)
        return tx.result(new)
