"""Plain requests: routes that need only their path, body and caller are answered without detours.

FastAPI's routing and dependency solving cost as much as the read itself. A GET route whose
dependencies need nothing but the request, or have defaults, is called directly, with the same
checks, and so is a POST route that computes from its body alone; whatever is out of the ordinary
(a query, a parameter or a body that is not valid) takes the ordinary way.
"""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, Self, cast

from fastapi import FastAPI, Request, Response
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic.fields import FieldInfo
from starlette.routing import compile_path
from starlette.types import Message, Receive, Scope

from kit.errors import DomainError
from kit.route import RequiresScope, StrictRoute, bounded_body, misspelled, require_json
from kit.strict import hidden_characters, parse_json

Provide = Callable[[Request], Any]


@dataclass(frozen=True, slots=True)
class PlainRead:
    """One route that can be called directly."""

    route: APIRoute
    checks: tuple[RequiresScope, ...]
    provided: tuple[tuple[str, Provide], ...]

    @classmethod
    def of(cls, route: APIRoute) -> Self | None:
        """Return the direct way into a route, or None where it needs more than this gives."""
        dependant = route.dependant
        if not (isinstance(route, StrictRoute) and _gives_a_response(route.endpoint)):
            return None
        if _asks_more(dependant) or any(not _simple(each) for each in dependant.dependencies):
            return None
        return cls.through(route)

    @classmethod
    def through(cls, route: APIRoute) -> Self:
        """Return the way into a route whose dependencies are simple."""
        needs = route.dependant.dependencies
        checks = tuple(each.call for each in needs if isinstance(each.call, RequiresScope))
        provided = tuple((each.name, _provider(each)) for each in needs if each.name and each.call)
        return cls(route, checks, provided)

    async def answer(self, request: Request, found: dict[str, str]) -> Response | None:
        """Return the route's answer, or None where a path parameter is not valid."""
        self.check(request)
        values: dict[str, Any] = {}
        for field in self.route.dependant.path_params:
            text = found[field.alias]
            values[field.name], errors = field.validate(text, {}, loc=("path",))
            if errors or misspelled(field, text):
                return None
        return await self.call(request, values)

    def check(self, request: Request) -> None:
        """Raise ScopeMissing unless the caller may use the route."""
        for check in self.checks:
            check.check(request.state.caller)

    async def call(self, request: Request, values: dict[str, Any]) -> Response:
        """Call the route with what was read and what its dependencies give."""
        for name, provide in self.provided:
            values[name] = await provide(request)
        if self.route.dependant.request_param_name is not None:
            values[self.route.dependant.request_param_name] = request
        answered: Response = await self.route.endpoint(**values)
        return answered


@dataclass(frozen=True, slots=True)
class PlainPost:
    """A POST route that computes from one body: no key, no version, nothing is written."""

    plain: PlainRead
    body: ModelField
    most: int

    @classmethod
    def of(cls, route: APIRoute) -> Self | None:
        """Return the direct way into a route, or None where it needs more than this gives."""
        dependant = route.dependant
        fields = dependant.body_params
        if not isinstance(route, StrictRoute) or len(fields) != 1 or dependant.path_params:
            return None
        if not _gives_a_response(route.endpoint) or _asks_more(dependant, body=True):
            return None
        if any(not _simple(each) for each in dependant.dependencies):
            return None
        return cls(PlainRead.through(route), fields[0], route.body_bytes)

    async def answer(self, scope: Scope, receive: Receive) -> tuple[Response | None, Receive]:
        """Return the answer, or None and the body once more where it is not valid."""
        request = Request(scope, receive)
        self.plain.check(request)
        read = await bounded_body(request, self.most)
        again = _once_more(read, receive)
        try:
            require_json(request)
            found, errors = self.body.validate(parse_json(read), {}, loc=("body",))
        except DomainError:
            return None, again
        if errors:
            return None, again
        return await self.plain.call(request, {self.body.name: found}), again


def _once_more(body: bytes, receive: Receive) -> Receive:
    waiting = [body]

    async def received() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return received


def _gives_a_response(endpoint: Callable[..., Any]) -> bool:
    annotated = inspect.signature(endpoint).return_annotation
    return annotated is Response and inspect.iscoroutinefunction(endpoint)


def _asks_more(dependant: Dependant, *, body: bool = False) -> bool:
    return bool(
        not _may_be_silent(dependant)
        or dependant.header_params
        or dependant.cookie_params
        or (dependant.body_params and not body)
        or dependant.response_param_name
        or dependant.background_tasks_param_name
        or dependant.http_connection_param_name
    )


def _simple(dependant: Dependant) -> bool:
    call = dependant.call
    is_async = isinstance(call, RequiresScope) or inspect.iscoroutinefunction(call)
    extra = dependant.dependencies or dependant.path_params or _asks_more(dependant)
    named = dependant.name is not None or isinstance(call, RequiresScope)
    known = dependant.request_param_name in {None, "request"}
    return is_async and named and not extra and known


def _provider(dependant: Dependant) -> Provide:
    """Return how to call a dependency for a request without a query: what it has defaults for."""
    call: Any = dependant.call
    if dependant.request_param_name is not None or isinstance(call, RequiresScope):
        return call  # type: ignore[no-any-return]
    return lambda _request: call()


def _may_be_silent(dependant: Dependant) -> bool:
    """Say whether each query parameter has a default of the function itself."""
    if not dependant.query_params:
        return True
    given = inspect.signature(cast("Callable[..., Any]", dependant.call)).parameters
    defaults = [given[field.name].default for field in dependant.query_params]
    return not any(each is Parameter.empty or isinstance(each, FieldInfo) for each in defaults)


class PlainReads:
    """The GET routes of an application in their order, to find the one a path belongs to."""

    def __init__(self, app: FastAPI) -> None:
        self._routes = list(_reading(app))
        self._posts = dict(_posting(app))

    def post(self, scope: Scope) -> PlainPost | None:
        """Return the way into a POST route that computes from its body alone, if it is one."""
        if scope["method"] != "POST" or scope["query_string"]:
            return None
        return self._posts.get(scope["path"])

    def find(self, scope: Scope) -> tuple[PlainRead, dict[str, str]] | None:
        """Return the plain read this request asks for, with its path parameters."""
        path: str = scope["path"]
        if scope["method"] != "GET" or scope["query_string"] or hidden_characters(path):
            return None
        for pattern, read in self._routes:
            found = pattern.match(path)
            if found is not None:
                return None if read is None else (read, found.groupdict())
        return None


def _reading(app: FastAPI) -> Iterable[tuple[re.Pattern[str], PlainRead | None]]:
    for route in app.routes:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            yield compile_path(route.path)[0], PlainRead.of(route)


def _posting(app: FastAPI) -> Iterable[tuple[str, PlainPost]]:
    for route in app.routes:
        if isinstance(route, APIRoute) and "POST" in (route.methods or ()):
            way = PlainPost.of(route)
            if way is not None:
                yield route.path, way
