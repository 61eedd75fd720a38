"""Who takes part in a programme, in which role, and when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from programmes.domain.errors import (
    DatesInvalid,
    LeadDuplicate,
    PartnerEnded,
    PartnerRoleDuplicate,
    PartyInvalid,
)
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.source import Source


class PartnerRole(StrEnum):
    """What a partner does in a programme; one row per role, several roles allowed."""

    LEAD = "lead"
    JUNIOR_LEAD = "junior_lead"
    COORDINATOR = "coordinator"
    CONSORTIUM_PARTNER = "consortium_partner"
    FINANCIAL_MANAGER = "financial_manager"
    COORDINATION_UNIT = "coordination_unit"
    DONOR = "donor"
    BENEFICIARY_INSTITUTION = "beneficiary_institution"
    IMPLEMENTING = "implementing"
    SUPPORTING = "supporting"
    PATRON = "patron"


LEADING: Final = frozenset({PartnerRole.LEAD, PartnerRole.COORDINATOR})
"""Roles of which a contract needs one (INV-02)."""


class CountryRole(StrEnum):
    """What a country is to a programme."""

    BENEFICIARY = "beneficiary"
    PARTICIPATING = "participating"


@dataclass(frozen=True, slots=True)
class Party:
    """One organisation, by code, or one country, ISO 3166-1 alpha-2."""

    organisation: str | None = None
    country: str | None = None

    def __post_init__(self) -> None:
        """Refuse both and neither."""
        if (self.organisation is None) == (self.country is None):
            raise PartyInvalid("a partner is one organisation or one country")

    @property
    def mark(self) -> str:
        """The audience mark by which this party sees what it takes part in."""
        return f"org:{self.organisation}" if self.organisation else f"country:{self.country}"


@dataclass(frozen=True, slots=True)
class Partner:
    """A party in one role, from one date to another; dates not stated are unknown.

    `scope` narrows the role to a component, topic or country; empty means the whole programme.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    party: Party
    role: PartnerRole
    scope: str
    valid_from: FuzzyDate
    valid_to: FuzzyDate
    ended: bool
    source: Source | None

    @property
    def organisation(self) -> str | None:
        """The code of the party, if it is an organisation."""
        return self.party.organisation

    @property
    def country(self) -> str | None:
        """The party, if it is a country."""
        return self.party.country

    def end(self, on: FuzzyDate, today: date) -> "Partner":
        """Return the partner whose role is over, or raise PartnerEnded or DatesInvalid.

        A role is not over before the day it ends, so that nobody loses sight of a programme early.
        """
        if on.is_after(today):
            raise DatesInvalid(f"the role would end after {today}: end it when it is over")
        if self.ended:
            raise PartnerEnded(f"the role {self.role} has ended already")
        if on.latest and self.valid_from.earliest and on.latest < self.valid_from.earliest:
            raise DatesInvalid("the role would end before it began")
        return replace(self, version=self.version + 1, valid_to=on, ended=True)


def admit(newcomer: Partner, present: Iterable[Partner]) -> None:
    """Refuse a second lead and a role held twice at the same time (INV-01, INV-02)."""
    for partner in present:
        if not _together(newcomer, partner):
            continue
        if newcomer.role is partner.role is PartnerRole.LEAD:
            raise LeadDuplicate("a programme has one lead at a time")
        if (partner.party, partner.role, partner.scope) == (
            newcomer.party,
            newcomer.role,
            newcomer.scope,
        ):
            raise PartnerRoleDuplicate(f"{newcomer.party.mark} is {newcomer.role} already")


def _together(one: Partner, other: Partner) -> bool:
    """Say whether both may be valid on the same day."""
    return _starts_by(one, other.valid_to) and _starts_by(other, one.valid_to)


def _starts_by(partner: Partner, end: FuzzyDate) -> bool:
    if partner.valid_from.earliest is None or end.latest is None:
        return True
    return partner.valid_from.earliest <= end.latest
