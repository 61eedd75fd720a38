"""Rows of the ledger: each is written by the statement that changes the totals of its line."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, insert, select, update

from kit.db.unit import Hot, Tx
from programmes.domain.ledger import Booking, Subject, Totals
from programmes.storage.tables import budget_line
from programmes.storage.tables_money import budget_entry

_c = budget_line.c
_e = budget_entry.c
_TOTALS: Final = ("amount", "reserved", "committed", "spent", "released")
_MORE: Final = tuple(f"more_{name}" for name in _TOTALS)
_SAID: Final = (
    "id",
    "line_id",
    "kind",
    "amount",
    "subject_service",
    "subject_id",
    "spent_on",
    "reference",
    "by",
    *_MORE,
)


def booking_if(*guards: ColumnElement[bool]) -> Hot:
    """Make the statement that changes the totals of a line and writes the entry that says so."""
    given = {name: bindparam(f"new_{name}", type_=_e[name].type) for name in _SAID}
    changed = {name: _c[name] + given[more] for name, more in zip(_TOTALS, _MORE, strict=True)}
    moved = (
        update(budget_line)
        .where(_c.id == given["line_id"], *guards)
        .values(
            **changed,
            version=_c.version + 1,
            updated_at=func.greatest(_c.updated_at, bindparam("now", type_=_c.updated_at.type)),
        )
        .returning(_c.version, _c.updated_at, *(_c[name] for name in _TOTALS))
        .cte("moved")
    )
    row = select(*given.values(), *moved.c)
    columns = [*_SAID, "line_version", "at", *(f"line_{name}" for name in _TOTALS)]
    return Hot(insert(budget_entry).from_select(columns, row).returning(_e.id))


_BOOK: Final = booking_if()
_STANDS: Final = Hot(
    select(*(func.coalesce(func.sum(_e[name]), 0) for name in _MORE[1:4])).where(
        _e.line_id == bindparam("line_id"),
        _e.subject_id == bindparam("subject_id"),
        _e.subject_service == bindparam("subject_service"),
    )
)


async def book(
    tx: Tx, line_id: UUID, booking: Booking, statement: Hot = _BOOK, **guarded: object
) -> bool:
    """Change the totals of a line and write the entry that says so; False if a guard forbids it.

    `statement` is one of `booking_if`, with what its guards ask for; without any nothing is
    guarded. Raises BudgetExceeded if more would be bound than the line has.
    """
    change, subject = booking.change, booking.subject
    booked = await tx.hot(
        statement,
        now=tx.now,
        new_id=booking.id,
        new_line_id=line_id,
        new_kind=booking.kind.value,
        new_amount=booking.amount,
        new_subject_service=subject and subject.service,
        new_subject_id=subject and subject.id,
        new_spent_on=booking.spent_on,
        new_reference=booking.reference,
        new_by=booking.by,
        new_more_amount=booking.allotted,
        new_more_reserved=change.reserved,
        new_more_committed=change.committed,
        new_more_spent=change.spent,
        new_more_released=booking.released,
        **guarded,
    )
    return booked is not None


async def stands(tx: Tx, line_id: UUID, subject: Subject) -> Totals:
    """Return where the money of a subject stands on a line; its own requests must be serialised."""
    of = {"subject_service": subject.service, "subject_id": subject.id}
    (sums,) = await tx.hot_rows(_STANDS, line_id=line_id, **of)
    return Totals(*sums)
