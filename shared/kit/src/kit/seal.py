"""Sealed tokens: cursors that a client carries but can neither forge nor use elsewhere."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Final

from kit.errors import DomainError, Kind

_MAC_BYTES: Final = 16
_START: Final = "Read the lists again from their start, then follow changes without `after`."


class CursorInvalid(DomainError):
    """A cursor was altered, belongs to another client, or was made for another question."""

    kind = Kind.INVALID
    code = "kit.cursor_invalid"
    title = "The cursor is not valid here"
    advice = "Use `next` exactly as it was given to you, with the same filters and client."


class EpochChanged(DomainError):
    """The cursor is of a history that ended when the database was restored."""

    kind = Kind.GONE
    code = "kit.epoch_changed"
    title = "The history this cursor belongs to has ended"
    advice = _START


class CursorExpired(DomainError):
    """What comes after the cursor is no longer kept."""

    kind = Kind.GONE
    code = "kit.cursor_expired"
    title = "The cursor is older than the changes still kept"
    advice = _START


class Seal:
    """Signs small JSON values with HMAC-SHA256. They can be read by anyone, but not changed."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def close(self, value: object, *, purpose: str) -> str:
        """Return a token that opens only for the same purpose (who may use it, and for what)."""
        body = json.dumps(value, separators=(",", ":")).encode()
        return _written(self._mac(body, purpose) + body)

    def open(self, token: str, *, purpose: str) -> Any:  # noqa: ANN401 (JSON has no type)
        """Return the value of a token made for `purpose`, or raise CursorInvalid."""
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except ValueError as error:
            raise CursorInvalid("the cursor cannot be read") from error
        if _written(raw) != token:
            raise CursorInvalid("the cursor holds more than was given")
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(body, purpose)):
            raise CursorInvalid("the cursor was changed, or was made for another question")
        return json.loads(body)

    def _mac(self, body: bytes, purpose: str) -> bytes:
        return hmac.digest(self._key, purpose.encode() + b"\0" + body, "sha256")[:_MAC_BYTES]


def _written(raw: bytes) -> str:
    """Return the one way in which a sealed value is written; a decoder reads many others."""
    return urlsafe_b64encode(raw).decode().rstrip("=")
