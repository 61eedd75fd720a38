"""Head counts: what a source reports about attendance where no individual records exist."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from training.domain.errors import CountInconsistent, EventOver, SubjectRequired
from training.domain.event_kind import EventKind
from training.domain.figures import Basis, Count, Source
from training.domain.training_event import EventStatus, TrainingEvent


@dataclass(frozen=True, slots=True)
class Headcount:
    """How many took part, and from how many units; the words say of whom."""

    reference: str
    event_id: UUID | None
    series_id: UUID | None
    participants: Count
    participants_of: str | None
    units: Count | None
    units_of: str | None
    source: Source

    def __post_init__(self) -> None:
        """Refuse a report about nothing or about two things, and impossible counts (INV-32)."""
        if (self.event_id is None) == (self.series_id is None):
            raise SubjectRequired("exactly one of event and series is reported about")
        if self.units is not None and self.units.basis is not Basis.UNITS:
            raise CountInconsistent("the count of units has the basis `units`")
        if self.units is not None and self.units.exceeds(self.participants):
            raise CountInconsistent("there are never more units represented than participants")


@dataclass(frozen=True, slots=True)
class HeadcountReport:
    """A head count on record, with the programme and kind of what it is about."""

    id: UUID
    version: int
    audience: frozenset[str]
    programme_code: str
    kind: EventKind
    count: Headcount


def must_be_countable(event: TrainingEvent, now: datetime) -> None:
    """Raise EventOver where an event was called off, EventNotYet before its last day."""
    if event.status is EventStatus.CANCELLED:
        raise EventOver("the event is `cancelled`", event_status=event.status.value)
    event.plan.must_be_due(EventStatus.COMPLETED, now)
