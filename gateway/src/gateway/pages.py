"""Pages for people: documentation without the internet, what a problem code means, an index.

Everything a page loads comes from this host; no page holds a script or style of its own.
"""

import asyncio
import html
import json
from collections.abc import Iterable
from functools import cached_property
from hashlib import blake2b
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from gateway.errors import NoSuchProblem
from gateway.exchange import Ask, Headers, Reply
from gateway.table import Route
from kit.door import is_known
from kit.problems import NoSuchPath

_CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'{}; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; worker-src blob:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# Swagger UI and ReDoc create style elements while they run; scripts stay closed.
_STYLED_BY_SCRIPT: Final = " 'unsafe-inline'"
_PLAIN: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_ASSETS: Final = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
    "redoc.standalone.js": "text/javascript; charset=utf-8",
    "favicon.png": "image/png",
}
_DOCUMENT: Final = "/api/v1/openapi.json"
_START: Final = (
    "addEventListener('DOMContentLoaded', () => SwaggerUIBundle({url: '/api/v1/openapi.json', "
    "dom_id: '#page', deepLinking: true, validatorUrl: null, docExpansion: 'none', "
    "presets: [SwaggerUIBundle.presets.apis]}));\n"
)
_HEAD: Final = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{}</title>'
    '<meta name="viewport" content="width=device-width"><link rel="icon" href="/docs/favicon.png">'
)
_DOCS: Final = (
    _HEAD.format("Entente API") + '<link rel="stylesheet" href="/docs/swagger-ui.css">'
    '<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>'
    '</head><body><div id="page"></div></body></html>'
)
_REDOC: Final = (
    _HEAD.format("Entente API") + "</head><body>"
    f'<redoc spec-url="{_DOCUMENT}"></redoc>'
    '<script src="/docs/redoc.standalone.js"></script></body></html>'
)
_INDEX: Final = {
    "name": "Entente",
    "docs": "/docs",
    "reference": "/redoc",
    "openapi": _DOCUMENT,
    "health": "/health",
    "problems": "/problems",
}


def document_bytes() -> bytes:
    """Return the public OpenAPI document as it was built and committed."""
    return (files("gateway") / "openapi.json").read_bytes()


class Pages:
    """Answers everything meant for people, and the OpenAPI document."""

    def __init__(self, document: bytes) -> None:
        self._document = document
        self._tag = f'"{blake2b(document, digest_size=12).hexdigest()}"'.encode()
        self._static = _static_folder()

    @cached_property
    def _problems(self) -> dict[str, Any]:
        """Every problem code with its words; read when somebody asks for the first time."""
        found: dict[str, Any] = json.loads(self._document).get("x-problems", {})
        return found

    def routes(self) -> Iterable[Route]:
        """Return the routes of all pages; anyone may read them."""
        yield Route("GET", "/", self.index)
        yield Route("GET", _DOCUMENT, self.openapi)
        yield Route("GET", "/docs", self.docs)
        yield Route("GET", "/docs/start.js", self.start)
        yield Route("GET", "/docs/{name}", self.asset)
        yield Route("GET", "/redoc", self.redoc)
        yield Route("GET", "/problems", self.problems)
        yield Route("GET", "/problems/{code}", self.problem)

    async def index(self, ask: Ask) -> Reply:
        """Say where everything is."""
        if not _wants_html(ask):
            return Reply.json(json.dumps(_INDEX).encode())
        links = "".join(
            f'<li><a href="{where}">{what}</a></li>'
            for what, where in _INDEX.items()
            if where.startswith("/")
        )
        return _page("Entente", f"<h1>Entente</h1><ul>{links}</ul>")

    async def openapi(self, ask: Ask) -> Reply:
        """Give the public OpenAPI document."""
        headers = [(b"etag", self._tag), (b"cache-control", b"public, no-cache")]
        if is_known(self._tag.decode(), ask.header(b"if-none-match")):
            return Reply(304, headers=headers)
        return Reply.json(self._document, headers=headers)

    async def docs(self, ask: Ask) -> Reply:
        """Show the document with Swagger UI."""
        ask.query(())
        return _html(_DOCS, _CSP.format(_STYLED_BY_SCRIPT))

    async def redoc(self, ask: Ask) -> Reply:
        """Show the document with ReDoc."""
        ask.query(())
        return _html(_REDOC, _CSP.format(_STYLED_BY_SCRIPT))

    async def start(self, ask: Ask) -> Reply:
        """Give the line that starts Swagger UI."""
        ask.query(())
        return Reply(200, _START.encode(), _cached("text/javascript; charset=utf-8"))

    async def asset(self, ask: Ask) -> Reply:
        """Give a file of the documentation pages."""
        name = ask.params[0]
        if name not in _ASSETS:
            raise NoSuchPath("nothing is served at this path")
        body = await asyncio.to_thread((self._static / name).read_bytes)
        return Reply(200, body, _cached(_ASSETS[name]))

    async def problems(self, ask: Ask) -> Reply:
        """List every problem code."""
        if not _wants_html(ask):
            return Reply.json(json.dumps(self._problems).encode())
        items = "".join(
            f'<li><a href="/problems/{code}">{code}</a> {html.escape(problem["title"])}</li>'
            for code, problem in self._problems.items()
        )
        return _page("Problems", f"<h1>Problems</h1><ul>{items}</ul>")

    async def problem(self, ask: Ask) -> Reply:
        """Explain one problem code."""
        code = ask.params[0]
        problem = self._problems.get(code)
        if problem is None:
            raise NoSuchProblem("no problem has this code")
        if not _wants_html(ask):
            return Reply.json(json.dumps({"code": code, **problem}).encode())
        text = {key: html.escape(str(value)) for key, value in problem.items()}
        return _page(
            code,
            f"<h1>{text['title']}</h1><p><code>{html.escape(code)}</code>, HTTP {text['status']}"
            f"</p><p>{text['meaning']}</p><p>{text['advice']}</p>"
            '<p><a href="/problems">All problems</a></p>',
        )


def _static_folder() -> Path:
    """Find the documentation files inside fastapi_offline, without importing it."""
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package fastapi-offline is not installed")
    return Path(spec.origin).parent / "static"


def _wants_html(ask: Ask) -> bool:
    ask.query(())
    return "text/html" in ask.header(b"accept")


def _page(title: str, body: str) -> Reply:
    head = _HEAD.format(html.escape(title))
    return _html(f"{head}</head><body>{body}</body></html>", f"{_PLAIN}; img-src 'self'")


def _html(text: str, policy: str) -> Reply:
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-security-policy", policy.encode()),
        (b"vary", b"accept"),
    ]
    return Reply(200, text.encode(), headers)


def _cached(kind: str) -> Headers:
    return [(b"content-type", kind.encode()), (b"cache-control", b"public, max-age=3600")]
