"""The door: limits, request id, route, caller, scope, reply, one log line. Pure ASGI.

The order is fixed: size of URL and headers, route (404, 405), token (401), scope (403), and only
then the body. What no route serves is 404 for everyone, with or without a token: the list of
routes is public, the records behind them are not.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import structlog
from starlette.types import Receive, Scope, Send

from gateway.auth.tokens import AccessTokens
from gateway.errors import BackendSlow, Overloaded
from gateway.exchange import Ask, ClientGone, Reply
from gateway.sending import send_stream
from gateway.table import Route, Table
from kit.auth import Caller
from kit.clock import Clock
from kit.door import API_VERSION, bearer, refuse_oversize
from kit.errors import DomainError, InvalidInput, ScopeMissing, Unauthenticated, Violation
from kit.http import Deadline
from kit.ids import uuid7
from kit.log import request_line
from kit.problems import Unexpected, render

_BUDGET_MS: Final = 5_000
_MOST_MS: Final = 30_000
_LEAST_MS: Final = 100
_DIGITS: Final = 9
_SHARES: Final = 4
_READING: Final = frozenset({"GET", "HEAD"})
_CUTS: Final = frozenset({408, 413, 414, 431})
_NEVER_SHED: Final = frozenset({"/livez", "/readyz", "/health", "/oauth/token"})
_ALWAYS: Final = (
    (b"api-version", API_VERSION.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_CSP: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_NO_STORE: Final = (b"cache-control", b"no-store")
_HSTS: Final = (b"strict-transport-security", b"max-age=31536000")
_log = structlog.get_logger()
Step = Callable[[], Awaitable[None]]


def dressed(reply: Reply, request_id: str, *, hsts: bool) -> list[tuple[bytes, bytes]]:
    """Return all headers of a reply: its own, and those that every answer carries."""
    headers = [*reply.headers, *_ALWAYS, (b"entente-request-id", request_id.encode())]
    names = {name for name, _ in reply.headers}
    if b"cache-control" not in names:
        headers.append(_NO_STORE)
    if b"content-security-policy" not in names:
        headers.append(_CSP)
    if hsts:
        headers.append(_HSTS)
    if reply.status >= 400:  # noqa: PLR2004  HTTP classes
        headers.append((b"entente-error-origin", reply.origin.encode()))
    if reply.status in _CUTS:
        headers.append((b"connection", b"close"))
    if reply.has_body and reply.stream is None:
        headers.append((b"content-length", str(len(reply.body)).encode()))
    return headers


class Front:
    """The ASGI application of the gateway."""

    def __init__(
        self,
        table: Table,
        tokens: AccessTokens,
        clock: Clock,
        *,
        close: Step,
        max_in_flight: int,
        hsts: bool,
    ) -> None:
        self.table = table
        self._tokens = tokens
        self._clock = clock
        self.close = close
        self._max_in_flight = max_in_flight
        self._hsts = hsts
        self._in_flight = 0
        self._writing: Counter[tuple[str, str] | None] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the life of the process."""
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        request_id = uuid7(self._clock.now())
        record = _Record(scope["method"], str(request_id))
        try:
            reply = await self._admitted(scope, receive, record)
        except ClientGone:
            _log.info("client_gone", request=record.request_id, route=record.route)
            return
        except DomainError as error:
            reply = Reply.problem(render(error, request_id), error.code)
        except Exception:
            _log.exception("unexpected", request=record.request_id, route=record.route)
            fault = Unexpected("the request could not be carried out")
            reply = Reply.problem(render(fault, request_id), fault.code)
        await self._send(scope, receive, send, reply, record.request_id)
        record.write(reply, self._clock.now(), started)

    async def _admitted(self, scope: Scope, receive: Receive, record: "_Record") -> Reply:
        refuse_oversize(scope)
        route, params = self.table.find(scope["method"], scope["raw_path"])
        record.route = route.path
        headers = dict(scope["headers"])
        record.caller = caller = self._caller(route, scope, headers)
        budget_ms = _budget(headers)
        deadline = Deadline.after(budget_ms / 1000)
        ask = Ask(scope, receive, record.request_id, headers, deadline, budget_ms, params, caller)
        if route.path in _NEVER_SHED:
            return await route.handler(ask)
        if self._in_flight >= self._max_in_flight:
            raise Overloaded("too many requests are being worked on", retry_after_s=1)
        self._in_flight += 1
        try:
            if scope["method"] in _READING:
                return await route.handler(ask)
            with self._share(caller):
                return await route.handler(ask)
        finally:
            self._in_flight -= 1

    @contextmanager
    def _share(self, caller: Caller | None) -> Iterator[None]:
        """Let one caller write; who sends bodies, however slowly, leaves three quarters to others.

        All who write without a token are one caller here.
        """
        writer = (caller.client, caller.subject) if caller else None
        if self._writing[writer] * _SHARES >= self._max_in_flight:
            raise Overloaded("too many writes of this caller are being worked on", retry_after_s=1)
        self._writing[writer] += 1
        try:
            yield
        finally:
            self._writing[writer] -= 1
            if not self._writing[writer]:
                del self._writing[writer]

    def _caller(self, route: Route, scope: Scope, headers: dict[bytes, bytes]) -> Caller | None:
        if not route.scopes and not (route.optional_caller and b"authorization" in headers):
            return None
        if sum(name == b"authorization" for name, _ in scope["headers"]) > 1:
            raise Unauthenticated("the request carries two tokens")
        caller = self._tokens.caller(bearer(headers), now=self._clock.now())
        missing = route.scopes - caller.scopes
        if missing:
            raise ScopeMissing(f"this operation needs the scope {' '.join(sorted(missing))}")
        return caller

    async def _send(
        self, scope: Scope, receive: Receive, send: Send, reply: Reply, request_id: str
    ) -> None:
        headers = dressed(reply, request_id, hsts=self._hsts)
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        if reply.stream is not None:
            await send_stream(reply.stream, receive, send)
            return
        body = b"" if scope["method"] == "HEAD" or not reply.has_body else reply.body
        await send({"type": "http.response.body", "body": body})


def _budget(headers: dict[bytes, bytes]) -> int:
    """Return the milliseconds allowed: 5000, or what the client asks, at most 30000."""
    given = headers.get(b"entente-timeout-ms")
    if given is None:
        return _BUDGET_MS
    if not given.isdigit() or len(given) > _DIGITS:
        violation = Violation("/header/entente-timeout-ms", "kit.int_parsing", "must be whole ms")
        raise InvalidInput("Entente-Timeout-Ms is not a number", errors=[violation])
    if int(given) < _LEAST_MS:
        raise BackendSlow("less than 100 ms are allowed for this request")
    return min(int(given), _MOST_MS)


class _Record:
    """What the log says of a request: no values, no personal data, no tokens."""

    __slots__ = ("caller", "method", "request_id", "route")

    def __init__(self, method: str, request_id: str) -> None:
        self.method = method
        self.request_id = request_id
        self.route: str | None = None
        self.caller: Caller | None = None

    def write(self, reply: Reply, at: datetime, started: float) -> None:
        """Write the line."""
        request_line(
            at,
            request=self.request_id,
            client=self.caller.client if self.caller else None,
            method=self.method,
            route=self.route,
            status=reply.status,
            code=reply.code,
            bytes=len(reply.body),
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
