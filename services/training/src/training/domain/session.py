"""Sessions of an event: what is attended, and how many minutes of it are mandatory."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from training.domain.errors import (
    EventOver,
    SessionAttended,
    SessionInvalid,
    SessionOutsideEvent,
)
from training.domain.figures import Source
from training.domain.training_event import (
    OPEN_TO_CHANGE,
    TAKING_PLACE,
    EventPlan,
    EventStatus,
    TrainingEvent,
)

_MINUTE_S: Final = 60
_DAY_MINUTES: Final = 24 * 60
_OVER: Final = frozenset({EventStatus.COMPLETED, EventStatus.REPORTED, EventStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """A session as planned or published; `number` orders the sessions of an event, from 1.

    Both ends are instants, or None where a source names no more than the subject. `minutes`
    count for attendance; without them they are the time between the ends.
    """

    number: int
    title: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    minutes: int | None = None
    mandatory: bool = True
    source: Source | None = None

    def __post_init__(self) -> None:
        """Refuse ends that are half stated or reversed, and minutes that do not fit."""
        if (self.starts_at is None) != (self.ends_at is None):
            raise SessionInvalid("a session states both ends or neither")
        if self.span_minutes is not None and not 0 < self.span_minutes <= _DAY_MINUTES:
            raise SessionInvalid("a session ends after it starts, within 24 hours")
        if self.span_minutes is not None and (self.minutes or 0) > self.span_minutes:
            raise SessionInvalid("more minutes count than lie between the ends")

    @property
    def span_minutes(self) -> int | None:
        """Whole minutes between the ends, None where they are not stated."""
        if self.starts_at is None or self.ends_at is None:
            return None
        return int((self.ends_at - self.starts_at).total_seconds()) // _MINUTE_S

    @property
    def counted_minutes(self) -> int | None:
        """The minutes that count for attendance."""
        return self.minutes if self.minutes is not None else self.span_minutes

    def must_measure_like(self, before: "SessionPlan") -> None:
        """Raise SessionAttended unless whoever was there `before` is still measured rightly.

        Stays were measured within its times and minutes; of more minutes nobody knows.
        """
        times = (self.starts_at, self.ends_at) == (before.starts_at, before.ends_at)
        if not times or (self.counted_minutes or 0) > (before.counted_minutes or 0):
            raise SessionAttended("stays were measured by its times and minutes")

    def must_lie_in(self, plan: EventPlan) -> None:
        """Raise SessionOutsideEvent unless both ends are on days of the event, in its zone."""
        zone = ZoneInfo(plan.zone)
        ends = [each for each in (self.starts_at, self.ends_at) if each is not None]
        if not all(plan.dates.holds(each.astimezone(zone).date()) for each in ends):
            raise SessionOutsideEvent("the session is not on the days of the event", zone=plan.zone)


@dataclass(frozen=True, slots=True)
class Session:
    """A session on record."""

    id: UUID
    version: int
    event_id: UUID
    plan: SessionPlan

    def within(self, plan: EventPlan) -> "Session":
        """Return it without its times if the event is no longer on that day; minutes stay."""
        try:
            self.plan.must_lie_in(plan)
        except SessionOutsideEvent:
            minutes = self.plan.counted_minutes
            untimed = replace(self.plan, starts_at=None, ends_at=None, minutes=minutes)
            return replace(self, plan=untimed)
        return self


def must_take_sessions(event: TrainingEvent) -> None:
    """Raise EventOver where a further session would change what attendance was measured by.

    What a source tells of an event that is over may still be completed.
    """
    if event.status in _OVER and not event.plan.sources:
        raise EventOver(f"the event is `{event.status.value}`", event_status=event.status.value)


def must_be_replannable(event: TrainingEvent) -> None:
    """Raise EventOver once an event is reported, or called off."""
    if event.status not in OPEN_TO_CHANGE | TAKING_PLACE:
        raise EventOver(f"the event is `{event.status.value}`", event_status=event.status.value)


def mandatory_minutes(sessions: Iterable[Session], plan: EventPlan) -> int | None:
    """Return how many minutes are mandatory: those of the sessions, or what the plan states."""
    counted = [each.plan.counted_minutes or 0 for each in sessions if each.plan.mandatory]
    return sum(counted) or plan.mandatory_minutes
