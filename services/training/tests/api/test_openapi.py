"""The committed OpenAPI document is what the code describes."""

import json
from pathlib import Path

SNAPSHOT = Path(__file__).parents[2] / "openapi.json"


def test_document_when_compared_with_the_snapshot_then_is_the_same(app):
    described = json.loads(json.dumps(app.openapi(), ensure_ascii=False))
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == described


def test_document_when_read_then_every_operation_has_an_id_and_a_scope(app):
    operations = [
        operation
        for path, item in app.openapi()["paths"].items()
        if path.startswith(("/v1", "/internal"))
        for operation in item.values()
    ]
    assert all(operation["x-scope"] for operation in operations)
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)
