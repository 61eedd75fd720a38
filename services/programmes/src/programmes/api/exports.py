"""Lists as CSV or XLSX (`format=`): every row, flattened, formulas neutralised."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import Query, Response

from kit.db.paging import MOST, Asked
from programmes.domain.spreadsheet import Cell, csv_lines
from programmes.domain.workbook import workbook

_PAGES: Final = 50
_DECIMAL: Final = re.compile(r"-?\d{1,18}\.\d{1,12}")
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            _XLSX: {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
"""What a list that takes `format` answers besides JSON."""


class Format(StrEnum):
    """How a list is given."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


Formatted = Annotated[
    Format,
    Query(
        alias="format",
        description="csv and xlsx give the whole list, up to 10 000 rows; a Link header names "
        "the next part. Nested members become columns such as `start.edtf`.",
    ),
]


async def given(
    fetch: Callable[[Asked], Awaitable[str]], asked: Asked, form: Format, name: str
) -> Response:
    """Return a page of a list as JSON, or the whole list as a file."""
    if form is Format.JSON:
        return Response(await fetch(asked), media_type="application/json")
    items: list[Mapping[str, Any]] = []
    at = replace(asked, limit=MOST)
    for _ in range(_PAGES):
        found = json.loads(await fetch(at))
        items += found["items"]
        at = replace(at, cursor=found["next"])
        if at.cursor is None:
            break
    response = filed(items, form, name)
    if at.cursor is not None:
        response.headers["link"] = f'<?format={form}&after={at.cursor}>; rel="next"'
    return response


def listed(body: str, form: Format, name: str) -> Response:
    """Return a list without pages as JSON or as a file."""
    if form is Format.JSON:
        return Response(body, media_type="application/json")
    return filed(json.loads(body)["items"], form, name)


def filed(items: Sequence[Mapping[str, Any]], form: Format, name: str) -> Response:
    """Return rows as a file named after the list."""
    flat = [dict(_flat(item)) for item in items]
    header = list(dict.fromkeys(column for row in flat for column in row))
    rows = [[row.get(column) for column in header] for row in flat]
    headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
    if form is Format.XLSX:
        return Response(workbook(header, rows), 200, headers, _XLSX)
    return Response("".join(csv_lines(header, rows)), 200, headers, "text/csv; charset=utf-8")


def _flat(item: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Cell]]:
    for name, value in item.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", _plain(value)


def _plain(value: object) -> Cell:
    if isinstance(value, str):
        return Decimal(value) if _DECIMAL.fullmatch(value) else value
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False)
