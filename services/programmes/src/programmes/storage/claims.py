"""Rows of claims: what of each is certified, paid, and on which line."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, insert, select, update

from kit.auth import Caller
from kit.db.unit import Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from kit.money import Money
from programmes.domain.budget_line import RefusalReason
from programmes.domain.claim import Claim, ClaimState, NoSuchClaim, Payment
from programmes.storage.tables_money import claim

_c = claim.c


async def find(tx: Tx, claim_id: UUID) -> Claim | None:
    """Return a claim, or None; its trip is serialised, so nobody changes it."""
    row = (await tx.sql.execute(select(claim).where(_c.id == claim_id))).first()
    return None if row is None else _claim(row)


async def trip_of(tx: Tx, programme_code: str, claim_id: UUID, *, by: Caller) -> UUID:
    """Return the trip of a claim; raises NoSuchClaim if it is unknown or not visible."""
    chosen = select(_c.trip_id).where(
        _c.id == claim_id, _c.programme_code == programme_code, visible(_c.audience, by)
    )
    trip_id = (await tx.sql.execute(chosen)).scalar()
    if trip_id is None:
        raise NoSuchClaim("the programme has no such claim")
    return trip_id


async def of_trip(tx: Tx, trip_id: UUID) -> list[Claim]:
    """Return the claims of a trip."""
    rows = await tx.sql.execute(select(claim).where(_c.trip_id == trip_id).order_by(_c.id))
    return [_claim(row) for row in rows]


async def lead(tx: Tx, trip_id: UUID) -> bool:
    """Say whether the money of a trip follows its claims: one was certified or kept in part."""
    asking = exists().where(_c.trip_id == trip_id, _c.certified + _c.parked > 0)
    return bool((await tx.sql.execute(select(asking))).scalar_one())


async def waiting_for(tx: Tx, programme_code: str, line: str) -> list[Claim]:
    """Return the claims that wait for money of a line, oldest first."""
    chosen = select(claim).where(
        _c.programme_code == programme_code,
        _c.line_code == line,
        _c.state == ClaimState.WAITING.value,
    )
    return [_claim(row) for row in await tx.sql.execute(chosen.order_by(_c.id))]


async def waiting_of(tx: Tx, programme_code: str) -> int:
    """Return how many claims of a programme wait for money, or to be certified again."""
    open_states = [ClaimState.WAITING.value, ClaimState.REOPENED.value]
    waits = (_c.programme_code == programme_code, _c.state.in_(open_states))
    chosen = select(func.count()).select_from(claim).where(*waits)
    return (await tx.sql.execute(chosen)).scalar_one()


async def add(tx: Tx, new: Claim) -> None:
    """Store a claim that was checked."""
    await tx.sql.execute(insert(claim).values(id=new.id, updated_at=tx.now, **_row(new)))


async def save(tx: Tx, changed: Claim) -> None:
    """Store a changed claim; raises StaleVersion if it was changed meanwhile."""
    statement = (
        update(claim)
        .where(_c.id == changed.id, _c.version == changed.version - 1)
        .values(updated_at=tx.now, **_row(changed))
    )
    if (await tx.sql.execute(statement)).rowcount != 1:
        raise StaleVersion("the claim was changed meanwhile")


def _row(it: Claim) -> dict[str, Any]:
    paid, available = it.payment, it.available
    return {
        "version": it.version,
        "audience": sorted(it.audience),
        "trip_id": it.trip_id,
        "programme_code": it.programme,
        "line_code": it.line,
        "line_id": it.line_id,
        "revision": it.revision,
        "resolves": it.resolves,
        "certified": it.certified.amount,
        "parked": it.parked,
        "currency": it.certified.currency,
        "state": it.state,
        "reason": it.reason,
        "available": available and available.amount,
        "available_currency": available and available.currency,
        "settlement_id": paid and paid.settlement_id,
        "paid": paid and paid.amount,
        "paid_on": paid and paid.paid_on,
    }


def _claim(row: Row[Any]) -> Claim:
    paid = row.settlement_id and Payment(row.settlement_id, row.paid, row.paid_on)
    return Claim(
        id=row.id,
        version=row.version,
        audience=frozenset(row.audience),
        trip_id=row.trip_id,
        programme=row.programme_code,
        line=row.line_code,
        revision=row.revision,
        certified=Money(row.certified, row.currency),
        parked=row.parked,
        resolves=row.resolves,
        line_id=row.line_id,
        state=ClaimState(row.state),
        reason=row.reason and RefusalReason(row.reason),
        available=None if row.available is None else Money(row.available, row.available_currency),
        payment=paid,
    )
