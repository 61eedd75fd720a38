"""Who attended: minutes per day against the mandatory minutes of the event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from training.domain.errors import AttendanceInvalid, MandatoryMinutesUnknown
from training.domain.nomination import NominationStatus
from training.domain.presence import must_have_passed
from training.domain.training_event import EventPlan, EventStatus

_DAY_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class DayPresence:
    """Minutes of presence on one civil day of the event, in its zone."""

    day: date
    minutes: int


def outcome(days: Sequence[DayPresence], plan: EventPlan, *, now: datetime) -> NominationStatus:
    """Return how a nomination ends, from the days of a list.

    Raises AttendanceInvalid for days that cannot be, EventNotYet before the last day of the
    event, AttendanceRefused for minutes that are still to come, MandatoryMinutesUnknown where
    nothing says how many minutes would be all.
    """
    _check(days, plan)
    plan.must_be_due(EventStatus.COMPLETED, now)
    for each in days:
        must_have_passed(plan.midnight(each.day) + timedelta(minutes=each.minutes), now)
    minutes = sum(presence.minutes for presence in days)
    return outcome_of(minutes, mandatory=plan.mandatory_minutes, plan=plan)


def outcome_of(
    minutes: int, *, mandatory: int | None, plan: EventPlan, came: bool = False
) -> NominationStatus:
    """Return how a nomination ends: attended from the event's share of the mandatory minutes on.

    The share is 80 % unless the event states another; no minutes at all are a no-show, unless
    somebody `came`: when they left may be unknown.
    """
    if not mandatory:
        raise MandatoryMinutesUnknown("no mandatory minutes are stated for this event")
    if minutes * 100 >= mandatory * plan.attended_percent:
        return NominationStatus.ATTENDED
    return NominationStatus.PARTIALLY_ATTENDED if minutes or came else NominationStatus.NO_SHOW


def _check(days: Sequence[DayPresence], plan: EventPlan) -> None:
    if len({presence.day for presence in days}) != len(days):
        raise AttendanceInvalid("a day is listed twice")
    if not all(plan.dates.holds(presence.day) for presence in days):
        raise AttendanceInvalid("a day lies outside the event")
    if not all(0 <= presence.minutes <= _DAY_MINUTES for presence in days):
        raise AttendanceInvalid("a day has between 0 and 1440 minutes")
