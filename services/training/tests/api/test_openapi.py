"""The committed OpenAPI document is what the code describes."""

import csv
import io
import json
from pathlib import Path

import pytest

from training.api.examples import csv_of
from training.api.wire import NewEvent
from training.api.wire_batch import COLUMNS, NominationBatch
from training.api.wire_import import ATTENDANCE_COLUMNS, AttendanceBatch
from training.api.wire_nominations import NewNomination

COMMITTED = json.loads((Path(__file__).parents[2] / "openapi.json").read_text(encoding="utf-8"))


def test_document_when_compared_with_the_snapshot_then_is_the_same(app):
    assert json.loads(json.dumps(app.openapi(), ensure_ascii=False)) == COMMITTED


def test_document_when_read_then_every_operation_has_an_id_and_a_scope():
    operations = [
        operation
        for path, item in COMMITTED["paths"].items()
        if path.startswith(("/v1", "/internal"))
        for operation in item.values()
    ]
    assert all(operation["x-scope"] for operation in operations)
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("model", [NominationBatch, AttendanceBatch, NewNomination, NewEvent])
def test_example_when_read_by_its_model_then_accepted(model):
    for example in model.model_config["json_schema_extra"]["examples"]:
        model.model_validate(example)


@pytest.mark.parametrize(
    ("model", "columns"), [(NominationBatch, COLUMNS), (AttendanceBatch, ATTENDANCE_COLUMNS)]
)
def test_example_when_shown_as_csv_then_it_says_the_same(model, columns):
    header, *rows = csv.reader(io.StringIO(csv_of(model)))
    assert set(header) <= set(columns)
    items = [dict(zip(header, row, strict=True)) for row in rows]
    assert model.model_validate({"items": [_numbered(each) for each in items]}) == (
        model.model_validate(model.model_config["json_schema_extra"]["examples"][0])
    )


def _numbered(item):
    whole = {"source_version", "session"}
    return {name: int(text) if name in whole else text for name, text in item.items()}
