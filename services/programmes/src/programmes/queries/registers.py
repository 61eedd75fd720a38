"""Registers open to every caller: organisations and source documents, one by one."""

from typing import Final

from sqlalchemy import Text, bindparam, cast, literal, select

from kit.auth import Caller
from kit.db.unit import Hot, Unit
from kit.db.visible import visible_to
from programmes.domain.errors import NoSuchOrganisation, NoSuchSource
from programmes.queries import shapes
from programmes.queries.programmes import Tagged
from programmes.storage.tables import organisation, source_document

_ORGANISATION: Final = Hot(
    select(
        cast(shapes.ORGANISATION, Text).label("body"),
        (literal('"v') + cast(organisation.c.version, Text) + literal('"')).label("tag"),
    ).where(
        organisation.c.code == cast(bindparam("code"), Text), visible_to(organisation.c.audience)
    )
)
_SOURCE: Final = Hot(
    select(
        cast(shapes.SOURCE, Text).label("body"),
        (literal('"v') + cast(source_document.c.version, Text) + literal('"')).label("tag"),
    ).where(
        source_document.c.code == cast(bindparam("code"), Text),
        visible_to(source_document.c.audience),
    )
)


async def organisation_of(unit: Unit, code: str, *, by: Caller) -> Tagged:
    """Return an organisation; raises NoSuchOrganisation."""
    async with unit.read() as read:
        row = await read.hot(_ORGANISATION, code=code, marks=list(by.audience))
    if row is None:
        raise NoSuchOrganisation("no organisation has this code")
    return row["body"], row["tag"]


async def source_of(unit: Unit, code: str, *, by: Caller) -> Tagged:
    """Return a source document; raises NoSuchSource."""
    async with unit.read() as read:
        row = await read.hot(_SOURCE, code=code, marks=list(by.audience))
    if row is None:
        raise NoSuchSource("no source document has this id")
    return row["body"], row["tag"]
