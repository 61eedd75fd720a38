"""Deliverables: what a programme leaves behind, from a comic book to equipment."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.errors import DomainError, Kind
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.moves import Moves
from programmes.domain.source import Source


class QuantityInvalid(DomainError):
    """A deliverable is at least one thing, or its number is not stated."""

    kind = Kind.INVALID
    code = "programmes.quantity_invalid"
    title = "The quantity must be one or more"
    advice = "Leave the quantity out if it is not stated."


class DeliverableKind(StrEnum):
    """What kind of thing it is; a survey is its report, never its respondents."""

    PUBLICATION = "publication"
    APPLICATION = "application"
    FILM = "film"
    SURVEY = "survey"
    STUDY = "study"
    EQUIPMENT = "equipment"
    SOFTWARE = "software"
    KNOWLEDGE_BASE = "knowledge_base"
    CAMPAIGN = "campaign"


class DeliverableStatus(StrEnum):
    """Whether it is there; `not_stated` where the source does not say."""

    NOT_STATED = "not_stated"
    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


_OPEN: Final = frozenset(
    {DeliverableStatus.IN_PROGRESS, DeliverableStatus.DELIVERED, DeliverableStatus.CANCELLED}
)
DELIVERABLE_MOVES: Final = Moves(
    "deliverable",
    {
        DeliverableStatus.NOT_STATED: _OPEN | {DeliverableStatus.PLANNED},
        DeliverableStatus.PLANNED: _OPEN,
        DeliverableStatus.IN_PROGRESS: _OPEN - {DeliverableStatus.IN_PROGRESS},
        DeliverableStatus.DELIVERED: frozenset(),
        DeliverableStatus.CANCELLED: frozenset(),
    },
)


@dataclass(frozen=True, slots=True)
class Deliverable:
    """A thing, or several of a kind, made for a programme."""

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    kind: DeliverableKind
    title: str
    quantity: int | None
    status: DeliverableStatus
    due: FuzzyDate
    source: Source | None = None

    def __post_init__(self) -> None:
        """Refuse less than one."""
        if self.quantity is not None and self.quantity < 1:
            raise QuantityInvalid(f"{self.quantity} of a deliverable")

    def progressed_to(self, status: DeliverableStatus) -> "Deliverable":
        """Return the deliverable in another state, or raise IllegalMove."""
        DELIVERABLE_MOVES.check(self.status, status)
        return replace(self, version=self.version + 1, status=status)
