"""Certificates of attendance: what they state, their verification code, and their end."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from training.domain.errors_evidence import (
    AttendanceCertified,
    CertificateRevoked,
    NameNotPrintable,
    NotAttended,
)
from training.domain.event_kind import EventKind
from training.domain.nomination import Nomination, NominationStatus
from training.domain.session import Session, mandatory_minutes
from training.domain.training_event import EventPlan

CODE_BYTES: Final = 10
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH: Final = CODE_BYTES * 8 // 5
_GROUP: Final = 4
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_SCRIPTS: Final = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN LETTER", "COMBINING")
_BETWEEN_NAMES: Final = frozenset(" -.,'\u2019\u02bc\u2010\u00b7")


class Validity(StrEnum):
    """All that a verification says about a code."""

    VALID = "valid"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attested:
    """What a certificate states about the event, as it was when the certificate was issued.

    `minutes` are the mandatory minutes of the event, those of its sessions where it has any; days
    are civil days where it was held.
    """

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

    @classmethod
    def of(cls, plan: EventPlan, programme_title: str, sessions: Iterable[Session]) -> "Attested":
        """Return what there is to state about an event with its sessions."""
        return cls(
            reference=plan.reference,
            kind=plan.kind,
            title=plan.title,
            programme_code=plan.programme_code,
            programme_title=programme_title,
            first=plan.dates.earliest if plan.dates.exact else None,
            last=plan.dates.latest if plan.dates.exact else None,
            date_text=plan.dates.text,
            city=plan.place.city,
            country=plan.place.country,
            host=plan.host,
            minutes=mandatory_minutes(sessions, plan),
        )


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate on record. It names nobody: whose nomination it is, is known elsewhere.

    `code` proves it to whoever holds the paper; `reason` says why it was revoked.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    nomination_id: UUID
    event_id: UUID
    organisation: str
    code: str
    attested: Attested
    issued_at: datetime
    revoked_at: datetime | None
    reason: str | None
    synthetic: bool

    @property
    def validity(self) -> Validity:
        """Whether it still counts."""
        return Validity.VALID if self.revoked_at is None else Validity.REVOKED

    def revoke(self, reason: str, at: datetime) -> "Certificate":
        """End it for good, or raise CertificateRevoked."""
        self.must_count()
        return replace(self, revoked_at=at, reason=reason)

    def must_count(self) -> None:
        """Raise CertificateRevoked unless it is valid."""
        if self.validity is Validity.REVOKED:
            raise CertificateRevoked("it was revoked and stays so")


def must_have_attended(nomination: Nomination) -> None:
    """Raise NotAttended unless presence has decided that the participant attended."""
    if nomination.status is not NominationStatus.ATTENDED:
        status = nomination.status.value
        raise NotAttended(f"the nomination is `{status}`", nomination_status=status)


def must_keep_attendance(certified: Sequence[UUID]) -> None:
    """Raise AttendanceCertified where attendance that these certificates state would be lost."""
    if certified:
        named = [str(each) for each in certified]
        raise AttendanceCertified("somebody would not have attended", certificates=named)


def code_of(random: bytes) -> str:
    """Return the verification code of ten random bytes: 80 bits in sixteen letters and digits."""
    number = int.from_bytes(random, "big")
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_CODE_LENGTH)))


def spaced(code: str) -> str:
    """Return a code in groups of four, as it is printed."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def read_code(written: str) -> str:
    """Return the code somebody copied from paper: letters that look like digits are digits."""
    return written.upper().translate(_MISREAD)


def printable_name(name: str) -> str:
    """Return a name as it is printed, or raise NameNotPrintable, which does not repeat it."""
    if not all(letter in _BETWEEN_NAMES or _has_glyph(letter) for letter in name):
        raise NameNotPrintable("the name has letters that the fonts do not have")
    return name


def _has_glyph(letter: str) -> bool:
    named = unicodedata.name(letter, "")
    return unicodedata.category(letter)[0] in "LM" and named.startswith(_SCRIPTS)
