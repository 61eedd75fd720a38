"""Whether every fact has had its effect: all followers are at the end of what they follow."""

import time
from collections.abc import Callable, Iterable

from local import probe

_SAY_EVERY_S = 5.0
_SAY_FIRST_S = 2.0
_PATIENCE_S = 1.0


class Following:
    """Looks at the followers of all services. An effect may tell new facts.

    So after loading nothing may have moved for `calm_s` seconds before it counts as the end.
    Where nothing was loaded (`calm_s` is 0), a follower that has not reached its neighbour yet is
    waited for only shortly: it goes on by itself.
    """

    def __init__(self, urls: Iterable[str], calm_s: float, say: Callable[[str], None]) -> None:
        self._urls = tuple(urls)
        self._calm_s = calm_s
        self._say = say
        self._before: list[object] = []
        self._begun = self._since = time.monotonic()
        self._say_at = self._since + _SAY_FIRST_S

    def done(self) -> bool:
        """Look once; say from time to time how much is still to do."""
        now = time.monotonic()
        followers = self._followers()
        places = [each.get("position") for each in followers]
        lags = [each.get("lag") for each in followers]
        if any(lag != 0 for lag in lags) or places != self._before:
            self._since, self._before = now, places
        if now > self._say_at:
            self._say_at = now + _SAY_EVERY_S
            self._say(_told(lags, places))
        if not self._calm_s and now - self._begun > _PATIENCE_S:
            return not any(lags)
        return now - self._since >= self._calm_s and all(lag == 0 for lag in lags)

    def _followers(self) -> list[dict[str, object]]:
        """Return what each follower says of itself; {} for a service that does not answer."""
        found: list[dict[str, object]] = []
        for url in self._urls:
            status, answer = probe.get(f"{url}/readyz")
            if status != probe.OK:
                found.append({})
            found += [said for part, said in answer.items() if part.startswith("follows_")]
        return found


def _told(lags: Iterable[object], places: Iterable[object]) -> str:
    behind = sum(lag for lag in lags if isinstance(lag, int))
    passed = sum(place for place in places if isinstance(place, int))
    return f"{passed} facts followed, {behind} known to wait"
