"""A person, under a pseudonym: no name, no contact, no document is held here."""

import base64
import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from kit.auth import STAFF
from kit.errors import StaleVersion, Violation
from participants.domain.errors import PersonInvalid, VictimDataForbidden

_REF_BYTES: Final = 10


class PersonRole(StrEnum):
    """Why a person is known here. There is no role for victims and there never will be."""

    PARTICIPANT = "participant"
    EXPERT = "expert"
    SPEAKER = "speaker"
    INTERPRETER = "interpreter"
    FACILITATOR = "facilitator"


class PersonStanding(StrEnum):
    """What became of a record: `merged` stands for another one now, `erased` for nobody."""

    OPEN = "open"
    MERGED = "merged"
    ERASED = "erased"


class PersonOrigin(StrEnum):
    """How a person came to be known: by registration, or first seen with a confirmed seat."""

    REGISTRATION = "registration"
    SEAT = "seat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A pseudonymous person with the organisation that sends them.

    `organisation` is a code such as PL-BGHQ, `country` ISO 3166-1 alpha-2, `unit_code` the code
    of a field office.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    public_ref: str
    role: PersonRole
    organisation: str
    country: str
    unit_code: str | None
    origin: PersonOrigin
    synthetic: bool

    def must_be_at(self, version: int) -> None:
        """Raise StaleVersion unless this is the version the caller decided on."""
        if self.version != version:
            raise StaleVersion("the person has changed since you read them")

    def sent_by(self, organisation: str, country: str, unit_code: str | None) -> Self:
        """Return the next version, sent by another organisation or unit, and seen by that one."""
        return replace(
            self,
            version=self.version + 1,
            audience=audience_of(organisation),
            organisation=organisation,
            country=country,
            unit_code=unit_code,
        )

    def amended(self) -> Self:
        """Return the next version: something about the person was written, kept elsewhere."""
        return replace(self, version=self.version + 1)


def audience_of(organisation: str) -> frozenset[str]:
    """Return who sees a person or a trip: staff, and the organisation that sends them."""
    return frozenset({STAFF, f"org:{organisation}"})


def public_ref(person_id: UUID) -> str:
    """Return the reference that is safe to print: it tells nothing and cannot be turned back."""
    digest = hashlib.sha256(b"entente:public-ref:" + person_id.bytes).digest()
    return "P-" + base64.b32encode(digest[:_REF_BYTES]).decode()


def role_of(text: str) -> PersonRole:
    """Return the role with this name, or raise VictimDataForbidden or PersonInvalid."""
    if text == "victim":
        raise VictimDataForbidden("a person cannot be registered as a victim")
    try:
        return PersonRole(text)
    except ValueError:
        message = f"must be one of {', '.join(PersonRole)}"
        raise PersonInvalid(
            "the role is not known", errors=[Violation("/role", "role_unknown", message)]
        ) from None


def registered(
    person_id: UUID,
    *,
    organisation: str,
    country: str,
    unit_code: str | None,
    role: PersonRole = PersonRole.PARTICIPANT,
    origin: PersonOrigin = PersonOrigin.REGISTRATION,
    synthetic: bool = False,
) -> Person:
    """Return a new person; the public reference follows from the id."""
    return Person(
        id=person_id,
        version=1,
        audience=audience_of(organisation),
        public_ref=public_ref(person_id),
        role=role,
        organisation=organisation,
        country=country,
        unit_code=unit_code,
        origin=origin,
        synthetic=synthetic,
    )


@dataclass(frozen=True, slots=True)
class Known:
    """A person as a caller may know them; `merged_into` is null where they may not see it."""

    person: Person
    standing: PersonStanding = PersonStanding.OPEN
    merged_into: UUID | None = None
