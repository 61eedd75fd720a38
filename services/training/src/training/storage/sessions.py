"""Sessions and the presence at them as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, tuple_, update

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Tx
from kit.db.visible import visible
from training.domain.errors import NoSuchSession
from training.domain.figures import Source
from training.domain.presence import Presence, PresenceSource, Stay
from training.domain.session import Session, SessionPlan
from training.storage.parts import source_json
from training.storage.tables import nomination
from training.storage.tables_attendance import event_session as t
from training.storage.tables_attendance import session_presence as p


@dataclass(frozen=True, slots=True)
class NewPresence:
    """A record of presence that has no number yet."""

    nomination_id: UUID
    session_id: UUID
    nonce: str
    stay: Stay
    minutes: int
    source: PresenceSource
    departed_from: str | None = None
    corrects: int | None = None
    reason: str | None = None


async def add(tx: Tx, session: Session) -> None:
    """Store a new session; a number that is taken breaks `session_number_taken`."""
    plan = asdict(session.plan) | {"source": plan_source(session.plan)}
    values = {"id": session.id, "version": session.version, "event_id": session.event_id}
    await tx.sql.execute(insert(t).values(values | plan))


async def save(tx: Tx, changed: Session) -> Session:
    """Store a changed session of a locked event as its next version."""
    saved = replace(changed, version=changed.version + 1)
    plan = asdict(saved.plan) | {"source": plan_source(saved.plan)}
    await tx.sql.execute(
        update(t).where(t.c.id == saved.id).values(plan | {"version": saved.version})
    )
    return saved


async def of_number(tx: Tx, event_id: UUID, number: int) -> Session:
    """Return a session of a locked event by its number, or raise NoSuchSession."""
    for each in await of_event(tx, event_id):
        if each.plan.number == number:
            return each
    raise NoSuchSession("the event has no session of this number")


async def of_event(tx: Tx, event_id: UUID) -> list[Session]:
    """Return the sessions of an event in their order."""
    statement = select(*t.c).where(t.c.event_id == event_id).order_by(t.c.number)
    return [session_of(row) for row in (await tx.sql.execute(statement)).mappings()]


async def add_presence(
    tx: Tx, new: Sequence[NewPresence], *, recorded_by: str
) -> Sequence[Presence]:
    """Store records of presence in the order given, and return them with their numbers."""
    if not new:
        return []
    rows = [_values(each, tx.now, recorded_by) for each in new]
    statement = insert(p).returning(*p.c, sort_by_parameter_order=True)
    return [presence_of(row) for row in (await tx.sql.execute(statement, rows)).mappings()]


async def by_nonce(tx: Tx, keys: Iterable[tuple[UUID, str]]) -> list[Presence]:
    """Return the records that were sent in under these nonces, by session."""
    return await _presence(tx, tuple_(p.c.session_id, p.c.nonce).in_(list(keys)))


async def presence_of_nominations(tx: Tx, nomination_ids: Iterable[UUID]) -> list[Presence]:
    """Return every record of presence of these nominations, the oldest first."""
    return await _presence(tx, p.c.nomination_id.in_(list(nomination_ids)))


async def presence_at_event(tx: Tx, event_id: UUID) -> list[Presence]:
    """Return every record of presence at an event, the oldest first."""
    at_event = select(t.c.id).where(t.c.event_id == event_id)
    return await _presence(tx, p.c.session_id.in_(at_event))


async def find_presence(tx: Tx, presence_id: int, *, by: Caller) -> Presence | None:
    """Return a record of presence of a nomination that the caller may see, or None."""
    statement = (
        select(*p.c)
        .join_from(p, nomination, nomination.c.id == p.c.nomination_id)
        .where(p.c.id == presence_id, visible(nomination.c.audience, by))
    )
    row = (await tx.sql.execute(statement)).mappings().first()
    return None if row is None else presence_of(row)


async def _presence(tx: Tx, condition: ColumnElement[bool]) -> list[Presence]:
    statement = select(*p.c).where(condition).order_by(p.c.id)
    return [presence_of(row) for row in (await tx.sql.execute(statement)).mappings()]


def session_of(row: ByName) -> Session:
    """Return the session of a row with every column."""
    source = row["source"]
    plan = SessionPlan(
        number=row["number"],
        title=row["title"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        minutes=row["minutes"],
        mandatory=row["mandatory"],
        source=Source(**source) if source else None,
    )
    return Session(row["id"], row["version"], row["event_id"], plan)


def presence_of(row: ByName) -> Presence:
    """Return the record of presence of a row with every column."""
    return Presence(
        id=row["id"],
        nomination_id=row["nomination_id"],
        session_id=row["session_id"],
        nonce=row["nonce"],
        stay=Stay(row["came_at"], row["left_at"]),
        minutes=row["minutes"],
        source=PresenceSource(row["source"]),
        departed_from=row["departed_from"],
        corrects=row["corrects"],
        reason=row["reason"],
        recorded_at=row["recorded_at"],
        recorded_by=row["recorded_by"],
    )


def plan_source(plan: SessionPlan) -> dict[str, Any] | None:
    """Return the source of a session as its JSON object."""
    return None if plan.source is None else source_json(plan.source)


def _values(new: NewPresence, now: datetime, recorded_by: str) -> dict[str, Any]:
    return {
        "nomination_id": new.nomination_id,
        "session_id": new.session_id,
        "nonce": new.nonce,
        "came_at": new.stay.came_at,
        "left_at": new.stay.left_at,
        "minutes": new.minutes,
        "source": new.source.value,
        "departed_from": new.departed_from,
        "corrects": new.corrects,
        "reason": new.reason,
        "recorded_at": now,
        "recorded_by": recorded_by,
    }
