"""Service defaults: what every HTTP service does alike, so that no handler has to."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from kit.auth import TokenVerifier
from kit.clock import Clock
from kit.door import API_VERSION, bearer, is_known, refuse_oversize
from kit.errors import DomainError, InvalidInput, TimedOut
from kit.health import Health
from kit.ids import uuid7
from kit.log import request_line
from kit.openapi import describe
from kit.plain import PlainPost, PlainReads
from kit.problems import MethodNotAllowed, NoSuchPath, Unexpected, render
from kit.strict import MAX_VIOLATIONS, violations_of

PUBLIC: Final = frozenset({"/livez", "/readyz", "/openapi.json"})
_PROBES: Final = frozenset({"/livez", "/readyz"})
_HOP_MS: Final = 20
_MIN_MS: Final = 100
_DEFAULT_MS: Final = 30_000
_UUID: Final = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OK: Final = 200
_NOT_MODIFIED: Final = 304
_METHOD_NOT_ALLOWED: Final = 405
_log = structlog.get_logger()


@dataclass
class Process:
    """The objects a web process lives with; `unit` belongs to services with a database."""

    clock: Clock
    verifier: TokenVerifier
    health: Health = field(default_factory=Health)
    unit: Any = None
    config: Any = None
    on_drain: list[Callable[[], None]] = field(default_factory=list)

    def drain(self) -> None:
        """Begin to stop: report not ready, and answer at once whoever only waits."""
        self.health.draining = True
        for release in self.on_drain:
            release()


Opening = Callable[[FastAPI], AbstractAsyncContextManager[Process]]


def service_app(
    *, name: str, routers: Sequence[APIRouter], opening: Opening, description: str = ""
) -> FastAPI:
    """Return a service's application. `opening` makes its process objects and closes them.

    Tests that need no lifespan set `app.state.process` themselves.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opening(app) as process:
            app.state.process = process
            yield

    app = ServiceApp(
        title=f"Entente {name}",
        version=API_VERSION,
        description=description,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_url="/openapi.json",
    )
    for router in (*routers, _health_router()):
        app.router.routes.extend(router.routes)  # complete as they are; included, each is made anew
    install_problems(app)
    describe(app, package=name)
    app.guard()
    return app


class ServiceApp(FastAPI):
    """A FastAPI application whose door stands before everything else it would do."""

    def guard(self) -> None:
        """Put the door in place; every route is known by now."""
        self._front = Front(super().__call__, self)

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._front(scope, receive, send)


class Front:
    """The door of a service: limits, request id, caller, deadline, one log line per request."""

    def __init__(self, inner: ASGIApp, owner: FastAPI) -> None:
        self._inner = inner
        self._state = owner.state
        self._reads = PlainReads(owner)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it with a problem."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        started = time.perf_counter()
        process: Process = self._state.process
        headers = dict(scope["headers"])
        request_id = _request_id(headers, process.clock)
        reading = scope["method"] == "GET"
        outgoing = _Outgoing(send, request_id, headers.get(b"if-none-match") if reading else None)
        scope.setdefault("state", {}).update(request_id=request_id, process=process)
        try:
            await self._admitted(scope, headers, receive, outgoing)
        except DomainError as error:
            await outgoing.refuse(error)
        except Exception:
            _log.exception("unexpected", request=str(request_id), method=scope["method"])
            if not outgoing.status:
                await outgoing.refuse(Unexpected("the request could not be carried out"))
        _log_request(scope, outgoing, request_id, started)

    async def _admitted(
        self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, send: "_Outgoing"
    ) -> None:
        refuse_oversize(scope)
        if scope["path"] not in PUBLIC:
            process: Process = scope["state"]["process"]
            token = bearer(headers)
            scope["state"]["caller"] = process.verifier.verify(token, now=process.clock.now())
        try:
            async with asyncio.timeout(_seconds_left(headers)) as deadline:
                scope["state"]["deadline"] = deadline
                again = await self._plainly(scope, receive, send)
                if again is not None:
                    await self._inner(scope, again, send)
        except TimeoutError:
            raise TimedOut("the time the caller allowed is over") from None

    async def _plainly(self, scope: Scope, receive: Receive, send: Send) -> Receive | None:
        """Answer without detours and return None, or return what the ordinary way receives."""
        post = self._reads.post(scope)
        if post is not None:
            return await self._posted(post, scope, receive, send)
        found = self._reads.find(scope)
        if found is None or scope["path"] in PUBLIC:
            return receive
        read, parameters = found
        answered = await read.answer(Request(scope, receive), parameters)
        if answered is None:
            return receive
        scope["route"] = read.route
        await answered(scope, receive, send)
        return None

    async def _posted(
        self, post: PlainPost, scope: Scope, receive: Receive, send: Send
    ) -> Receive | None:
        scope["route"] = post.plain.route
        answered, again = await post.answer(scope, receive)
        if answered is None:
            return again
        await answered(scope, receive, send)
        return None


class _Outgoing:
    """Adds the headers every answer carries and remembers how it went."""

    def __init__(self, send: Send, request_id: UUID, known: bytes | None) -> None:
        self._send = send
        self._known = known
        self._own = [
            (b"entente-request-id", str(request_id).encode()),
            (b"api-version", API_VERSION.encode()),
            (b"x-content-type-options", b"nosniff"),
        ]
        self._request_id = request_id
        self.status = 0
        self.code = ""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self._known is not None and _is_known(message, self._known):
                message = _unchanged(message)
            self.status = message["status"]
            names = {name for name, _ in message["headers"]}
            extra = [] if b"cache-control" in names else [(b"cache-control", b"no-store")]
            message["headers"] = [*message["headers"], *self._own, *extra]
        elif self.status == _NOT_MODIFIED:
            message["body"] = b""
        await self._send(message)

    async def refuse(self, error: DomainError) -> None:
        """Send a problem, unless the answer has begun: then the connection is cut by the error."""
        if self.status:
            raise error
        self.code = error.code
        problem = render(error, self._request_id)
        found = [(name.encode(), value.encode()) for name, value in problem.headers.items()]
        found.append((b"content-length", str(len(problem.body)).encode()))
        await self({"type": "http.response.start", "status": problem.status, "headers": found})
        await self({"type": "http.response.body", "body": problem.body})


def _is_known(message: Message, given: bytes) -> bool:
    tag = dict(message["headers"]).get(b"etag")
    return (
        message["status"] == _OK
        and tag is not None
        and is_known(tag.decode(), given.decode("latin-1"))
    )


def _unchanged(message: Message) -> Message:
    """Return the start of a 304 instead of that of the answer the caller has already."""
    kept = [each for each in message["headers"] if not each[0].startswith(b"content-")]
    return {**message, "status": _NOT_MODIFIED, "headers": kept}


def _request_id(headers: dict[bytes, bytes], clock: Clock) -> UUID:
    given = headers.get(b"entente-request-id", b"")
    return UUID(given.decode()) if _UUID.fullmatch(given) else uuid7(clock.now())


def _seconds_left(headers: dict[bytes, bytes]) -> float:
    given = headers.get(b"entente-timeout-ms", b"")
    allowed = int(given) if given.isdigit() and len(given) < 7 else _DEFAULT_MS  # noqa: PLR2004
    if allowed < _MIN_MS:
        raise TimedOut("less than 100 ms are left for this request")
    return (allowed - _HOP_MS) / 1000


def _log_request(scope: Scope, outgoing: _Outgoing, request_id: UUID, started: float) -> None:
    if scope["path"] in _PROBES and outgoing.status == _OK:
        return  # they come every few seconds and say nothing
    caller = scope["state"].get("caller")
    route = scope.get("route")
    request_line(
        scope["state"]["process"].clock.now(),
        request=str(request_id),
        client=caller.client if caller else None,
        method=scope["method"],
        route=getattr(route, "path", None),
        status=outgoing.status,
        code=outgoing.code or scope["state"].get("code"),
        ms=round((time.perf_counter() - started) * 1000, 1),
    )


def install_problems(app: FastAPI) -> None:
    """Answer every refusal inside the application with a problem document."""

    async def refused(request: Request, error: Exception) -> Response:
        request_id: UUID = request.scope["state"]["request_id"]
        known = _known(error)
        request.scope["state"]["code"] = known.code
        problem = render(known, request_id)
        return Response(problem.body, problem.status, problem.headers)

    app.add_exception_handler(DomainError, refused)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, refused)


def _known(error: Exception) -> DomainError:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, RequestValidationError):
        return of_validation(error)
    if not isinstance(error, HTTPException):
        return Unexpected("the request could not be carried out")
    if error.status_code == _METHOD_NOT_ALLOWED:
        allow = (error.headers or {}).get("Allow", "")
        return MethodNotAllowed(f"this path takes {allow}", allow=allow)
    return NoSuchPath("nothing is served at this path")


def of_validation(error: RequestValidationError) -> InvalidInput:
    """Turn what the models found into one refusal that lists every violation, never a value."""
    found = list(violations_of(error.errors()[:MAX_VIOLATIONS]))
    return InvalidInput(f"{len(found)} thing(s) in the request are not valid", errors=found)


def _health_router() -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/livez", operation_id="livez")
    async def livez() -> Response:
        """Answer as long as the process can answer anything."""
        return Response(b'{"status":"UP"}', media_type="application/json")

    @router.get("/readyz", operation_id="readyz")
    async def readyz(request: Request) -> Response:
        """Answer 200 when everything this process needs answers too, else 503."""
        process: Process = request.state.process
        ready, shown = await process.health.ready()
        body = json.dumps(shown).encode()
        return Response(body, 200 if ready else 503, media_type="application/json")

    return router
