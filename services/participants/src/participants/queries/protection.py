"""What data protection reads: certificates, and who looked at a person."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from kit.auth import Caller
from kit.db.paging import Asked, Page, page
from kit.db.unit import Read, Unit
from kit.db.visible import visible
from participants.domain.erasure import Certificate, Erased, ErasureGround, StoreCount
from participants.domain.errors import NoSuchCertificate, NoSuchPerson
from participants.storage.tables import person
from participants.storage.tables_people import access_log, erasure_certificate

Look = Row[*tuple[Any, ...]]


async def certificate(unit: Unit, certificate_id: UUID, *, by: Caller) -> Certificate:
    """Return a certificate; raises NoSuchCertificate if unknown or its person is not visible."""
    t = erasure_certificate
    statement = (
        select(*t.c)
        .join(person, person.c.id == t.c.person_id)
        .where(t.c.id == certificate_id, visible(person.c.audience, by))
    )
    async with unit.read() as read:
        row = await read.first(statement)
    if row is None:
        raise NoSuchCertificate("there is no such certificate")
    return _certificate(row)


async def journal(unit: Unit) -> Sequence[Erased]:
    """Return every erasure, the first first."""
    t = erasure_certificate.c
    statement = select(t.person_id, t.ground, t.at).order_by(t.at, t.id)
    async with unit.read() as read:
        rows = await read.rows(statement)
    return [Erased(row.person_id, ErasureGround(row.ground), row.at) for row in rows]


def _certificate(row: Any) -> Certificate:  # noqa: ANN401 (a row of every column)
    return Certificate(
        id=row.id,
        person_id=row.person_id,
        public_ref=row.public_ref,
        ground=ErasureGround(row.ground),
        by=row.by,
        at=row.at,
        stores=tuple(StoreCount(**each) for each in json.loads(row.stores)),
        digest=row.digest,
    )


async def looks(unit: Unit, person_id: UUID, asked: Asked, *, by: Caller) -> Page[Look]:
    """Return a page of the looks at a person, the newest first; raises NoSuchPerson."""
    statement = select(*access_log.c).where(access_log.c.person_id == person_id)
    async with unit.read() as read:
        await _must_see(read, person_id, by)
        return await page(read, statement, by=[access_log.c.id], asked=asked, descending=True)


async def _must_see(read: Read, person_id: UUID, by: Caller) -> None:
    statement = select(person.c.id).where(person.c.id == person_id, visible(person.c.audience, by))
    if await read.first(statement) is None:
        raise NoSuchPerson("there is no such person")
