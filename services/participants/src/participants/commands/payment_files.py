"""Payment files: gathered, fetched for the bank, carried out or not.

Fetching one is the one place where account numbers are read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Final
from uuid import UUID

from kit.auth import STAFF, Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.errors import InvalidInput, StaleVersion, Violation
from kit.ids import uuid7
from kit.money import half_up
from participants.commands.settlements import store_paid
from participants.commands.telling import payment_file_made, settlement_moved
from participants.domain.access import FieldClass, Look
from participants.domain.errors import NothingToPay, PaymentCannotMove
from participants.domain.identity import BankAccount, account_violations
from participants.domain.settlement import PaymentFile, Settlement, must_have_been
from participants.storage import access, identities, settlements
from participants.storage.safe import Safe

IN_ONE_FILE: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The organisation that pays, and its account."""

    code: str
    name: str
    iban: str
    bic: str | None


async def make_payment_file(
    unit: Unit, payer: Payer, *, currency: str, executes_on: date, by: Caller
) -> PaymentFile:
    """Gather what one payer owes in one currency, at most a thousand payments.

    Whoever's account is not known stays settled and waits. Refused: NothingToPay, InvalidInput.
    """
    async with unit.begin() as tx:
        _must_be_right(payer, executes_on, home_day(tx.now))
        found = await settlements.lock_to_pay(tx, payer.code, currency, IN_ONE_FILE, by=by)
        if not found:
            raise NothingToPay(
                "nothing of this payer in this currency waits for somebody whose account is known"
            )
        file = PaymentFile(
            id=uuid7(tx.now),
            version=1,
            audience=frozenset({STAFF, f"org:{payer.code}"}),
            payer=payer.code,
            payer_name=payer.name,
            payer_iban=payer.iban,
            payer_bic=payer.bic,
            currency=currency,
            payments=len(found),
            total=half_up(sum((each.payable for each in found), Decimal(0)), currency),
            executes_on=executes_on,
            made_by=by.subject,
            made_at=tx.now,
        )
        await settlements.add_file(tx, file)
        tx.tell(payment_file_made(file), about=file)
        await _store(tx, [each.in_file(file.id) for each in found])
        return tx.result(file)


async def _store(tx: Tx, moved: Sequence[Settlement]) -> None:
    await settlements.save_settlements(tx, moved)
    for each in moved:
        tx.tell(settlement_moved(each), about=each)


def _must_be_right(payer: Payer, day: date, today: date) -> None:
    wrong = list(account_violations(payer.iban, payer.bic, "/payer"))
    if day < today:
        wrong.append(Violation("/executes_on", "in_past", "must not be before today"))
    if wrong:
        raise InvalidInput("no bank carries this out", errors=wrong)


async def pay_payment_file(
    unit: Unit, file_id: UUID, *, on: date, expected: int, by: Caller
) -> PaymentFile:
    """Note that the bank carried a file out: all it still had to pay is paid, its claims too.

    Refused: NoSuchPaymentFile, StaleVersion, PaymentCannotMove, InvalidInput.
    """
    async with unit.begin() as tx:
        file = await settlements.payment_file(tx, file_id, by=by)
        file.must_be_at(expected)
        must_have_been(on, home_day(tx.now))
        paid = file.paid(on)
        await settlements.save_file(tx, paid)
        found = await settlements.lock_unpaid_in_file(tx, file_id)
        await store_paid(tx, [each.paid(on) for each in found], on)
        return tx.result(paid)


async def fail_payment(unit: Unit, settlement_id: UUID, *, expected: int, by: Caller) -> Settlement:
    """Note that a bank did not carry out one payment of a file: it waits to be paid again.

    Refused: NoSuchSettlement, StaleVersion, PaymentCannotMove.
    """
    async with unit.begin() as tx:
        file = await settlements.lock_file_of(tx, settlement_id)
        settlement = await settlements.lock_settlement(tx, settlement_id, by=by)
        settlement.must_be_at(expected)
        out = settlement.not_carried_out()
        if file is None or file.id != settlement.payment_file_id:
            raise StaleVersion("the settlement was put in another file meanwhile")
        await _take_out(tx, file, [out])
        return tx.result(out)


async def fail_payment_file(unit: Unit, file_id: UUID, *, expected: int, by: Caller) -> PaymentFile:
    """Note that a bank did not carry a file out: all it still had to pay waits to be paid again.

    Refused: NoSuchPaymentFile, StaleVersion, PaymentCannotMove.
    """
    async with unit.begin() as tx:
        file = await settlements.payment_file(tx, file_id, by=by)
        file.must_be_at(expected)
        found = await settlements.lock_unpaid_in_file(tx, file_id)
        return tx.result(await _take_out(tx, file, [each.not_carried_out() for each in found]))


async def _take_out(tx: Tx, file: PaymentFile, out: Sequence[Settlement]) -> PaymentFile:
    left = file.without(out)
    await settlements.save_file(tx, left)
    tx.tell(payment_file_made(left), about=left)
    await _store(tx, out)
    return left


async def write_payment_file(unit: Unit, safe: Safe, file_id: UUID, look: Look) -> bytes:
    """Return the XML of a payment file; a look at each account in it is logged.

    Refused: NoSuchPaymentFile, PaymentCannotMove where an account is not known any more, or where
    nothing is left to be paid.
    """
    pain = import_module("participants.commands.pain")
    async with unit.begin() as tx:
        file = await settlements.payment_file(tx, file_id, by=look.by)
        file.must_have_payments()
        found = await settlements.in_file(tx, file_id)
        persons = {each.person_id for each in found}
        await access.note(
            tx, look, persons, FieldClass.BANK_ACCOUNT, operation="write_payment_file"
        )
        payments = [
            pain.Payment(
                account=await _account(tx, safe, each),
                amount=each.payable,
                reference=each.id.hex,
                text=f"{each.programme_code} {each.claim_id.hex}",
            )
            for each in found
        ]
        document: bytes = pain.written(file, payments)
        return tx.result(document)


async def _account(tx: Tx, safe: Safe, settlement: Settlement) -> BankAccount:
    key = await identities.key_of(tx, safe, settlement.person_id)
    account = None if key is None else await identities.account_of(tx, key, settlement.person_id)
    if account is None:
        text = f"the account for settlement {settlement.id} is not known any more"
        raise PaymentCannotMove(text, state=str(settlement.state))
    return account
