"""Bodies of requests about who people are, and the domain values they stand for.

What is refused names the field and the rule, never the value.
"""

from datetime import date
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from kit.wire import CLEAN, Code, Country, Day, Line, Request
from participants.domain import identity as who
from participants.domain.identity import DocumentKind

_FIRST: Final = date(1900, 1, 1)
_LAST: Final = date(2100, 12, 31)
Name = Annotated[str, StringConstraints(min_length=1, max_length=100), CLEAN]
Email = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$"), CLEAN
]
Phone = Annotated[str, StringConstraints(pattern=r"^\+[0-9 ]{6,20}$"), CLEAN]
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 /-]{2,29}$"), CLEAN]
AccountNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ]{15,42}$"), CLEAN]
BankCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{8}([A-Za-z0-9]{3})?$"), CLEAN]
KnownDay = Annotated[Day, Field(ge=_FIRST, le=_LAST)]


class IdentityIn(Request):
    """Names and contacts of a person, all of them: what is left out is forgotten."""

    family_name: Name
    given_names: Name
    birth_date: KnownDay | None = None
    nationality: Country | None = None
    email: Email | None = None
    phone: Phone | None = None

    def identity(self) -> who.Identity:
        """Return the domain value."""
        return who.Identity(**self.model_dump())


class DocumentIn(Request):
    """A document of the kind named in the path."""

    number: Number
    issuer: Country
    expires_on: KnownDay | None = None

    def document(self, kind: DocumentKind) -> who.IdentityDocument:
        """Return the domain value."""
        return who.IdentityDocument(kind=kind, **self.model_dump())


class AccountIn(Request):
    """Where a person is paid; spaces in the numbers do not matter."""

    holder: Annotated[str, StringConstraints(min_length=1, max_length=70), CLEAN]
    iban: AccountNumber
    bic: BankCode | None = None

    def account(self) -> who.BankAccount:
        """Return the domain value; raises IdentityInvalid."""
        return who.account(self.holder, self.iban, self.bic)


class AffiliationIn(Request):
    """Where a person serves, from a day on, until before another (left out: still)."""

    organisation: Code
    unit_code: Code | None = None
    rank: Line | None = None
    function: Line | None = None
    valid_from: KnownDay
    valid_to: KnownDay | None = None

    def affiliation(self, new_id: UUID) -> who.Affiliation:
        """Return the domain value."""
        return who.Affiliation(id=new_id, **self.model_dump())


class PersonSearch(Request):
    """Exact values to find a person by; spelling, case and alphabet of a name do not matter."""

    name: Annotated[str, StringConstraints(min_length=2, max_length=200), CLEAN] | None = None
    email: Email | None = None
    document_number: Number | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_dump(exclude_none=True):
            raise ValueError("must name at least one value")
        return self
