"""Routes that take many items at once, as JSON or CSV (IN-05)."""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from typing_extensions import override

from kit.errors import InvalidInput, Violation
from kit.problems import UnsupportedContent
from kit.route import StrictRoute, bounded_body
from kit.strict import hidden_characters, parse_json

MOST_ROWS: Final = 5_000
_BYTES: Final = 10 * 1024 * 1024
_MEDIA: Final = frozenset({"application/json", "text/csv"})
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_BOM: Final = "\ufeff"


class BulkRoute(StrictRoute):
    """A strict route whose body is `{"items": […]}` or CSV, at most 10 MiB of UTF-8."""

    body_bytes = _BYTES

    @override
    async def _read_body(self, request: Request, *, takes_body: bool) -> list[Violation]:
        if _media(request) not in _MEDIA:
            raise UnsupportedContent("this operation reads application/json and text/csv in UTF-8")
        body = await bounded_body(request, self.body_bytes)
        request._json = hashlib.sha256(body).hexdigest()  # noqa: SLF001 (what Once compares)
        return []


@dataclass(frozen=True, slots=True)
class Given:
    """One item as it was sent; `line` is the line of a CSV file that it ends on."""

    values: dict[str, Any]
    line: int | None = None


def items_of(request: Request, columns: Sequence[str]) -> list[Given]:
    """Return the items of a bulk request, or raise InvalidInput about the body as a whole."""
    body: bytes = request._body  # noqa: SLF001 (kept by BulkRoute)
    if _media(request) == "text/csv":
        items = list(_rows(body, columns))
    else:
        items = [Given(each) for each in _json_items(parse_json(body))]
    if not 0 < len(items) <= MOST_ROWS:
        raise _refused("kit.item_count", f"between 1 and {MOST_ROWS} items are taken at once")
    return items


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would calculate a cell instead of showing it."""
    return cell.startswith(_FORMULA)


def _json_items(value: object) -> list[dict[str, Any]]:
    items = value.get("items") if isinstance(value, dict) and set(value) == {"items"} else None
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise _refused("kit.items_expected", 'the body is an object {"items": [{…}, …]}')
    return items


def _rows(body: bytes, columns: Sequence[str]) -> Iterator[Given]:
    lines = csv.reader(io.StringIO(_text(body), newline=""), strict=True)
    try:
        header = next(lines, [])
        _must_be_header(header, columns)
        for row in lines:
            yield Given(_row(row, header, lines.line_num), lines.line_num)
    except csv.Error as error:
        message = f"line {lines.line_num} is not CSV: {error}"
        raise _refused("kit.not_csv", message, line=lines.line_num) from None


def _text(body: bytes) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise _refused("kit.not_utf8", f"line {line} is not UTF-8 text", line=line) from None
    if hidden_characters(text):
        line = next(n for n, each in enumerate(text.split("\n"), 1) if hidden_characters(each))
        raise _refused("kit.hidden_character", f"line {line} holds a NUL", line=line)
    return text.removeprefix(_BOM)


def _must_be_header(header: Sequence[str], columns: Sequence[str]) -> None:
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise _refused("kit.csv_delimiter", "the columns are separated by commas")
    unknown = sorted(set(header) - set(columns))
    if unknown or len(set(header)) != len(header) or not header:
        known = ", ".join(columns)
        raise _refused("kit.csv_header", f"line 1 names columns once each, out of: {known}")


def _row(row: Sequence[str], header: Sequence[str], line: int) -> dict[str, Any]:
    if list(row) == list(header):
        raise _refused("kit.csv_second_header", f"line {line} is a second header", line=line)
    if len(row) != len(header):
        message = f"line {line} has {len(row)} cells, not {len(header)}"
        raise _refused("kit.csv_cells", message, line=line)
    if any(is_formula(cell) for cell in row):
        raise _refused("kit.csv_formula", f"line {line} holds a formula", line=line)
    return {name: _value(name, cell) for name, cell in zip(header, row, strict=True) if cell}


def _value(name: str, cell: str) -> str | int:
    number = name in {"source_version", "session", "minutes"} and cell.isascii() and cell.isdigit()
    return int(cell[:10]) if number else cell


def _refused(code: str, message: str, *, line: int | None = None) -> InvalidInput:
    place = "" if line is None else f"/lines/{line}"
    return InvalidInput(message, errors=[Violation(place, code, message)])


def _media(request: Request) -> str:
    media, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.strip().removeprefix("charset=").strip('"')
    return media.strip() if charset in {"", "utf-8"} else ""
