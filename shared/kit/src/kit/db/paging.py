"""Lists by pages: a sealed cursor says after which row to go on, so nothing shifts (API-05)."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar, TypeVarTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Row, Select, literal, tuple_

from kit.db.unit import Read
from kit.errors import InvalidInput, Violation
from kit.seal import CursorInvalid

LIMIT: Final = 50
MOST: Final = 200
_AS_TEXT: Final[dict[type, Callable[[Any], object]]] = {
    UUID: UUID,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    Decimal: Decimal,
}
T = TypeVar("T")
U = TypeVar("U")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page a client wants. The cursor holds only for this client and these filters."""

    client: str
    cursor: str | None = None
    limit: int = LIMIT
    filters: Mapping[str, object] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Rows on the page: what was asked, at most 200. Less than one raises InvalidInput."""
        if self.limit < 1:
            violation = Violation("/query/limit", "kit.limit", "must be 1 or more")
            raise InvalidInput("a page has at least one row", errors=[violation])
        return min(self.limit, MOST)

    def purpose(self, order: str) -> str:
        """Return what a cursor is good for: this client, this list in this order, these filters."""
        filters = json.dumps(dict(self.filters), sort_keys=True, default=str)
        return f"list:{self.client}:{order}:{filters}"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the cursor of the next page: None on the last one."""

    items: Sequence[T]
    next: str | None

    def map(self, make: Callable[[T], U]) -> "Page[U]":
        """Return the same page of something else."""
        return Page([make(item) for item in self.items], self.next)


async def page(
    read: Read,
    statement: Select[*Ts],
    *,
    by: Sequence[Column[Any]],
    asked: Asked,
    descending: bool = False,
) -> Page[Row[*Ts]]:
    """Return one page of a list ordered by `by`, which ends with the id and is never null.

    The columns of `by` must be selected. A row that exists while a client pages is on exactly one
    page, whatever is added or removed meanwhile. Raises CursorInvalid and InvalidInput.
    """
    size = asked.size
    order = ",".join(str(column) for column in by) + (":desc" if descending else "")
    purpose = asked.purpose(order)
    seal = await read.seal()
    if asked.cursor is not None:
        after = _values(by, seal.open(asked.cursor, purpose=purpose))
        statement = statement.where(_beyond(by, after, descending=descending))
    ordered = statement.order_by(*(column.desc() if descending else column for column in by))
    rows = await read.rows(ordered.limit(size + 1))
    if len(rows) <= size:
        return Page(rows, None)
    last = rows[size - 1]._mapping  # noqa: SLF001 (public; named so to keep columns apart)
    return Page(rows[:size], seal.close([_plain(last[c]) for c in by], purpose=purpose))


def _beyond(
    by: Sequence[Column[Any]], after: Sequence[object], *, descending: bool
) -> ColumnElement[bool]:
    bounds = [literal(value, column.type) for value, column in zip(after, by, strict=True)]
    if descending:
        return tuple_(*by) < tuple_(*bounds)
    return tuple_(*by) > tuple_(*bounds)


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int)) else str(value)


def _values(by: Sequence[Column[Any]], plain: Sequence[Any]) -> list[object]:
    if len(plain) != len(by):
        raise CursorInvalid("the cursor was made for another order")
    return [
        _AS_TEXT[kind](value) if (kind := column.type.python_type) in _AS_TEXT else value
        for column, value in zip(by, plain, strict=True)
    ]
