"""Secret addresses of calendars, for calendar programs that cannot send a token."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from kit.auth import SEES_ALL, Caller
from training.domain.errors_calendar import TooManySubscriptions

LIFETIME: Final = timedelta(days=366)
"""An address that leaks is not open for ever; whoever still wants it subscribes again."""
MOST: Final = 20


class CalendarOf(StrEnum):
    """What a calendar shows the events of."""

    PROGRAMME = "programme"
    ORGANISATION = "organisation"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A calendar that its owner reads by address alone. The secret in the address is not kept.

    `key` is a code, or the id of an event. Whoever has the address sees what the owner saw when
    it was made, never more than calendars.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    owner: Caller
    calendar: CalendarOf
    key: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def end(self, at: datetime) -> "Subscription":
        """End it for good; ended once, it stays as it ended."""
        return self if self.revoked_at is not None else replace(self, revoked_at=at)

    def counts(self, now: datetime) -> bool:
        """Whether its address still leads anywhere."""
        return self.revoked_at is None and now < self.expires_at


def reader(caller: Caller) -> Caller:
    """Return the owner as an address reads for them: with their eyes, and no other right."""
    return replace(caller, scopes=caller.scopes & {SEES_ALL})


def hash_of(token: str) -> bytes:
    """Return what is kept of a secret; it has 256 random bits, so it needs no salt."""
    return sha256(token.encode()).digest()


def must_have_room(standing: int) -> None:
    """Raise TooManySubscriptions where an owner has as many addresses as one may have."""
    if standing >= MOST:
        raise TooManySubscriptions(f"{standing} addresses are in use", most=MOST)
