"""What becomes of each table when a person is erased: every one is named here."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Table,
    cast,
    delete,
    func,
    insert,
    null,
    or_,
    select,
    update,
)

from kit.auth import Caller
from kit.db import tables as kit
from kit.db.unit import Tx
from kit.db.visible import visible
from participants.domain.claim import VOID
from participants.domain.erasure import (
    IDENTITY_YEARS,
    UNUSED_YEARS,
    Certificate,
    Due,
    HoldGround,
    Kept,
    StoreCount,
    due_on,
    years_after,
)
from participants.domain.trip import TripState
from participants.storage import exporting
from participants.storage import tables as own
from participants.storage import tables_claims as money
from participants.storage import tables_people as people

_REMOVED: Final[dict[Table, Sequence[Column[Any]]]] = {
    people.identity: [people.identity.c.person_id],
    people.identity_document: [people.identity_document.c.person_id],
    people.bank_account: [people.bank_account.c.person_id],
    people.dedupe_key: [people.dedupe_key.c.person_id],
    people.duplicate_proposal: [
        people.duplicate_proposal.c.one,
        people.duplicate_proposal.c.other,
    ],
    people.person_key: [people.person_key.c.person_id],
}
_KEPT: Final[dict[Table, Sequence[Column[Any]]]] = {
    own.person: [own.person.c.id],
    own.trip: [own.trip.c.person_id],
    people.person_standing: [people.person_standing.c.person_id],
    people.access_log: [people.access_log.c.person_id],
    people.person_merge: [people.person_merge.c.survivor, people.person_merge.c.merged],
    people.erasure_certificate: [people.erasure_certificate.c.person_id],
    money.claim: [money.claim.c.person_id],
    money.advance: [money.advance.c.person_id],
    money.settlement: [money.settlement.c.person_id],
}
# Rows that belong to a trip or a claim: they hold amounts, days and codes, and stay with it.
_PARTS: Final = frozenset({*(table.name for table in exporting.PARTS), kit.change.name})
# Rows that belong to nobody.
IMPERSONAL: Final = frozenset(
    {
        "payment_file", "rate", "rate_set", "programme_pin", "released_seat", "feed",
        "feed_cursor", "inbox", "parked_fact", "access_link", "access_anchor", "access_waiting",
        "settlement_job", "trip_tally", "claim_tally",
    }
)  # fmt: skip
NAMED: Final = frozenset(
    {
        *(table.name for table in (*_REMOVED, *_KEPT)),
        people.affiliation.name,
        kit.idempotency.name,
        *_PARTS,
        *IMPERSONAL,
    }
)


async def erase(tx: Tx, ids: Sequence[UUID]) -> tuple[StoreCount, ...]:
    """Destroy the keys and everything sealed of the records of one person; count every store."""
    removed = [await _removed(tx, table, columns, ids) for table, columns in _REMOVED.items()]
    staying = [(table, _any(columns, ids)) for table, columns in _KEPT.items()]
    staying += exporting.parts(ids)
    kept = [await _kept(tx, table, condition) for table, condition in staying]
    nothing = [StoreCount(name) for name in IMPERSONAL]
    done = [*removed, await _emptied(tx, ids), await _forgotten(tx, ids), *kept, *nothing]
    return tuple(sorted(done, key=lambda count: count.store))


async def _removed(
    tx: Tx, table: Table, columns: Sequence[Column[Any]], ids: Sequence[UUID]
) -> StoreCount:
    gone = await tx.sql.execute(delete(table).where(_any(columns, ids)))
    return StoreCount(table.name, removed=gone.rowcount)


async def _kept(tx: Tx, table: Table, condition: ColumnElement[bool]) -> StoreCount:
    counted = select(func.count()).select_from(table).where(condition)
    return StoreCount(table.name, kept=(await tx.sql.execute(counted)).scalar_one())


async def _emptied(tx: Tx, ids: Sequence[UUID]) -> StoreCount:
    """Forget ranks and functions; where somebody served stays for the counts of units."""
    t = people.affiliation
    empty = update(t).where(t.c.person_id.in_(ids)).values(rank=null(), function=null())
    return StoreCount(t.name, emptied=(await tx.sql.execute(empty)).rowcount)


async def _forgotten(tx: Tx, ids: Sequence[UUID]) -> StoreCount:
    """Forget answers kept for repetitions that name the person; a repetition is a new request."""
    t = kit.idempotency
    said = func.concat(t.c.headers, func.encode(t.c.body, "escape"))
    names = [func.strpos(said, str(person_id)) > 0 for person_id in ids]
    gone = await tx.sql.execute(delete(t).where(or_(*names)))
    return StoreCount(t.name, removed=gone.rowcount)


def _any(columns: Sequence[Column[Any]], ids: Sequence[UUID]) -> ColumnElement[bool]:
    return or_(*(column.in_(ids) for column in columns))


async def records_of(tx: Tx, person_id: UUID) -> list[UUID]:
    """Return the ids of every record of a person: their own, and those merged into it."""
    t = people.person_standing.c
    found, new = [person_id], [person_id]
    while new:
        rows = await tx.sql.execute(select(t.person_id).where(t.merged_into.in_(new)))
        new = [each for each in rows.scalars() if each not in found]
        found += new
    return found


async def open_money(tx: Tx, ids: Sequence[UUID]) -> Kept | None:
    """Return what is not settled yet between a person and who pays them, or None."""
    for reason, table, condition in (
        (Kept.CLAIM_OPEN, money.claim, money.claim.c.state.not_in([*VOID, "paid"])),
        (
            Kept.SETTLEMENT_OPEN,
            money.settlement,
            money.settlement.c.state.in_(["settled", "in_file"]),
        ),
        (Kept.ADVANCE_OPEN, money.advance, money.advance.c.state.not_in(["cleared", "refused"])),
    ):
        found = select(table.c.id).where(table.c.person_id.in_(ids), condition).limit(1)
        if (await tx.sql.execute(found)).first() is not None:
            return reason
    return None


async def certify(tx: Tx, certificate: Certificate, stores: str) -> None:
    """Store a certificate; a second one for the same person breaks `person_erased_once`."""
    row = {
        "id": certificate.id,
        "person_id": certificate.person_id,
        "public_ref": certificate.public_ref,
        "ground": certificate.ground.value,
        "by": certificate.by,
        "at": certificate.at,
        "stores": stores,
        "digest": certificate.digest,
    }
    await tx.sql.execute(insert(people.erasure_certificate).values(row))


async def still_there(tx: Tx, person_id: UUID) -> bool:
    """Tell whether a person is on record and was not erased."""
    standing = people.person_standing
    statement = (
        select(own.person.c.id)
        .outerjoin(standing, standing.c.person_id == own.person.c.id)
        .where(own.person.c.id == person_id, standing.c.erased_at.is_(None))
    )
    return (await tx.sql.execute(statement)).first() is not None


async def due(tx: Tx, on: date, most: int, *, by: Caller) -> list[Due]:
    """Return persons whose identity is due on a day, held ones among them, the first known first.

    Who is on a trip that was not cancelled, or was, counts from its last day.
    """
    ended = func.max(own.trip.c.last_day).filter(own.trip.c.state != TripState.CANCELLED.value)
    recorded = func.coalesce(
        people.identity.c.recorded_on,
        cast(func.uuid_extract_timestamp(own.person.c.id), people.identity.c.recorded_on.type),
        date(1970, 1, 1),
    )
    statement = (
        select(
            own.person.c.id, own.person.c.public_ref, recorded, ended, people.person_standing.c.hold
        )
        .join(people.person_key, people.person_key.c.person_id == own.person.c.id)
        .outerjoin(people.identity, people.identity.c.person_id == own.person.c.id)
        .outerjoin(people.person_standing, people.person_standing.c.person_id == own.person.c.id)
        .outerjoin(own.trip, own.trip.c.person_id == own.person.c.id)
        .where(visible(own.person.c.audience, by))
        .where(people.person_standing.c.merged_into.is_(None))
        .group_by(own.person.c.id, recorded, people.person_standing.c.hold)
        .having(
            func.coalesce(
                ended < years_after(on, -IDENTITY_YEARS), recorded < years_after(on, -UNUSED_YEARS)
            )
        )
        .order_by(own.person.c.id)
        .limit(most)
    )
    return [_due(row) for row in await tx.sql.execute(statement)]


def _due(row: Any) -> Due:  # noqa: ANN401 (a row of five columns)
    hold = None if row[4] is None else HoldGround(row[4])
    return Due(person_id=row[0], public_ref=row[1], due_on=due_on(row[2], row[3]), hold=hold)
