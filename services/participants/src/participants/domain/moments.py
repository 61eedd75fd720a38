"""Instants as a local clock shows them, worked out when somebody looks.

A calculation counts in whole seconds; most of what it counts is never shown to anybody.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from participants.domain.choices import Counting

WARSAW: Final = ZoneInfo("Europe/Warsaw")
DAY: Final = 86_400
FIRST_DAY: Final = date(1970, 1, 1).toordinal()
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 (local clock readings are compared as such)
_INSTANT: Final = _EPOCH.replace(tzinfo=UTC)


def day_reading(on: date) -> int:
    """Return the midnight at which a day begins by the local clock, in seconds."""
    return (on.toordinal() - FIRST_DAY) * DAY


def clock_reading(at: datetime) -> int:
    """Return what a local clock shows at an instant as it is written, in whole seconds."""
    return day_reading(at) + at.hour * 3600 + at.minute * 60 + at.second


def elapsed(at: datetime) -> int:
    """Return the whole seconds that have passed until an instant."""
    since = at - _INSTANT
    return since.days * DAY + since.seconds


def local_time(reading: int) -> datetime:
    """Return the time that a clock in Poland shows, with its offset."""
    return (_EPOCH + timedelta(seconds=reading)).replace(tzinfo=WARSAW)


Moment = tuple[int, Counting]
"""A point of a programme's time line, and how the line is counted; long trips have many."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A moment whose local time is known already."""

    at: datetime


def local(moment: Moment | Known) -> datetime:
    """Return the Polish local time of a moment, with its offset."""
    return moment.at if isinstance(moment, Known) else _shown(*moment)


@lru_cache(maxsize=1024)
def _shown(point: int, counting: Counting) -> datetime:
    if counting is Counting.ELAPSED:
        return datetime.fromtimestamp(point, WARSAW)
    return local_time(point)
