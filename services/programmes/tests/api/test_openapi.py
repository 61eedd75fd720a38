"""The committed OpenAPI document is the one the code makes; a difference is a contract change."""

import json
from pathlib import Path

COMMITTED = json.loads((Path(__file__).parents[2] / "openapi.json").read_text(encoding="utf-8"))


def test_openapi_when_made_then_is_the_committed_one(app):
    assert app.openapi() == COMMITTED


def test_openapi_when_read_then_every_operation_is_named_described_and_scoped():
    paths = COMMITTED["paths"]
    operations = [(path, each) for path, item in paths.items() for each in item.values()]
    names = [each["operationId"] for _, each in operations]
    assert len(set(names)) == len(names)
    for path, each in operations:
        assert each["summary"]
        assert each["description"]
        assert each["tags"]
        assert ("x-scope" in each) == path.startswith(("/v1", "/internal"))
