"""Instants as a local clock shows them, worked out when somebody looks.

A calculation counts in whole seconds; most of what it counts is never shown to anybody.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from participants.domain.choices import Counting

WARSAW: Final = ZoneInfo("Europe/Warsaw")
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 (local clock readings are compared as such)
_SECOND: Final = timedelta(seconds=1)


def clock_reading(at: datetime) -> int:
    """Return what a local clock shows at an instant as it is written, in seconds."""
    return (at.replace(tzinfo=None) - _EPOCH) // _SECOND


def local_time(reading: int) -> datetime:
    """Return the time that a clock in Poland shows, with its offset."""
    return (_EPOCH + timedelta(seconds=reading)).replace(tzinfo=WARSAW)


class Moment:
    """A point of a programme's time line; the same point is always the same object."""

    __slots__ = ("_at", "_counting", "_point")

    def __init__(self, point: int, counting: Counting) -> None:
        self._point = point
        self._counting = counting
        self._at: datetime | None = None

    @classmethod
    def of(cls, at: datetime) -> "Moment":
        """Return the moment of a local time that is known already."""
        made = cls(0, Counting.ELAPSED)
        made._at = at
        return made

    @property
    def at(self) -> datetime:
        """Polish local time with its offset."""
        if self._at is None:
            self._at = self._shown()
        return self._at

    def _shown(self) -> datetime:
        if self._counting is Counting.ELAPSED:
            return datetime.fromtimestamp(self._point, WARSAW)
        return local_time(self._point)


moment: Final = lru_cache(maxsize=8192)(Moment)
