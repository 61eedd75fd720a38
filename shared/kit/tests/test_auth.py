"""Inward tokens: only the gateway speaks for others, and only for a minute."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from kit.auth import Caller, TokenSigner, TokenVerifier, new_key
from kit.errors import Unauthenticated

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINISTRY = Caller("md", "md", "MD-MIA", "MD", frozenset({"training:read", "internal:feed"}))
GATEWAY, GATEWAY_PUBLIC = new_key("gateway")
TRAINING, TRAINING_PUBLIC = new_key("training")
STRANGER, _ = new_key("gateway")


@pytest.fixture
def verifier() -> TokenVerifier:
    return TokenVerifier({"keys": [GATEWAY_PUBLIC, TRAINING_PUBLIC]}, audience="programmes")


def sign(key: dict[str, Any], caller: Caller = MINISTRY, audience: str = "programmes") -> str:
    return TokenSigner(OKPKey.import_key(key)).sign(caller, audience=audience, now=NOW)


def test_the_gateway_speaks_for_a_caller_but_opens_no_feed(verifier: TokenVerifier) -> None:
    caller = verifier.verify(sign(GATEWAY), now=NOW)
    assert (caller.organisation, caller.scopes) == ("MD-MIA", {"training:read"})
    assert caller.audience == {"everyone", "org:MD-MIA", "country:MD"}


def test_a_service_speaks_only_for_itself(verifier: TokenVerifier) -> None:
    caller = verifier.verify(sign(TRAINING), now=NOW)
    assert caller.client == "service:training"
    assert caller.scopes == {"internal:feed", "records:all"}


def test_a_remembered_token_still_expires(verifier: TokenVerifier) -> None:
    token = sign(GATEWAY)
    verifier.verify(token, now=NOW)
    with pytest.raises(Unauthenticated):
        verifier.verify(token, now=NOW + timedelta(minutes=2))


def forged(**changes: object) -> str:
    claims = {
        "iss": "gateway", "aud": "programmes", "iat": NOW.timestamp(),
        "exp": NOW.timestamp() + 60, "sub": "a", "client_id": "a", "org": "PL-MOI",
        "country": "PL", "scope": "records:all",
    }  # fmt: skip
    claims |= changes
    header = {"alg": "Ed25519", "kid": "gateway", "typ": "inward+jwt"}
    key = OKPKey.import_key(GATEWAY)
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(header, kept, key, algorithms=["Ed25519"])


HOSTILE = {
    "stranger": sign(STRANGER),
    "other audience": sign(GATEWAY, audience="training"),
    "long life": forged(exp=NOW.timestamp() + 3600),
    "expired": forged(iat=NOW.timestamp() - 200, exp=NOW.timestamp() - 140),
    "no expiry": forged(exp=None),
    "no client": forged(client_id=None),
    "other issuer": forged(iss="training"),
    "symmetric": jwt.encode(
        {"alg": "HS256", "kid": "gateway"}, {"aud": "programmes"}, OctKey.import_key("x" * 32)
    ),
    "empty": "",
    "dots": "..",
    "garbage": "a.b.c",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_token_is_refused(verifier: TokenVerifier, name: str) -> None:
    with pytest.raises(Unauthenticated):
        verifier.verify(HOSTILE[name], now=NOW)
