"""Request and answer models of certificates."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from kit.reply import etag
from kit.wire import Answer, Instant, Line, Request
from training.api.words import Words
from training.domain import certificate
from training.domain.certificate import Validity, spaced
from training.domain.event_kind import EventKind


class Form(StrEnum):
    """Which document is printed: a certificate for the wall, or a letter to the sender."""

    CERTIFICATE = "certificate"
    LETTER = "letter"


class Language(StrEnum):
    """In which language a document is printed."""

    POLISH = "pl"
    ENGLISH = "en"


class Document(Request):
    """What to print. The name is printed and forgotten; without one a line is left to write on."""

    form: Form = Form.CERTIFICATE
    language: Language
    name: Annotated[Line | None, Field(max_length=120)] = None


class Revocation(Request):
    """Why a certificate ends; free of personal data."""

    reason: Words


class Attested(Answer):
    """What a certificate states about the event, as it was when the certificate was issued."""

    reference: str
    kind: EventKind
    title: str
    programme_code: str
    programme_title: str
    first: date | None
    last: date | None
    date_text: str | None
    city: str | None
    country: str | None
    host: str | None
    minutes: int | None


class Certificate(Answer):
    """A certificate of attendance. It names nobody."""

    id: UUID
    etag: str
    nomination_id: UUID
    event_id: UUID
    organisation: str
    code: str
    validity: Validity
    issued_at: Instant
    revoked_at: Instant | None
    reason: str | None
    attested: Attested
    synthetic: bool

    @classmethod
    def of(cls, found: certificate.Certificate) -> Self:
        """Return the wire form."""
        stated = found.attested
        return cls(
            id=found.id,
            etag=etag(found.version),
            nomination_id=found.nomination_id,
            event_id=found.event_id,
            organisation=found.organisation,
            code=spaced(found.code),
            validity=found.validity,
            issued_at=found.issued_at,
            revoked_at=found.revoked_at,
            reason=found.reason,
            attested=Attested(**{name: getattr(stated, name) for name in Attested.model_fields}),
            synthetic=found.synthetic,
        )


class Verification(Answer):
    """All that a code tells."""

    validity: Validity
