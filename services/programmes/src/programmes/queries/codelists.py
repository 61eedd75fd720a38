"""Code lists with Polish and English labels, as the data file states them."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Final

from programmes.domain.errors import NoSuchCodeList

_FILE: Final = Path(__file__).parent.parent / "data" / "codelists.json"


@cache
def _lists() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


def names() -> str:
    """Return the names of the code lists as JSON text."""
    return json.dumps({"items": sorted(_lists()), "next": None})


def code_list(name: str) -> tuple[str, str]:
    """Return a code list as JSON text with its ETag; raises NoSuchCodeList."""
    if name not in _lists():
        raise NoSuchCodeList("there is no code list of this name")
    items = _lists()[name]
    body = json.dumps({"name": name, "items": items, "next": None}, ensure_ascii=False)
    return body, f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'


def labels(name: str) -> dict[str, str]:
    """Return the Polish label of each code of a list."""
    return {each["code"]: each["pl"] for each in _lists()[name]}
