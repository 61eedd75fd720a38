"""No token that was not issued to a registered client, for us, a short while ago, opens a door."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from pydantic import ValidationError

from gateway.auth.inward import InwardTokens
from gateway.auth.issuer import read_key
from gateway.config import Config
from gateway.main import _access_tokens, built_in_issuer, mint
from kit.auth import Caller, TokenSigner, new_key
from kit.clock import SystemClock

from .stage import Stage, assert_problem, write_config

PATH = "/api/v1/programmes/NO-COMP"


def coded(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def claims(config: Config, **changes: Any) -> dict[str, Any]:
    now = int(SystemClock().now().timestamp())
    usual = {
        "iss": config.issuer,
        "aud": config.audience,
        "sub": "demo-officer",
        "client_id": "demo-officer",
        "jti": "1",
        "iat": now,
        "exp": now + 600,
        "scope": "programmes:read",
    }
    return {name: value for name, value in (usual | changes).items() if value is not None}


def signed(
    config: Config,
    header: dict[str, Any] | None = None,
    key: Any = None,
    alg: str = "Ed25519",
    **changes: Any,
) -> str:
    own = read_key(config.access_key_file)
    usual = {"alg": alg, "kid": own.kid, "typ": "at+jwt"} | (header or {})
    usual = {name: value for name, value in usual.items() if value is not None}
    registry = jwt.JWSRegistry(algorithms=[alg], strict_check_header=False)
    return jwt.encode(usual, claims(config, **changes), key or own, registry=registry)


def hostile(config: Config) -> Iterator[tuple[str, str]]:
    """Yield tokens by what is wrong with them."""
    yield from wrong_header(config)
    yield from wrong_claims(config)
    yield from wrong_shape(config)


def wrong_header(config: Config) -> Iterator[tuple[str, str]]:
    own = read_key(config.access_key_file)
    other = OKPKey.generate_key("Ed25519", {"kid": own.kid})
    public = json.dumps(own.as_dict(private=False)).encode()
    _, body, signature = signed(config).split(".")
    yield "alg none", f"{coded({'alg': 'none', 'kid': own.kid, 'typ': 'at+jwt'})}.{body}."
    yield (
        "alg none, signature kept",
        (f"{coded({'alg': 'none', 'kid': own.kid, 'typ': 'at+jwt'})}.{body}.{signature}"),
    )
    yield "HS256 with the public key", signed(config, key=OctKey.import_key(public), alg="HS256")
    yield "signed by another key", signed(config, key=other)
    yield "unknown kid", signed(config, {"kid": "access-2"})
    yield "no kid", signed(config, {"kid": None})
    yield "kid is a path", signed(config, {"kid": "../../key.json"})
    yield "typ JWT", signed(config, {"typ": "JWT"})
    yield "no typ", signed(config, {"typ": None})
    yield "inward typ", signed(config, {"typ": "inward+jwt"})
    yield "embedded jwk", signed(config, {"jwk": other.as_dict(private=False)}, key=other)
    yield "jku", signed(config, {"jku": "https://evil.example/jwks"}, key=other)
    yield "x5u", signed(config, {"x5u": "https://evil.example/x5"})
    yield "crit", signed(config, {"crit": ["kid"]})
    yield (
        "alg of another key type",
        signed(config, key=ECKey.generate_key("P-256", {"kid": own.kid}), alg="ES256"),
    )


def wrong_claims(config: Config) -> Iterator[tuple[str, str]]:
    now = int(SystemClock().now().timestamp())
    yield "wrong iss", signed(config, iss="https://evil.example")
    yield "wrong aud", signed(config, aud="training")
    yield "aud list with others", signed(config, aud=[config.audience, "training"])
    yield "aud prefix", signed(config, aud=config.audience + "x")
    yield "expired", signed(config, iat=now - 700, exp=now - 31)
    yield "nbf in the future", signed(config, nbf=now + 120)
    yield "iat in the future", signed(config, iat=now + 120, exp=now + 600)
    yield "lives too long", signed(config, iat=now, exp=now + 901)
    yield "lives for ever", signed(config, exp=1 << 50)
    yield "exp before iat", signed(config, iat=now + 10, exp=now + 5)
    for name in ("iss", "aud", "sub", "client_id", "jti", "iat", "exp"):
        yield f"no {name}", signed(config, **{name: None})
    yield "exp is text", signed(config, exp=str(now + 60))
    yield "exp is a fraction", signed(config, exp=now + 60.5)
    yield "exp is true", signed(config, exp=True)
    yield "sub is empty", signed(config, sub="")
    yield "sub is a list", signed(config, sub=["demo-officer"])
    yield "unregistered client", signed(config, client_id="demo-nobody")
    yield "huge", signed(config, padding="x" * 9_000)


def wrong_shape(config: Config) -> Iterator[tuple[str, str]]:
    good = signed(config)
    head, body, signature = good.split(".")
    yield "body changed", f"{head}.{coded(claims(config, scope='records:all'))}.{signature}"
    yield "signature cut", good[:-4]
    yield "two parts", f"{head}.{body}"
    yield "four parts", f"{good}.x"
    yield "empty parts", ".."
    yield "garbage", "garbage"
    yield "not base64", f"{head}.$$$.{signature}"
    yield "header is a list", f"{coded([1])}.{body}.{signature}"
    yield (
        "header names alg twice",
        (
            coded(b'{"alg":"none","alg":"Ed25519","kid":"access-1","typ":"at+jwt"}')
            + f".{body}.{signature}"
        ),
    )
    yield "header nests deep", f"{coded(b'[' * 3_000)}.{body}.{signature}"
    yield "header is not UTF-8", f"{coded(bytes([0xFF, 0xFE]))}.{body}.{signature}"
    yield "NUL in kid", signed(config, {"kid": "access-1\0"})


async def test_token_when_hostile_then_401_and_nobody_behind_is_asked(stage: Stage) -> None:
    tokens = list(hostile(stage.config))
    assert len(tokens) >= 27
    for what, token in tokens:
        headers = {"Authorization": f"Bearer {token}"}
        response = await stage.client.get(PATH, headers=headers)
        assert response.status_code == 401, what
        problem = assert_problem(response, 401, "kit.unauthenticated")
        assert problem["detail"] == "the access token is not valid", what
        assert response.headers["www-authenticate"] == "Bearer"
    assert not stage.neighbours["programmes"].seen


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer ", "Basic eDp5", "Token x", "Bearer \xff\xfe", "Bearer a b c"]
)
async def test_token_when_header_is_not_bearer_then_401(stage: Stage, value: str) -> None:
    headers = {"Authorization": value.encode("latin-1")}
    assert_problem(await stage.client.get(PATH, headers=headers), 401)


async def test_token_when_sent_twice_then_401(stage: Stage) -> None:
    good = f"Bearer {stage.token()}"
    headers = [("Authorization", good), ("Authorization", good)]
    assert_problem(await stage.client.get(PATH, headers=headers), 401)


async def test_token_when_signed_then_hostile_list_starts_from_a_good_one(stage: Stage) -> None:
    headers = {"Authorization": f"Bearer {signed(stage.config)}"}
    assert (await stage.client.get(PATH, headers=headers)).status_code == 200


async def test_token_when_inward_token_is_used_outside_then_401(stage: Stage) -> None:
    signer = TokenSigner.from_file(stage.config.key_file)
    caller = Caller("demo-officer", "s", "PL-MOI", "PL", frozenset({"programmes:read"}))
    inward = signer.sign(caller, audience="programmes", now=SystemClock().now())
    headers = {"Authorization": f"Bearer {inward}"}
    assert_problem(await stage.client.get(PATH, headers=headers), 401)


async def test_caller_when_token_claims_more_than_registered_then_it_gets_no_more(
    stage: Stage,
) -> None:
    token = signed(stage.config, client_id="demo-ministry-md", scope="programmes:read records:all")
    response = await stage.client.get(PATH, headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200
    caller = stage.inward("programmes")
    assert caller.organisation == "MD-MIA"
    assert caller.scopes == frozenset({"programmes:read"})


async def test_caller_when_registered_for_internal_feed_then_it_never_reaches_inside(
    stage: Stage,
) -> None:
    await stage.get(PATH)
    assert "internal:feed" not in stage.inward("programmes").scopes
    assert "records:all" in stage.inward("programmes").scopes


async def test_people_when_outside_issuer_is_trusted_then_only_for_its_organisations(
    stage: Stage, tmp_path: Path
) -> None:
    key = RSAKey.generate_key(2048, {"kid": "idp-1"})
    issuer = "https://idp.example"
    trusted = [
        {
            "issuer": issuer,
            "jwks": {"keys": [key.as_dict(private=False)]},
            "organisations": {"FR-MOI": "FR"},
        }
    ]
    (tmp_path / "trusted.json").write_text(json.dumps(trusted))
    clients = json.loads(stage.config.callers_file.read_text())
    clients["demo-officer"]["people"] = True
    stage.config.callers_file.write_text(json.dumps(clients))
    config = stage.config.model_copy(update={"trusted_issuers_file": tmp_path / "trusted.json"})
    tokens = _tokens(config)
    now = SystemClock().now()

    def person(**changes: Any) -> str:
        header = {"kid": "idp-1"}
        return signed(config, header, key, "PS256", iss=issuer, sub="u-1", **changes)

    found = tokens.caller(person(org="FR-MOI"), now=now)
    assert (found.organisation, found.country, found.subject) == ("FR-MOI", "FR", "u-1")
    assert tokens.caller(person(), now=now).organisation == "PL-MOI"
    for refused in (person(org="MD-MIA"), person(client_id="demo-ministry-md")):
        with pytest.raises(Exception, match="not valid"):
            tokens.caller(refused, now=now)


def _tokens(config: Config) -> Any:

    return _access_tokens(config, built_in_issuer(config))


def test_token_when_cached_then_refused_after_it_expires(tmp_path: Path) -> None:

    config, _ = write_config(tmp_path, {})
    tokens = _tokens(config)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    token = mint(config, "demo-officer", now)
    assert tokens.caller(token, now=now).client == "demo-officer"
    assert tokens.caller(token, now=now + timedelta(seconds=899)).client == "demo-officer"
    with pytest.raises(Exception, match="not valid"):
        tokens.caller(token, now=now + timedelta(seconds=931))


def test_config_when_production_tokens_live_long_then_it_does_not_start(tmp_path: Path) -> None:
    files = {"key_file": tmp_path / "k", "callers_file": tmp_path / "c"}
    with pytest.raises(ValidationError, match="900"):
        Config(env="production", token_max_lifetime_s=43_200, **files)
    with pytest.raises(ValidationError, match="longer"):
        Config(token_lifetime_s=1_000, **files)


def test_inward_when_asked_often_then_minted_once_per_service_and_half_minute() -> None:
    private, _ = new_key("gateway")
    inward = InwardTokens(TokenSigner(OKPKey.import_key(private)))
    caller = Caller("c", "s", "PL-MOI", "PL", frozenset())
    now = datetime(2026, 1, 1, tzinfo=UTC)
    first = inward.bearer(caller, "training", now)
    assert inward.bearer(caller, "training", now + timedelta(seconds=29)) == first
    assert inward.bearer(caller, "training", now + timedelta(seconds=31)) != first
    assert inward.bearer(caller, "programmes", now) != first
