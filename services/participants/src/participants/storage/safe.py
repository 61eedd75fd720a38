"""The safe: one data key per person, wrapped by a key outside the database (DP-03).

AES-256-GCM throughout. Every ciphertext is bound to its table, column and row, so that one moved
elsewhere does not open. Without the key file, or without a person's wrapped key, nothing opens.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kit.errors import Unavailable

_NONCE: Final = 12
_KEY_BYTES: Final = 32
_SEPARATOR: Final = b"\0"
_FIRST: Final = "1"


class Unreadable(Exception):
    """A ciphertext that was changed, moved to another place, or made with another key."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ciphertext belongs; it opens nowhere else."""

    table: str
    column: str
    row: UUID

    @property
    def bytes(self) -> bytes:
        """The associated data of the encryption."""
        return _SEPARATOR.join((self.table.encode(), self.column.encode(), self.row.bytes))


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as it is stored: ciphertext, and the version of the key it was wrapped with."""

    version: str
    key: bytes


class PersonKey:
    """The open data key of one person."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, text: str, place: Place) -> bytes:
        """Return the ciphertext of a value for its place."""
        return _encrypt(self._cipher, text.encode(), place)

    def open(self, sealed: bytes, place: Place) -> str:
        """Return the value, or raise Unreadable."""
        return _decrypt(self._cipher, sealed, place).decode()


class Blinds:
    """The keys of blind indexes: what is written has the current version, what is sought has all.

    So everybody is found while the indexes are made anew with another key.
    """

    def __init__(self, current: str, keys: Mapping[str, bytes]) -> None:
        self.current = current
        self._keys = {version: _checked(key) for version, key in keys.items()}
        if current not in self._keys:
            raise ValueError("the current key of the index is not among its keys")

    @property
    def versions(self) -> frozenset[str]:
        """The versions of the key that are at hand."""
        return frozenset(self._keys)

    def blind(self, kind: str, value: str) -> bytes:
        """Return the keyed hash by which an exact value is found; equal values have equal ones."""
        return self.in_all(kind, value)[self.current]

    def in_all(self, kind: str, value: str) -> dict[str, bytes]:
        """Return the keyed hash of a value in every version."""
        text = f"{kind}\0{value}".encode()
        return {
            version: hmac.digest(key, text, hashlib.sha256) for version, key in self._keys.items()
        }


class Safe:
    """The key ring: versions of the key that wraps, and of the key of blind indexes."""

    def __init__(self, *, current: str, keys: Mapping[str, bytes], index: Blinds | bytes) -> None:
        self.current = current
        self._keys = {version: AESGCM(_checked(key)) for version, key in keys.items()}
        self.index = index if isinstance(index, Blinds) else Blinds(_FIRST, {_FIRST: index})
        if current not in self._keys:
            raise ValueError("the current key is not among the keys")

    @classmethod
    def from_file(cls, path: Path | None) -> "Safe":
        """Read the key ring, or raise Unavailable: then people can be neither kept nor read."""
        if path is None:
            raise Unavailable("no key file is configured, so people cannot be kept or read")
        try:
            ring = json.loads(path.read_text(encoding="utf-8"))
            keys = {str(version): _bytes(key) for version, key in ring["keys"].items()}
            return cls(current=str(ring["current"]), keys=keys, index=_blinds(ring["index"]))
        except OSError as error:
            raise Unavailable(f"the key file cannot be read ({error.strerror})") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unavailable("the key file holds no key ring") from error

    @property
    def versions(self) -> frozenset[str]:
        """The versions of the wrapping key that are at hand."""
        return frozenset(self._keys)

    def new_key(self, person_id: UUID) -> tuple[PersonKey, Wrapped]:
        """Make the data key of a person, open and wrapped."""
        key = secrets.token_bytes(_KEY_BYTES)
        return PersonKey(key), self._wrap(key, person_id)

    def unwrap(self, wrapped: Wrapped, person_id: UUID) -> PersonKey:
        """Open a person's data key, or raise Unreadable."""
        return PersonKey(self._unwrap(wrapped, person_id))

    def rewrap(self, wrapped: Wrapped, person_id: UUID) -> Wrapped:
        """Return the same data key under the current key; ciphertexts stay as they are."""
        return self._wrap(self._unwrap(wrapped, person_id), person_id)

    def _wrap(self, key: bytes, person_id: UUID) -> Wrapped:
        cipher = self._keys[self.current]
        return Wrapped(self.current, _encrypt(cipher, key, _of_key(person_id)))

    def _unwrap(self, wrapped: Wrapped, person_id: UUID) -> bytes:
        cipher = self._keys.get(wrapped.version)
        if cipher is None:
            raise Unreadable(f"there is no key of version {wrapped.version}")
        return _decrypt(cipher, wrapped.key, _of_key(person_id))


def _of_key(person_id: UUID) -> Place:
    return Place("person_key", "wrapped", person_id)


def _encrypt(cipher: AESGCM, plain: bytes, place: Place) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + cipher.encrypt(nonce, plain, place.bytes)


def _decrypt(cipher: AESGCM, sealed: bytes, place: Place) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.bytes)
    except (InvalidTag, ValueError) as error:
        raise Unreadable(f"{place.table}.{place.column} does not open") from error


def _blinds(index: str | Mapping[str, Any]) -> Blinds:
    """Read the keys of blind indexes: versions of one, or one alone, which is the first."""
    if isinstance(index, str):
        return Blinds(_FIRST, {_FIRST: _bytes(index)})
    keys = {str(version): _bytes(key) for version, key in index["keys"].items()}
    return Blinds(str(index["current"]), keys)


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _checked(key: bytes) -> bytes:
    if len(key) != _KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key
