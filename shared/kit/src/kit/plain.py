"""Plain reads: routes that need only their path and their caller are answered without detours.

FastAPI's routing and dependency solving cost as much as the read itself. A GET route whose
dependencies need nothing but the request is called directly, with the same checks; whatever is
out of the ordinary (a query, a parameter that is not valid) takes the ordinary way.
"""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

from fastapi import FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import compile_path
from starlette.types import Scope

from kit.route import RequiresScope, StrictRoute
from kit.strict import hidden_characters

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
        calls = [(each.name, each.call) for each in dependant.dependencies]
        checks = tuple(call for _, call in calls if isinstance(call, RequiresScope))
        provided = tuple((name, call) for name, call in calls if name and call)
        return cls(route, checks, provided)

    async def answer(self, request: Request, found: dict[str, str]) -> Response | None:
        """Return the route's answer, or None where a path parameter is not valid."""
        for check in self.checks:
            check.check(request.state.caller)
        values: dict[str, Any] = {}
        for field in self.route.dependant.path_params:
            values[field.name], errors = field.validate(found[field.alias], {}, loc=("path",))
            if errors:
                return None
        for name, provide in self.provided:
            values[name] = await provide(request)
        if self.route.dependant.request_param_name is not None:
            values[self.route.dependant.request_param_name] = request
        answered: Response = await self.route.endpoint(**values)
        return answered


def _gives_a_response(endpoint: Callable[..., Any]) -> bool:
    annotated = inspect.signature(endpoint).return_annotation
    return annotated is Response and inspect.iscoroutinefunction(endpoint)


def _asks_more(dependant: Dependant) -> bool:
    return bool(
        dependant.query_params
        or dependant.header_params
        or dependant.cookie_params
        or dependant.body_params
        or dependant.response_param_name
        or dependant.background_tasks_param_name
        or dependant.http_connection_param_name
    )


def _simple(dependant: Dependant) -> bool:
    call = dependant.call
    is_async = isinstance(call, RequiresScope) or inspect.iscoroutinefunction(call)
    extra = dependant.dependencies or dependant.path_params or _asks_more(dependant)
    named = dependant.name is not None or isinstance(call, RequiresScope)
    return is_async and named and not extra and dependant.request_param_name == "request"


class PlainReads:
    """The GET routes of an application in their order, to find the one a path belongs to."""

    def __init__(self, app: FastAPI) -> None:
        self._routes = list(_reading(app))

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
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            yield compile_path(str(context.path))[0], PlainRead.of(route)
