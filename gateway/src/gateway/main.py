"""The composition root: everything the gateway is made of, put together once."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import httpx
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gateway.auth.inward import InwardTokens
from gateway.auth.issuer import Issuer, TokenEndpoint, read_key
from gateway.auth.partners import Registry
from gateway.auth.people import trusted_issuers
from gateway.auth.tokens import AccessTokens, keys_of
from gateway.backends import Backend, open_backends
from gateway.changes import Changes
from gateway.compose import Composer
from gateway.config import Config
from gateway.front import Front
from gateway.health import Health
from gateway.pages import Pages, document_bytes
from gateway.passthrough import PREFIX, Forward
from gateway.rows import ROWS, Row
from gateway.sharing import Sharing
from gateway.streaming import Listening
from gateway.table import Route, Table
from gateway.views import VIEWS
from kit.auth import TokenSigner
from kit.clock import Clock, SystemClock
from kit.seal import Seal


class Gateway(Front):
    """The application, with what the process around it needs to reach."""

    health: Health


def create_app(
    config: Config,
    *,
    clock: Clock | None = None,
    transports: Mapping[str, httpx.AsyncBaseTransport] | None = None,
) -> Gateway:
    """Return the ASGI application; `transports` replaces sockets for in-process services."""
    clock = clock or SystemClock()
    backends = open_backends(config, transports)
    health = Health(backends)
    issuer = built_in_issuer(config)
    routes = [
        *_routes(config, backends, clock),
        *Pages(document_bytes()).routes(),
        *_health_routes(health),
        *_token_routes(issuer, clock),
    ]

    async def close() -> None:
        for backend in backends.values():
            await backend.close()

    app = Gateway(
        Table(routes),
        _access_tokens(config, issuer),
        clock,
        close=close,
        max_in_flight=config.max_in_flight,
        hsts=config.env == "production",
    )
    app.health = health
    return app


def _routes(config: Config, backends: Mapping[str, Backend], clock: Clock) -> list[Route]:
    inward = InwardTokens(TokenSigner.from_file(config.key_file))
    feed = Changes(backends, inward, clock, seal=Seal(_cursor_key(config)))
    changes = Route("GET", f"{PREFIX}/v1/changes", feed.changes, frozenset({"changes:read"}))
    composer = Composer(backends, inward, clock)
    return [*_forwarding(backends, inward, clock), *composer.routes(VIEWS), changes]


def _forwarding(
    backends: Mapping[str, Backend], inward: InwardTokens, clock: Clock
) -> Iterable[Route]:
    """Return a route for every row of the table of passed-through operations."""
    for row in ROWS:
        passing = _way(row)(row, backends[row.service], inward, clock)
        scopes = frozenset() if row.open else frozenset({row.scope})
        yield Route(row.method, PREFIX + row.path, passing, scopes)


def _way(row: Row) -> type[Forward | Listening]:
    if row.streamed:
        return Listening
    return Sharing if row.shared else Forward


def _health_routes(health: Health) -> list[Route]:
    return [
        Route("GET", "/livez", health.livez),
        Route("GET", "/readyz", health.readyz),
        Route("GET", "/health", health.health, optional_caller=True),
    ]


def _token_routes(issuer: Issuer | None, clock: Clock) -> list[Route]:
    if issuer is None:
        return []
    endpoint = TokenEndpoint(issuer, clock)
    return [
        Route("POST", "/oauth/token", endpoint.token),
        Route("GET", "/.well-known/jwks.json", endpoint.jwks),
    ]


def built_in_issuer(config: Config) -> Issuer | None:
    """Return the built-in issuer, or None where only outside issuers are trusted."""
    if config.access_key_file is None:
        return None
    return Issuer(
        config.issuer,
        read_key(config.access_key_file),
        Registry.from_file(config.callers_file),
        audience=config.audience,
        lifetime_s=config.token_lifetime_s,
    )


def mint(config: Config, client_id: str, now: datetime) -> str:
    """Return an access token of the built-in issuer for a registered client."""
    issuer = built_in_issuer(config)
    if issuer is None:
        raise SystemExit("There is no built-in issuer: GATEWAY_ACCESS_KEY_FILE is not set.")
    return issuer.mint(client_id, now=now)


def _access_tokens(config: Config, issuer: Issuer | None) -> AccessTokens:
    people = {trusted.issuer: trusted for trusted in trusted_issuers(config.trusted_issuers_file)}
    own = {} if issuer is None else {issuer.name: issuer.jwks}
    return AccessTokens(
        keys_of(own | {name: trusted.jwks for name, trusted in people.items()}),
        Registry.from_file(config.callers_file),
        people=people,
        audience=config.audience,
        lifetime_s=config.token_max_lifetime_s,
    )


def _cursor_key(config: Config) -> bytes:
    """Derive the key that seals cursors from the gateway's key: one secret file, two uses."""
    derived = HKDF(SHA256(), 32, salt=None, info=b"entente gateway cursors")
    return derived.derive(config.key_file.read_bytes())
