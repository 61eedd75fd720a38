"""Turns one JSON object on standard input into a PDF on standard output; a process of its own.

The compiler costs 30 MB, so the web process does not keep it. What comes in is not kept either:
a name that is printed exists in this process for as long as it takes, about a quarter second.
"""

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Final

import segno
from typst import Compiler, Fonts

_TEMPLATE: Final = Path(__file__).parents[1] / "data" / "certificate.typ"


def render(said: str, *, issued: int) -> bytes:
    """Return the PDF; the same input gives the same bytes. `issued` is in Unix seconds."""
    fonts = Fonts(include_system_fonts=False)
    inputs = {"data": said, "qr": qr_code(json.loads(said)["verify"])}
    compiler = Compiler(_TEMPLATE.read_bytes(), font_paths=fonts, sys_inputs=inputs)
    pdf = compiler.compile(format="pdf", timestamp=issued, pdf_standards="a-2a")
    if not isinstance(pdf, bytes):
        raise TypeError("a document is one PDF")
    return pdf


def qr_code(address: str) -> str:
    """Return the QR code of an address as SVG; a quarter of it may be worn off or stained."""
    drawn = BytesIO()
    segno.make_qr(address, error="q").save(drawn, kind="svg", border=0, dark="#14304f")
    return drawn.getvalue().decode()


def main() -> None:
    """Read, render, write."""
    said = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(render(said, issued=json.loads(said)["issued"]))


if __name__ == "__main__":
    main()
