"""Why somebody looks at a person, and what of them is shown."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from kit.auth import Caller

CLEAR: Final = "identity:read"
BEFORE: Final = timedelta(days=30)
AFTER: Final = timedelta(days=14)


class Purpose(StrEnum):
    """What a look at a person is for; the access log keeps it."""

    TRAVEL = "travel"
    CONTACT = "contact"
    PAYMENT = "payment"
    DATA_PROTECTION = "data_protection"


class FieldClass(StrEnum):
    """What of a person was shown; `record` is the pseudonymous record alone."""

    RECORD = "record"
    LIKENESS = "likeness"
    ACCESS_LOG = "access_log"
    MASKED = "masked"
    IDENTITY = "identity"
    IDENTITY_AND_DOCUMENTS = "identity_and_documents"
    FOUND = "found"
    AFFILIATIONS = "affiliations"
    BANK_ACCOUNT = "bank_account"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, what for, and under which case of theirs.

    Only a look that shows nothing but pseudonyms may leave the purpose out.
    """

    by: Caller
    purpose: Purpose | None
    case_ref: str | None = None

    @property
    def clear(self) -> bool:
        """Whether identities are shown as they are; otherwise they are masked."""
        return CLEAR in self.by.scopes


def documents_open(day: date, trips: list[tuple[date, date]]) -> bool:
    """Tell whether a day is near enough to a trip for travel documents to be needed.

    From 30 days before the first day of a trip to 14 days after its last, both included.
    """
    return any(first - BEFORE <= day <= last + AFTER for first, last in trips)
