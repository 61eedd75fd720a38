"""The public OpenAPI document: merged when it is built, from the services' committed documents.

Components are prefixed with their service, operation ids too. Whatever two documents define
differently under one public name is an error: the last one never wins in silence.
"""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from gateway.compose import View
from gateway.config import SERVICES
from gateway.own_operations import OWN_SCHEMAS, own_paths, view_paths
from gateway.passthrough import PREFIX
from gateway.rows import COMBINED, OPEN
from gateway.said_once import say_once
from kit.door import API_VERSION
from kit.problems import SCHEMAS, catalogue, share_examples

Document = dict[str, Any]
METHODS: Final = ("get", "put", "post", "delete", "patch")
_REF: Final = "#/components/"
_SCHEMA: Final = "#/components/schemas/"
_EXAMPLE: Final = "#/components/examples/"
_PUBLIC: Final = "/v1/"
_DOOR: Final = frozenset({"401", "403"})


class Collision(SystemExit):
    """Two documents define the same public name differently; the message names it."""


def read_documents(folder: Path) -> dict[str, Document]:
    """Read `<folder>/<service>/openapi.json` of every service."""
    return {
        name: json.loads((folder / name / "openapi.json").read_text(encoding="utf-8"))
        for name in SERVICES
    }


def merge(documents: Mapping[str, Document], views: tuple[View, ...]) -> Document:
    """Return the public document of all services and the gateway's own operations."""
    schemas: Document = {**SCHEMAS, **OWN_SCHEMAS}
    examples: Document = {}
    paths: Document = {}
    problems: Document = catalogue(["gateway"])
    for service, document in documents.items():
        renamed = _renamed(document, service.capitalize())
        _add_all(schemas, renamed["components"]["schemas"], "component")
        _add_all(examples, renamed["components"].get("examples", {}), "example")
        _add_all(problems, document.get("x-problems", {}), "problem")
        _add_all(paths, dict(_public_paths(service, renamed)), "path")
    _add_all(paths, view_paths(views, documents, schemas), "path")
    _add_all(paths, own_paths(), "path")
    _refuse_twins(paths)
    merged = _envelope(paths, schemas, problems)
    merged["components"] |= {"schemas": dict(_reachable(merged, schemas)), "examples": examples}
    share_examples(merged)
    say_once(merged)
    return merged


def render(document: Document) -> str:
    """Return the text of a document as it is committed."""
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _envelope(paths: Document, schemas: Document, problems: Document) -> Document:
    document: Document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Entente",
            "version": API_VERSION,
            "description": (files("gateway") / "guide.md").read_text(encoding="utf-8"),
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": schemas},
        "x-problems": dict(sorted(problems.items())),
    }
    document["components"]["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token (RFC 9068) of a trusted issuer; the built-in one "
            "grants it at /oauth/token for a private_key_jwt client assertion.",
        }
    }
    return document


def _public_paths(service: str, document: Document) -> Iterator[tuple[str, Document]]:
    for path, item in document["paths"].items():
        if path.startswith(_PUBLIC) and (service, path) not in COMBINED:
            yield PREFIX + path, {name: _owned(part, service) for name, part in item.items()}


def _owned(part: Any, service: str) -> Any:  # noqa: ANN401  an operation, or what they share
    if not isinstance(part, dict) or "operationId" not in part:
        return part
    if part.get("x-scope") in OPEN:
        part = _open(part)
    return {**part, "operationId": f"{service}_{part['operationId']}", "tags": [service]}


def _open(operation: Document) -> Document:
    """Return an operation that anybody may ask for: no scope, no token, no refusal for either."""
    answers = {code: found for code, found in operation["responses"].items() if code not in _DOOR}
    rest = {name: found for name, found in operation.items() if name != "x-scope"}
    return {**rest, "responses": answers, "security": []}


def _renamed(value: Any, prefix: str) -> Any:  # noqa: ANN401  JSON is any of six types
    """Return a copy in which every component is called `<prefix>.<name>`."""
    if isinstance(value, list):
        return [_renamed(item, prefix) for item in value]
    if isinstance(value, str):
        return _prefixed_ref(value, prefix)
    if not isinstance(value, dict):
        return value
    copy = {key: _renamed(item, prefix) for key, item in value.items()}
    if "openapi" in copy:
        found = copy.setdefault("components", {}).setdefault("schemas", {})
        named = {_prefixed(name, prefix): schema for name, schema in found.items()}
        copy["components"]["schemas"] = named
    return copy


def _prefixed(name: str, prefix: str) -> str:
    return name if name in SCHEMAS else f"{prefix}.{name}"


def _prefixed_ref(text: str, prefix: str) -> str:
    if not text.startswith(_REF) or text.startswith(_EXAMPLE):
        return text
    place, _, name = text.rpartition("/")
    return f"{place}/{_prefixed(name, prefix)}"


def _add_all(there: Document, more: Mapping[str, Any], what: str) -> None:
    for name, definition in more.items():
        if there.setdefault(name, definition) != definition:
            raise Collision(f"Two documents define the {what} {name} differently.")


def _refuse_twins(paths: Document) -> None:
    """Refuse paths that differ only in the name of a parameter."""
    seen: dict[str, str] = {}
    for path in paths:
        shape = "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
        if seen.setdefault(shape, path) != path:
            raise Collision(f"{path} and {seen[shape]} are the same path.")


def _reachable(document: Document, schemas: Document) -> Iterator[tuple[str, Any]]:
    """Yield the schemas that the operations use, directly or through others, by name."""
    found: set[str] = set()
    pending = list(_refs(document["paths"]))
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(_refs(schemas[name]))
    yield from ((name, schemas[name]) for name in sorted(found))


def _refs(value: Any) -> Iterator[str]:  # noqa: ANN401  JSON is any of six types
    if isinstance(value, dict):
        for item in value.values():
            yield from _refs(item)
    elif isinstance(value, list):
        for item in value:
            yield from _refs(item)
    elif isinstance(value, str) and value.startswith(_SCHEMA):
        yield value.rpartition("/")[2]
