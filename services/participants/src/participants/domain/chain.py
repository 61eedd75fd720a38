"""The chain of the access log (DP-02): every look carries a hash over itself and the one before.

Whoever changes, removes, adds or reorders looks afterwards breaks it at that place. What was cut
off at the end shows against a head that was noted elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Final, Self
from uuid import UUID

from typing_extensions import override

BEGINNING: Final = bytes(32)
"""What the first look of all follows."""
_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedLook:
    """One row of the access log, whole. It names nobody who was looked at but by pseudonym."""

    id: int
    at: datetime
    person_id: UUID
    client: str
    subject: str
    organisation: str
    operation: str
    fields: str
    purpose: str
    case_ref: str | None

    @property
    def canonical(self) -> bytes:
        """The row as the bytes that are hashed: a JSON array in the order of the fields."""
        values = [_plain(value) for value in astuple(self)]
        return json.dumps(values, ensure_ascii=True, separators=(",", ":")).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, UUID) else value


@dataclass(frozen=True, slots=True)
class Link:
    """The place of a look in the chain; `hash` is over `former` and the look."""

    place: int
    look_id: int
    former: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: the number of the last place, and its hash."""

    place: int = 0
    hash: bytes = BEGINNING

    @override
    def __str__(self) -> str:
        """Return it as people note it down: `120:9f86d0…`."""
        return f"{self.place}:{self.hash.hex()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a head that was noted down, or raise ValueError."""
        place, _, digest = text.partition(":")
        known = bytes.fromhex(digest)
        if not place.isdigit() or len(known) != _BYTES:
            raise ValueError("a head is a place, a colon and 64 hexadecimal digits")
        return cls(int(place), known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A head that the service signed at an instant; `number` counts from one, without gaps."""

    number: int
    head: Head
    at: datetime
    statement: str


def linked(head: Head, looks: Iterable[LoggedLook]) -> Iterator[Link]:
    """Give looks their places after a head."""
    place, former = head.place, head.hash
    for look in looks:
        place, own = place + 1, hashed(former, look)
        yield Link(place, look.id, former, own)
        former = own


def hashed(former: bytes, look: LoggedLook) -> bytes:
    """Return the SHA-256 over the former hash and a look."""
    return hashlib.sha256(former + look.canonical).digest()


class Inspection:
    """Goes along the chain, place by place, and stops at the first that is wrong.

    `since` is the first place that must be there: 1, unless old looks were removed on schedule.
    `noted` are heads that were signed, or noted elsewhere: each must lie on the chain.
    """

    def __init__(self, *, since: int = 1, noted: Iterable[Head] = ()) -> None:
        self.head = Head(since - 1, BEGINNING)
        self.looks = 0
        self.broken: str | None = None
        self._since = since
        self._noted: dict[int, set[bytes]] = {}
        for each in noted:
            self._noted.setdefault(each.place, set()).add(each.hash)

    def read(self, link: Link, look: LoggedLook | None) -> None:
        """Take the next place, and what the log holds for it."""
        self.broken = self.broken or self._wrong(link, look)
        if self.broken is None:
            self.head = Head(link.place, link.hash)
            self.looks += 1

    def close(self, unlinked: int | None) -> None:
        """Come to the end; `unlinked` is a look that has no place and waits for none."""
        if self.broken is None and self.head.place < max(self._noted, default=0):
            self.broken = f"place {self.head.place + 1} and all after it are missing"
        if self.broken is None and unlinked is not None:
            self.broken = f"look {unlinked} is in the log and was never given a place"

    def _wrong(self, link: Link, look: LoggedLook | None) -> str | None:
        wanted, former = self.head.place + 1, self.head.hash
        if link.place != wanted:
            return f"place {wanted} is missing"
        if link.former != former and (wanted != self._since or wanted == 1):
            return f"place {wanted} does not follow the one before"
        if look is None:
            return f"place {wanted}: look {link.look_id} is gone"
        if hashed(link.former, look) != link.hash:
            return f"place {wanted}: look {link.look_id} was changed"
        if self._noted.get(wanted, {link.hash}) != {link.hash}:
            return f"place {wanted} has another hash than was noted: the log was replaced"
        return None
