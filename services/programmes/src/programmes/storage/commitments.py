"""Rows of commitments: what became of each request for money."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update

from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from kit.money import Money
from programmes.domain.budget_line import (
    Commitment,
    CommitmentState,
    FundsRequest,
    RefusalReason,
)
from programmes.storage.tables import commitment

_c = commitment.c
_trip_key = func.hashtextextended(bindparam("trip"), 0)
_of_trip = select(commitment).where(_c.trip_id == bindparam("trip_id"))
_SERIALISE: Final = Hot(select(func.pg_advisory_xact_lock(_trip_key)))
_TRY: Final = Hot(select(func.pg_try_advisory_xact_lock(_trip_key).label("free")))
_NEWEST: Final = Hot(_of_trip.order_by(_c.revision.desc()).limit(1))
_HELD: Final = Hot(_of_trip.where(_c.state == CommitmentState.COMMITTED))
_ADD: Final = Hot(insert(commitment))
_SAVE: Final = Hot(
    update(commitment)
    .where(_c.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in ("version", "state", "updated_at")})
)
_A_MOMENT: Final = select(func.pg_sleep(0.02))
_TRIES: Final = 10


def _commitment(row: ByName) -> Commitment:
    money = Money(row["amount"], row["currency"])
    return Commitment(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        request=FundsRequest(
            row["trip_id"], row["revision"], row["programme_code"], row["line_code"], money
        ),
        line_id=row["line_id"],
        state=CommitmentState(row["state"]),
        reason=row["reason"] and RefusalReason(row["reason"]),
        available=None
        if row["available"] is None
        else Money(row["available"], row["available_currency"]),
    )


async def serialise(tx: Tx, trip_id: UUID) -> None:
    """Let requests for the same trip wait for one another until the transaction ends."""
    await tx.hot(_SERIALISE, trip=str(trip_id))


async def try_serialise(tx: Tx, trip_id: UUID) -> bool:
    """Have a trip to oneself like `serialise`, or return False if somebody else keeps it.

    Whoever is just committing is waited for; whoever waits for a lock of ours is not.
    """
    for _ in range(_TRIES):
        (tried,) = await tx.hot_rows(_TRY, trip=str(trip_id))
        if tried["free"]:
            return True
        await tx.sql.execute(_A_MOMENT)
    return False


async def newest(tx: Tx, trip_id: UUID) -> Commitment | None:
    """Return what became of the newest request for a trip, or None."""
    row = await tx.hot(_NEWEST, trip_id=trip_id)
    return None if row is None else _commitment(row)


async def held(tx: Tx, trip_id: UUID) -> Commitment | None:
    """Return the commitment a trip holds, or None."""
    row = await tx.hot(_HELD, trip_id=trip_id)
    return None if row is None else _commitment(row)


async def add(tx: Tx, new: Commitment) -> None:
    """Store what became of a request."""
    request, available = new.request, new.available
    await tx.hot(
        _ADD,
        id=new.id,
        version=new.version,
        audience=sorted(new.audience),
        updated_at=tx.now,
        trip_id=request.trip_id,
        revision=request.revision,
        programme_code=request.programme,
        line_code=request.line,
        line_id=new.line_id,
        amount=request.money.amount,
        currency=request.money.currency,
        state=new.state,
        reason=new.reason,
        available=available and available.amount,
        available_currency=available and available.currency,
    )


async def save(tx: Tx, changed: Commitment) -> None:
    """Store the state of a commitment; its trip is serialised, so nobody else does."""
    new = {"new_version": changed.version, "new_state": changed.state, "new_updated_at": tx.now}
    await tx.hot(_SAVE, of_id=changed.id, **new)
