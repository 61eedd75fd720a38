"""The built-in token issuer: client credentials proved by a signed assertion, nothing else.

For installations without an identity provider of their own. No shared secrets, no passwords.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import ValidationError

from gateway.auth.partners import Client, Registry, public_key
from gateway.auth.tokens import CLAIMS_PART, LEEWAY_S, Claims, opened, unverified
from gateway.errors import TokenRefused, TokenRequestInvalid
from gateway.exchange import Ask, Reply
from kit.auth import keys_in
from kit.clock import Clock
from kit.errors import DomainError
from kit.ids import uuid7
from kit.problems import UnsupportedContent

_FORM: Final = "application/x-www-form-urlencoded"
_FORM_BYTES: Final = 16 * 1024
_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FIELDS: Final = frozenset(
    {"grant_type", "client_assertion_type", "client_assertion", "client_id", "scope"}
)
_ASSERTION_LIFE_S: Final = 60
_TYPES: Final = frozenset({"", "jwt", "client-authentication+jwt"})
_REMEMBERED: Final = 100_000


class Issuer:
    """Signs access tokens for registered clients. `name` is its `iss`."""

    def __init__(
        self, name: str, key: OKPKey, registry: Registry, *, audience: str, lifetime_s: int
    ) -> None:
        self.name = name
        self._key = key
        self._registry = registry
        self._audience = audience
        self._lifetime_s = lifetime_s
        self._used: dict[str, int] = {}

    @property
    def jwks(self) -> dict[str, Any]:
        """The public keys by which anyone can verify the tokens of this issuer."""
        return {"keys": [self._key.as_dict(private=False)]}

    def mint(self, client_id: str, *, now: datetime, scope: frozenset[str] | None = None) -> str:
        """Return an access token for a registered client; all its scopes unless told."""
        client = self._registry.find(client_id)
        if client is None:
            raise TokenRefused(f"{client_id} is not a registered client", error="invalid_client")
        issued = int(now.timestamp())
        claims: dict[str, Any] = {
            "iss": self.name,
            "aud": self._audience,
            "sub": client_id,
            "client_id": client_id,
            "jti": str(uuid7(now)),
            "iat": issued,
            "exp": issued + self._lifetime_s,
            "scope": " ".join(sorted(client.scopes if scope is None else scope)),
        }
        header = {"alg": "Ed25519", "kid": self._key.kid, "typ": "at+jwt"}
        return jwt.encode(header, claims, self._key, algorithms=["Ed25519"])

    def grant(self, form: dict[str, str], *, now: datetime) -> dict[str, Any]:
        """Answer a token request: RFC 6749, 4.4 with RFC 7523, 2.2."""
        if form.get("grant_type") != "client_credentials":
            raise _refused("unsupported_grant_type", "this issuer grants client_credentials")
        if form.get("client_assertion_type") != _ASSERTION:
            raise _refused("invalid_request", f"client_assertion_type must be {_ASSERTION}")
        client_id, client = self._proved(form.get("client_assertion", ""), now)
        if form.get("client_id", client_id) != client_id:
            raise _refused("invalid_request", "client_id differs from the assertion")
        scope = frozenset(form.get("scope", "").split()) or client.scopes
        if not scope <= client.scopes:
            raise _refused("invalid_scope", "the client is not registered for this scope")
        return {
            "access_token": self.mint(client_id, now=now, scope=scope),
            "token_type": "Bearer",
            "expires_in": self._lifetime_s,
            "scope": " ".join(sorted(scope)),
        }

    def _proved(self, assertion: str, now: datetime) -> tuple[str, Client]:
        """Return the client whose key signed the assertion; never say what was wrong with it."""
        try:
            client_id = str(unverified(assertion, CLAIMS_PART).get("sub"))
            client, proof = _signed(assertion, self._registry.find(client_id))
            self._check(proof, client_id, int(now.timestamp()))
        except (JoseError, DomainError, ValidationError, ValueError, TypeError) as error:
            refused = TokenRefused("the client assertion is not valid")
            refused.facts["error"] = "invalid_client"
            raise refused from error
        return client_id, client

    def _check(self, proof: Claims, client_id: str, now: int) -> None:
        proof.check(audience=self.name, now=now, lifetime_s=_ASSERTION_LIFE_S)
        if proof.iss != client_id or proof.sub != client_id or proof.exp <= now:
            raise ValueError("speaks for somebody else, or is too old")
        self._use_once(f"{client_id} {proof.jti}", proof.exp, now)

    def _use_once(self, jti: str, expires: int, now: int) -> None:
        if self._used.get(jti, 0) > now:
            raise ValueError("the assertion was used before")
        if len(self._used) >= _REMEMBERED:
            self._used = {old: until for old, until in self._used.items() if until > now}
        self._used[jti] = expires + LEEWAY_S


def _signed(assertion: str, client: Client | None) -> tuple[Client, Claims]:
    if client is None or client.jwk is None:
        raise ValueError("no such client")
    claims = opened(assertion, public_key(client.jwk), types=_TYPES)
    claims.setdefault("iat", int(claims.get("exp", 0)) - _ASSERTION_LIFE_S)
    return client, Claims.model_validate(claims)


def _refused(error: str, detail: str) -> TokenRequestInvalid:
    return TokenRequestInvalid(detail, error=error)


def read_form(ask: Ask, body: bytes) -> dict[str, str]:
    """Return the fields of a token request; unknown or repeated ones are refused."""
    if ask.header(b"content-type").partition(";")[0].strip().lower() != _FORM:
        raise UnsupportedContent(f"this operation reads {_FORM}")
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True)
    form = dict(pairs)
    if len(form) != len(pairs) or set(form) - _FIELDS:
        raise _refused("invalid_request", "a field is unknown or given twice")
    return form


class TokenEndpoint:
    """POST /oauth/token and the issuer's public keys."""

    def __init__(self, issuer: Issuer, clock: Clock) -> None:
        self._issuer = issuer
        self._clock = clock

    async def token(self, ask: Ask) -> Reply:
        """Grant an access token to a client that proves its key."""
        form = read_form(ask, await ask.body(_FORM_BYTES))
        granted = self._issuer.grant(form, now=self._clock.now())
        return Reply.json(json.dumps(granted).encode())

    async def jwks(self, ask: Ask) -> Reply:
        """Show the public keys of the built-in issuer."""
        ask.query(())
        body = json.dumps(self._issuer.jwks).encode()
        return Reply.json(body, headers=[(b"cache-control", b"public, max-age=300")])


def read_key(path: Path) -> OKPKey:
    """Read the private key of the issuer: an Ed25519 JWK with a `kid`."""
    return OKPKey.import_key(keys_in(path))
