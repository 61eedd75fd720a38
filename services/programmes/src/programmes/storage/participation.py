"""Rows of participation and of decisions: they are added, never changed."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, insert, select

from kit.db.unit import Tx
from programmes.domain.governance import Decision
from programmes.domain.participation import Participation, ParticipationStatus, Scope
from programmes.storage import values
from programmes.storage.rows import row_of
from programmes.storage.tables_cooperation import decision, participation_status

_c = participation_status.c


def chosen(programme_id: UUID) -> Select[Any]:
    """Return the statement that gives the rows of a programme in their order."""
    return (
        select(participation_status)
        .where(_c.programme_id == programme_id)
        .order_by(_c.country, _c.seq)
    )


async def of(tx: Tx, programme_id: UUID, code: str) -> list[ParticipationStatus]:
    """Return every row of a programme that is locked."""
    rows = (await tx.sql.execute(chosen(programme_id))).all()
    return [row_from(row, code) for row in rows]


def row_from(row: Row[Any], code: str) -> ParticipationStatus:
    """Return a row as a domain value."""
    return ParticipationStatus(
        id=row.id,
        programme=code,
        country=row.country,
        seq=row.seq,
        status=Participation(row.status),
        valid_from=values.fuzzy(row.valid_from),
        decided_by=row.decided_by,
        decision_text=row.decision_text,
        decision_id=row.decision_id,
        scope=_scope(row.scope),
        source=values.source(row.source),
    )


def _scope(stored: dict[str, Any] | None) -> Scope | None:
    if stored is None:
        return None
    parts = (frozenset(stored[name]) for name in ("components_in", "topics_out", "kinds_out"))
    return Scope(*parts)


async def add(tx: Tx, programme_id: UUID, new: ParticipationStatus) -> None:
    """Store a row; raises IllegalMove if another took its place meanwhile."""
    row = row_of(new, participation_status)
    row |= {"programme_id": programme_id, "recorded_at": tx.now}
    await tx.sql.execute(insert(participation_status).values(row))


async def add_decision(tx: Tx, programme_id: UUID, new: Decision) -> None:
    """Store a decision; raises NoSuchPart if its meeting is unknown."""
    row = row_of(new, decision) | {"programme_id": programme_id, "recorded_at": tx.now}
    await tx.sql.execute(insert(decision).values(row))
