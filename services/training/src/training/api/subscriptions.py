"""Routes of calendar subscriptions: secret addresses for programs that cannot send a token."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import StringConstraints

from kit.problems import problems
from kit.reply import Listing, answer
from kit.route import StrictRoute
from kit.wire import CLEAN, Answer, Instant, Request
from training.commands import subscriptions as commands
from training.commands.subscriptions import Subscribed
from training.context import Cursor, Limit, PublicUrl, Reader, UnitDep
from training.domain import subscription
from training.domain.errors import NoSuchEvent, UnknownProgramme
from training.domain.errors_calendar import (
    NoSuchSubscription,
    SubscriptionInvalid,
    TooManySubscriptions,
)
from training.domain.subscription import CalendarOf
from training.queries import subscriptions as queries

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["calendars"])
Key = Annotated[
    str,
    StringConstraints(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$"),
    CLEAN,
]


class NewSubscription(Request):
    """Which calendar: of a programme or an organisation by its code, or of an event by its id."""

    calendar: CalendarOf
    key: Key


class Subscription(Answer):
    """A calendar that is read by a secret address until it expires or is revoked."""

    id: UUID
    calendar: CalendarOf
    key: str
    made_at: Instant
    expires_at: Instant
    revoked_at: Instant | None

    @classmethod
    def of(cls, found: subscription.Subscription) -> Self:
        """Return the wire form."""
        return cls(**_shown(found))


class NewAddress(Subscription):
    """A new subscription. `address` is shown this once: whoever has it reads the calendar."""

    address: str

    @classmethod
    def at(cls, made: Subscribed, public_url: str) -> Self:
        """Return the wire form."""
        address = f"{public_url}/api/v1/subscribed-calendars/{made.token}/calendar.ics"
        return cls(**_shown(made.subscription), address=address)


def _shown(found: subscription.Subscription) -> dict[str, UUID | str | datetime | None]:
    names = ("id", "calendar", "key", "made_at", "expires_at", "revoked_at")
    return {name: getattr(found, name) for name in names}


@router.post(
    "/calendar-subscriptions",
    status_code=201,
    response_model=NewAddress,
    operation_id="subscribe_to_calendar",
    responses=problems(NoSuchEvent, UnknownProgramme, SubscriptionInvalid, TooManySubscriptions),
)
async def subscribe(
    body: NewSubscription, caller: Reader, unit: UnitDep, public_url: PublicUrl
) -> Response:
    """Make a secret address for a calendar, for a program that cannot send a token.

    It shows what you may see, for a year. It is not kept, so a request without an answer is
    simply made again.
    """
    made = await commands.subscribe(unit, body.calendar, body.key, by=caller)
    found = answer(NewAddress.at(made, public_url), status=201)
    found.headers["cache-control"] = "no-store"
    return found


@router.get(
    "/calendar-subscriptions",
    response_model=Listing[Subscription],
    operation_id="calendar_subscriptions",
)
async def calendar_subscriptions(
    caller: Reader, unit: UnitDep, limit: Limit = 50, after: Cursor = None
) -> Response:
    """List your own calendar subscriptions, those that ended included; without their addresses."""
    found = await queries.own(unit, limit=limit, after=after, by=caller)
    return answer(Listing(items=[Subscription.of(each) for each in found.items], next=found.next))


@router.post(
    "/calendar-subscriptions/{subscription_id}/revocation",
    response_model=Subscription,
    operation_id="revoke_calendar_subscription",
    responses=problems(NoSuchSubscription),
)
async def revoke(subscription_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Revoke an address of your own for good: it leads nowhere from now on."""
    return answer(Subscription.of(await commands.revoke(unit, subscription_id, by=caller)))
