"""Components of a programme, who leads which topic, and bilateral partnerships."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.errors import DomainError, Kind
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.moves import Moves
from programmes.domain.partner import Partner, PartnerRole
from programmes.domain.source import Source

NOT_STATED: Final = "not_stated"
CONSORTIUM: Final = frozenset(
    {
        PartnerRole.LEAD,
        PartnerRole.JUNIOR_LEAD,
        PartnerRole.COORDINATOR,
        PartnerRole.CONSORTIUM_PARTNER,
    }
)


class PartTaken(DomainError):
    """The programme has a record under this natural key."""

    kind = Kind.CONFLICT
    code = "programmes.part_taken"
    title = "The programme has this already"
    advice = "Read what is there; choose another code, date or title for another record."


class NoSuchPart(DomainError):
    """The programme has no record of this name or id."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_part"
    title = "The programme has nothing of this name"
    advice = "List what the programme has, and use one of its codes or ids."


class BilateralExists(DomainError):
    """A beneficiary country has one active partnership in a programme (INV-06)."""

    kind = Kind.CONFLICT
    code = "programmes.bilateral_exists"
    title = "The country has an active partnership"
    advice = "End the partnership of the country first."


class PartnershipEnded(DomainError):
    """A partnership ends once."""

    kind = Kind.CONFLICT
    code = "programmes.partnership_ended"
    title = "The partnership has ended already"
    advice = "Read the partnership; it has ended."


class LeadUnclear(DomainError):
    """A topic is led by one organisation or country, or a reason says why nobody is named."""

    kind = Kind.INVALID
    code = "programmes.lead_unclear"
    title = "A topic has one lead, or a reason why none is named"
    advice = "Give `organisation`, `country` or `reason`, one of the three."


class PartnershipStatus(StrEnum):
    """Whether a partnership goes on."""

    ACTIVE = "active"
    ENDED = "ended"


PARTNERSHIP_MOVES: Final = Moves(
    "partnership",
    {
        PartnershipStatus.ACTIVE: frozenset({PartnershipStatus.ENDED}),
        PartnershipStatus.ENDED: frozenset(),
    },
)


class LeadWarning(StrEnum):
    """What is doubtful about a topic lead; a warning refuses nothing."""

    NOT_PARTNER = "topic_lead_not_partner"


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a programme's work; what no source states is None.

    `note` says where a source contradicts itself.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    code: str
    title: str
    description: str | None
    planned_project_count: int | None
    all_beneficiaries: bool | None
    topic_scheme: str | None
    note: str | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class TopicLead:
    """Who leads a topic of a component; nobody, with the reason, if no source says."""

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    component: str
    topic_scheme: str
    topic: str
    organisation: str | None
    country: str | None
    reason: str | None
    duties: tuple[str, ...]
    note: str | None
    source: Source | None
    warnings: tuple[LeadWarning, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two leads, and neither a lead nor a reason."""
        given = (self.organisation, self.country, self.reason)
        if sum(each is not None for each in given) != 1:
            raise LeadUnclear("give an organisation, a country or a reason")

    def checked(self, partners: Iterable[Partner], homes: dict[str, str | None]) -> "TopicLead":
        """Return the lead with a warning unless it is in the consortium (INV-07).

        `homes` maps organisations to their countries: the lead Poland is in the consortium by
        its ministry.
        """
        inside = any(self._is(each, homes) for each in partners if each.role in CONSORTIUM)
        doubtful = self.reason is None and not inside
        return replace(self, warnings=(LeadWarning.NOT_PARTNER,) if doubtful else ())

    def _is(self, partner: Partner, homes: dict[str, str | None]) -> bool:
        if self.organisation is not None:
            return partner.organisation == self.organisation
        home = homes.get(partner.organisation or "")
        return self.country in {partner.country, home} - {None}


@dataclass(frozen=True, slots=True)
class Partnership:
    """A beneficiary country and the organisation of the consortium that helps it."""

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    country: str
    partner: str
    instrument: str
    signed: FuzzyDate
    status: PartnershipStatus
    source: Source | None

    def ended(self) -> "Partnership":
        """Return the partnership that is over, or raise PartnershipEnded."""
        if self.status is PartnershipStatus.ENDED:
            raise PartnershipEnded(f"the partnership of {self.country} has ended")
        return replace(self, version=self.version + 1, status=PartnershipStatus.ENDED)
