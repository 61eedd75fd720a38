"""The register of facts: each query is asked of the loaded service, and must say what is so."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from make_programmes import OFFICER

REGISTER = Path(__file__).parents[1] / "data" / "facts.csv"
TABLE = Path(__file__).parents[4] / "docs" / "facts.md"
UNSOURCED = {"F006", "F027", "F066", "F151"}  # brief lists and counts: they name no document


def register():
    with REGISTER.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def asked(client, process, loaded):
    process.unit = loaded
    return client


@pytest.mark.parametrize("row", register(), ids=lambda row: row["id"])
async def test_fact_when_asked_for_then_is_answered_with_its_source(asked, signed, row):
    method, path = row["query"].split(" ", 1)
    assert method == "GET"
    answer = await asked.get(f"/v1{path}", headers=signed(OFFICER))
    assert answer.status_code == 200, answer.text
    said = answer.json()
    shown = json.dumps(said, ensure_ascii=False)
    for expected in filter(None, row["answers"].split(" | ")):
        assert expected in shown
    if row["items"]:
        assert len(said["items"]) == int(row["items"])
    if row["id"] not in UNSOURCED:
        assert row["source"] in shown


def test_table_of_facts_when_read_then_has_every_row_with_its_query():
    table = TABLE.read_text(encoding="utf-8")
    for row in register():
        assert f"| {row['id']} |" in table
        assert f"`{row['query']}`" in table


BELARUS = [
    ("BY", "C2", "cybercrime", "2015-06-01", True, None, "PS-3", "exact"),
    ("BY", "C2", "forensic-databases", "2015-06-01", False, "participation_scope", "PS-3", "exact"),
    ("BY", "C1", None, "2015-06-01", False, "participation_scope", "PS-3", "exact"),
    (
        "BY", "C2", "cybercrime", "2014-12-01", False, "participation_suspended", "PS-2",
        "date_unknown",
    ),
    ("BY", "C2", "cybercrime", "2015-03-15", True, None, "PS-3", "month_precision"),
    ("UA", "C1", "forensic-databases", "2015-06-01", True, None, "PS-0", "exact"),
]  # fmt: skip
QUOTED = {
    "PS-2": "implementation of the Programme for Belarus was suspended",
    "PS-3": "without activities concerning development of databases/forensic",
}


@pytest.mark.parametrize("case", BELARUS)
async def test_belarus_when_asked_about_then_rule_and_decision_are_quoted(asked, signed, case):
    country, component, topic, on, allowed, reason, rule, certainty = case
    question = {"country": country, "component": component, "topic": topic, "on": on}
    answer = await asked.post(
        "/v1/programmes/EAP-PCP/eligibility-checks", json=question, headers=signed(OFFICER)
    )
    said = answer.json()
    assert (answer.status_code, said["allowed"], said["reason"]) == (200, allowed, reason)
    assert (said["rule"], said["certainty"]) == (rule, certainty)
    assert (said["decision_id"] is None) == (rule == "PS-0")
    if rule in QUOTED:
        assert QUOTED[rule] in said["decision_text"]
    assert date.fromisoformat(said["on"]) == date.fromisoformat(on)
