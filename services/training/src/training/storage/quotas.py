"""Quotas and participation as rows."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from kit.db.unit import Hot, Tx
from training.domain.eligibility import Participation, Scope
from training.domain.quota import Dimension, Quota
from training.storage.tables_seats import participation as p
from training.storage.tables_seats import seat_quota as t

_OF_EVENT: Final = Hot(
    select(t.c.dimension, t.c.key, t.c.seats, t.c.taken)
    .where(t.c.event_id == bindparam("event_id"))
    .order_by(t.c.dimension, t.c.key)
)
_DECISIONS: Final = Hot(
    select(p.c.seq, p.c.decision).where(
        p.c.programme_code == bindparam("programme"), p.c.country == bindparam("country")
    )
)


async def of_event(tx: Tx, event_id: UUID) -> tuple[Quota, ...]:
    """Return the quotas of an event, whose lock the caller holds if seats are to move."""
    rows = await tx.hot_rows(_OF_EVENT, event_id=event_id)
    return tuple(
        Quota(Dimension(dimension), key, seats, taken) for dimension, key, seats, taken in rows
    )


async def put(tx: Tx, event_id: UUID, quotas: Sequence[Quota]) -> None:
    """Store quotas in place of those there were."""
    await tx.sql.execute(delete(t).where(t.c.event_id == event_id))
    if quotas:
        rows = [{"event_id": event_id, **asdict(each)} for each in quotas]
        await tx.sql.execute(insert(t), rows)


async def keep_taken(tx: Tx, event_id: UUID, quotas: Sequence[Quota]) -> None:
    """Store how many seats of changed quotas are taken."""
    for each in quotas:
        values = {"event_id": event_id, **asdict(each)}
        statement = (
            upsert(t)
            .values(values)
            .on_conflict_do_update(
                index_elements=["event_id", "dimension", "key"], set_={"taken": each.taken}
            )
        )
        await tx.sql.execute(statement)


async def put_decision(tx: Tx, decision: Participation) -> None:
    """Store a decision on participation; the same number again replaces it."""
    values: dict[str, Any] = {
        "programme_code": decision.programme_code,
        "country": decision.country,
        "seq": decision.seq,
        "decision": {
            "status": decision.status,
            "valid_from": decision.valid_from,
            "decision_id": None if decision.decision_id is None else str(decision.decision_id),
            "decision_text": decision.decision_text,
            "scope": None if decision.scope is None else decision.scope.shown(),
        },
    }
    statement = upsert(p).values(values)
    await tx.sql.execute(
        statement.on_conflict_do_update(
            index_elements=["programme_code", "country", "seq"],
            set_={"decision": statement.excluded.decision},
        )
    )


async def decisions_on(tx: Tx, programme_code: str, country: str) -> list[Participation]:
    """Return the decisions on a country in a programme."""
    rows = await tx.hot_rows(_DECISIONS, programme=programme_code, country=country)
    return [_decision(programme_code, country, seq, stored) for seq, stored in rows]


def _decision(programme_code: str, country: str, seq: int, stored: dict[str, Any]) -> Participation:
    scope, decision_id = stored["scope"], stored["decision_id"]
    return Participation(
        programme_code=programme_code,
        country=country,
        seq=seq,
        status=stored["status"],
        valid_from=stored["valid_from"],
        decision_id=None if decision_id is None else UUID(decision_id),
        decision_text=stored["decision_text"],
        scope=None if scope is None else Scope(**{k: tuple(v) for k, v in scope.items()}),
    )
