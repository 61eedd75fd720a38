"""Writes ISO 20022 pain.001.001.09; loaded when a file is fetched, for the library is large."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError, try_valid_xml

from participants.domain.errors import PaymentCannotMove
from participants.domain.identity import BankAccount
from participants.domain.settlement import PaymentFile

SCHEMA: Final = "pain.001.001.09"
_SEPA: Final = "EUR"


@dataclass(frozen=True, slots=True)
class Payment:
    """One transfer; `reference` goes from end to end and names nobody."""

    account: BankAccount
    amount: Decimal
    reference: str
    text: str


def written(file: PaymentFile, payments: Sequence[Payment]) -> bytes:
    """Return the XML, valid against the schema; the same bytes for the same file."""
    transfer = SepaTransfer(_payer(file), schema=SCHEMA, clean=True)
    for payment in payments:
        transfer.add_payment(_transfer(payment, file.executes_on))
    document = _named(transfer.export(validate=False), file.id.hex, file.made_at)
    try:
        try_valid_xml(document, SCHEMA)
    except ValidationError as error:
        raise PaymentCannotMove(
            "a name or an account cannot be written in a payment file", state="in_file"
        ) from error
    return document


def _payer(file: PaymentFile) -> dict[str, object]:
    bank = {} if file.payer_bic is None else {"BIC": file.payer_bic}
    return {
        "name": file.payer_name,
        "IBAN": file.payer_iban,
        "currency": file.currency,
        "batch": True,
        "domestic": file.currency != _SEPA,
        **bank,
    }


def _transfer(payment: Payment, on: date) -> dict[str, object]:
    account = payment.account
    bank = {} if account.bic is None else {"BIC": account.bic}
    return {
        "name": account.holder,
        "IBAN": account.iban,
        "amount": int(payment.amount * 100),
        "execution_date": on,
        "description": payment.text,
        "endtoend_id": payment.reference,
        **bank,
    }


def _named(document: bytes, name: str, made_at: datetime) -> bytes:
    """Put our own id and time in place of the library's random ones."""
    instant = made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    for tag, text in (("MsgId", name), ("PmtInfId", name), ("CreDtTm", instant)):
        found = re.compile(f"(<{tag}>)[^<]*(</{tag}>)".encode())
        document = found.sub(rf"\g<1>{text}\g<2>".encode(), document)
    return document
