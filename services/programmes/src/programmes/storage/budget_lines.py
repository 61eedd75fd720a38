"""Rows of budget lines; money moves by one conditional UPDATE."""

from dataclasses import asdict
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from kit.db.visible import visible_to
from kit.errors import StaleVersion
from kit.ids import uuid7
from programmes.domain.budget_line import BudgetLine, LineState
from programmes.domain.errors import NoSuchBudgetLine
from programmes.domain.financing import HUNDRED
from programmes.domain.ledger import Booking, EntryKind
from programmes.storage import ledger
from programmes.storage.tables import budget_line, programme

_c = budget_line.c
_UNKNOWN = "the programme has no budget line of this code"
_columns = (
    _c.id,
    _c.version,
    _c.audience,
    programme.c.code.label("programme"),
    _c.code,
    _c.title,
    _c.category,
    _c.amount,
    _c.committed,
    _c.currency,
    _c.state,
    _c.synthetic,
    _c.reserved,
    _c.spent,
    _c.released,
    _c.approved,
    _c.tolerance,
)
_lines = select(*_columns).join(programme, programme.c.id == _c.programme_id)
_named = _lines.where(programme.c.code == bindparam("programme"), _c.code == bindparam("code"))
_FIND: Final = Hot(_named)
_LOCK: Final = Hot(_named.with_for_update(of=budget_line))
_LOCK_SEEN: Final = Hot(_named.where(visible_to(_c.audience)).with_for_update(of=budget_line))
_BY_ID: Final = Hot(_lines.where(_c.id == bindparam("id")))
_TAKE: Final = ledger.booking_if(
    _c.state == LineState.OPEN,
    _c.currency == bindparam("of_currency"),
    _c.reserved + _c.committed + _c.spent + bindparam("bound")
    <= _c.amount + func.round(_c.amount * _c.tolerance / HUNDRED, 2),
)


def _line(row: ByName) -> BudgetLine:
    return BudgetLine(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        programme=row["programme"],
        code=row["code"],
        title=row["title"],
        category=row["category"],
        amount=row["amount"],
        committed=row["committed"],
        currency=row["currency"],
        state=LineState(row["state"]),
        synthetic=row["synthetic"],
        reserved=row["reserved"],
        spent=row["spent"],
        released=row["released"],
        approved=row["approved"],
        tolerance=row["tolerance"],
    )


async def lock(tx: Tx, programme_code: str, code: str, *, by: Caller) -> BudgetLine:
    """Return a line for change; raises NoSuchBudgetLine if it is unknown or not visible."""
    marks = list(by.audience)
    row = await tx.hot(_LOCK_SEEN, programme=programme_code, code=code, marks=marks)
    if row is None:
        raise NoSuchBudgetLine(_UNKNOWN)
    return _line(row)


async def find(
    tx: Tx, programme_code: str, code: str | None, *, locked: bool = False
) -> BudgetLine | None:
    """Return a line as it stands, for change if `locked`, or None; for what services ask."""
    row = await tx.hot(_LOCK if locked else _FIND, programme=programme_code, code=code)
    return None if row is None else _line(row)


async def by_id(tx: Tx, line_id: UUID) -> BudgetLine:
    """Return a line that something refers to."""
    (row,) = await tx.hot_rows(_BY_ID, id=line_id)
    return _line(row)


async def of(tx: Tx, programme_id: UUID) -> list[BudgetLine]:
    """Return the lines of a programme for change, in the order of their ids."""
    chosen = _lines.where(_c.programme_id == programme_id).order_by(_c.id)
    rows = (await tx.sql.execute(chosen.with_for_update(of=budget_line))).mappings()
    return [_line(row) for row in rows]


async def add(tx: Tx, programme_id: UUID, new: BudgetLine, *, by: str) -> None:
    """Store a new line with its first entry; raises BudgetLineTaken."""
    row = asdict(new) | {"audience": sorted(new.audience), "updated_at": tx.now}
    del row["programme"]
    row |= {"version": new.version - 1, "amount": Decimal(0)}
    await tx.sql.execute(insert(budget_line).values(programme_id=programme_id, **row))
    opened = Booking(uuid7(tx.now), EntryKind.ALLOTTED, new.amount, by, allotted=new.amount)
    await ledger.book(tx, new.id, opened)


async def save(tx: Tx, changed: BudgetLine) -> None:
    """Store what is said of a line; its amounts change by entries alone.

    Raises StaleVersion if it was changed meanwhile.
    """
    statement = (
        update(budget_line)
        .where(_c.id == changed.id, _c.version == changed.version - 1)
        .values(
            version=changed.version,
            audience=sorted(changed.audience),
            updated_at=func.greatest(_c.updated_at, tx.now),
            title=changed.title,
            category=changed.category,
            approved=changed.approved,
            tolerance=changed.tolerance,
            state=changed.state,
        )
    )
    if (await tx.sql.execute(statement)).rowcount != 1:
        raise StaleVersion("the budget line was changed meanwhile")


async def take(tx: Tx, line_id: UUID, booking: Booking, currency: str) -> bool:
    """Book if the line is open, in this currency and has as much left.

    One statement decides and acts, so that no order of concurrent requests commits more than
    the line has.
    """
    guarded = {"of_currency": currency, "bound": booking.change.bound}
    return await ledger.book(tx, line_id, booking, _TAKE, **guarded)
