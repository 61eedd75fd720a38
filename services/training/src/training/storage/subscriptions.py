"""Secret addresses of calendars as rows; of the secret only a hash."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, update

from kit.auth import SEES_ALL, Caller
from kit.db.rows import ByName
from kit.db.unit import Tx
from training.domain.errors_calendar import NoSuchSubscription
from training.domain.subscription import CalendarOf, Subscription
from training.storage.tables_calendar import calendar_subscription as t


def owned(by: Caller) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on what a caller has subscribed to."""
    return t.c.client == by.client, t.c.subject == by.subject


async def lock(tx: Tx, subscription_id: UUID, *, by: Caller) -> Subscription:
    """Lock and return a subscription of the caller, or raise NoSuchSubscription."""
    statement = select(*t.c).where(t.c.id == subscription_id, *owned(by)).with_for_update()
    row = (await tx.sql.execute(statement)).mappings().first()
    if row is None:
        raise NoSuchSubscription("there is no such subscription")
    return from_row(row)


async def standing(tx: Tx, now: datetime, *, by: Caller) -> int:
    """Return how many addresses of the caller lead somewhere."""
    counted = select(func.count()).where(*owned(by), t.c.revoked_at.is_(None), t.c.expires_at > now)
    return (await tx.sql.execute(counted)).scalar_one()


async def add(tx: Tx, made: Subscription, token_hash: bytes) -> None:
    """Store a new subscription with the hash of its secret."""
    await tx.sql.execute(insert(t).values(_values(made) | {"token_hash": token_hash}))


async def save(tx: Tx, changed: Subscription) -> Subscription:
    """Store how a locked subscription ended as its next version."""
    saved = replace(changed, version=changed.version + 1)
    statement = update(t).where(t.c.id == changed.id)
    await tx.sql.execute(statement.values(version=saved.version, revoked_at=saved.revoked_at))
    return saved


def from_row(row: ByName) -> Subscription:
    """Return the subscription of a row with every column."""
    scopes = frozenset({SEES_ALL}) if row["sees_all"] else frozenset[str]()
    return Subscription(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        owner=Caller(row["client"], row["subject"], row["organisation"], row["country"], scopes),
        calendar=CalendarOf(row["calendar"]),
        key=row["key"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )


def _values(made: Subscription) -> dict[str, Any]:
    owner = made.owner
    return {
        "id": made.id,
        "version": made.version,
        "audience": sorted(made.audience),
        "client": owner.client,
        "subject": owner.subject,
        "organisation": owner.organisation,
        "country": owner.country,
        "sees_all": SEES_ALL in owner.scopes,
        "calendar": made.calendar.value,
        "key": made.key,
        "made_at": made.made_at,
        "expires_at": made.expires_at,
        "revoked_at": made.revoked_at,
    }
