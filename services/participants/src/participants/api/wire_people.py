"""Answers about who people are. What a write answers holds no personal data (DP-08)."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from kit.reply import etag
from kit.wire import Answer
from participants.api.wire import Person
from participants.commands.looking import Shown
from participants.domain import identity as who
from participants.domain.access import FieldClass
from participants.domain.identity import DocumentKind
from participants.domain.person import Person as Record


class PersonKept(Answer):
    """That something about a person was kept."""

    id: UUID
    public_ref: str
    etag: str

    @classmethod
    def of(cls, person: Record) -> Self:
        """Return the wire form."""
        return cls(id=person.id, public_ref=person.public_ref, etag=etag(person.version))


class Document(Answer):
    """A document; masked, its number ends in its last four characters."""

    kind: DocumentKind
    number: str
    issuer: str
    expires_on: date | None

    @classmethod
    def of(cls, document: who.IdentityDocument) -> Self:
        """Return the wire form."""
        return cls(
            kind=document.kind,
            number=document.number,
            issuer=document.issuer,
            expires_on=document.expires_on,
        )


class PersonIdentity(Answer):
    """Who a person is. `shown` says what is clear; the rest is dots. Null: not on record.

    `account` is the end of the account number: the number itself is in payment files alone.
    """

    id: UUID
    public_ref: str
    etag: str
    shown: FieldClass
    family_name: str | None
    given_names: str | None
    birth_date: str | None
    nationality: str | None
    email: str | None
    phone: str | None
    documents: Sequence[Document]
    account: str | None

    @classmethod
    def of(cls, shown: Shown) -> Self:
        """Return the wire form."""
        person, known = shown.person, shown.identity
        return cls(
            id=person.id,
            public_ref=person.public_ref,
            etag=etag(person.version),
            shown=shown.fields,
            family_name=None if known is None else known.family_name,
            given_names=None if known is None else known.given_names,
            birth_date=shown.born,
            nationality=None if known is None else known.nationality,
            email=None if known is None else known.email,
            phone=None if known is None else known.phone,
            documents=[Document.of(each) for each in shown.documents],
            account=shown.account,
        )


class Affiliation(Answer):
    """Where a person served or serves; rank and function only for who may read identities."""

    id: UUID
    organisation: str
    unit_code: str | None
    rank: str | None
    function: str | None
    valid_from: date
    valid_to: date | None

    @classmethod
    def of(cls, affiliation: who.Affiliation) -> Self:
        """Return the wire form."""
        return cls(
            id=affiliation.id,
            organisation=affiliation.organisation,
            unit_code=affiliation.unit_code,
            rank=affiliation.rank,
            function=affiliation.function,
            valid_from=affiliation.valid_from,
            valid_to=affiliation.valid_to,
        )


class Affiliations(Answer):
    """Every affiliation of a person, the first first."""

    items: Sequence[Affiliation]


class PersonsFound(Answer):
    """Persons found by exact values, under their pseudonyms, at most fifty."""

    items: Sequence[Person]
