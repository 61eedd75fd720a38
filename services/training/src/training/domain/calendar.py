"""What of a training event a calendar shows: civil days, how certain they are, and since when.

A calendar knows days, not words. Exact days are shown as they are. A month, or an approximate
date that spans at most 31 days, is shown over its whole span as tentative. A quarter, a year, or
no date at all is left out: a bar over a whole year tells nobody when to travel.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from training.domain.errors_evidence import EventWithoutDays
from training.domain.fuzzy_date import FuzzyDate, Precision
from training.domain.training_event import EventStatus, TrainingEvent

_LONGEST: Final = timedelta(days=31)
_SHOWN: Final = frozenset({Precision.DAY, Precision.MONTH, Precision.APPROX})
_CERTAIN: Final = frozenset(
    {
        EventStatus.CONFIRMED,
        EventStatus.IN_PROGRESS,
        EventStatus.COMPLETED,
        EventStatus.REPORTED,
    }
)


class Certainty(StrEnum):
    """The STATUS of a calendar entry (RFC 5545, 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """An event as a calendar shows it: whole days from `first` to `last`, both included.

    `changed_at` is when this version of the event came to be.
    """

    event: TrainingEvent
    first: date
    last: date
    certainty: Certainty
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CalendarFeed:
    """A calendar with its name and its entries, the earliest first."""

    name: str
    entries: tuple[CalendarEntry, ...]


def feed(name: str, events: Iterable[tuple[TrainingEvent, datetime]]) -> CalendarFeed:
    """Return the calendar of events, each with the instant of its version."""
    found = [_entry(event, changed_at) for event, changed_at in events]
    entries = [entry for entry in found if entry is not None]
    return CalendarFeed(name, tuple(sorted(entries, key=lambda each: (each.first, each.event.id))))


def feed_of_one(event: TrainingEvent, changed_at: datetime) -> CalendarFeed:
    """Return the calendar of a single event, or raise EventWithoutDays."""
    found = feed(event.plan.title, [(event, changed_at)])
    if not found.entries:
        raise EventWithoutDays("the days of this event are not known closely enough")
    return found


def _entry(event: TrainingEvent, changed_at: datetime) -> CalendarEntry | None:
    dates = event.plan.dates
    if dates.earliest is None or dates.latest is None or not _closely_known(dates):
        return None
    return CalendarEntry(event, dates.earliest, dates.latest, _certainty(event), changed_at)


def _closely_known(dates: FuzzyDate) -> bool:
    if dates.earliest is None or dates.latest is None or dates.precision not in _SHOWN:
        return False
    return dates.exact or dates.latest - dates.earliest < _LONGEST


def _certainty(event: TrainingEvent) -> Certainty:
    if event.status is EventStatus.CANCELLED:
        return Certainty.CANCELLED
    certain = event.plan.dates.exact and event.status in _CERTAIN
    return Certainty.CONFIRMED if certain else Certainty.TENTATIVE
