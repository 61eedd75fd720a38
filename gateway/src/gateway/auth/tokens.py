"""Access tokens (RFC 9068): who may ask, proved by a signature and a short life."""

import re
import warnings
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.auth.partners import Registry, caller_of_partner, public_key
from gateway.auth.people import Issuer, caller_of_person
from kit.auth import Caller
from kit.errors import DomainError, Unauthenticated
from kit.strict import parse_json

LEEWAY_S: Final = 30
ALGORITHMS: Final = ("Ed25519", "EdDSA", "ES256", "PS256", "RS256")
_TOKEN_BYTES: Final = 8 * 1024
_CACHE_SIZE: Final = 4096
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HEADER_PART: Final = 0
CLAIMS_PART: Final = 1
_HEADER: Final = frozenset({"alg", "kid", "typ"})


class Claims(BaseModel):
    """The claims every token must have, each of its exact type. Instants are Unix seconds."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    iss: str
    aud: str | list[str]
    sub: str = Field(min_length=1, max_length=256)
    jti: str = Field(min_length=1, max_length=256)
    iat: int = Field(ge=0, le=1 << 40)
    exp: int = Field(ge=0, le=1 << 40)
    nbf: int | None = Field(default=None, ge=0, le=1 << 40)

    def check(self, *, audience: str, now: int, lifetime_s: int) -> None:
        """Raise ValueError unless the token is meant for `audience` and valid now."""
        if self.aud not in (audience, [audience]):
            raise ValueError("meant for somebody else")
        if self.exp <= now - LEEWAY_S or self.iat > now + LEEWAY_S:
            raise ValueError("expired, or from the future")
        if self.nbf is not None and self.nbf > now + LEEWAY_S:
            raise ValueError("not valid yet")
        if not 0 < self.exp - self.iat <= lifetime_s:
            raise ValueError("lives too long")


class AccessClaims(Claims):
    """What an access token says besides (RFC 9068, 2.2)."""

    client_id: str = Field(min_length=1, max_length=256)
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key and the one issuer whose tokens it verifies."""

    jwk: Any
    issuer: str


def keys_of(issuers: Mapping[str, Mapping[str, Any]]) -> dict[str, Key]:
    """Return every issuer's public keys by `kid`; the same kid twice is an error."""
    keys: dict[str, Key] = {}
    for issuer, jwks in issuers.items():
        for jwk in jwks["keys"]:
            kid = jwk["kid"]
            if kid in keys:
                raise ValueError(f"two keys are called {kid}")
            keys[kid] = Key(public_key(jwk), issuer)
    return keys


def opened(token: str, key: Any, *, types: frozenset[str]) -> dict[str, Any]:  # noqa: ANN401
    """Return the claims of a signed token, or raise ValueError, DomainError or JoseError.

    The key is the one given: nothing in the token's header can bring another.
    """
    header = unverified(token, _HEADER_PART)
    if set(header) - _HEADER or str(header.get("typ", "")).lower() not in types:
        raise ValueError("the header of the token is not acceptable")
    with warnings.catch_warnings():
        # RFC 9864 renamed EdDSA to Ed25519; clients may still write the older name.
        warnings.simplefilter("ignore", SecurityWarning)
        jws.deserialize_compact(token, key, algorithms=list(ALGORITHMS))
    return unverified(token, CLAIMS_PART)


def unverified(token: str, part: int) -> dict[str, Any]:
    """Return the header or the claims of a compact token, whose signature nobody checked."""
    if len(token) > _TOKEN_BYTES or not _COMPACT.fullmatch(token):
        raise ValueError("not a compact signed token")
    segment = token.split(".")[part]
    found = parse_json(urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004  one kind of refusal
    return found


class AccessTokens:
    """Turns access tokens into callers; remembers verified ones until they expire."""

    def __init__(
        self,
        keys: Mapping[str, Key],
        registry: Registry,
        *,
        people: Mapping[str, Issuer],
        audience: str,
        lifetime_s: int,
    ) -> None:
        self._keys = keys
        self._registry = registry
        self._people = people
        self._audience = audience
        self._lifetime_s = lifetime_s
        self._known: dict[str, tuple[int, Caller]] = {}

    def caller(self, token: str, *, now: datetime) -> Caller:
        """Return the caller, or raise Unauthenticated, which never says why."""
        instant = int(now.timestamp())
        known = self._known.get(token)
        if known is not None and known[0] > instant:
            return known[1]
        try:
            expires, caller = self._verified(token, instant)
        except (JoseError, DomainError, ValidationError, ValueError, TypeError) as error:
            raise Unauthenticated("the access token is not valid") from error
        if len(self._known) >= _CACHE_SIZE:
            self._known.clear()
        self._known[token] = (expires, caller)
        return caller

    def _verified(self, token: str, instant: int) -> tuple[int, Caller]:
        key = self._keys.get(str(unverified(token, _HEADER_PART).get("kid")))
        if key is None:
            raise ValueError("no such key")
        claims = opened(token, key.jwk, types=frozenset({"at+jwt", "application/at+jwt"}))
        access = AccessClaims.model_validate(claims)
        access.check(audience=self._audience, now=instant, lifetime_s=self._lifetime_s)
        if access.iss != key.issuer:
            raise ValueError("signed with the key of another issuer")
        return access.exp, self._caller(access, claims)

    def _caller(self, access: AccessClaims, claims: dict[str, Any]) -> Caller:
        client = self._registry.find(access.client_id)
        if client is None:
            raise ValueError("no such client")
        person = self._people.get(access.iss)
        if person is not None:
            return caller_of_person(claims, access.client_id, client, person)
        return caller_of_partner(access.client_id, client, subject=access.sub, scope=access.scope)
