"""Lists for spreadsheets: text that a spreadsheet would run as a formula is made plain."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

Cell = str | int | Decimal | date | None
_STARTS_FORMULA: Final = (
    *("=", "+", "-", "@", "\t", "\r", "\n"),
    *("\uff1d", "\uff0b", "\uff0d", "\uff20"),  # the wide forms of the first four
)
_MARKS_TEXT: Final = "'"


def neutral(text: str) -> str:
    """Return text that stays text in a spreadsheet: an apostrophe goes before what looks active.

    Leading blanks do not hide a formula from every spreadsheet, so they are looked through.
    """
    active = text.startswith(_STARTS_FORMULA) or text.lstrip(" ").startswith(_STARTS_FORMULA)
    return f"{_MARKS_TEXT}{text}" if active else text


def written(cell: Cell) -> str:
    """Return a cell as text: numbers and days as they are, also below zero; absent is empty."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutral(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a list as CSV (RFC 4180), line by line, so that a long list is never held whole."""
    yield _line(header)
    for cells in rows:
        yield _line(cells)


def _line(cells: Sequence[Cell]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([written(cell) for cell in cells])
    return line.getvalue()
