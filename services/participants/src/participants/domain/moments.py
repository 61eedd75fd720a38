"""Instants as a local clock shows them, worked out when somebody looks.

A calculation counts in whole seconds; most of what it counts is never shown to anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from typing import Final, NamedTuple
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


class Moment(NamedTuple):
    """A point of a programme's time line."""

    point: int
    counting: Counting

    @property
    def at(self) -> datetime:
        """Polish local time with its offset."""
        return _shown(self.point, self.counting)


# The same as Moment(...), at a third of the price: long trips have many.
moment_of: Final[Callable[[tuple[int, Counting]], Moment]] = partial(tuple.__new__, Moment)


@lru_cache(maxsize=8192)
def _shown(point: int, counting: Counting) -> datetime:
    if counting is Counting.ELAPSED:
        return datetime.fromtimestamp(point, WARSAW)
    return local_time(point)


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A moment whose local time is known already."""

    at: datetime
