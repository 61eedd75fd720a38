"""The register of facts is written down for people as it is asked for at the gateway."""

import csv
from pathlib import Path

REGISTER = Path(__file__).parents[1] / "data" / "facts.csv"
TABLE = Path(__file__).parents[4] / "docs" / "facts.md"


def test_table_of_facts_when_read_then_has_every_row_with_its_query_and_answer():
    table = TABLE.read_text(encoding="utf-8")
    with REGISTER.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 155
    for row in rows:
        (line,) = [each for each in table.splitlines() if each.startswith(f"| {row['id']} |")]
        assert f"`{row['query']}`" in line
        for part in filter(None, row["answers"].replace(" && ", " | ").split(" | ")):
            assert part in line
