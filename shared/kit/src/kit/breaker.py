"""Circuit breaker: after enough failures of a neighbour, refuse at once and do not wait for it."""

from collections import deque
from collections.abc import Callable
from typing import Final

_CONSECUTIVE: Final = 5
_SAMPLE: Final = 20
_SHARE: Final = 0.5
_WINDOW_S: Final = 10.0
_OPEN_S: Final = 5.0


class Breaker:
    """Open after 5 failures in a row, or half of at least 20 calls in 10 seconds (GW-05).

    Open means refused for 5 seconds; then one call is let through as a probe. Its success
    closes the circuit, its failure opens it for 5 seconds more. `clock` gives monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._calls: deque[tuple[float, bool]] = deque()
        self._failures = 0
        self._in_a_row = 0
        self._open_until: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether calls are refused or only probed at the moment."""
        return self._open_until is not None

    def refused_for(self) -> float:
        """Return the seconds until a call may pass; 0 admits this call, as the probe if open."""
        if self._open_until is None:
            return 0.0
        left = self._open_until - self._clock()
        if left > 0:
            return left
        if self._probing:
            return 1.0
        self._probing = True
        return 0.0

    def succeeded(self) -> None:
        """Record that an admitted call was answered."""
        self._in_a_row = 0
        if self._open_until is not None:
            self._close()
        self._record(failed=False)

    def failed(self) -> None:
        """Record that an admitted call was not answered, or answered 502, 503 or 504."""
        self._in_a_row += 1
        self._record(failed=True)
        half = len(self._calls) >= _SAMPLE and self._failures >= _SHARE * len(self._calls)
        if self._probing or self._in_a_row >= _CONSECUTIVE or half:
            self._open_until = self._clock() + _OPEN_S
            self._probing = False

    def abandoned(self) -> None:
        """Record that an admitted call ended without telling anything about the neighbour."""
        self._probing = False

    def _close(self) -> None:
        self._open_until = None
        self._probing = False
        self._calls.clear()
        self._failures = 0

    def _record(self, *, failed: bool) -> None:
        now = self._clock()
        self._calls.append((now, failed))
        self._failures += failed
        while self._calls[0][0] < now - _WINDOW_S:
            self._failures -= self._calls.popleft()[1]
