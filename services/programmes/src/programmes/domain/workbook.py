"""A list as a workbook (XLSX): cells are typed, so that no text is ever run as a formula."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

from programmes.domain.spreadsheet import Cell, neutral, written

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="List" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}
_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def workbook(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a list as XLSX with one sheet; the same list gives the same bytes."""
    sheet = "".join(_row(cells) for cells in (list(header), *rows))
    whole = f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_PARTS, "xl/worksheets/sheet1.xml": whole}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), _HEAD + text)
    return packed.getvalue()


def _row(cells: Sequence[Cell]) -> str:
    return f"<row>{''.join(_cell(cell) for cell in cells)}</row>"


def _cell(cell: Cell) -> str:
    if cell is None:
        return "<c/>"
    if isinstance(cell, (int, Decimal)):
        return f"<c><v>{written(cell)}</v></c>"
    text = neutral(cell) if isinstance(cell, str) else written(cell)
    clean = escape(_NOT_XML.sub("", text))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{clean}</t></is></c>'
