"""Registers open to every caller: instruments, topics of three schemes, groups of countries."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from kit.auth import EVERYONE
from kit.errors import DomainError, Kind
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.source import CountBasis, CountQualifier, Source

_OPEN = frozenset({EVERYONE})


class EntryTaken(DomainError):
    """The register has an entry of this code."""

    kind = Kind.CONFLICT
    code = "programmes.entry_taken"
    title = "The register has an entry of this code"
    advice = "Read the entry that is there, or choose another code."


class NoSuchEntry(DomainError):
    """The register has no entry of this code."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_entry"
    title = "The register has no such entry"
    advice = "List the register, and use one of its codes."


class MappingRelation(StrEnum):
    """How a topic stands to one of another scheme: `narrower` is a part of the other."""

    EXACT = "exact"
    BROADER = "broader"
    NARROWER = "narrower"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A financing instrument; dates as published, `replaces` names the one before it."""

    id: UUID
    version: int
    code: str
    title: str
    legal_basis: str | None
    adopted: FuzzyDate
    valid_from: FuzzyDate
    valid_to: FuzzyDate
    replaces: str | None
    source: Source

    @property
    def audience(self) -> frozenset[str]:
        """The register is open to every caller."""
        return _OPEN


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a scheme; `position` is its place in the list of the source."""

    id: UUID
    version: int
    scheme: str
    code: str
    title: str
    description: str | None
    group: int | None
    position: int
    keywords: tuple[str, ...]
    source: Source

    @property
    def audience(self) -> frozenset[str]:
        """The register is open to every caller."""
        return _OPEN


@dataclass(frozen=True, slots=True)
class TopicKey:
    """What names a topic: the scheme and the code in it."""

    scheme: str
    code: str


@dataclass(frozen=True, slots=True)
class TopicMapping:
    """A topic of one scheme and what it is to a topic of another."""

    id: UUID
    version: int
    from_topic: TopicKey
    to_topic: TopicKey
    relation: MappingRelation

    @property
    def audience(self) -> frozenset[str]:
        """The register is open to every caller."""
        return _OPEN


@dataclass(frozen=True, slots=True)
class StatedCount:
    """The number a source states, how it is meant, and what was counted."""

    value: int
    qualifier: CountQualifier
    basis: CountBasis


@dataclass(frozen=True, slots=True)
class CountryGroup:
    """Countries under one name: what a source states of them, and the members it names."""

    id: UUID
    version: int
    code: str
    title: str
    stated: StatedCount | None
    regions: tuple[str, ...]
    members: tuple[str, ...]
    source: Source

    @property
    def audience(self) -> frozenset[str]:
        """The register is open to every caller."""
        return _OPEN


@dataclass(frozen=True, slots=True)
class Standing:
    """A status that an organisation has from a date on, such as mandated_body."""

    id: UUID
    version: int
    organisation: str
    status: str
    valid_from: FuzzyDate
    source: Source

    @property
    def audience(self) -> frozenset[str]:
        """The register is open to every caller."""
        return _OPEN
