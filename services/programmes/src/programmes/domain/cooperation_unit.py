"""Cooperation units of regions, and the legal acts that founded them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from kit.errors import DomainError, Kind
from programmes.domain.fuzzy_date import FuzzyDate, Precision
from programmes.domain.source import Source


class LegalActDuplicate(DomainError):
    """One act of one issuer on one day founded one unit."""

    kind = Kind.CONFLICT
    code = "programmes.legal_act_duplicate"
    title = "The legal act is recorded for another unit"
    advice = "Check issuer, number and date: 48/15 of another voivode or day is another act."


class LegalActUnclear(DomainError):
    """A number without a word of what was issued says nothing."""

    kind = Kind.INVALID
    code = "programmes.legal_act_unclear"
    title = "The legal act is not clear"
    advice = "Leave the number out if it is not stated; never send an empty text."


@dataclass(frozen=True, slots=True)
class LegalActRef:
    """An act as a source cites it; `number` is kept as printed: 202/2014, 732.2014, 48/15, 110.

    `issuer` is the office, absent if not stated; so are number and date.
    """

    act_type: str
    number: str | None
    on: FuzzyDate
    issuer: str | None

    def __post_init__(self) -> None:
        """Refuse empty texts."""
        for text in (self.act_type, self.number, self.issuer):
            if text is not None and not text.strip():
                raise LegalActUnclear("a part of the act is an empty text")

    @property
    def key(self) -> tuple[str, str, str] | None:
        """What makes an act one act: issuer, number and date; None if one is not stated.

        The number alone does not: 48/15 is an ordinance of two voivodes.
        """
        if self.issuer is None or self.number is None or self.on.precision is Precision.UNKNOWN:
            return None
        return self.issuer, self.number, self.on.edtf


@dataclass(frozen=True, slots=True)
class CooperationUnit:
    """A unit of a region; who is in it is told by kinds of institution, never by person."""

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    name: str
    region: str
    founded: FuzzyDate
    legal_act: LegalActRef
    member_categories: tuple[str, ...] = ()
    source: Source | None = None


def admit_unit(newcomer: CooperationUnit, present: Iterable[CooperationUnit]) -> None:
    """Refuse a unit founded by an act that has founded another one."""
    key = newcomer.legal_act.key
    if key is not None and any(unit.legal_act.key == key for unit in present):
        raise LegalActDuplicate(f"{key[1]} of {key[2]} by {key[0]}")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many units there are, in how many of all regions, and which regions have none.

    `documents` are the source documents that name the units.
    """

    units: int
    regions_covered: int
    regions_in_all: int
    missing: tuple[str, ...]
    documents: tuple[str, ...] = ()


def coverage(units: Iterable[CooperationUnit], regions: Mapping[str, str]) -> Coverage:
    """Count units by region; `regions` maps the code of every region to its name.

    A region that is not in `regions` is counted as a unit, not as covered.
    """
    return missing_from([unit.region for unit in units], regions)


def missing_from(found: Sequence[str], regions: Mapping[str, str]) -> Coverage:
    """Count units by the regions they are in, one entry for each unit."""
    covered = set(found) & regions.keys()
    missing = tuple(name for code, name in regions.items() if code not in covered)
    return Coverage(len(found), len(covered), len(regions), missing)
