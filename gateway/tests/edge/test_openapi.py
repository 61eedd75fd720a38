"""The public document says exactly what the table serves; nothing is merged in silence."""

import copy
import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from jsonschema import SchemaError
from jsonschema_rs import Draft202012Validator, Registry
from openapi_schema_validator import OAS31Validator
from openapi_schema_validator._specifications import REGISTRY
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from gateway.config import SERVICES
from gateway.facts import TYPES
from gateway.openapi import METHODS, Collision, merge, read_documents, render
from gateway.pages import document_bytes
from gateway.rows import COMBINED, ROWS
from gateway.views import VIEWS
from kit.openapi import complete
from kit.problems import SCHEMAS

from .stage import Stage

FOLDER = Path(__file__).resolve().parents[3] / "services"


def operation(schema: str, name: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {
        "operationId": name,
        "x-scope": "programmes:read",
        "responses": {"200": {"description": "ok", "content": content}},
    }


def document(service: str) -> dict[str, Any]:
    """A small document of a service, with all parts of views."""
    parts = [part for view in VIEWS for part in view.parts if part.service == service]
    paths = {part.path: {"get": operation("Thing", f"part_{i}")} for i, part in enumerate(parts)}
    paths[f"/v1/{service}-things/{{thing_id}}"] = {"get": operation("Outer", "thing")}
    paths["/livez"] = {"get": operation("Thing", "livez")}
    paths["/internal/feed"] = {"get": operation("Thing", "feed")}
    found = {
        "openapi": "3.1.0",
        "info": {"title": service, "version": "1.0.0"},
        "paths": paths,
        "components": {
            "schemas": {
                "Thing": {"type": "object", "title": service},
                "Outer": {"properties": {"inner": {"$ref": "#/components/schemas/Thing"}}},
                "Unused": {"type": "object"},
            }
        },
        "x-problems": {f"{service}.x": {"title": "x", "status": 400, "advice": "a"}},
    }
    complete(found, {})
    return found


@pytest.fixture
def documents() -> dict[str, Any]:
    return {service: document(service) for service in SERVICES}


def test_merge_when_names_are_equal_then_prefixed_and_kept_apart(documents) -> None:
    merged = merge(documents, VIEWS)
    schemas = merged["components"]["schemas"]
    assert schemas["Training.Thing"]["title"] == "training"
    assert schemas["Programmes.Thing"]["title"] == "programmes"
    inner = schemas["Training.Outer"]["properties"]["inner"]
    assert inner == {"$ref": "#/components/schemas/Training.Thing"}
    assert "Training.Unused" not in schemas
    assert schemas["Problem"] == SCHEMAS["Problem"]
    found = merged["paths"]["/api/v1/training-things/{thing_id}"]["get"]
    assert found["operationId"] == "training_thing"
    assert {"training.x", "programmes.x", "gateway.backend_down"} <= set(merged["x-problems"])


def test_merge_when_services_have_inner_paths_then_they_stay_inside(documents) -> None:
    paths = merge(documents, VIEWS)["paths"]
    assert not [path for path in paths if "internal" in path or "programme-totals" in path]
    view = merge(documents, VIEWS)["components"]["schemas"]["ProgrammeOverview"]
    assert view["required"] == ["programme", "training", "participants", "complete", "unavailable"]
    assert view["properties"]["training"]["anyOf"][0]["$ref"].endswith("Training.Thing")


def test_merge_when_two_define_one_name_differently_then_it_fails(documents) -> None:
    other = copy.deepcopy(documents)
    other["training"]["components"]["schemas"]["Problem"] = {"type": "object"}
    with pytest.raises(Collision, match="Problem"):
        merge(other, VIEWS)
    other = copy.deepcopy(documents)
    other["training"]["x-problems"]["programmes.x"] = {"title": "y"}
    with pytest.raises(Collision, match=r"programmes\.x"):
        merge(other, VIEWS)
    other = copy.deepcopy(documents)
    other["training"]["paths"]["/v1/programmes-things/{id}"] = {"get": operation("Thing", "twin")}
    with pytest.raises(Collision, match="same path"):
        merge(other, VIEWS)


def operations(paths: dict[str, Any]):
    for path, item in paths.items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def test_rows_when_compared_with_the_services_documents_then_equal() -> None:
    published = {
        (method, path, service, found.get("x-scope"))
        for service, whole in read_documents(FOLDER).items()
        for method, path, found in operations(whole["paths"])
        if path.startswith("/v1/") and (service, path) not in COMBINED
    }
    assert {tuple(row) for row in ROWS} == published


def test_combined_when_compared_with_the_services_documents_then_all_exist() -> None:
    whole = read_documents(FOLDER)
    missing = [(service, path) for service, path in COMBINED if path not in whole[service]["paths"]]
    assert not missing


def test_document_when_built_again_then_it_is_the_committed_one() -> None:
    assert render(merge(read_documents(FOLDER), VIEWS)).encode() == document_bytes()


async def test_document_when_compared_with_the_table_then_it_tells_all_and_no_more(
    stage: Stage,
) -> None:
    told = {
        (method, path, found.get("x-scope", ""))
        for method, path, found in operations(json.loads(document_bytes())["paths"])
    }
    pages = ("/docs", "/redoc", "/problems", "/api/v1/openapi.json")
    served = {
        (route.method, route.path, " ".join(sorted(route.scopes)))
        for route in stage.app.table.routes
        if route.path != "/" and not route.path.startswith(pages)
    }
    assert told == served


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each of a thousand schemas held against its meta-schema by compiled code."""
    named = "https://spec.openapis.org/oas/3.1/meta/base"
    known = Registry([(named, REGISTRY.contents(named))])
    meta = Draft202012Validator(OAS31Validator.META_SCHEMA, registry=known, validate_formats=True)

    def check(_cls: type, schema: object, **_formats: object) -> None:
        for error in meta.iter_errors(schema):
            raise SchemaError(error.message)

    monkeypatch.setattr(OAS31Validator, "check_schema", classmethod(check))


@pytest.mark.parametrize(
    "planted",
    [{"type": "no such type"}, {"minLength": -1}, {"pattern": "("}, {"discriminator": 1}],
)
def test_document_when_a_schema_is_none_then_invalid(quick, planted) -> None:
    paths = {"/x": {"get": {"responses": {"200": {"description": "x"}}}}}
    whole = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": paths}
    validate(whole | {"components": {"schemas": {"X": {"type": "string"}}}})
    with pytest.raises(OpenAPIValidationError):
        validate(whole | {"components": {"schemas": {"X": planted}}})


def test_document_when_committed_then_valid_and_every_operation_is_complete(quick) -> None:
    whole = json.loads(document_bytes())
    validate(whole)
    found = list(operations(whole["paths"]))
    ids = [operation["operationId"] for _, _, operation in found]
    assert len(ids) == len(set(ids))
    for method, path, described in found:
        assert described["tags"], (method, path)
        assert "default" in described["responses"], (method, path)
        assert "security" in described, (method, path)


def _nodes(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _nodes(each)


def _found(whole: object, reference: str) -> bool:
    for step in reference.removeprefix("#/").split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        whole = whole.get(name) if isinstance(whole, dict) else None
    return whole is not None


def test_document_when_read_by_a_generator_then_references_lead_somewhere_and_words_are_known():
    whole = json.loads(document_bytes())
    nodes = list(_nodes(whole))
    references = {node["$ref"] for node in nodes if isinstance(node.get("$ref"), str)}
    assert [each for each in sorted(references) if not _found(whole, each)] == []
    assert not [node for node in nodes if {"ge", "le", "gt", "lt", "$defs"} & node.keys()]


def _told(whole: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    name = answer.get("$ref", "").rpartition("/")[2]
    return whole["components"]["responses"][name] if name else answer


def test_document_when_answers_are_read_then_their_headers_and_304_are_told():
    whole = json.loads(document_bytes())
    every = {name for name, each in whole["components"]["headers"].items() if each["required"]}
    assert every == {"Entente-Request-Id", "API-Version"}
    for method, path, found in operations(whole["paths"]):
        told = {status: _told(whole, each) for status, each in found["responses"].items()}
        for status, answer in told.items():
            names = set(answer["headers"])
            assert every <= names, (method, path, status)
            assert ("Entente-Error-Origin" in names) == (status[0] in "45d"), (path, status)
            assert ("Retry-After" in names) == (status == "503"), (path, status)
        asked = {each["name"]: each["required"] for each in found.get("parameters", ())}
        assert ("304" in told) == ("if-none-match" in asked), (method, path)
        assert ("428" in told) == asked.get("if-match", False), (method, path)
        assert "422" not in told or asked["idempotency-key"], (method, path)
        if path.startswith("/api/") and "after" in asked:
            refused = told["400"]["content"]["application/problem+json"]["examples"]
            assert "kit.cursor_invalid" in refused, (method, path)
    overview = whole["paths"]["/api/v1/views/programmes/{code}"]["get"]["responses"]
    assert overview["404"]["$ref"].endswith("programmes.no_such_programme")
    one = whole["paths"]["/api/v1/events/{event_id}"]["get"]["responses"]
    assert one["304"] == {"$ref": "#/components/responses/NotModified"}
    assert "ETag" in one["200"]["headers"]


def test_document_when_the_feed_is_read_then_it_describes_every_type_of_change():
    schemas = json.loads(document_bytes())["components"]["schemas"]
    told = {each.get("$ref", "") for each in schemas["Change"]["properties"]["data"]["anyOf"]}
    assert {f"#/components/schemas/Facts.{name}" for name in TYPES} == told - {""}
    assert "nomination_id" in schemas["Facts.training.seat_confirmed.v1"]["required"]
    assert schemas["Facts.Programmes.Money"]["type"] == "object"


def _shown(whole: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], object]]:
    """Every schema with an example of it: bodies, parameters and components."""
    for name, schema in whole["components"]["schemas"].items():
        yield from ((name, schema, each) for each in schema.get("examples", ()))
    for _, path, found in operations(whole["paths"]):
        for each in found.get("parameters", ()):
            given = [*each.get("examples", ()), *each["schema"].get("examples", ())]
            yield from ((path, each["schema"], some) for some in given)
        for content in found.get("requestBody", {}).get("content", {}).values():
            if "example" in content:
                yield path, content["schema"], content["example"]


def _outside(schema: dict[str, Any]) -> Any:
    """The same schema, read outside the document."""
    return json.loads(json.dumps(schema).replace('"#/components/', '"urn:whole#/components/'))


def test_examples_when_read_by_their_schema_then_fit():
    whole = json.loads(document_bytes())
    shared = Registry([("urn:whole", {"components": whole["components"]})])
    found = list(_shown(whole))
    assert len(found) > 40
    wrong = [
        (name, error.message)
        for name, schema, example in found
        for error in Draft202012Validator(_outside(schema), registry=shared).iter_errors(example)
    ]
    assert wrong == []


def test_guide_when_it_names_paths_codes_and_parameters_then_the_document_has_them():
    whole = json.loads(document_bytes())
    guide = whole["info"]["description"]
    named = re.findall(r"`(?:GET|POST) (/[^`]+)`", guide)
    assert named
    assert set(named) <= set(whole["paths"])
    assert set(re.findall(r"\bkit\.[a-z_]+", guide)) <= set(whole["x-problems"])
    lists = [
        {each["name"] for each in operation.get("parameters", [])}
        for _, _, operation in operations(whole["paths"])
    ]
    assert all("after" in names for names in lists if "limit" in names)
    assert all("cursor" not in names for names in lists)


def test_guide_says_of_every_type_of_change_what_to_read():
    whole = json.loads(document_bytes())
    rows = re.findall(r"(?m)^\| (`[a-z]+\..*) \| (`GET .*) \|$", whole["info"]["description"])
    patterns = [each for types, _ in rows for each in re.findall(r"`([a-z_.*0-9]+)`", types)]
    assert [name for name in TYPES if not any(fnmatch(name, each) for each in patterns)] == []
    assert [each for each in patterns if not any(fnmatch(name, each) for name in TYPES)] == []


def test_document_when_it_has_patches_then_they_are_merge_patches():
    paths = json.loads(document_bytes())["paths"]
    read = [item["patch"]["requestBody"]["content"] for item in paths.values() if "patch" in item]
    assert read
    assert {name for content in read for name in content} == {"application/merge-patch+json"}


def test_advice_when_it_names_a_path_then_one_that_is_served() -> None:
    public = json.loads(document_bytes())
    served = {re.sub(r"{.+?}", "{}", path) for path in [*public["paths"], "/docs"]}
    advised = [problem["value"]["advice"] for problem in public["components"]["examples"].values()]
    named = re.findall(r"(?<!\S)/[^\s;,]*[^\s;,.]", "\n".join(advised))
    assert named
    assert {re.sub(r"{.+?}", "{}", path) for path in named} <= served
