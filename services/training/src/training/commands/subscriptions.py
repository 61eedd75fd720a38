"""Subscribing to calendars by secret address, and giving addresses up."""

import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contracts.training.facts import CalendarSubscriptionChanged
from kit.auth import STAFF, Caller
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from training.domain.errors_calendar import SubscriptionInvalid
from training.domain.subscription import (
    LIFETIME,
    CalendarOf,
    Subscription,
    hash_of,
    must_have_room,
    reader,
)
from training.storage import programmes, subscriptions, training_events

_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription with its secret, which is shown this once and not kept."""

    subscription: Subscription
    token: str


async def subscribe(unit: Unit, calendar: CalendarOf, key: str, *, by: Caller) -> Subscribed:
    """Make a secret address for a calendar that the caller may see.

    Refused: SubscriptionInvalid, NoSuchEvent, UnknownProgramme, TooManySubscriptions.
    """
    async with unit.begin() as tx:
        await _must_be_seen(tx, calendar, key, by=by)
        must_have_room(await subscriptions.standing(tx, tx.now, by=by))
        made = Subscription(
            id=uuid7(tx.now),
            version=1,
            audience=frozenset({STAFF, f"org:{by.organisation}"}),
            owner=reader(by),
            calendar=calendar,
            key=key,
            made_at=tx.now,
            expires_at=tx.now + LIFETIME,
        )
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        await subscriptions.add(tx, made, hash_of(token))
        tx.tell(_told(made), about=made)
        return tx.result(Subscribed(made, token))


async def revoke(unit: Unit, subscription_id: UUID, *, by: Caller) -> Subscription:
    """End a subscription of the caller for good; its address leads nowhere from now on.

    Refused: NoSuchSubscription.
    """
    async with unit.begin() as tx:
        found = await subscriptions.lock(tx, subscription_id, by=by)
        ended = found.end(tx.now)
        if ended == found:
            return tx.result(found)
        saved = await subscriptions.save(tx, ended)
        tx.tell(_told(saved), about=saved)
        return tx.result(saved)


async def _must_be_seen(tx: Tx, calendar: CalendarOf, key: str, *, by: Caller) -> None:
    if calendar is CalendarOf.PROGRAMME:
        await programmes.get(tx, key, by=by)
    if calendar is CalendarOf.EVENT:
        await training_events.get(tx, _id_of(key), by=by)


def _id_of(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError as error:
        raise SubscriptionInvalid("an event is named by its id") from error


def _told(subscription: Subscription) -> CalendarSubscriptionChanged:
    return CalendarSubscriptionChanged(
        subscription_id=subscription.id,
        organisation=subscription.owner.organisation,
        calendar=subscription.calendar.value,
        key=subscription.key,
        revoked=subscription.revoked_at is not None,
    )
