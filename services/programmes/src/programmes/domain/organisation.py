"""Organisations: ministries, services, foundations, international organisations."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from kit.auth import EVERYONE, STAFF, Caller
from programmes.domain.errors import OrganisationOfOthers
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

    def corrected(
        self, *, name: str, kind: OrganisationType, country: str | None, aliases: tuple[str, ...]
    ) -> "Organisation":
        """Return the next version; its code and what it belongs to stay."""
        return replace(
            self, version=self.version + 1, name=name, type=kind, country=country, aliases=aliases
        )

    def must_be_correctable_by(self, by: Caller) -> None:
        """Raise OrganisationOfOthers unless the office corrects it, or it does itself."""
        if STAFF not in by.audience and by.organisation != self.code:
            raise OrganisationOfOthers("you are neither the office nor this organisation")

    @property
    def audience(self) -> frozenset[str]:
        """Who exists is open to every caller; what they do together is not."""
        return frozenset({EVERYONE})
