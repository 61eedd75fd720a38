"""The register of facts: what an answer must hold to answer a row, and what is wrong with it."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

REGISTER = Path(__file__).parents[2] / "services/programmes/tests/data/facts.csv"
SILENT = {"F027"}  # an empty list: what no source states has no source to cite
Row = Mapping[str, str]


def rows() -> list[dict[str, str]]:
    """Every row of the register that the programmes service answers."""
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def faults(row: Row, said: Any) -> list[str]:
    """Say what is wrong with an answer; nothing is, if it holds all the row demands.

    Parts joined by `&&` stand in one item of a list; whatever holds one of the parts cites the
    document of the row.
    """
    return _faults(row, _items(said))


def overlooked(row: Row, said: Any) -> list[str]:
    """Plant errors in a right answer, one after the other; return those that are not noticed."""
    shown = _items(said)
    planted = {part: part for together in _wanted(row) for part in together}
    planted |= {} if row["id"] in SILENT else {"its source": row["source"]}
    wrong = {name: [each.replace(text, "?") for each in shown] for name, text in planted.items()}
    wrong |= {"one item more": [*shown, "{}"]} if row["items"] else {}
    return [f"{row['id']}: {name}" for name, items in wrong.items() if not _faults(row, items)]


def _items(said: Any) -> list[str]:
    listed = isinstance(said, dict) and "items" in said
    return [json.dumps(each, ensure_ascii=False) for each in (said["items"] if listed else [said])]


def _faults(row: Row, shown: list[str]) -> list[str]:
    return [*_unlike(row, shown), *_unsourced(row, shown), *_miscounted(row, shown)]


def _wanted(row: Row) -> list[list[str]]:
    return [part.split(" && ") for part in row["answers"].split(" | ") if part]


def _unlike(row: Row, shown: list[str]) -> Iterator[str]:
    for together in _wanted(row):
        if not any(all(part in item for part in together) for item in shown):
            yield f"{row['id']}: nothing holds {' with '.join(together)}"


def _unsourced(row: Row, shown: list[str]) -> Iterator[str]:
    wanted = _wanted(row)
    holding = [item for item in shown if any(all(part in item for part in each) for each in wanted)]
    if not holding and row["id"] not in SILENT:
        yield f"{row['id']}: nothing is cited"
    for item in holding:
        if not _cites(row["source"], item) and not _derived(row["source"], item, shown):
            yield f"{row['id']}: {item[:80]} does not cite {row['source']}"


def _cites(document: str, item: str) -> bool:
    named = (f'"document": "{document}"', f'"documents": ["{document}"]', f'"code": "{document}"')
    return any(each in item for each in named)


def _derived(document: str, item: str, shown: list[str]) -> bool:
    """Say whether it is computed from others of the list that cite the document."""
    return '"qualifier": "derived"' in item and any(_cites(document, each) for each in shown)


def _miscounted(row: Row, shown: list[str]) -> Iterator[str]:
    if row["items"] and len(shown) != int(row["items"]):
        yield f"{row['id']}: {len(shown)} items instead of {row['items']}"
