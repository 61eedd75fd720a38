"""Rows of the ledger: each is written by the statement that changes the totals of its line."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, literal, select, update

from kit.db.unit import Tx
from programmes.domain.ledger import Booking, Subject, Totals
from programmes.storage.tables import budget_line
from programmes.storage.tables_money import budget_entry

_c = budget_line.c
_e = budget_entry.c
_TOTALS = ("amount", "reserved", "committed", "spent", "released")


async def book(tx: Tx, line_id: UUID, booking: Booking, *guards: ColumnElement[bool]) -> bool:
    """Change the totals of a line and write the entry that says so; False if a guard forbids it.

    Raises BudgetExceeded if more would be bound than the line has.
    """
    change = booking.change
    more = {
        "amount": booking.allotted,
        "reserved": change.reserved,
        "committed": change.committed,
        "spent": change.spent,
        "released": booking.released,
    }
    moved = (
        update(budget_line)
        .where(_c.id == line_id, *guards)
        .values(
            {_c[name]: _c[name] + value for name, value in more.items()}
            | {_c.version: _c.version + 1, _c.updated_at: func.greatest(_c.updated_at, tx.now)}
        )
        .returning(_c.version, _c.updated_at, *(_c[name] for name in _TOTALS))
        .cte("moved")
    )
    written: dict[Any, Any] = {
        _e.id: booking.id,
        _e.line_id: line_id,
        _e.kind: booking.kind.value,
        _e.amount: booking.amount,
        _e.subject_service: booking.subject and booking.subject.service,
        _e.subject_id: booking.subject and booking.subject.id,
        _e.spent_on: booking.spent_on,
        _e.reference: booking.reference,
        _e.by: booking.by,
        **{_e[f"more_{name}"]: value for name, value in more.items()},
    }
    values = [literal(value, column.type) for column, value in written.items()]
    stands = [moved.c[name] for name in _TOTALS]
    row = select(*values, moved.c.version, moved.c.updated_at, *stands)
    columns = [*written, _e.line_version, _e.at, *(_e[f"line_{name}"] for name in _TOTALS)]
    result = await tx.sql.execute(insert(budget_entry).from_select(columns, row))
    return result.rowcount == 1


async def stands(tx: Tx, line_id: UUID, subject: Subject) -> Totals:
    """Return where the money of a subject stands on a line; its own requests must be serialised."""
    sums = (func.coalesce(func.sum(_e[f"more_{name}"]), 0) for name in _TOTALS[1:4])
    chosen = select(*sums).where(
        _e.line_id == line_id,
        _e.subject_id == subject.id,
        _e.subject_service == subject.service,
    )
    return Totals(*(await tx.sql.execute(chosen)).one())
