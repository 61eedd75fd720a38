"""Certifying attendance, and taking a certificate back."""

import secrets
from uuid import UUID

from contracts.training.facts import CertificateIssued, CertificateRevoked
from kit.auth import Caller
from kit.db.unit import Unit
from kit.errors import StaleVersion
from kit.ids import uuid7
from training.domain.certificate import (
    CODE_BYTES,
    Attested,
    Certificate,
    code_of,
    must_have_attended,
)
from training.domain.training_event import EventStatus
from training.storage import certificates, programmes, seats, sessions


async def issue_certificate(unit: Unit, nomination_id: UUID, *, by: Caller) -> Certificate:
    """Certify, as host, that a participant attended; the code is new and known to nobody else.

    Refused: NoSuchNomination, NotAttended, EventNotYet, CertificateExists.
    """
    async with unit.begin() as tx:
        event, nomination = await seats.lock(tx, nomination_id, by=by)
        must_have_attended(nomination)
        event.plan.must_be_due(EventStatus.COMPLETED, tx.now)
        programme = await programmes.find(tx, event.plan.programme_code)
        title = programme.title if programme else event.plan.programme_code
        held = await sessions.of_event(tx, event.id)
        made = Certificate(
            id=uuid7(tx.now),
            version=1,
            audience=nomination.audience,
            nomination_id=nomination.id,
            event_id=event.id,
            organisation=nomination.organisation,
            code=code_of(secrets.token_bytes(CODE_BYTES)),
            attested=Attested.of(event.plan, title, held),
            issued_at=tx.now,
            revoked_at=None,
            reason=None,
            synthetic=nomination.synthetic,
        )
        await certificates.add(tx, made)
        tx.tell(_issued(made), about=made)
        return tx.result(made)


async def revoke_certificate(
    unit: Unit, certificate_id: UUID, *, reason: str, expected: int, by: Caller
) -> Certificate:
    """End a certificate for good, as host: from now on its code is answered as revoked.

    Refused: NoSuchCertificate, StaleVersion, CertificateRevoked.
    """
    async with unit.begin() as tx:
        found = await certificates.lock(tx, certificate_id, by=by)
        if found.version != expected:
            raise StaleVersion("the certificate has changed since you read it")
        revoked = await certificates.save(tx, found.revoke(reason, tx.now))
        tx.tell(_revoked(revoked), about=revoked)
        return tx.result(revoked)


def _issued(made: Certificate) -> CertificateIssued:
    return CertificateIssued(
        certificate_id=made.id,
        nomination_id=made.nomination_id,
        event_id=made.event_id,
        organisation=made.organisation,
        synthetic=made.synthetic,
    )


def _revoked(revoked: Certificate) -> CertificateRevoked:
    return CertificateRevoked(
        certificate_id=revoked.id,
        nomination_id=revoked.nomination_id,
        event_id=revoked.event_id,
        organisation=revoked.organisation,
        reason=revoked.reason or "",
    )
