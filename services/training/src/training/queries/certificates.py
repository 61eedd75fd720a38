"""Reading certificates; and what anybody may ask about a code."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from kit.auth import Caller
from kit.db import paging
from kit.db.paging import Page
from kit.db.unit import Hot, Unit
from kit.db.visible import visible
from training.domain.certificate import Certificate, Validity, read_code
from training.domain.errors_evidence import NoSuchCertificate
from training.queries.events import event
from training.storage import certificates
from training.storage.tables_evidence import certificate as t

_BY_CODE: Final = Hot(select(t.c.revoked_at).where(t.c.code == bindparam("code")))


async def certificate(unit: Unit, certificate_id: UUID, *, by: Caller) -> Certificate:
    """Return a certificate, or raise NoSuchCertificate where the caller may not see it."""
    statement = select(*t.c).where(t.c.id == certificate_id, visible(t.c.audience, by))
    async with unit.read() as read:
        row = await read.first(statement)
    if row is None:
        raise NoSuchCertificate("there is no such certificate")
    return certificates.from_row(row._mapping)  # noqa: SLF001 (public; keeps columns apart)


async def certificates_of(
    unit: Unit, event_id: UUID, *, limit: int, after: str | None, by: Caller
) -> Page[Certificate]:
    """Return a page of the certificates of an event, or raise NoSuchEvent."""
    await event(unit, event_id, by=by)
    statement = select(*t.c).where(t.c.event_id == event_id, visible(t.c.audience, by))
    asked = paging.Asked(by.client, after, limit, {"event": event_id})
    async with unit.read() as read:
        found = await paging.page(read, statement, by=[t.c.id], asked=asked)
    return found.map(lambda row: certificates.from_row(row._mapping))  # noqa: SLF001 (public)


async def validity(unit: Unit, written: str) -> Validity:
    """Return whether a code is that of a valid or a revoked certificate, or unknown."""
    async with unit.read() as read:
        row = await read.hot(_BY_CODE, code=read_code(written))
    if row is None:
        return Validity.UNKNOWN
    return Validity.VALID if row["revoked_at"] is None else Validity.REVOKED
