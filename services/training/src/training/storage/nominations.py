"""Nominations as rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Update,
    Uuid,
    any_,
    bindparam,
    case,
    column,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from kit.errors import StaleVersion
from training.domain.nomination import OUTCOMES, UNDONE, Nomination, NominationStatus, Origin
from training.storage.tables import nomination as t

_UNDONE: Final = sorted(status.value for status in UNDONE)
_OUTCOMES: Final = sorted(status.value for status in OUTCOMES)
_SAVED: Final = ("id", "version", "status", "rank", "reason", "overlap_reason")


def _saving() -> Update:
    """Make the statement that stores changed nominations; making it takes longer than sending."""
    arrays = (bindparam(f"new_{name}", type_=ARRAY(t.c[name].type)) for name in _SAVED)
    given = (
        func.unnest(*arrays)
        .table_valued(*(column(name, t.c[name].type) for name in _SAVED), name="given")
        .render_derived()
    )
    return (
        update(t)
        .where(t.c.id == given.c.id, t.c.version == given.c.version - 1)
        .values({name: given.c[name] for name in _SAVED[1:]})
    )


def _saving_one() -> Update:
    """Make the statement that stores one; who begins to wait gets the next rank of the list."""
    waiting = t.alias()
    waitlisted: ColumnElement[str] = literal_column("'waitlisted'")  # as the index says
    last = select(func.coalesce(func.max(waiting.c.rank), 0)).where(
        waiting.c.event_id == t.c.event_id, waiting.c.status == waitlisted
    )
    status = bindparam("new_status", type_=t.c.status.type)
    waits = (status == waitlisted, last.scalar_subquery() + 1)
    new = {name: bindparam(f"new_{name}", type_=t.c[name].type) for name in _SAVED[1:]}
    rank = func.coalesce(new["rank"], case(waits))
    return (
        update(t)
        .where(t.c.id == bindparam("of_id"), t.c.version == bindparam("of_version"))
        .values({**new, "status": status, "rank": rank})
        .returning(t.c.rank)
    )


_SAVE_ALL: Final = _saving()
_SAVE: Final = Hot(_saving_one())


async def lock_active_of(tx: Tx, event_id: UUID) -> Sequence[Nomination]:
    """Lock and return every nomination of an event that still stands, the oldest first."""
    statement = (
        select(*t.c)
        .where(t.c.event_id == event_id, t.c.status.not_in(_UNDONE))
        .order_by(t.c.id)
        .with_for_update()
    )
    return [from_row(row) for row in (await tx.sql.execute(statement)).mappings()]


async def standing_of(tx: Tx, event_id: UUID, participants: Sequence[UUID]) -> Sequence[Nomination]:
    """Return the standing nominations of these participants for an event that is locked."""
    statement = select(*t.c).where(
        t.c.event_id == event_id,
        t.c.status.not_in(_UNDONE),
        t.c.participant_id == any_(bindparam("who", list(participants), type_=ARRAY(Uuid))),
    )
    return [from_row(row) for row in (await tx.sql.execute(statement)).mappings()]


async def lock_waiting(tx: Tx, event_id: UUID) -> Sequence[Nomination]:
    """Lock and return the waiting list of an event in its order."""
    statement = (
        select(*t.c)
        .where(t.c.event_id == event_id, t.c.status == NominationStatus.WAITLISTED.value)
        .order_by(t.c.rank)
        .with_for_update()
    )
    return [from_row(row) for row in (await tx.sql.execute(statement)).mappings()]


async def any_outcome(tx: Tx, event_id: UUID) -> bool:
    """Tell whether attendance of anybody is on record."""
    statement = select(t.c.id).where(t.c.event_id == event_id, t.c.status.in_(_OUTCOMES)).limit(1)
    return (await tx.sql.execute(statement)).first() is not None


async def any_confirmed(tx: Tx, event_id: UUID) -> bool:
    """Tell whether anybody's seat is final."""
    confirmed = t.c.status == NominationStatus.CONFIRMED.value
    statement = select(t.c.id).where(t.c.event_id == event_id, confirmed).limit(1)
    return (await tx.sql.execute(statement)).first() is not None


async def outcomes_of(tx: Tx, event_id: UUID) -> dict[NominationStatus, int]:
    """Return how many participants of an event ended in which way."""
    counted = func.count(t.c.participant_id.distinct())
    statement = select(t.c.status, counted).where(
        t.c.event_id == event_id, t.c.status.in_(_OUTCOMES)
    )
    rows = (await tx.sql.execute(statement.group_by(t.c.status))).all()
    return {NominationStatus(status): number for status, number in rows}


async def add(tx: Tx, *new: Nomination) -> None:
    """Store new nominations; a second active one of a participant breaks `nomination_exists`."""
    await tx.sql.execute(insert(t), [values_of(each) for each in new])


async def save(tx: Tx, changed: Nomination) -> Nomination:
    """Store a changed nomination as its next version, or raise StaleVersion.

    Who begins to wait gets a rank after everybody's who waits; the lock of the event orders them.
    """
    saved = replace(changed, version=changed.version + 1)
    row = values_of(saved)
    new = {f"new_{name}": row[name] for name in _SAVED[1:]}
    stored = await tx.hot(_SAVE, of_id=changed.id, of_version=changed.version, **new)
    if stored is None:
        raise StaleVersion("the nomination has changed meanwhile")
    return replace(saved, rank=stored["rank"])


async def save_all(tx: Tx, changed: Sequence[Nomination]) -> list[Nomination]:
    """Store changed nominations as their next versions in one statement, or raise StaleVersion."""
    saved = [replace(each, version=each.version + 1) for each in changed]
    rows = [values_of(each) for each in saved]
    new = {f"new_{name}": [row[name] for row in rows] for name in _SAVED}
    if (await tx.sql.execute(_SAVE_ALL, new)).rowcount != len(saved):
        raise StaleVersion("the nomination has changed meanwhile")
    return saved


def from_row(row: ByName) -> Nomination:
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
        role=row["role"],
        origin=Origin(row["origin"]),
        replaces=row["replaces"],
        external_id=row["external_id"],
        source_version=row["source_version"],
        source_digest=row["source_digest"],
        eligibility=(row["eligibility"]),
        overlap_reason=row["overlap_reason"],
    )


def values_of(nomination: Nomination) -> dict[str, Any]:
    """Return the columns of a nomination."""
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
        "role": nomination.role,
        "origin": nomination.origin.value,
        "replaces": nomination.replaces,
        "external_id": nomination.external_id,
        "source_version": nomination.source_version,
        "source_digest": nomination.source_digest,
        "eligibility": nomination.eligibility,
        "overlap_reason": nomination.overlap_reason,
    }
