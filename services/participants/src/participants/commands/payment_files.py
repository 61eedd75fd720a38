"""Fetching a payment file: the one place where account numbers are read."""

from importlib import import_module
from uuid import UUID

from kit.db.unit import Tx, Unit
from participants.domain.access import FieldClass, Look
from participants.domain.errors import PaymentCannotMove
from participants.domain.identity import BankAccount
from participants.domain.settlement import Settlement
from participants.storage import access, identities, settlements
from participants.storage.safe import Safe


async def write_payment_file(unit: Unit, safe: Safe, file_id: UUID, look: Look) -> bytes:
    """Return the XML of a payment file; a look at each account in it is logged.

    Refused: NoSuchPaymentFile, PaymentCannotMove where an account is not known any more.
    """
    pain = import_module("participants.commands.pain")
    async with unit.begin() as tx:
        file = await settlements.payment_file(tx, file_id, by=look.by)
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
        raise PaymentCannotMove("an account is not known any more", state=str(settlement.state))
    return account
