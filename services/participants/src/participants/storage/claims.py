"""Claims and their items as rows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.dialects.postgresql import Range

from kit.auth import Caller
from kit.db.unit import Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from participants.domain.claim import (
    Claim,
    ClaimItem,
    ClaimState,
    ItemKind,
    OverrideReason,
    ReasonCode,
)
from participants.domain.errors import ClaimExists, NoSuchClaim
from participants.storage.tables import trip
from participants.storage.tables_claims import claim as t
from participants.storage.tables_claims import claim_item as i


async def next_revision(tx: Tx, trip_id: UUID) -> int:
    """Return the number of a new claim for a locked trip; ClaimExists if one is not rejected."""
    statement = select(t.c.revision, t.c.state).where(t.c.trip_id == trip_id)
    rows = (await tx.sql.execute(statement)).all()
    if any(state != ClaimState.REJECTED.value for _, state in rows):
        raise ClaimExists("the trip has a claim that was not rejected")
    return 1 + max((revision for revision, _ in rows), default=0)


async def lock(tx: Tx, claim_id: UUID, *, by: Caller) -> Claim:
    """Lock and return a claim that the caller may see, or raise NoSuchClaim."""
    statement = select(*t.c).where(t.c.id == claim_id, visible(t.c.audience, by))
    row = (await tx.sql.execute(statement.with_for_update())).mappings().first()
    if row is None:
        raise NoSuchClaim("there is no such claim")
    items = select(*i.c).where(i.c.claim_id == claim_id).order_by(i.c.number)
    return from_rows(row, (await tx.sql.execute(items)).mappings().all())


async def add(tx: Tx, claim: Claim) -> None:
    """Store a new claim; a day claimed already breaks `day_already_paid`."""
    number = select(trip.c.person_number).where(trip.c.id == claim.trip_id).scalar_subquery()
    await tx.sql.execute(insert(t).values(**_values(claim), person_number=number))
    await tx.sql.execute(insert(i), [_item(claim.id, item) for item in claim.items])


async def save(tx: Tx, changed: Claim) -> None:
    """Store the next version of a claim with its items, or raise StaleVersion."""
    former = (t.c.id == changed.id) & (t.c.version == changed.version - 1)
    done = await tx.sql.execute(update(t).where(former).values(**_values(changed)))
    if done.rowcount != 1:
        raise StaleVersion("the claim has changed meanwhile")
    if changed.certified is None:
        return
    for item in changed.items:
        own = (i.c.claim_id == changed.id) & (i.c.number == item.number)
        await tx.sql.execute(update(i).where(own).values(_item(changed.id, item)))


def _values(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "version": claim.version,
        "audience": sorted(claim.audience),
        "trip_id": claim.trip_id,
        "person_id": claim.person_id,
        "programme_code": claim.programme_code,
        "budget_line_code": claim.budget_line_code,
        "revision": claim.revision,
        "state": claim.state.value,
        "days": None if claim.days is None else Range(*claim.days),
        "currency": claim.currency,
        "declared": claim.declared,
        "certified": claim.certified,
        "deducted": claim.deducted,
        "parked": claim.parked,
        "declared_by": claim.declared_by,
        "checked_by": claim.checked_by,
        "override": None if claim.override is None else claim.override.value,
        "synthetic": claim.synthetic,
    }


def _item(claim_id: UUID, item: ClaimItem) -> dict[str, Any]:
    return {
        "claim_id": claim_id,
        "number": item.number,
        "day": item.day,
        "kind": item.kind.value,
        "declared": item.declared,
        "certified": item.certified,
        "deducted": item.deducted,
        "parked": item.parked,
        "reason": None if item.reason is None else item.reason.value,
    }


def from_rows(row: RowMapping, items: Sequence[RowMapping]) -> Claim:
    """Return the claim of a row with every column, and of its items."""
    override = row["override"]
    return Claim(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        trip_id=row["trip_id"],
        person_id=row["person_id"],
        programme_code=row["programme_code"],
        budget_line_code=row["budget_line_code"],
        revision=row["revision"],
        currency=row["currency"],
        declared_by=row["declared_by"],
        synthetic=row["synthetic"],
        state=ClaimState(row["state"]),
        checked_by=row["checked_by"],
        override=None if override is None else OverrideReason(override),
        items=tuple(_item_of(each) for each in items),
    )


def _item_of(row: RowMapping) -> ClaimItem:
    reason = row["reason"]
    return ClaimItem(
        number=row["number"],
        day=row["day"],
        kind=ItemKind(row["kind"]),
        declared=row["declared"],
        certified=row["certified"],
        deducted=row["deducted"],
        parked=row["parked"],
        reason=None if reason is None else ReasonCode(reason),
    )
