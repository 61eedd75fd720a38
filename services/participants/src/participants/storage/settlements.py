"""Advances, settlements and payment files as rows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, Table, exists, func, insert, select, update

from kit.auth import Caller
from kit.db.unit import Tx
from kit.db.visible import visible
from kit.errors import DomainError, StaleVersion
from kit.money import Money
from participants.domain.claim import OverrideReason
from participants.domain.errors import (
    NoSuchAdvance,
    NoSuchPaymentFile,
    NoSuchSettlement,
    SettlementExists,
)
from participants.domain.settlement import (
    Advance,
    AdvanceState,
    PaymentFile,
    Settlement,
    SettlementState,
    due_on,
)
from participants.storage.tables import trip
from participants.storage.tables_claims import advance as a
from participants.storage.tables_claims import payment_file as f
from participants.storage.tables_claims import settlement as s
from participants.storage.tables_people import bank_account

_ENDS: Final = (trip.c.last_day, trip.c.ruleset)
ADVANCES: Final = select(*a.c, *_ENDS).join(trip, trip.c.id == a.c.trip_id)
"""Advances with what says when they are due."""
LIVE: Final = s.c.state != SettlementState.WITHDRAWN.value


async def lock_advance(tx: Tx, advance_id: UUID, *, by: Caller) -> Advance:
    """Lock and return an advance that the caller may see, or raise NoSuchAdvance."""
    wanted = ADVANCES.where(a.c.id == advance_id, visible(a.c.audience, by))
    row = (await tx.sql.execute(wanted.with_for_update(of=a))).mappings().first()
    if row is None:
        raise NoSuchAdvance("there is no such record")
    return advance_of(row)


async def advances_of(tx: Tx, trip_ids: Sequence[UUID]) -> dict[UUID, Advance]:
    """Lock the advances of trips; return them by trip."""
    live = a.c.trip_id.in_(trip_ids) & (a.c.state != AdvanceState.REFUSED.value)
    statement = ADVANCES.where(live).order_by(a.c.id).with_for_update(of=a)
    rows = (await tx.sql.execute(statement)).mappings()
    return {row["trip_id"]: advance_of(row) for row in rows}


async def known_advances(tx: Tx, ids: Sequence[UUID]) -> Sequence[Advance]:
    """Return advances by their ids, refused ones too."""
    rows = (await tx.sql.execute(ADVANCES.where(a.c.id.in_(ids)).order_by(a.c.id))).mappings()
    return [advance_of(row) for row in rows]


async def known_settlements(tx: Tx, ids: Sequence[UUID]) -> Sequence[Settlement]:
    """Return settlements by their ids."""
    rows = (await tx.sql.execute(select(*s.c).where(s.c.id.in_(ids)).order_by(s.c.id))).mappings()
    return [settlement_of(row) for row in rows]


async def lock_settlement(tx: Tx, settlement_id: UUID, *, by: Caller) -> Settlement:
    """Lock and return a settlement that the caller may see, or raise NoSuchSettlement."""
    return settlement_of(await _locked(tx, s, settlement_id, by, NoSuchSettlement))


async def lock_to_pay(
    tx: Tx, payer: str, currency: str, most: int, *, by: Caller
) -> Sequence[Settlement]:
    """Lock what one payer owes in a currency to persons whose account is known, oldest first."""
    waiting = (
        select(*s.c)
        .where(
            s.c.payer == payer,
            s.c.currency == currency,
            s.c.state == SettlementState.SETTLED.value,
            s.c.payable > 0,
            exists().where(bank_account.c.person_id == s.c.person_id),
            visible(s.c.audience, by),
        )
        .order_by(s.c.id)
        .limit(most)
        .with_for_update()
    )
    return [settlement_of(row) for row in (await tx.sql.execute(waiting)).mappings()]


async def lock_settled(
    tx: Tx, programme_code: str, ended_by: date, most: int, *, by: Caller
) -> Sequence[Settlement]:
    """Lock what is settled and in no file, of trips of a programme that ended by a day."""
    waiting = (
        select(*s.c)
        .join(trip, trip.c.id == s.c.trip_id)
        .where(
            s.c.programme_code == programme_code,
            s.c.state == SettlementState.SETTLED.value,
            trip.c.last_day <= ended_by,
            visible(s.c.audience, by),
        )
        .order_by(s.c.id)
        .limit(most)
        .with_for_update(of=s)
    )
    return [settlement_of(row) for row in (await tx.sql.execute(waiting)).mappings()]


async def last_return(tx: Tx, trip_ids: Sequence[UUID]) -> date | None:
    """Return the day on which the last of some trips ended, if one is known."""
    ended = select(func.max(trip.c.last_day)).where(trip.c.id.in_(trip_ids))
    day: date | None = (await tx.sql.execute(ended)).scalar()
    return day


async def files_made_at(tx: Tx, file_ids: Sequence[UUID]) -> datetime | None:
    """Return when the last of some payment files was made; None for no files."""
    made = select(func.max(f.c.made_at)).where(f.c.id.in_(file_ids))
    at: datetime | None = (await tx.sql.execute(made)).scalar()
    return at


async def lock_file_of(tx: Tx, settlement_id: UUID) -> PaymentFile | None:
    """Lock and return the file a settlement is in: before it, as those do who pay the file."""
    of = select(s.c.payment_file_id).where(s.c.id == settlement_id).scalar_subquery()
    row = (await tx.sql.execute(select(*f.c).where(f.c.id == of).with_for_update())).mappings()
    found = row.first()
    return None if found is None else file_of(found)


async def lock_unpaid_in_file(tx: Tx, file_id: UUID) -> Sequence[Settlement]:
    """Lock what a payment file pays and is not paid yet, in its order."""
    of = (s.c.payment_file_id == file_id) & (s.c.state == SettlementState.IN_FILE.value)
    statement = select(*s.c).where(of).order_by(s.c.id).with_for_update()
    return [settlement_of(row) for row in (await tx.sql.execute(statement)).mappings()]


async def in_file(tx: Tx, file_id: UUID) -> Sequence[Settlement]:
    """Return what a payment file pays, in its order."""
    statement = select(*s.c).where(s.c.payment_file_id == file_id).order_by(s.c.id)
    return [settlement_of(row) for row in (await tx.sql.execute(statement)).mappings()]


async def payment_file(tx: Tx, file_id: UUID, *, by: Caller) -> PaymentFile:
    """Return a payment file that the caller may see, or raise NoSuchPaymentFile."""
    return file_of(await _locked(tx, f, file_id, by, NoSuchPaymentFile))


async def must_be_unsettled(tx: Tx, claim_id: UUID) -> None:
    """Raise SettlementExists if a locked claim has a settlement."""
    if await _live_of(tx, claim_id) is not None:
        raise SettlementExists("the claim has a settlement")


async def lock_of_claim(tx: Tx, claim_id: UUID) -> Settlement | None:
    """Lock and return what settles a claim: before the claim, as those do who pay it."""
    statement = select(*s.c).where(s.c.claim_id == claim_id, LIVE).with_for_update()
    row = (await tx.sql.execute(statement)).mappings().first()
    return None if row is None else settlement_of(row)


async def must_still_be(tx: Tx, claim_id: UUID, known: Settlement | None) -> None:
    """Raise StaleVersion if a locked claim was settled before its lock was had."""
    if await _live_of(tx, claim_id) != (None if known is None else known.id):
        raise StaleVersion("the claim was settled meanwhile")


async def _live_of(tx: Tx, claim_id: UUID) -> UUID | None:
    return (await tx.sql.execute(select(s.c.id).where(s.c.claim_id == claim_id, LIVE))).scalar()


async def add_advance(tx: Tx, advance: Advance) -> None:
    """Store a new advance; a second one for a trip breaks `advance_of_trip_exists`."""
    await tx.sql.execute(insert(a).values(_advance(advance)))


async def add_settlements(tx: Tx, made: Sequence[Settlement]) -> None:
    """Store new settlements; a second one of a claim breaks `settlement_of_claim_exists`."""
    await tx.sql.execute(insert(s), [_settlement(each) for each in made])


async def add_file(tx: Tx, file: PaymentFile) -> None:
    """Store a payment file; its XML is made when it is fetched, and never stored."""
    values = {column.name: getattr(file, column.name) for column in f.c}
    await tx.sql.execute(insert(f).values(values | {"audience": sorted(file.audience)}))


async def save_file(tx: Tx, changed: PaymentFile) -> None:
    """Store that a payment file was carried out, or what is left in it; or raise StaleVersion."""
    names = ("id", "version", "paid_on", "payments", "total")
    await _save(tx, f, {name: getattr(changed, name) for name in names})


async def save_advance(tx: Tx, changed: Advance) -> None:
    """Store the next version of an advance, or raise StaleVersion."""
    await _save(tx, a, _advance(changed))


async def save_settlements(tx: Tx, changed: Sequence[Settlement]) -> None:
    """Store the next versions of locked settlements, or raise StaleVersion."""
    for each in changed:
        await _save(tx, s, _settlement(each))


async def _locked(
    tx: Tx, table: Table, row_id: UUID, by: Caller, missing: type[DomainError]
) -> RowMapping:
    statement = select(*table.c).where(table.c.id == row_id, visible(table.c.audience, by))
    row = (await tx.sql.execute(statement.with_for_update())).mappings().first()
    if row is None:
        raise missing("there is no such record")
    return row


async def _save(tx: Tx, table: Table, values: dict[str, Any]) -> None:
    former = (table.c.id == values["id"]) & (table.c.version == values["version"] - 1)
    if (await tx.sql.execute(update(table).where(former).values(values))).rowcount != 1:
        raise StaleVersion("the record has changed meanwhile")


def _advance(advance: Advance) -> dict[str, Any]:
    return {
        "id": advance.id,
        "version": advance.version,
        "audience": sorted(advance.audience),
        "trip_id": advance.trip_id,
        "person_id": advance.person_id,
        "amount": advance.amount.amount,
        "currency": advance.amount.currency,
        "cleared": advance.cleared,
        "state": advance.state.value,
        "asked_by": advance.asked_by,
        "approved_by": advance.approved_by,
        "paid_on": advance.paid_on,
        "returned_on": advance.returned_on,
    }


def advance_of(row: RowMapping) -> Advance:
    """Return the advance of a row of ADVANCES."""
    return Advance(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        trip_id=row["trip_id"],
        person_id=row["person_id"],
        amount=Money(row["amount"], row["currency"]),
        asked_by=row["asked_by"],
        state=AdvanceState(row["state"]),
        cleared=row["cleared"],
        approved_by=row["approved_by"],
        paid_on=row["paid_on"],
        returned_on=row["returned_on"],
        due_on=due_on(row["ruleset"], row["last_day"]),
    )


def _settlement(settlement: Settlement) -> dict[str, Any]:
    override = settlement.override
    plain = {column.name: getattr(settlement, column.name) for column in s.c}
    return plain | {
        "audience": sorted(settlement.audience),
        "state": settlement.state.value,
        "override": None if override is None else override.value,
    }


def settlement_of(row: RowMapping) -> Settlement:
    """Return the settlement of a row with every column."""
    override = row["override"]
    return Settlement(
        **{
            **row,
            "audience": frozenset(row["audience"]),
            "state": SettlementState(row["state"]),
            "override": None if override is None else OverrideReason(override),
        }
    )


def file_of(row: RowMapping) -> PaymentFile:
    """Return the payment file of a row with every column."""
    return PaymentFile(**{**row, "audience": frozenset(row["audience"])})
