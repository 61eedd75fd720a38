"""A route declares every refusal that the code behind it can give."""

import importlib
import sys

import pytest
from fastapi import APIRouter, Response
from fastapi.routing import APIRoute, iter_route_contexts

from kit.errors import DomainError, Kind
from kit.problems import problems
from kit.service import Service

from .refusals import Reach, undeclared
from .source import SERVICES


class Full(DomainError):
    kind = Kind.CONFLICT
    code = "training.full"
    title = "Full"
    advice = "Wait."


class Closed(Full):
    code = "training.closed"


class Event:
    def take_seat(self) -> None:
        raise Full("no seat is left")


def _closed() -> DomainError:
    return Closed("too late")


async def _confirm(event: Event) -> None:
    event.take_seat()
    raise _closed()


def _universal(code: str) -> bool:
    """Codes of the kit can come from anywhere, and kit.openapi adds them to every route."""
    return code.startswith("kit.")


def _route(*errors: type[DomainError]) -> APIRoute:
    router = APIRouter()

    @router.post("/confirmation", responses=problems(*errors))
    async def confirm() -> Response:
        await _confirm(Event())
        return Response()

    route = router.routes[0]
    assert isinstance(route, APIRoute)
    return route


@pytest.mark.parametrize(
    ("errors", "missing"),
    [
        ((), ["training.closed", "training.full"]),
        ((Full,), ["training.closed"]),
        ((Full, Closed), []),
    ],
)
def test_refusal_when_the_route_does_not_declare_it_is_found(errors, missing):
    reach = Reach(sys.modules[__name__])
    assert undeclared(_route(*errors), reach, _universal) == missing


@pytest.mark.parametrize("name", SERVICES)
def test_routes_of_a_service_when_followed_declare_what_they_refuse(name):
    main = importlib.import_module(f"{name}.main")
    service = next(thing for thing in vars(main).values() if isinstance(thing, Service))
    reach = Reach(importlib.import_module(name))
    contexts = iter_route_contexts(service.app().routes)
    routes = [c.original_route for c in contexts if isinstance(c.original_route, APIRoute)]
    found = {route.path: undeclared(route, reach, _universal) for route in routes}
    assert {path: codes for path, codes in found.items() if codes} == {}
