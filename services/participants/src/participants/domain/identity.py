"""Who a person is: names, contacts, documents, the account they are paid to, where they serve."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from kit.errors import Violation
from participants.domain.errors import IdentityInvalid
from participants.domain.spelling import normal_number, sounds, spelled

_DOTS: Final = "••••"
_IBAN: Final = range(15, 35)
_BIC: Final = (8, 11)
_SHOWN: Final = 4


class DocumentKind(StrEnum):
    """Documents people travel with."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    SERVICE_PASSPORT = "service_passport"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Names and contacts. `nationality` is ISO 3166-1 alpha-2."""

    family_name: str
    given_names: str
    birth_date: date | None = None
    nationality: str | None = None
    email: str | None = None
    phone: str | None = None

    @property
    def spelling(self) -> str:
        """How the whole name is spelled, folded."""
        return spelled(self.family_name, self.given_names)

    @property
    def sound(self) -> str:
        """How the whole name sounds, roughly."""
        return sounds(self.family_name, self.given_names)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityDocument:
    """A document of a person; `issuer` is the country that issued it."""

    kind: DocumentKind
    number: str
    issuer: str
    expires_on: date | None = None

    def masked(self) -> Self:
        """Return the document with the end of its number alone."""
        return replace(self, number=_DOTS + self.number[-_SHOWN:], issuer=_DOTS, expires_on=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """Where a person is paid."""

    holder: str
    iban: str
    bic: str | None = None

    def __post_init__(self) -> None:
        """Refuse an account number that cannot be one."""
        found = list(account_violations(self.iban, self.bic, ""))
        if found:
            raise IdentityInvalid("the account cannot be right", errors=found)

    @property
    def hint(self) -> str:
        """The country and the last four digits: enough to recognise one's own account."""
        return f"{self.iban[:2]}{_DOTS}{self.iban[-_SHOWN:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Affiliation:
    """Where a person serves from a day on, until before another (null: still)."""

    id: UUID
    organisation: str
    unit_code: str | None
    rank: str | None
    function: str | None
    valid_from: date
    valid_to: date | None = None


def account_violations(iban: str, bic: str | None, at: str) -> Iterator[Violation]:
    """List what is wrong with an account number (ISO 13616) and a bank code (ISO 9362)."""
    if not _is_iban(iban):
        yield Violation(f"{at}/iban", "iban", "is not an IBAN: length or check digits are wrong")
    if bic is not None and (len(bic) not in _BIC or not bic[:6].isalpha()):
        yield Violation(f"{at}/bic", "bic", "must have 8 or 11 characters, six letters first")


def _is_iban(text: str) -> bool:
    if len(text) not in _IBAN or not text.isascii() or not text.isalnum() or text != text.upper():
        return False
    if not text[:2].isalpha() or not text[2:4].isdigit():
        return False
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


def account(holder: str, iban: str, bic: str | None) -> BankAccount:
    """Return an account from what was typed, or raise IdentityInvalid."""
    return BankAccount(
        holder=holder, iban=normal_number(iban), bic=None if bic is None else normal_number(bic)
    )


def initial(text: str) -> str:
    """Return the first letter of a name alone."""
    return text[:1] + _DOTS


def hidden(value: object) -> str | None:
    """Return that there is a value, and nothing of it."""
    return None if value is None else _DOTS
