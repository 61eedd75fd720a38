"""A series: trainings or visits that a source counts together, with or without single records."""

from dataclasses import dataclass
from uuid import UUID

from training.domain.errors import CountInconsistent
from training.domain.event_kind import EventKind
from training.domain.figures import Count, Source
from training.domain.fuzzy_date import UNKNOWN, FuzzyDate


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """What is said about a series. Counts that no source states are None."""

    reference: str
    programme_code: str
    kind: EventKind
    title: str
    planned_count: Count | None = None
    held_count: Count | None = None
    distinct_places: Count | None = None
    dates: FuzzyDate = UNKNOWN
    note: str | None = None
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        """Refuse more places than events (INV-32)."""
        if self.distinct_places is not None and self.distinct_places.exceeds(self.held_count):
            raise CountInconsistent("a series is not held in more places than it has events")


@dataclass(frozen=True, slots=True)
class EventSeries:
    """A series on record; `audience` are the marks of those who may see it."""

    id: UUID
    version: int
    audience: frozenset[str]
    plan: SeriesPlan
