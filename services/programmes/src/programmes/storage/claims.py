"""Rows of claims: what of each is certified, paid, and on which line."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, exists, func, insert, select, update

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from kit.db.visible import visible_to
from kit.errors import StaleVersion
from kit.money import Money
from programmes.domain.budget_line import RefusalReason
from programmes.domain.claim import Claim, ClaimState, NoSuchClaim, Payment
from programmes.storage.tables_money import claim

_c = claim.c
_new = {each.name: bindparam(f"new_{each.name}", type_=each.type) for each in _c}
_FIND: Final = Hot(select(claim).where(_c.id == bindparam("id")))
_OF_TRIP: Final = Hot(select(claim).where(_c.trip_id == bindparam("trip_id")).order_by(_c.id))
_TRIP_OF: Final = Hot(
    select(_c.trip_id).where(
        _c.id == bindparam("id"),
        _c.programme_code == bindparam("programme"),
        visible_to(_c.audience),
    )
)
_leads = exists().where(_c.trip_id == bindparam("trip_id"), _c.certified + _c.parked > 0)
_LEAD: Final = Hot(select(_leads.label("leads")))
_ADD: Final = Hot(insert(claim).values(_new))
_SAVE: Final = Hot(
    update(claim)
    .where(_c.id == _new["id"], _c.version == _new["version"] - 1)
    .values(_new)
    .returning(_c.id)
)


async def find(tx: Tx, claim_id: UUID) -> Claim | None:
    """Return a claim, or None; its trip is serialised, so nobody changes it."""
    row = await tx.hot(_FIND, id=claim_id)
    return None if row is None else _claim(row)


async def trip_of(tx: Tx, programme_code: str, claim_id: UUID, *, by: Caller) -> UUID:
    """Return the trip of a claim; raises NoSuchClaim if it is unknown or not visible."""
    marks = list(by.audience)
    row = await tx.hot(_TRIP_OF, id=claim_id, programme=programme_code, marks=marks)
    if row is None:
        raise NoSuchClaim("the programme has no such claim")
    trip_id: UUID = row["trip_id"]
    return trip_id


async def of_trip(tx: Tx, trip_id: UUID) -> list[Claim]:
    """Return the claims of a trip."""
    return [_claim(row) for row in await tx.hot_rows(_OF_TRIP, trip_id=trip_id)]


async def lead(tx: Tx, trip_id: UUID) -> bool:
    """Say whether the money of a trip follows its claims: one was certified or kept in part."""
    (row,) = await tx.hot_rows(_LEAD, trip_id=trip_id)
    return bool(row["leads"])


async def waiting_for(tx: Tx, programme_code: str, line: str) -> list[Claim]:
    """Return the claims that wait for money of a line, oldest first."""
    chosen = select(claim).where(
        _c.programme_code == programme_code,
        _c.line_code == line,
        _c.state == ClaimState.WAITING.value,
    )
    rows = (await tx.sql.execute(chosen.order_by(_c.id))).mappings()
    return [_claim(row) for row in rows]


async def waiting_of(tx: Tx, programme_code: str) -> int:
    """Return how many claims of a programme wait for money, or to be certified again."""
    open_states = [ClaimState.WAITING.value, ClaimState.REOPENED.value]
    waits = (_c.programme_code == programme_code, _c.state.in_(open_states))
    chosen = select(func.count()).select_from(claim).where(*waits)
    return (await tx.sql.execute(chosen)).scalar_one()


async def add(tx: Tx, new: Claim) -> None:
    """Store a claim that was checked."""
    await tx.hot(_ADD, **_row(tx, new))


async def save(tx: Tx, changed: Claim) -> None:
    """Store a changed claim; raises StaleVersion if it was changed meanwhile."""
    if await tx.hot(_SAVE, **_row(tx, changed)) is None:
        raise StaleVersion("the claim was changed meanwhile")


def _row(tx: Tx, it: Claim) -> dict[str, Any]:
    paid, available = it.payment, it.available
    row = {
        "id": it.id,
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
        "updated_at": tx.now,
    }
    return {f"new_{name}": value for name, value in row.items()}


def _claim(row: ByName) -> Claim:
    paid = row["settlement_id"] and Payment(row["settlement_id"], row["paid"], row["paid_on"])
    return Claim(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        trip_id=row["trip_id"],
        programme=row["programme_code"],
        line=row["line_code"],
        revision=row["revision"],
        certified=Money(row["certified"], row["currency"]),
        parked=row["parked"],
        resolves=row["resolves"],
        line_id=row["line_id"],
        state=ClaimState(row["state"]),
        reason=row["reason"] and RefusalReason(row["reason"]),
        available=None
        if row["available"] is None
        else Money(row["available"], row["available_currency"]),
        payment=paid,
    )
