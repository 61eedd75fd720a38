"""Writes ISO 20022 pain.001.001.09; loaded when a file is fetched, for the library is large.

The library builds, and its schema judges; what banks want besides is put right here: amounts with
the decimals of their currency, texts in the characters that all banks take, steady ids and times.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Final

import xmlschema
from sepaxml import SepaTransfer
from text_unidecode import unidecode

from kit.money import minor_digits
from participants.domain.errors import PaymentCannotMove
from participants.domain.identity import BankAccount
from participants.domain.settlement import PaymentFile

SCHEMA: Final = "pain.001.001.09"
_SEPA: Final = "EUR"
_NAME: Final = 70
_TEXT: Final = 140
_UNNAMED: Final = "NOTPROVIDED"
_INSTEAD: Final = str.maketrans({"&": "+", "_": "-", "@": "(at)", '"': "'", "`": "'"})
_FOREIGN: Final = re.compile(r"[^A-Za-z0-9/?:().,'+ -]+")
_SLASHES: Final = re.compile(r"/{2,}")
_AMOUNTS: Final = re.compile(rb'(<(?:InstdAmt Ccy="[A-Z]{3}"|CtrlSum)>)([0-9.]+)(</)')
_NO_BANK: Final = (
    b"<FinInstnId />",
    b"<FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId>",
)
_SHARED: Final = (b"<ChrgBr>SLEV<", b"<ChrgBr>SHAR<")


@dataclass(frozen=True, slots=True)
class Payment:
    """One transfer; `reference` goes from end to end and names nobody."""

    account: BankAccount
    amount: Decimal
    reference: str
    text: str


def written(file: PaymentFile, payments: Sequence[Payment]) -> bytes:
    """Return the XML, valid against the schema; the same bytes for the same file.

    Refused: PaymentCannotMove where the schema does not take what is on record.
    """
    transfer = SepaTransfer(_payer(file), schema=SCHEMA, clean=False)
    for payment in payments:
        transfer.add_payment(_transfer(payment, file))
    document = _named(transfer.export(validate=False), file.id.hex, file.made_at)
    document = _for_banks(document, file.currency)
    try:
        _schema().validate(document.decode())
    except xmlschema.XMLSchemaValidationError as error:
        raise PaymentCannotMove(
            "a name or an account cannot be written in a payment file", state="in_file"
        ) from error
    return document


@cache
def _schema() -> xmlschema.XMLSchema:
    """Return the schema, compiled once: that takes longer than all payments of a file."""
    with resources.as_file(resources.files("sepaxml") / f"schemas/{SCHEMA}.xsd") as path:
        return xmlschema.XMLSchema(path)


def plain(text: str, most: int) -> str:
    """Return a text in the characters every bank takes: Latin letters, digits, few signs.

    Other alphabets are transliterated; what has no letter becomes a space. A text of which nothing
    is left is NOTPROVIDED, the word of ISO 20022 for that.
    """
    latin = _FOREIGN.sub(" ", unidecode(text).translate(_INSTEAD))
    words = " ".join(_SLASHES.sub("/", latin).split())
    return words[:most].strip(" /") or _UNNAMED


def _payer(file: PaymentFile) -> dict[str, object]:
    bank = {} if file.payer_bic is None else {"BIC": file.payer_bic}
    return {
        "name": plain(file.payer_name, _NAME),
        "IBAN": file.payer_iban,
        "currency": file.currency,
        "batch": True,
        "domestic": file.currency != _SEPA,
        **bank,
    }


def _transfer(payment: Payment, file: PaymentFile) -> dict[str, object]:
    account = payment.account
    bank = {} if account.bic is None else {"BIC": account.bic}
    return {
        "name": plain(account.holder, _NAME),
        "IBAN": account.iban,
        "amount": int(payment.amount.scaleb(minor_digits(file.currency))),
        "execution_date": file.executes_on,
        "description": plain(payment.text, _TEXT),
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


def _for_banks(document: bytes, currency: str) -> bytes:
    """Write amounts in the decimals of the currency: the library knows only hundredths."""
    digits = minor_digits(currency)

    def amount(found: re.Match[bytes]) -> bytes:
        units = Decimal(found[2].replace(b".", b"").decode())
        return found[1] + f"{units.scaleb(-digits):f}".encode() + found[3]

    document = _AMOUNTS.sub(amount, document).replace(*_NO_BANK)
    return document if currency == _SEPA else document.replace(*_SHARED)
