"""Rows of commitments: what became of each request for money."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update

from kit.db.unit import Tx
from kit.money import Money
from programmes.domain.budget_line import (
    Commitment,
    CommitmentState,
    FundsRequest,
    RefusalReason,
)
from programmes.storage.tables import commitment

_c = commitment.c
_A_MOMENT: Final = select(func.pg_sleep(0.02))
_TRIES: Final = 10


def _commitment(row: Row[Any]) -> Commitment:
    money = Money(row.amount, row.currency)
    return Commitment(
        id=row.id,
        version=row.version,
        audience=frozenset(row.audience),
        request=FundsRequest(row.trip_id, row.revision, row.programme_code, row.line_code, money),
        line_id=row.line_id,
        state=CommitmentState(row.state),
        reason=row.reason and RefusalReason(row.reason),
        available=None if row.available is None else Money(row.available, row.available_currency),
    )


async def serialise(tx: Tx, trip_id: UUID) -> None:
    """Let requests for the same trip wait for one another until the transaction ends."""
    await tx.sql.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(trip_id), 0))))


async def try_serialise(tx: Tx, trip_id: UUID) -> bool:
    """Have a trip to oneself like `serialise`, or return False if somebody else keeps it.

    Whoever is just committing is waited for; whoever waits for a lock of ours is not.
    """
    free = select(func.pg_try_advisory_xact_lock(func.hashtextextended(str(trip_id), 0)))
    for _ in range(_TRIES):
        if (await tx.sql.execute(free)).scalar_one():
            return True
        await tx.sql.execute(_A_MOMENT)
    return False


async def newest(tx: Tx, trip_id: UUID) -> Commitment | None:
    """Return what became of the newest request for a trip, or None."""
    chosen = select(commitment).where(_c.trip_id == trip_id).order_by(_c.revision.desc()).limit(1)
    row = (await tx.sql.execute(chosen)).first()
    return None if row is None else _commitment(row)


async def held(tx: Tx, trip_id: UUID) -> Commitment | None:
    """Return the commitment a trip holds, or None."""
    chosen = select(commitment).where(_c.trip_id == trip_id, _c.state == CommitmentState.COMMITTED)
    row = (await tx.sql.execute(chosen)).first()
    return None if row is None else _commitment(row)


async def add(tx: Tx, new: Commitment) -> None:
    """Store what became of a request."""
    await tx.sql.execute(
        insert(commitment).values(
            id=new.id,
            version=new.version,
            audience=sorted(new.audience),
            updated_at=tx.now,
            trip_id=new.request.trip_id,
            revision=new.request.revision,
            programme_code=new.request.programme,
            line_code=new.request.line,
            line_id=new.line_id,
            amount=new.request.money.amount,
            currency=new.request.money.currency,
            state=new.state,
            reason=new.reason,
            available=new.available and new.available.amount,
            available_currency=new.available and new.available.currency,
        )
    )


async def save(tx: Tx, changed: Commitment) -> None:
    """Store the state of a commitment; its trip is serialised, so nobody else does."""
    await tx.sql.execute(
        update(commitment)
        .where(_c.id == changed.id)
        .values(version=changed.version, state=changed.state, updated_at=tx.now)
    )
