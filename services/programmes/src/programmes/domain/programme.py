"""Programmes: what they are, where they stand, and who may know of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.auth import STAFF
from programmes.domain.errors import (
    AdditionalMisplaced,
    DatesInvalid,
    IllegalStatus,
    ProgrammeOver,
)
from programmes.domain.exchange_rates import RateRule
from programmes.domain.fuzzy_date import FuzzyDate, Precision
from programmes.domain.moves import Moves
from programmes.domain.partner import LEADING, Partner
from programmes.domain.source import Citations, Count, Source
from programmes.domain.travel_choices import TravelChoices


class ProgrammeKind(StrEnum):
    """What kind of undertaking it is; initiatives and networks are frames for others."""

    PROGRAMME = "programme"
    PROJECT = "project"
    TWINNING = "twinning"
    TARGETED_INITIATIVE = "targeted_initiative"
    FACILITY = "facility"
    CAMPAIGN = "campaign"
    PROCESS = "process"
    INITIATIVE = "initiative"
    NETWORK = "network"


class ProgrammeStatus(StrEnum):
    """Where a programme stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    CONTRACTED = "contracted"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_NEXT: Final[dict[ProgrammeStatus, frozenset[ProgrammeStatus]]] = {
    ProgrammeStatus.DRAFT: frozenset({ProgrammeStatus.APPROVED, ProgrammeStatus.CANCELLED}),
    ProgrammeStatus.APPROVED: frozenset({ProgrammeStatus.CONTRACTED, ProgrammeStatus.CANCELLED}),
    ProgrammeStatus.CONTRACTED: frozenset({ProgrammeStatus.ACTIVE}),
    ProgrammeStatus.ACTIVE: frozenset({ProgrammeStatus.SUSPENDED, ProgrammeStatus.COMPLETED}),
    ProgrammeStatus.SUSPENDED: frozenset({ProgrammeStatus.ACTIVE, ProgrammeStatus.COMPLETED}),
    ProgrammeStatus.COMPLETED: frozenset({ProgrammeStatus.CLOSED, ProgrammeStatus.ACTIVE}),
    ProgrammeStatus.CLOSED: frozenset(),
    ProgrammeStatus.CANCELLED: frozenset(),
}


OVER: Final = frozenset({ProgrammeStatus.CLOSED, ProgrammeStatus.CANCELLED})
"""Where a programme ends for good: nothing leads from there."""

PROGRAMME_MOVES: Final = Moves("programme", _NEXT)


class RelationType(StrEnum):
    """How a programme stands to another: the first is `…` of, or under, the second."""

    CHILD = "child"
    SIBLING = "sibling"
    CO_FUNDED = "co_funded"
    THIRD_PARTY = "third_party"
    UNDER_INITIATIVE = "under_initiative"
    REPLACES = "replaces"


BELOW: Final = frozenset({RelationType.CHILD, RelationType.UNDER_INITIATIVE})
"""Relations of a programme to one it is under, whose roll-up contains it."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How a programme stands to another one.

    The budget of one below is inside the other's, unless it is `additional` (INV-14).
    """

    type: RelationType
    to: str
    additional: bool = False
    source: Source | None = None

    def __post_init__(self) -> None:
        """Refuse money in addition to that of a programme it is not under."""
        if self.additional and self.type not in BELOW:
            raise AdditionalMisplaced(f"{self.type} is not additional")


class MilestoneKind(StrEnum):
    """What happened, or is planned to happen, on a date."""

    CALL_PUBLISHED = "call_published"
    CONTRACT_SIGNED = "contract_signed"
    LAUNCHED = "launched"
    TENDER_WON = "tender_won"
    ANNOUNCED = "announced"
    RECOGNITION = "recognition"
    LEGAL_ACT = "legal_act"
    PARTICIPATION_SINCE = "participation_since"
    CLOSED = "closed"


class TitleQualifier(StrEnum):
    """Whether the source prints the title, or only describes the subject."""

    PUBLISHED = "published"
    DESCRIBED = "described"


@dataclass(frozen=True, slots=True)
class Identifier:
    """An official reference, such as EuropeAid/134044/C/SER/Multi."""

    scheme: str
    value: str
    issuer: str | None


@dataclass(frozen=True, slots=True)
class Objective:
    """What the programme is for, in the words of the source."""

    kind: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class FundingRules:
    """Whether participants pay, and what the programme pays for them."""

    participation: str
    covered: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Rulesets:
    """The per-diem rules that bind travel at home and abroad; absent where none is pinned."""

    domestic: str | None = None
    abroad: str | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that happened on a date; `actor` did it, `reference` names the paper."""

    kind: MilestoneKind
    on: FuzzyDate
    actor: str | None
    reference: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class Profile:
    """What the sources say of a programme; a date not stated is unknown, never guessed.

    `contract_concluded_on`, `rulesets` and `travel_choices` pin the travel rules. `citations`
    name the source of each field by its name. `instrument` is the code of what finances it.
    `status_reason` is why it stands where it does, if somebody said so.
    """

    code: str
    title: str
    title_qualifier: TitleQualifier
    kind: ProgrammeKind
    status: ProgrammeStatus
    start: FuzzyDate
    end: FuzzyDate
    duration_months: int | None
    contract_concluded_on: date | None
    rulesets: Rulesets
    website: str | None
    identifiers: tuple[Identifier, ...]
    objectives: tuple[Objective, ...]
    target_groups: tuple[str, ...]
    funding_rules: FundingRules | None
    counts: tuple[Count, ...]
    citations: Citations
    instrument: str | None = None
    implementer_types: tuple[str, ...] = ()
    travel_choices: TravelChoices | None = None
    status_reason: str | None = None

    def __post_init__(self) -> None:
        """Refuse a programme that ends before it starts."""
        if self.start.earliest and self.end.latest and self.end.latest < self.start.earliest:
            raise DatesInvalid("the programme would end before it starts")

    @property
    def end_derived(self) -> FuzzyDate | None:
        """The month of the end computed from start (or contract) and duration, if not stated."""
        if self.end.precision is not Precision.UNKNOWN or self.duration_months is None:
            return None
        begins = self.start
        if begins.earliest is None and self.contract_concluded_on:
            begins = FuzzyDate.on(self.contract_concluded_on)
        derived = begins.after_months(self.duration_months)
        return None if derived.earliest is None else derived

    def advanced_to(self, status: ProgrammeStatus, reason: str | None = None) -> "Profile":
        """Return the profile in another status, or raise IllegalStatus."""
        if status is self.status:
            return self
        if status not in _NEXT[self.status]:
            allowed = sorted(_NEXT[self.status])
            raise IllegalStatus(f"{self.status} does not lead to {status}", allowed=allowed)
        return replace(self, status=status, status_reason=reason)


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme: its profile, who may see it, and the budget line that pays per diems.

    `exchange_rule` is the one its contract sets; absent where none is on record.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    profile: Profile
    per_diem_line: str | None
    exchange_rule: RateRule | None = None

    @property
    def code(self) -> str:
        """The code by which everybody names the programme."""
        return self.profile.code

    @property
    def organisations(self) -> tuple[str, ...]:
        """Codes of the organisations that take part, sorted."""
        return _marked(self.audience, "org:")

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries that take part, sorted."""
        return _marked(self.audience, "country:")

    def must_bind_money(self) -> None:
        """Raise ProgrammeOver if the programme has ended for good."""
        if self.profile.status in OVER:
            raise ProgrammeOver(f"the programme is {self.profile.status}")

    def amended(self, profile: Profile) -> "Programme":
        """Return the next version with another profile."""
        return replace(self, version=self.version + 1, profile=profile)

    def shown_to(self, audience: frozenset[str]) -> "Programme":
        """Return the next version, visible to `audience`."""
        return replace(self, version=self.version + 1, audience=audience)

    def paying_from(self, line: str) -> "Programme":
        """Return the next version, whose per diems are paid from a budget line."""
        return replace(self, version=self.version + 1, per_diem_line=line)


def led_by(partners: Iterable[Partner]) -> bool:
    """Say whether somebody leads or coordinates."""
    return any(not each.ended and each.role in LEADING for each in partners)


def _marked(audience: frozenset[str], prefix: str) -> tuple[str, ...]:
    return tuple(sorted(m.removeprefix(prefix) for m in audience if m.startswith(prefix)))


def audience_of(partners: Iterable[Partner], countries: Iterable[str]) -> frozenset[str]:
    """Return who may see a programme: the staff, and the parties that take part and have not left.

    A country takes part if it is a partner, a beneficiary or a participant; an organisation's
    country is no party by that alone.
    """
    parties = {partner.party.mark for partner in partners if not partner.ended}
    return frozenset({STAFF} | parties | {f"country:{country}" for country in countries})
