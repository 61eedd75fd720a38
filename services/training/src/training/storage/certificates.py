"""Certificates as rows."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from training.domain.certificate import Attested, Certificate
from training.domain.errors_evidence import NoSuchCertificate
from training.domain.event_kind import EventKind
from training.storage.tables_evidence import certificate as t


async def lock(tx: Tx, certificate_id: UUID, *, by: Caller) -> Certificate:
    """Lock and return a certificate that the caller may see, or raise NoSuchCertificate."""
    statement = select(*t.c).where(t.c.id == certificate_id, visible(t.c.audience, by))
    row = (await tx.sql.execute(statement.with_for_update())).mappings().first()
    if row is None:
        raise NoSuchCertificate("there is no such certificate")
    return from_row(row)


async def valid_for(tx: Tx, nomination_ids: Iterable[UUID]) -> list[UUID]:
    """Return the valid certificates of these nominations, the oldest first."""
    counts = t.c.nomination_id.in_(list(nomination_ids)), t.c.revoked_at.is_(None)
    return list((await tx.sql.execute(select(t.c.id).where(*counts).order_by(t.c.id))).scalars())


async def add(tx: Tx, made: Certificate) -> None:
    """Store a new certificate."""
    await tx.sql.execute(
        insert(t).values(
            id=made.id,
            version=made.version,
            audience=sorted(made.audience),
            nomination_id=made.nomination_id,
            event_id=made.event_id,
            organisation=made.organisation,
            code=made.code,
            attested=_json(made.attested),
            issued_at=made.issued_at,
            revoked_at=made.revoked_at,
            reason=made.reason,
            synthetic=made.synthetic,
        )
    )


async def save(tx: Tx, changed: Certificate) -> Certificate:
    """Store how a certificate ended as its next version, or raise StaleVersion."""
    saved = replace(changed, version=changed.version + 1)
    statement = update(t).where(t.c.id == changed.id, t.c.version == changed.version)
    values = statement.values(
        version=saved.version, revoked_at=saved.revoked_at, reason=saved.reason
    )
    if (await tx.sql.execute(values)).rowcount != 1:
        raise StaleVersion("the certificate has changed meanwhile")
    return saved


def from_row(row: ByName) -> Certificate:
    """Return the certificate of a row with every column."""
    return Certificate(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        nomination_id=row["nomination_id"],
        event_id=row["event_id"],
        organisation=row["organisation"],
        code=row["code"],
        attested=_attested(row["attested"]),
        issued_at=row["issued_at"],
        revoked_at=row["revoked_at"],
        reason=row["reason"],
        synthetic=row["synthetic"],
    )


def _json(attested: Attested) -> dict[str, Any]:
    found = asdict(attested)
    days = {name: found[name] and found[name].isoformat() for name in ("first", "last")}
    return found | {"kind": attested.kind.value} | days


def _attested(stored: dict[str, Any]) -> Attested:
    days = {
        name: date.fromisoformat(stored[name]) if stored[name] else None
        for name in ("first", "last")
    }
    return Attested(**(stored | days | {"kind": EventKind(stored["kind"])}))
