"""Organisations: ministries, services, foundations, international organisations."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from kit.auth import EVERYONE
from programmes.domain.source import Source


class OrganisationType(StrEnum):
    """What kind of body it is."""

    MINISTRY = "ministry"
    MINISTRY_UNIT = "ministry_unit"
    POLICE = "police"
    BORDER_GUARD = "border_guard"
    AGENCY = "agency"
    FOUNDATION = "foundation"
    INTERNATIONAL_ORG = "international_org"
    EU_INSTITUTION = "eu_institution"
    NETWORK = "network"
    GOVERNMENT = "government"
    FINANCIAL_MECHANISM = "financial_mechanism"
    NGO = "ngo"
    VOIVODESHIP_OFFICE = "voivodeship_office"
    UNIVERSITY = "university"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body that takes part in programmes. `country` is absent for international ones."""

    id: UUID
    version: int
    code: str
    name: str
    type: OrganisationType
    country: str | None
    parent: str | None
    aliases: tuple[str, ...]
    source: Source | None

    @property
    def audience(self) -> frozenset[str]:
        """Who exists is open to every caller; what they do together is not."""
        return frozenset({EVERYONE})
