"""Turns one JSON object on standard input into a PDF on standard output; a process of its own.

The compiler costs 30 MB, so the web process does not keep it. What comes in is not kept either:
a name that is printed exists in this process for as long as it takes, about a quarter second.
"""

import json
import sys
from pathlib import Path
from typing import Final

from typst import Compiler, Fonts

_TEMPLATE: Final = Path(__file__).parents[1] / "data" / "certificate.typ"


def render(said: str, *, issued: int) -> bytes:
    """Return the PDF; the same input gives the same bytes. `issued` is in Unix seconds."""
    fonts = Fonts(include_system_fonts=False)
    compiler = Compiler(_TEMPLATE.read_bytes(), font_paths=fonts, sys_inputs={"data": said})
    pdf = compiler.compile(format="pdf", timestamp=issued, pdf_standards="a-2a")
    if not isinstance(pdf, bytes):
        raise TypeError("a document is one PDF")
    return pdf


def main() -> None:
    """Read, render, write."""
    said = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(render(said, issued=json.loads(said)["issued"]))


if __name__ == "__main__":
    main()
