"""Routes of calendars: per event, per programme, per organisation."""

from hashlib import sha256
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from kit.auth import Caller
from kit.problems import problems
from kit.route import StrictRoute, requires
from training.api.calendar_text import calendar_text
from training.context import Reader, UnitDep
from training.domain.calendar import CalendarFeed
from training.domain.errors import NoSuchEvent
from training.domain.errors_calendar import NoSuchCalendar
from training.domain.errors_evidence import EventWithoutDays, NoSuchProgramme
from training.queries import calendars as queries
from training.queries import subscriptions

Anybody = Annotated[Caller, requires("calendars:subscribed")]
CodeOf = Annotated[str, Path(pattern="^[A-Z0-9][A-Z0-9_-]{0,39}$")]
_FORM: Final = "1"
"""Part of every ETag; raised when the same feed is written in another way."""


class CalendarResponse(Response):
    """An iCalendar document."""

    media_type = "text/calendar"


router = APIRouter(
    prefix="/v1",
    route_class=StrictRoute,
    tags=["calendars"],
    default_response_class=CalendarResponse,
)


@router.get(
    "/events/{event_id}/calendar.ics",
    operation_id="event_calendar",
    responses=problems(NoSuchEvent, EventWithoutDays),
)
async def event_calendar(
    event_id: UUID, request: Request, caller: Reader, unit: UnitDep
) -> Response:
    """Read one event as a calendar file (iCalendar)."""
    return _unless_known(request, await queries.of_event(unit, event_id, by=caller))


@router.get(
    "/programmes/{code}/calendar.ics",
    operation_id="programme_calendar",
    responses=problems(NoSuchProgramme),
)
async def programme_calendar(
    code: CodeOf, request: Request, caller: Reader, unit: UnitDep
) -> Response:
    """Follow the events of a programme as a calendar (iCalendar), the latest 2000."""
    return _unless_known(request, await queries.of_programme(unit, code, by=caller))


@router.get("/organisations/{code}/calendar.ics", operation_id="organisation_calendar")
async def organisation_calendar(
    code: CodeOf, request: Request, caller: Reader, unit: UnitDep
) -> Response:
    """Follow what an organisation hosts or nominates for as a calendar (iCalendar)."""
    return _unless_known(request, await queries.of_organisation(unit, code, by=caller))


@router.get(
    "/subscribed-calendars/{token}/calendar.ics",
    operation_id="subscribed_calendar",
    responses=problems(NoSuchCalendar),
)
async def subscribed_calendar(
    token: Annotated[str, Path(max_length=100, description="The secret of a subscription.")],
    request: Request,
    _caller: Anybody,
    unit: UnitDep,
) -> Response:
    """Follow a calendar by its secret address (iCalendar). Needs no token."""
    return _unless_known(request, await subscriptions.feed_of(unit, token))


def _unless_known(request: Request, feed: CalendarFeed) -> Response:
    """Return the calendar, or 304 without writing it where the caller has it already."""
    headers = {"etag": _tag(feed), "cache-control": "private, no-cache"}
    known = request.headers.get("if-none-match", "")
    if headers["etag"] in {part.strip() for part in known.split(",")}:
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = 'inline; filename="entente.ics"'
    return CalendarResponse(calendar_text(feed), 200, headers)


def _tag(feed: CalendarFeed) -> str:
    shown = [(each.event.id, each.event.version, each.changed_at) for each in feed.entries]
    return f'"{sha256(repr((_FORM, feed.name, shown)).encode()).hexdigest()[:32]}"'
