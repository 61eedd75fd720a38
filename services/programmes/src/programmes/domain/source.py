"""Where a fact comes from, and how many things a count counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from kit.auth import EVERYONE
from programmes.domain.fuzzy_date import FuzzyDate


@dataclass(frozen=True, slots=True)
class Source:
    """A place in a registered document; `quote` is the text found there, word for word."""

    document: str
    locator: str
    quote: str | None = None


Citations = Mapping[str, Source]


class CountQualifier(StrEnum):
    """How a published number is meant."""

    EXACT = "exact"
    OVER = "over"
    ABOUT = "about"


class CountBasis(StrEnum):
    """What was counted; `unknown` where the source does not say (INV-31)."""

    PERSONS = "persons"
    ATTENDANCES = "attendances"
    UNITS = "units"
    EVENTS = "events"
    PLACES = "places"
    STATES = "states"
    PROJECTS = "projects"
    DAYS = "days"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Count:
    """A number a source states about a subject."""

    subject: str
    value: int
    qualifier: CountQualifier
    basis: CountBasis
    source: Source


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document facts are cited from. Dates are as printed; `url` only if it is printed."""

    id: UUID
    version: int
    code: str
    title: str
    publisher: str
    language: str
    url: str | None
    published: FuzzyDate
    retrieved: FuzzyDate
    note: str | None

    @property
    def audience(self) -> frozenset[str]:
        """The register of sources is open to every caller."""
        return frozenset({EVERYONE})
