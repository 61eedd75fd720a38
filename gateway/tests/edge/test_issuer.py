"""The built-in issuer gives tokens only to clients that prove their key, each proof once."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from gateway.auth.partners import Registry, RegistryRefused
from kit.auth import new_key
from kit.clock import SystemClock

from .stage import Stage, assert_problem, staged

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CLIENT = "demo-ministry-md"


@pytest.fixture
async def ministry(tmp_path, monkeypatch):
    """A stage whose ministry has a key we hold."""
    private, public = new_key("ministry-1")
    original = new_key

    def known(name: str):
        return (private, public) if name == "demo" else original(name)

    monkeypatch.setattr("edge.stage.new_key", known)
    async with staged(tmp_path) as stage:
        yield stage, OKPKey.import_key(private)


def assertion(key: Any, alg: str = "Ed25519", **changes: Any) -> str:
    now = int(SystemClock().now().timestamp())
    usual: dict[str, Any] = {
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": "urn:entente:issuer",
        "iat": now,
        "exp": now + 55,
        "jti": str(uuid4()),
    }
    claims = {name: value for name, value in (usual | changes).items() if value is not None}
    return jwt.encode({"alg": alg}, claims, key, algorithms=[alg])


async def ask(stage: Stage, proof: str, **fields: str) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": TYPE,
        "client_assertion": proof,
    }
    return await stage.client.post("/oauth/token", data=form | fields)


async def test_token_when_key_is_proved_then_it_opens_the_api(ministry) -> None:
    stage, key = ministry
    granted = (await ask(stage, assertion(key), scope="programmes:read")).json()
    assert granted["token_type"] == "Bearer"
    assert granted["expires_in"] == 900
    assert granted["scope"] == "programmes:read"
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert (await stage.client.get("/api/v1/programmes", headers=headers)).status_code == 200
    assert stage.inward("programmes").organisation == "MD-MIA"


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_token_when_older_name_of_the_algorithm_is_used_then_granted(ministry) -> None:
    stage, key = ministry
    assert (await ask(stage, assertion(key, "EdDSA"))).status_code == 200


async def test_token_when_proof_is_used_again_then_401(ministry) -> None:
    stage, key = ministry
    proof = assertion(key)
    assert (await ask(stage, proof)).status_code == 200
    problem = assert_problem(await ask(stage, proof), 401, "gateway.invalid_client")
    assert problem["error"] == "invalid_client"


async def test_token_when_proof_is_wrong_then_401(ministry) -> None:
    stage, key = ministry
    now = int(SystemClock().now().timestamp())
    wrong = [
        assertion(OKPKey.generate_key("Ed25519")),
        assertion(ECKey.generate_key("P-256"), "ES256"),
        assertion(RSAKey.generate_key(2048), "PS256"),
        assertion(key, aud="urn:entente:api"),
        assertion(key, aud=["urn:entente:issuer", "x"]),
        assertion(key, iss="demo-officer"),
        assertion(key, sub="demo-officer"),
        assertion(key, sub="nobody", iss="nobody"),
        assertion(key, exp=now + 120),
        assertion(key, exp=now + 120, iat=None),
        assertion(key, iat=now - 50, exp=now - 1),
        assertion(key, jti=None),
        assertion(key, jti=7),
        assertion(key, exp=None),
        assertion(key, exp="soon", iat=None),
        "garbage",
        "",
        "a.b.c",
    ]
    for proof in wrong:
        assert_problem(await ask(stage, proof), 401, "gateway.invalid_client")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_assertion_type": "x"}, "invalid_request"),
        ({"client_secret": "x"}, "invalid_request"),
        ({"client_id": "demo-officer"}, "invalid_request"),
        ({"scope": "records:all"}, "invalid_scope"),
    ],
)
async def test_token_when_request_is_not_served_then_400(ministry, fields, error) -> None:
    stage, key = ministry
    problem = assert_problem(await ask(stage, assertion(key), **fields), 400)
    assert problem["error"] == error


async def test_token_when_body_is_json_or_too_large_then_4xx(ministry) -> None:
    stage, _ = ministry
    assert_problem(await stage.client.post("/oauth/token", json={}), 415)
    assert_problem(await stage.client.post("/oauth/token", data={"scope": "x" * 20_000}), 413)
    assert_problem(await stage.client.get("/oauth/token"), 405)


async def test_jwks_when_asked_then_public_part_only(ministry) -> None:
    stage, _ = ministry
    keys = (await stage.client.get("/.well-known/jwks.json")).json()["keys"]
    assert keys
    assert all("d" not in key for key in keys)


PRIVATE, PUBLIC = new_key("ministry-ge")


@pytest.mark.parametrize(
    ("jwk", "why"),
    [
        ({"kty": "OKP"}, "ministry-ge.jwk: Value error, is no public key"),
        ({**PUBLIC, "x": "short"}, "ministry-ge.jwk: Value error, is no public key"),
        ({"kty": "oct", "k": "c2VjcmV0"}, "ministry-ge.jwk: Value error, is no public key"),
        (PRIVATE, "is a private key: only its public half belongs here"),
    ],
)
def test_registry_when_a_key_is_unfit_then_is_refused_without_showing_it(
    tmp_path: Path, jwk: dict[str, str], why: str
) -> None:
    registry = tmp_path / "callers.json"
    client = {"organisation": "GE-MIA", "country": "GE", "scopes": []}
    registry.write_text(json.dumps({"ministry-ge": client | {"jwk": PUBLIC}}))
    assert Registry.from_file(registry).find("ministry-ge")
    registry.write_text(json.dumps({"ministry-ge": client | {"jwk": jwk}}))
    with pytest.raises(RegistryRefused) as refused:
        Registry.from_file(registry)
    assert why in str(refused.value)
    assert not any(value in str(refused.value) for value in (PRIVATE["d"], "c2VjcmV0"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": {"organisation": "X", "scopes": []}, "a": {}}', "names the same key twice"),
        ('{"a": ', "is not JSON at line 1"),
        ('{"a": {"organisation": "X", "scopes": "programmes:read"}}', "a.scopes: "),
    ],
)
def test_registry_when_it_is_no_registry_then_is_refused(
    tmp_path: Path, text: str, why: str
) -> None:
    registry = tmp_path / "callers.json"
    registry.write_text(text)
    with pytest.raises(RegistryRefused, match=why):
        Registry.from_file(registry)
