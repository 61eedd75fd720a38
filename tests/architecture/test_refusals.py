"""A route declares every refusal that the code behind it can give."""

import importlib
import sys

import pytest
from fastapi import APIRouter, Response
from fastapi.routing import APIRoute

from kit.errors import DomainError, Kind
from kit.problems import problems

from .refusals import Reach, undeclared
from .source import SERVICES, application

_PER_ITEM = "told of the item in the report"
UNREACHABLE = {
    "POST /v1/nominations:batch": dict.fromkeys(
        (
            "training.item_conflict",
            "training.no_such_event",
            "training.nomination_exists",
            "training.nominations_closed",
            "training.overlap",
            "training.participation_scope",
            "training.participation_suspended",
            "training.programme_not_running",
            "training.unknown_programme",
        ),
        _PER_ITEM,
    ),
    "POST /v1/attendance/{presence_id}/corrections": {
        "training.nomination_step_not_allowed": "presence is on record of seats that are final",
    },
    "POST /v1/events/{event_id}/attendance": {
        "training.nomination_step_not_allowed": "only seats that are final are judged present",
    },
    "PUT /v1/events/{event_id}/sessions/{number}": {
        "training.not_nominated": "presence is on record of seats that are final",
        "training.nomination_step_not_allowed": "presence is on record of seats that are final",
    },
    "GET /v1/subscribed-calendars/{token}/calendar.ics": dict.fromkeys(
        (
            "training.event_without_days",
            "training.no_such_event",
            "training.no_such_programme",
        ),
        "an address that shows nothing is as if it never was",
    ),
    "PATCH /v1/events/{event_id}": {
        "training.already_decided": "added seats go to those who wait, and may be accepted",
        "training.not_endorsed": "added seats go to those who wait, and were endorsed",
        "training.nomination_step_not_allowed": "added seats go to those who wait",
        "training.event_full": "an added seat is given only where it fits",
        "training.quota_full": "an added seat is given only where it fits",
        "training.quotas_invalid": "told as less capacity than is set aside",
        "training.session_outside_event": "a session that is outside loses its times",
        "training.session_invalid": "a session loses its times or nothing",
    },
    "POST /v1/events/{event_id}/transitions": {
        "training.nomination_step_not_allowed": "only active nominations lose their event",
        "training.mandatory_minutes_unknown": "an event without minutes is not concluded",
        "training.not_nominated": "only confirmed nominations are concluded",
        "training.session_outside_event": "a session that is outside loses its times",
    },
    "POST /v1/nominations/{nomination_id}/acceptance": {
        "training.event_full": "a full event puts the nomination on the waiting list",
        "training.quota_full": "an exhausted quota puts the nomination on the waiting list",
    },
    "POST /v1/nominations/{nomination_id}/attendance": {
        "training.nomination_step_not_allowed": "attendance is refused before, as not confirmed",
    },
    "POST /v1/nominations/{nomination_id}/withdrawal": {
        "training.already_decided": "the seat passes to one who waits, and may be accepted",
        "training.not_endorsed": "the seat passes to one who waits, and was endorsed",
        "training.event_full": "the seat that becomes free is passed on only where it fits",
        "training.quota_full": "the seat that becomes free is passed on only where it fits",
    },
    "POST /v1/nominations/{nomination_id}/rejection": {
        "training.already_decided": "the seat passes to one who waits, and may be accepted",
        "training.event_full": "the seat that becomes free is passed on only where it fits",
        "training.quota_full": "the seat that becomes free is passed on only where it fits",
    },
    "PUT /v1/events/{event_id}/quotas": {
        "training.already_decided": "seats set aside go to those who wait, and may be accepted",
        "training.not_endorsed": "seats set aside go to those who wait, and were endorsed",
        "training.nomination_step_not_allowed": "seats set aside go to those who wait",
        "training.event_full": "a seat set aside is given only where it fits",
        "training.quota_full": "a seat set aside is given only where it fits",
    },
    "POST /v1/exchange-rates/{publisher}:import": {
        "programmes.rate_invalid": "what is no rate makes the file invalid, and is told so",
    },
    "POST /v1/trips": {
        "participants.trip_cannot_move": "a trip that was just opened may take any first step",
    },
}
"""Refusals that the code looks able to give and, for the reason named, cannot."""


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


def _named(route: APIRoute) -> str:
    return f"{'/'.join(sorted(route.methods))} {route.path}"


@pytest.mark.parametrize("name", SERVICES)
def test_routes_of_a_service_when_followed_declare_what_they_refuse(name):
    reach = Reach(importlib.import_module(name))
    routes = [route for route in application(name).routes if isinstance(route, APIRoute)]
    found = {_named(route): set(undeclared(route, reach, _universal)) for route in routes}
    missing = {name: codes - set(UNREACHABLE.get(name, {})) for name, codes in found.items()}
    assert {name: codes for name, codes in missing.items() if codes} == {}
