"""Keeps fresh tokens of the demo callers for the run file."""

import time

from local.children import Child
from local.crew import Crew
from local.files import read_json
from local.settings import Settings
from local.stack import TOKEN_LIFETIME_S, Stack
from local.trouble import Trouble

_RENEW_S = TOKEN_LIFETIME_S / 3


class TokenSupply:
    """Has tokens made in a process of their own, now and every third of their life."""

    def __init__(self, settings: Settings, stack: Stack, crew: Crew) -> None:
        self.latest: dict[str, str] = {}
        self._file = settings.home / "tokens.json"
        self._keys = settings.keys
        self._stack = stack
        self._crew = crew
        self._job: Child | None = None
        self._asked_at = 0.0

    def renew(self) -> None:
        """Begin to fetch new tokens; they are there when `arrived` says so."""
        words = (self._stack.url("gateway"), str(self._keys), str(self._file))
        self._job = self._crew.job(self._stack.tool("tokens", "local.tokens", *words))
        self._asked_at = time.monotonic()

    def renew_in_time(self) -> None:
        """Fetch new tokens long before the present ones end."""
        if self._job is None and time.monotonic() - self._asked_at > _RENEW_S:
            self.renew()

    def arrived(self) -> bool:
        """Say whether new tokens have come since the last call; raise Trouble if they cannot."""
        if self._job is None or self._job.status is None:
            return False
        job, self._job = self._job, None
        self._crew.forget(job)
        if job.status and not self.latest:
            raise Trouble(f"No tokens: {job.last_words()} (log: {job.log})")
        self.latest = read_json(self._file) or self.latest
        self.forget()
        return job.status == 0

    def forget(self) -> None:
        """Leave no tokens behind."""
        self._file.unlink(missing_ok=True)
