"""What the API answers about money: every member is always there, null if it is not known."""

from datetime import date
from typing import Self
from uuid import UUID

from kit.wire import Amount, Answer, Instant
from programmes.domain import ledger


class BookedEntry(Answer):
    """One row of the ledger; `amount` is in the currency of its line."""

    id: UUID
    kind: ledger.EntryKind
    amount: Amount
    currency: str
    subject_service: str | None
    subject_id: UUID | None
    spent_on: date | None
    reference: str | None
    by: str
    at: Instant

    @classmethod
    def of(cls, it: ledger.BookedEntry) -> Self:
        """Return the wire form of a booked entry."""
        booking = it.booking
        shown = {name: getattr(booking, name, None) for name in cls.model_fields}
        subject = booking.subject
        own = {
            "currency": it.currency,
            "at": it.at,
            "subject_service": subject and subject.service,
            "subject_id": subject and subject.id,
        }
        return cls.model_validate({**shown, **own})


class LineTotals(Answer):
    """Where the money of a line stood after an entry."""

    amount: Amount
    reserved: Amount
    committed: Amount
    spent: Amount
    released: Amount


class Entry(BookedEntry):
    """One row of the ledger: by how much it changed totals, and where the line then stood."""

    changed: LineTotals
    stands: LineTotals
