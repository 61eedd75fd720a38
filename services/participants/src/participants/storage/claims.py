"""Claims and their items as rows."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range

from kit.auth import Caller
from kit.db.unit import Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from participants.domain.claim import (
    VOID,
    Claim,
    ClaimItem,
    ClaimState,
    ItemKind,
    OverrideReason,
    ReasonCode,
    ReopenReason,
)
from participants.domain.errors import ClaimExists, NoSuchClaim, ParkedResolved
from participants.storage.tables import trip
from participants.storage.tables_claims import claim as t
from participants.storage.tables_claims import claim_item as i

_PERSON: Final = select(trip.c.person_number).where(trip.c.id == bindparam("of_trip"))
_ADD: Final = insert(t).values(person_number=_PERSON.scalar_subquery())
_DECIDED: Final = update(t).where(t.c.id == bindparam("of_id"))
_DECIDED_ITEM: Final = update(i).where(
    i.c.claim_id == bindparam("of_claim"), i.c.number == bindparam("of_number")
)


async def next_revision(tx: Tx, trip_id: UUID) -> int:
    """Return the number of a new claim for a locked trip."""
    return (await next_revisions(tx, [trip_id])).get(trip_id, 1)


async def next_revisions(tx: Tx, trip_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the numbers of new claims for locked trips that had one before."""
    highest = select(t.c.trip_id, func.max(t.c.revision).label("last"))
    rows = await tx.sql.execute(highest.where(t.c.trip_id.in_(trip_ids)).group_by(t.c.trip_id))
    return {row.trip_id: row.last + 1 for row in rows}


async def must_be_free(tx: Tx, trip_id: UUID) -> None:
    """Raise ClaimExists if a locked trip has a claim, neither rejected nor withdrawn."""
    live = (t.c.trip_id == trip_id) & t.c.state.not_in(VOID)
    if (await tx.sql.execute(select(exists().where(live)))).scalar():
        raise ClaimExists("the trip has a claim that was neither rejected nor withdrawn")


async def must_be_unresolved(tx: Tx, claim_id: UUID) -> None:
    """Raise ParkedResolved if another claim decided what a locked claim had parked."""
    if (await tx.sql.execute(select(exists().where(t.c.resolves == claim_id)))).scalar():
        raise ParkedResolved("a later claim decided what this one had parked")


async def lock(tx: Tx, claim_id: UUID, *, by: Caller) -> Claim:
    """Lock and return a claim that the caller may see, or raise NoSuchClaim."""
    statement = select(*t.c).where(t.c.id == claim_id, visible(t.c.audience, by))
    row = (await tx.sql.execute(statement.with_for_update())).mappings().first()
    if row is None:
        raise NoSuchClaim("there is no such claim")
    (found,) = await with_items(tx, [row])
    return found


async def with_items(tx: Tx, rows: Sequence[RowMapping]) -> list[Claim]:
    """Return the claims of rows with their items, in one more statement."""
    wanted = i.c.claim_id.in_([row["id"] for row in rows])
    items: dict[UUID, list[RowMapping]] = {}
    for item in (await tx.sql.execute(select(*i.c).where(wanted).order_by(i.c.number))).mappings():
        items.setdefault(item["claim_id"], []).append(item)
    return [from_rows(row, items.get(row["id"], [])) for row in rows]


async def lock_known(tx: Tx, ids: Sequence[UUID]) -> Sequence[Claim]:
    """Lock and return the claims of settlements."""
    statement = select(*t.c).where(t.c.id.in_(ids)).order_by(t.c.id).with_for_update()
    return await with_items(tx, (await tx.sql.execute(statement)).mappings().all())


async def states_of(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, ClaimState]:
    """Return where some claims stand, by id."""
    if not ids:
        return {}
    rows = await tx.sql.execute(select(t.c.id, t.c.state).where(t.c.id.in_(ids)))
    return {row.id: ClaimState(row.state) for row in rows}


async def lock_as_computed(
    tx: Tx, programme_code: str, most: int, *, by: Caller
) -> Sequence[Claim]:
    """Lock submitted claims of a programme that ask what their trip was computed at, by id."""
    alike = (trip.c.id == t.c.trip_id) & (trip.c.estimate_amount == t.c.declared)
    asked = (
        select(*t.c)
        .join(trip, alike)
        .where(
            t.c.programme_code == programme_code,
            t.c.state == ClaimState.SUBMITTED.value,
            visible(t.c.audience, by),
        )
    )
    chosen = asked.order_by(t.c.id).limit(most).with_for_update(of=t)
    return await with_items(tx, (await tx.sql.execute(chosen)).mappings().all())


async def add(tx: Tx, claim: Claim) -> None:
    """Store a new claim; a day claimed already breaks `day_already_paid`."""
    await add_all(tx, [claim])


async def add_all(tx: Tx, made: Sequence[Claim]) -> None:
    """Store new claims; a day claimed already breaks `day_already_paid`."""
    if made:
        await tx.sql.execute(_ADD, [_values(each) | {"of_trip": each.trip_id} for each in made])
        items = [_item(each.id, item) for each in made for item in each.items]
        await tx.sql.execute(insert(i), items)


async def save_decided(tx: Tx, decided: Sequence[Claim]) -> None:
    """Store what became of claims that this transaction has locked, with their items."""
    if decided:
        await tx.sql.execute(_DECIDED, [_values(each) | {"of_id": each.id} for each in decided])
        items = [
            _item(each.id, item) | {"of_claim": each.id, "of_number": item.number}
            for each in decided
            for item in each.items
        ]
        await tx.sql.execute(_DECIDED_ITEM, items)


async def save_standing(tx: Tx, changed: Claim) -> None:
    """Store the state of the next version of a claim, or raise StaleVersion."""
    await _save(tx, changed, {"version": changed.version, "state": changed.state.value})


async def save(tx: Tx, changed: Claim) -> None:
    """Store the next version of a claim with its items, or raise StaleVersion."""
    await _save(tx, changed, _values(changed))
    if changed.state is ClaimState.DRAFT:
        await tx.sql.execute(delete(i).where(i.c.claim_id == changed.id))
        await tx.sql.execute(insert(i), [_item(changed.id, item) for item in changed.items])
    if changed.certified is None:
        return
    for item in changed.items:
        own = (i.c.claim_id == changed.id) & (i.c.number == item.number)
        await tx.sql.execute(update(i).where(own).values(_item(changed.id, item)))


async def _save(tx: Tx, changed: Claim, values: dict[str, Any]) -> None:
    former = (t.c.id == changed.id) & (t.c.version == changed.version - 1)
    if (await tx.sql.execute(update(t).where(former).values(values))).rowcount != 1:
        raise StaleVersion("the claim has changed meanwhile")


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
        "resolves": claim.resolves,
        "reopened_by": claim.reopened_by,
        "reopened_for": None if claim.reopened_for is None else claim.reopened_for.value,
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
    override, reopened_for = row["override"], row["reopened_for"]
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
        resolves=row["resolves"],
        reopened_by=row["reopened_by"],
        reopened_for=None if reopened_for is None else ReopenReason(reopened_for),
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
