"""Nominations as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select, update

from kit.auth import Caller
from kit.db.unit import Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from training.domain.errors import NoSuchNomination
from training.domain.nomination import OUTCOMES, UNDONE, Nomination, NominationStatus
from training.storage.parts import Stored
from training.storage.tables import nomination as t

_UNDONE: Final = sorted(status.value for status in UNDONE)
_OUTCOMES: Final = sorted(status.value for status in OUTCOMES)


async def lock(tx: Tx, nomination_id: UUID, *, by: Caller) -> Nomination:
    """Lock and return a nomination that the caller may see, or raise NoSuchNomination."""
    statement = select(*t.c).where(t.c.id == nomination_id, visible(t.c.audience, by))
    row = (await tx.sql.execute(statement.with_for_update())).mappings().first()
    if row is None:
        raise NoSuchNomination("there is no such nomination")
    return from_row(row)


async def lock_active_of(tx: Tx, event_id: UUID) -> Sequence[Nomination]:
    """Lock and return every nomination of an event that still stands, the oldest first."""
    statement = (
        select(*t.c)
        .where(t.c.event_id == event_id, t.c.status.not_in(_UNDONE))
        .order_by(t.c.id)
        .with_for_update()
    )
    return [from_row(row) for row in (await tx.sql.execute(statement)).mappings()]


async def lock_first_waiting(tx: Tx, event_id: UUID) -> Nomination | None:
    """Lock and return the first of the waiting list, or None."""
    statement = (
        select(*t.c)
        .where(t.c.event_id == event_id, t.c.status == NominationStatus.WAITLISTED.value)
        .order_by(t.c.rank)
        .limit(1)
        .with_for_update()
    )
    row = (await tx.sql.execute(statement)).mappings().first()
    return None if row is None else from_row(row)


async def last_rank(tx: Tx, event_id: UUID) -> int:
    """Return the highest rank on the waiting list, 0 when nobody waits."""
    waiting = t.c.status == NominationStatus.WAITLISTED.value
    statement = select(func.max(t.c.rank)).where(t.c.event_id == event_id, waiting)
    return (await tx.sql.execute(statement)).scalar_one() or 0


async def any_outcome(tx: Tx, event_id: UUID) -> bool:
    """Tell whether attendance of anybody is on record."""
    statement = select(t.c.id).where(t.c.event_id == event_id, t.c.status.in_(_OUTCOMES)).limit(1)
    return (await tx.sql.execute(statement)).first() is not None


async def add(tx: Tx, *new: Nomination) -> None:
    """Store new nominations; a second active one of a participant breaks `nomination_exists`."""
    await tx.sql.execute(insert(t), [_values(each) for each in new])


async def save(tx: Tx, changed: Nomination) -> Nomination:
    """Store a changed nomination as its next version, or raise StaleVersion."""
    saved = replace(changed, version=changed.version + 1)
    statement = update(t).where(t.c.id == changed.id, t.c.version == changed.version)
    stored = statement.values(
        status=saved.status.value, rank=saved.rank, reason=saved.reason, version=saved.version
    )
    if (await tx.sql.execute(stored)).rowcount != 1:
        raise StaleVersion("the nomination has changed meanwhile")
    return saved


async def save_all(tx: Tx, changed: Iterable[Nomination]) -> list[Nomination]:
    """Store several changed nominations, each as its next version."""
    return [await save(tx, each) for each in changed]


def from_row(row: Stored) -> Nomination:
    """Return the nomination of a row with every column."""
    return Nomination(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        event_id=row["event_id"],
        participant_id=row["participant_id"],
        organisation=row["organisation"],
        country=row["country"],
        unit_code=row["unit_code"],
        status=NominationStatus(row["status"]),
        rank=row["rank"],
        reason=row["reason"],
        synthetic=row["synthetic"],
    )


def _values(nomination: Nomination) -> dict[str, Any]:
    return {
        "id": nomination.id,
        "version": nomination.version,
        "audience": sorted(nomination.audience),
        "event_id": nomination.event_id,
        "participant_id": nomination.participant_id,
        "organisation": nomination.organisation,
        "country": nomination.country,
        "unit_code": nomination.unit_code,
        "status": nomination.status.value,
        "rank": nomination.rank,
        "reason": nomination.reason,
        "synthetic": nomination.synthetic,
    }
