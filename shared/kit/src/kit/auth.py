"""Who asks: the caller, and the short-lived inward token by which services know one another."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.jwt import JWTClaimsRegistry

from kit.errors import Unauthenticated

EVERYONE: Final = "everyone"
STAFF: Final = "staff"
SEES_ALL: Final = "records:all"
FEED: Final = "internal:feed"
_LIFETIME_S: Final = 60
_LEEWAY_S: Final = 30
_CACHE_SIZE: Final = 4096


class KeysUnreadable(SystemExit):
    """The process cannot begin without this key file; the message names it, and no key."""


def keys_in(path: Path) -> Any:  # noqa: ANN401 (JSON, whatever it is)
    """Return what a key file holds; raise KeysUnreadable if nothing."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", "") or "it holds no JSON"
        raise KeysUnreadable(f"the key file {path} cannot be read: {why}") from None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `organisation` is a code such as `PL-MOI`; `country` ISO 3166-1 alpha-2 or empty.

    `client` is the registered client (idempotency keys and cursors belong to it); `subject` is
    the acting user or system, never a personal name.
    """

    client: str
    subject: str
    organisation: str
    country: str
    scopes: frozenset[str]

    @property
    def audience(self) -> frozenset[str]:
        """The marks of which a record must carry one to be visible to this caller."""
        marks = {EVERYONE, f"org:{self.organisation}", f"country:{self.country}"}
        return frozenset(marks | ({STAFF} if SEES_ALL in self.scopes else set()))


def service_caller(service: str) -> Caller:
    """Return the caller a service is when it follows another one's feed."""
    return Caller(
        client=f"service:{service}",
        subject=f"service:{service}",
        organisation="ENTENTE",
        country="",
        scopes=frozenset({FEED, SEES_ALL}),
    )


class TokenSigner:
    """Mints inward tokens with the private key of one process (Ed25519, 60 seconds)."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key
        self.issuer = str(key.kid)

    @classmethod
    def from_file(cls, path: Path) -> "TokenSigner":
        """Read a private JWK whose `kid` is the name of the process that signs."""
        return cls(OKPKey.import_key(keys_in(path)))

    def sign(self, caller: Caller, *, audience: str, now: datetime) -> str:
        """Return a token by which the service named `audience` knows `caller`."""
        issued = int(now.timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": audience,
            "iat": issued,
            "exp": issued + _LIFETIME_S,
            "sub": caller.subject,
            "client_id": caller.client,
            "org": caller.organisation,
            "country": caller.country,
            "scope": " ".join(sorted(caller.scopes)),
        }
        return self._signed("inward", claims)

    def state(self, kind: str, claims: Mapping[str, Any]) -> str:
        """Return a signed statement that does not expire; no door takes one for a token."""
        return self._signed(kind, {**claims, "iss": self.issuer})

    def _signed(self, kind: str, claims: Mapping[str, Any]) -> str:
        header = {"alg": "Ed25519", "kid": self.issuer, "typ": f"{kind}+jwt"}
        return jwt.encode(header, dict(claims), self._key, algorithms=["Ed25519"])


class StatementVerifier:
    """Reads statements that a process signed, also with keys it has no more."""

    def __init__(self, *key_sets: Mapping[str, Any]) -> None:
        each = [OKPKey.import_key(key) for known in key_sets for key in known["keys"]]
        self._keys = [(str(key.kid), key) for key in each]

    @classmethod
    def from_files(cls, *paths: Path) -> "StatementVerifier":
        """Read public JWK sets: those of the processes, and of keys that were replaced."""
        return cls(*(keys_in(path) for path in paths))

    def read(self, kind: str, statement: str, *, issuer: str) -> Mapping[str, Any]:
        """Return what a process stated, or raise ValueError."""
        for kid, key in self._keys:
            if kid == issuer:
                try:
                    decoded = jwt.decode(statement, key, algorithms=["Ed25519"])
                except (JoseError, ValueError):
                    continue
                if decoded.header.get("typ") == f"{kind}+jwt" and decoded.claims["iss"] == issuer:
                    return decoded.claims
        raise ValueError(f"it was not signed by {issuer}")


class TokenVerifier:
    """Turns an inward token into the caller it speaks for; remembers tokens until they expire.

    Only the gateway may speak for other callers; a service's own key speaks for that service
    and is good for feeds alone, so that a stolen service key opens no other door.
    """

    def __init__(self, keys: Mapping[str, Any], *, audience: str) -> None:
        self._keys = KeySet.import_key_set(dict(keys))  # type: ignore[arg-type]
        self._audience = audience
        self._known: dict[str, tuple[int, Caller]] = {}

    @classmethod
    def from_file(cls, path: Path, *, audience: str) -> "TokenVerifier":
        """Read the public JWK set of every process that may sign."""
        return cls(keys_in(path), audience=audience)

    def verify(self, token: str, *, now: datetime) -> Caller:
        """Return the caller, or raise Unauthenticated."""
        instant = int(now.timestamp())
        known = self._known.get(token)
        if known is not None and known[0] > instant:
            return known[1]
        caller, expires = self._decode(token, instant)
        if len(self._known) >= _CACHE_SIZE:
            self._known.clear()
        self._known[token] = (expires, caller)
        return caller

    def _decode(self, token: str, instant: int) -> tuple[Caller, int]:
        registry = JWTClaimsRegistry(
            now=instant,
            leeway=_LEEWAY_S,
            iss={"essential": True},
            aud={"essential": True, "value": self._audience},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            client_id={"essential": True},
        )
        try:
            decoded = jwt.decode(token, self._keys, algorithms=["Ed25519"])
            registry.validate(decoded.claims)
            return _trusted(decoded.header, decoded.claims), int(decoded.claims["exp"])
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Unauthenticated("the inward token is not valid") from error


def _trusted(header: Mapping[str, Any], claims: Mapping[str, Any]) -> Caller:
    issuer = str(claims["iss"])
    if header.get("typ") != "inward+jwt" or header.get("kid") != issuer:
        raise ValueError("the token was not signed by its issuer for use inside")
    if int(claims["exp"]) - int(claims["iat"]) > _LIFETIME_S:
        raise ValueError("the token lives too long")
    if issuer != "gateway":
        return service_caller(issuer)
    return Caller(
        client=str(claims["client_id"]),
        subject=str(claims["sub"]),
        organisation=str(claims["org"]),
        country=str(claims["country"]),
        scopes=frozenset(str(claims["scope"]).split()) - {FEED},
    )


def new_key(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make a key pair for the process `name`; return its private and its public JWK."""
    key = OKPKey.generate_key("Ed25519", {"kid": name, "use": "sig"})
    return key.as_dict(private=True), key.as_dict(private=False)
