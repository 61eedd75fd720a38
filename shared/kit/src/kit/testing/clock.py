"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class HeldClock:
    """Tells the same instant until it is moved."""

    def __init__(self, instant: datetime = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)) -> None:
        self._instant = instant

    def now(self) -> datetime:
        """Return the instant the clock stands at."""
        return self._instant

    def move(self, step: timedelta) -> None:
        """Move the clock."""
        self._instant += step
