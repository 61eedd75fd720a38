"""The table of invariants names constraints, code and tests that exist."""

import re

import pytest

from .source import ROOT

_ROW = re.compile(
    r"^\| (INV-\d+) [^|]*\| ([^|]*) \| `([^`]*)` \| `([^`:]*)::(\w+)` \|$", re.MULTILINE
)
_TEXT = (ROOT / "docs/invariants-people.md").read_text(encoding="utf-8")
ROWS = _ROW.findall(_TEXT)
_KNOWN = "".join(
    path.read_text(encoding="utf-8")
    for path in (ROOT / "services/participants/src/participants").rglob("*.py")
)


def test_table_when_read_has_each_invariant_once():
    assert [row[0] for row in ROWS] == [f"INV-{number}" for number in range(35, 46)]
    assert len(ROWS) == sum(line.startswith("| INV-") for line in _TEXT.splitlines())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_row_when_followed_leads_to_what_it_names(row):
    _, constraint, code, file, test = row
    services = ROOT / "services"
    assert (services / code).is_file(), code
    assert re.search(rf"def {test}\(", (services / file).read_text(encoding="utf-8")), test
    if constraint != "none":
        name = constraint.strip("`")
        # A foreign key without a name of its own is called by PostgreSQL after its column.
        assert name in _KNOWN or name.endswith("_fkey"), name
