"""A gateway on a stage: three real servers behind it that do as they are told, and its callers."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from aiohttp import web

from gateway.config import SERVICES, Config
from gateway.main import Gateway, create_app, mint
from kit.auth import TokenVerifier, new_key
from kit.clock import SystemClock

READS = ["programmes:read", "training:read", "participants:read", "changes:read"]
CLIENTS = {
    "demo-officer": ("PL-MOI", "PL", [*READS, "training:host", "records:all", "internal:feed"]),
    "demo-ministry-md": ("MD-MIA", "MD", READS),
    "demo-ministry-ua": ("UA-MIA", "UA", READS),
    "demo-ops": ("PL-MOI", "PL", ["ops:health"]),
}
PROBLEM = {"code": "x.no_such", "status": 404, "title": "There is none", "detail": "none"}


@dataclass
class Neighbour:
    """A service that answers `{"from": name}` with an ETag until it is told to do otherwise."""

    name: str
    behaviour: str = "ok"
    delay: float = 0.0
    answer: Callable[[web.Request], web.StreamResponse] | None = None
    handle_with: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None
    seen: list[web.Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request)
        self.bodies.append(await request.read())
        await asyncio.sleep(self.delay)
        if self.handle_with is not None:
            return await self.handle_with(request)
        if self.answer is not None and request.path != "/readyz":
            return self.answer(request)
        if self.behaviour == "truncated":
            return await self._cut(request)
        return self._plain(request)

    def _plain(self, request: web.Request) -> web.Response:
        match self.behaviour:
            case "ok":
                body = json.dumps({"from": self.name}).encode()
                headers = {"ETag": f'"{self.name}1"', "Server": "secret", "X-Internal": "1"}
                return web.Response(body=body, content_type="application/json", headers=headers)
            case "oversize":
                return web.Response(body=b"{" + b" " * 9_000_000, content_type="application/json")
            case "404":
                instance = f"urn:uuid:{request.headers.get('Entente-Request-Id')}"
                body = json.dumps(PROBLEM | {"instance": instance}).encode()
                return web.Response(status=404, body=body, content_type="application/problem+json")
            case "bad":
                return web.Response(body=b"<html>", content_type="text/html")
            case status:
                return web.Response(status=int(status), text="Traceback: psycopg at /srv/secret")

    async def _cut(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Length": "100", "Content-Type": "application/json"}
        )
        await response.prepare(request)
        await response.write(b'{"half":')
        assert request.transport is not None
        request.transport.abort()
        return response


@dataclass
class Stage:
    """The gateway, what is behind it, and how to ask it."""

    app: Gateway
    config: Config
    client: httpx.AsyncClient
    neighbours: dict[str, Neighbour]
    inward_keys: dict[str, object]

    def token(self, client_id: str = "demo-officer") -> str:
        return mint(self.config, client_id, SystemClock().now())

    def headers(self, client_id: str = "demo-officer", **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(client_id)}", **more}

    async def get(self, path: str, client_id: str = "demo-officer", **more: str) -> httpx.Response:
        return await self.client.get(path, headers=self.headers(client_id, **more))

    def inward(self, service: str, index: int = -1):
        """The caller as a service sees it."""
        token = self.neighbours[service].seen[index].headers["Authorization"].split(" ")[1]
        verifier = TokenVerifier(self.inward_keys, audience=service)
        return verifier.verify(token, now=SystemClock().now())


@asynccontextmanager
async def listening(neighbour: Neighbour) -> AsyncIterator[None]:
    app = web.Application(client_max_size=32 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", neighbour.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
    await runner.setup()
    if neighbour.behaviour != "down":
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        neighbour.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    else:
        neighbour.url = "http://127.0.0.1:1"
    try:
        yield
    finally:
        await runner.cleanup()


def write_config(folder: Path, urls: dict[str, str]) -> tuple[Config, dict[str, object]]:
    inward, inward_public = new_key("gateway")
    access, _ = new_key("access-1")
    _, assertion_public = new_key("demo")
    clients = {
        name: {"organisation": org, "country": country, "scopes": scopes, "jwk": assertion_public}
        for name, (org, country, scopes) in CLIENTS.items()
    }
    files = {"key.json": inward, "access.json": access, "callers.json": clients}
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content))
    config = Config(
        key_file=folder / "key.json",
        access_key_file=folder / "access.json",
        callers_file=folder / "callers.json",
        **{f"{name}_url": url for name, url in urls.items()},
    )
    return config, {"keys": [inward_public]}


@asynccontextmanager
async def staged(folder: Path, **behaviours: str) -> AsyncIterator[Stage]:
    neighbours = {name: Neighbour(name, behaviours.get(name, "ok")) for name in SERVICES}
    async with AsyncExitStack() as stack:
        for neighbour in neighbours.values():
            await stack.enter_async_context(listening(neighbour))
        config, keys = write_config(folder, {n.name: n.url for n in neighbours.values()})
        app = create_app(config)
        stack.push_async_callback(app.close)
        transport = httpx.ASGITransport(app)
        client = httpx.AsyncClient(transport=transport, base_url="http://gateway")
        await stack.enter_async_context(client)
        yield Stage(app, config, client, neighbours, keys)


def assert_problem(response: httpx.Response, status: int, code: str | None = None) -> dict:
    """Every refusal is a whole problem document with the headers every answer carries."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["instance"] == f"urn:uuid:{response.headers['entente-request-id']}"
    assert response.headers["entente-error-origin"]
    assert_dressed(response)
    if code is not None:
        assert problem["code"] == code
        assert problem["type"] == f"urn:problem-type:entente:{code}"
    return problem


def assert_dressed(response: httpx.Response) -> None:
    assert response.headers["api-version"] == "1.0.0"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert "server" not in response.headers
    assert response.headers["cache-control"]
    assert response.headers["entente-request-id"]
