"""Every route needs a scope or is listed as public, and refuses what it did not declare."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from gateway.config import Config
from gateway.main import create_app
from kit.auth import Caller
from kit.route import StrictRoute, requires, scope_of
from kit.web import PUBLIC, service_app
from local import keys

from .source import SERVICES, application

Reader = Annotated[Caller, requires("training:read")]


def _app(routers: Sequence[APIRouter]) -> FastAPI:
    return service_app(name="training", description="", routers=routers, opening=None)


def _routes(app: FastAPI) -> Iterator[APIRoute]:
    return (route for route in app.routes if isinstance(route, APIRoute))


OPEN_AT_THE_GATEWAY = {
    "/", "/livez", "/readyz", "/health", "/oauth/token", "/.well-known/jwks.json",
    "/api/v1/openapi.json", "/docs", "/docs/start.js", "/docs/{name}", "/redoc", "/problems",
    "/problems/{code}", "/api/v1/certificate-verifications/{code}",
    "/api/v1/evaluation-forms", "/api/v1/evaluation-answers",
    "/api/v1/subscribed-calendars/{token}/calendar.ics",
}  # fmt: skip


def open_routes(app: FastAPI) -> list[str]:
    """Routes that anybody may call though they are not listed as public."""
    return [
        f"{sorted(route.methods)} {route.path}"
        for route in _routes(app)
        if route.path not in PUBLIC and scope_of(route) is None
    ]


def lax_routes(app: FastAPI) -> list[str]:
    """Routes that would ignore an unknown parameter or a repeated key."""
    return [
        route.path
        for route in _routes(app)
        if route.path not in PUBLIC and not isinstance(route, StrictRoute)
    ]


def threaded_calls(app: FastAPI) -> list[str]:
    """Handlers and dependencies that are not async: each would hop to a thread per request."""
    return [
        f"{route.path}: {call!r}"
        for route in _routes(app)
        for call in _called(route.dependant)
        if not inspect.iscoroutinefunction(call)
        and not inspect.iscoroutinefunction(type(call).__call__)
    ]


def _called(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call is not None:
        yield dependant.call
    for child in dependant.dependencies:
        yield from _called(child)


def test_route_when_it_needs_no_caller_is_found():
    router = APIRouter()

    @router.get("/open")
    async def nobody() -> Response: ...

    @router.get("/closed")
    async def somebody(caller: Reader) -> Response: ...

    @router.get("/threaded")
    def thread(caller: Reader) -> Response: ...

    assert open_routes(_app([router])) == ["['GET'] /open"]
    assert lax_routes(_app([router])) == ["/open", "/closed", "/threaded"]
    assert len(threaded_calls(_app([router]))) == 1


@pytest.mark.parametrize("name", SERVICES)
def test_routes_of_a_service_when_walked_all_need_a_scope(name):
    app = application(name)
    assert len(list(_routes(app))) > len(PUBLIC)
    assert open_routes(app) == []


@pytest.mark.parametrize("name", SERVICES)
def test_routes_of_a_service_when_walked_are_all_strict(name):
    assert lax_routes(application(name)) == []


@pytest.mark.parametrize("name", SERVICES)
def test_routes_of_a_service_when_walked_stay_on_the_event_loop(name):
    assert threaded_calls(application(name)) == []


def test_routes_of_the_gateway_when_walked_all_need_a_scope_or_are_listed(tmp_path):
    keys.make(tmp_path)
    config = Config(
        key_file=tmp_path / "gateway.json",
        callers_file=tmp_path / "callers.json",
        access_key_file=tmp_path / "issuer.json",
    )
    routes = create_app(config).table.routes
    assert {route.path for route in routes if route.scopes}
    assert {route.path for route in routes if not route.scopes} <= OPEN_AT_THE_GATEWAY
    assert not [route.path for route in routes if "/internal" in route.path]
