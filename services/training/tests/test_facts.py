"""The register of facts: every row about training is answered, and its source is cited."""

import csv
import re
from pathlib import Path

import pytest
from make_training import OFFICER

from training.queries import records

REGISTER = Path(__file__).parent / "data" / "facts.csv"


@pytest.fixture
async def references(loaded):
    events = await records.events_by_reference(loaded)
    series = await records.series_ids(loaded)
    return {reference: str(event.id) for reference, event in events.items()} | {
        reference: str(series_id) for reference, series_id in series.items()
    }


def filled(text, references):
    return re.sub(r"\{([A-Z][A-Z0-9-]+)\}", lambda found: references[found[1]], text)


async def test_register_when_asked_then_each_fact_is_answered_with_its_source(
    client, process, signed, loaded, references
):
    process.unit = loaded
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
