"""Routes of certificates: issue, read, print, revoke; and what anybody may ask about a code."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from kit.auth import Caller
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import problems
from kit.reply import IfMatch, Listing, answer
from kit.route import StrictRoute, requires
from training.api.certificate_pdf import certificate_pdf
from training.api.wire_certificates import Certificate, Document, Revocation, Verification
from training.commands import certificates as commands
from training.context import Cursor, Host, Limit, PublicUrl, Reader, UnitDep
from training.domain.errors import EventNotYet, NoSuchEvent, NoSuchNomination
from training.domain.errors_evidence import (
    CertificateExists,
    CertificateRevoked,
    NameNotPrintable,
    NoSuchCertificate,
    NotAttended,
)
from training.queries import certificates as queries

Anybody = Annotated[Caller, requires("certificates:verify")]
router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["certificates"])


class Pdf(Response):
    """A PDF document."""

    media_type = "application/pdf"


@router.post(
    "/nominations/{nomination_id}/certificate",
    status_code=201,
    response_model=Certificate,
    operation_id="issue_certificate",
    responses=problems(NoSuchNomination, NotAttended, EventNotYet, CertificateExists),
)
async def issue_certificate(nomination_id: UUID, caller: Host, once: Once) -> Response:
    """Certify that the participant of a nomination attended."""
    return await once(
        lambda unit: commands.issue_certificate(unit, nomination_id, by=caller),
        Certificate.of,
        location=lambda made: f"/v1/certificates/{made.id}",
    )


@router.get(
    "/certificates/{certificate_id}",
    response_model=Certificate,
    operation_id="certificate",
    responses=problems(NoSuchCertificate),
)
async def certificate(certificate_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read one certificate of your organisation."""
    found = await queries.certificate(unit, certificate_id, by=caller)
    return answer(Certificate.of(found), version=found.version)


@router.get(
    "/events/{event_id}/certificates",
    response_model=Listing[Certificate],
    operation_id="certificates_of_event",
    responses=problems(NoSuchEvent),
)
async def certificates_of_event(
    event_id: UUID, caller: Reader, unit: UnitDep, limit: Limit = 50, after: Cursor = None
) -> Response:
    """List the certificates of an event that you may see, the oldest first."""
    found = await queries.certificates_of(unit, event_id, limit=limit, after=after, by=caller)
    return answer(Listing(items=[Certificate.of(each) for each in found.items], next=found.next))


@router.post(
    "/certificates/{certificate_id}/document",
    response_class=Pdf,
    operation_id="certificate_document",
    responses=problems(NoSuchCertificate, CertificateRevoked, NameNotPrintable),
)
async def certificate_document(
    certificate_id: UUID, body: Document, caller: Reader, unit: UnitDep, public_url: PublicUrl
) -> Response:
    """Print a certificate or a letter (PDF). A name sent along is printed and not kept."""
    found = await queries.certificate(unit, certificate_id, by=caller)
    pdf = await certificate_pdf(found, body, public_url)
    return Pdf(pdf, headers={"content-disposition": 'inline; filename="certificate.pdf"'})


@router.post(
    "/certificates/{certificate_id}/revocation",
    response_model=Certificate,
    operation_id="revoke_certificate",
    responses=problems(NoSuchCertificate, StaleVersion, CertificateRevoked),
)
async def revoke_certificate(
    certificate_id: UUID, body: Revocation, caller: Host, unit: UnitDep, expected: IfMatch
) -> Response:
    """Revoke a certificate for good."""
    revoked = await commands.revoke_certificate(
        unit, certificate_id, reason=body.reason, expected=expected, by=caller
    )
    return answer(Certificate.of(revoked), version=revoked.version)


@router.get(
    "/certificate-verifications/{code}",
    response_model=Verification,
    operation_id="verify_certificate",
)
async def verify_certificate(
    code: Annotated[str, Path(max_length=40)], _caller: Anybody, unit: UnitDep
) -> Response:
    """Ask whether the code on a certificate is valid, revoked or unknown. Needs no token."""
    return answer(Verification(validity=await queries.validity(unit, code)))
