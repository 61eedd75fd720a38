"""The register of facts: every row about training is answered, and its source is cited."""

import csv
import re
from pathlib import Path

import pytest
from make_training import OFFICER, known_programme

from training.load import load
from training.queries import records

PROGRAMMES = ("EAP-PCP", "PPTI-5", "EUCPN-PAT", "THB-PL", "NO-STRUCT", "NO-COMP")
REGISTER = Path(__file__).parent / "data" / "facts.csv"


@pytest.fixture
async def references(unit):
    for code in PROGRAMMES:
        await known_programme(unit, code)
    await load(unit, None)
    events = await records.events_by_reference(unit)
    series = await records.series_ids(unit)
    return {reference: str(event.id) for reference, event in events.items()} | {
        reference: str(series_id) for reference, series_id in series.items()
    }


def filled(text, references):
    return re.sub(r"\{([A-Z][A-Z0-9-]+)\}", lambda found: references[found[1]], text)


async def test_register_when_asked_then_each_fact_is_answered_with_its_source(
    client, signed, references
):
    with REGISTER.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    for row in rows:
        path = "/v1" + filled(row["query"], references)
        answer = await client.get(path, headers=signed(OFFICER))
        assert answer.status_code == 200, (row["id"], answer.text)
        for held in row["holds"].split("|"):
            assert filled(held, references) in answer.text, (row["id"], held)
        assert f'"document":"{row["source"]}"' in answer.text, row["id"]
