"""Advances, settlements and payment files as rows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table, exists, insert, select, update

from kit.auth import Caller
from kit.db.unit import Tx
from kit.db.visible import visible
from kit.errors import DomainError, StaleVersion
from kit.money import Money
from participants.domain.claim import OverrideReason
from participants.domain.errors import NoSuchAdvance, NoSuchPaymentFile, NoSuchSettlement
from participants.domain.settlement import (
    Advance,
    AdvanceState,
    PaymentFile,
    Settlement,
    SettlementState,
)
from participants.storage.tables_claims import advance as a
from participants.storage.tables_claims import payment_file as f
from participants.storage.tables_claims import settlement as s
from participants.storage.tables_people import bank_account


async def lock_advance(tx: Tx, advance_id: UUID, *, by: Caller) -> Advance:
    """Lock and return an advance that the caller may see, or raise NoSuchAdvance."""
    return advance_of(await _locked(tx, a, advance_id, by, NoSuchAdvance))


async def advance_of_trip(tx: Tx, trip_id: UUID) -> Advance | None:
    """Lock and return the advance of a trip, or None."""
    live = (a.c.trip_id == trip_id) & (a.c.state != AdvanceState.REFUSED.value)
    statement = select(*a.c).where(live).with_for_update()
    row = (await tx.sql.execute(statement)).mappings().first()
    return None if row is None else advance_of(row)


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


async def in_file(tx: Tx, file_id: UUID) -> Sequence[Settlement]:
    """Return what a payment file pays, in its order."""
    statement = select(*s.c).where(s.c.payment_file_id == file_id).order_by(s.c.id)
    return [settlement_of(row) for row in (await tx.sql.execute(statement)).mappings()]


async def payment_file(tx: Tx, file_id: UUID, *, by: Caller) -> PaymentFile:
    """Return a payment file that the caller may see, or raise NoSuchPaymentFile."""
    return file_of(await _locked(tx, f, file_id, by, NoSuchPaymentFile))


async def add_advance(tx: Tx, advance: Advance) -> None:
    """Store a new advance; a second one for a trip breaks `advance_of_trip_exists`."""
    await tx.sql.execute(insert(a).values(_advance(advance)))


async def add_settlement(tx: Tx, settlement: Settlement) -> None:
    """Store a new settlement; a second one of a claim breaks `settlement_of_claim_exists`."""
    await tx.sql.execute(insert(s).values(_settlement(settlement)))


async def add_file(tx: Tx, file: PaymentFile) -> None:
    """Store a payment file; its XML is made when it is fetched, and never stored."""
    values = {column.name: getattr(file, column.name) for column in f.c}
    await tx.sql.execute(insert(f).values(values | {"audience": sorted(file.audience)}))


async def save_advance(tx: Tx, changed: Advance) -> None:
    """Store the next version of an advance, or raise StaleVersion."""
    await _save(tx, a, _advance(changed))


async def save_settlement(tx: Tx, changed: Settlement) -> None:
    """Store the next version of a settlement, or raise StaleVersion."""
    await _save(tx, s, _settlement(changed))


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
    }


def advance_of(row: RowMapping) -> Advance:
    """Return the advance of a row with every column."""
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
