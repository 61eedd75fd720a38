"""The OpenAPI document of a service: problems, scopes and codes added to what FastAPI knows."""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from kit.errors import (
    DomainError,
    InvalidInput,
    ScopeMissing,
    TimedOut,
    Unauthenticated,
    Unavailable,
)
from kit.problems import (
    SCHEMAS,
    PreconditionRequired,
    Unexpected,
    catalogue,
    response,
    share_examples,
    status_of,
)
from kit.route import scope_of
from kit.seal import CursorInvalid

NEEDED = "x-needed"
"""Marks a header that a route refuses to be without, in its own words and with its own code."""
_METHODS = ("get", "put", "post", "delete", "patch")
_BY_HEADER: dict[str, tuple[type[DomainError], ...]] = {}


def describe(app: FastAPI, *, package: str) -> None:
    """Make `app.openapi()` complete: every operation's scope, refusals and security."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            complete(document, scopes(app))
            share_examples(document)
            document["x-problems"] = catalogue(["kit", package])
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def declare(header: str, *errors: type[DomainError]) -> None:
    """Say what every operation that reads a header may refuse because of it."""
    _BY_HEADER[header] = errors


def scopes(app: FastAPI) -> dict[str, str]:
    """Return the scope each operation needs, by operation id."""
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    found = {str(route.operation_id): scope_of(route) for route in routes}
    return {operation: scope for operation, scope in found.items() if scope}


def complete(document: dict[str, Any], scopes: dict[str, str]) -> None:
    """Add to each operation what no handler repeats."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(SCHEMAS)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    document["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    _name_patches(document)
    for operation in operations(document):
        _tell_needs(operation)
        _share_schemas(operation, schemas)
        responses = operation.setdefault("responses", {})
        responses.pop("422", None)
        _add_refusals(operation, scopes.get(operation.get("operationId", "")))


def _name_patches(document: dict[str, Any]) -> None:
    """Say of a PATCH what it reads: a merge patch (RFC 7396), not plain JSON."""
    for item in document.get("paths", {}).values():
        content = item.get("patch", {}).get("requestBody", {}).get("content", {})
        if "application/json" in content:
            content["application/merge-patch+json"] = content.pop("application/json")


def _tell_needs(operation: dict[str, Any]) -> None:
    """Say which headers must be sent; that a parameter may be left out does not make it null."""
    for each in operation.get("parameters", ()):
        schema = each["schema"]
        needed = schema.pop(NEEDED, False)
        each["required"] = each.get("required", False) or needed
        choices = [some for some in schema.get("anyOf", ()) if some != {"type": "null"}]
        if len(choices) == 1:
            del schema["anyOf"]
            each["schema"] = {**choices[0], **schema}


def _share_schemas(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Put what a route wrote beside its body's schema where references of the document look."""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        text = json.dumps(media.get("schema", {})).replace("#/$defs/", "#/components/schemas/")
        media["schema"] = json.loads(text)
        for name, schema in media["schema"].pop("$defs", {}).items():
            if schemas.setdefault(name, schema) != schema:
                raise ValueError(f"two schemas are called {name}")


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every operation of a document."""
    for item in document.get("paths", {}).values():
        yield from (item[method] for method in _METHODS if method in item)


def _add_refusals(operation: dict[str, Any], scope: str | None) -> None:
    responses = operation["responses"]
    responses["default"] = response([Unexpected])
    if scope is None:
        operation["security"] = []
        return
    operation["x-scope"] = scope
    operation["security"] = [{"token": []}]
    common: list[type[DomainError]] = [
        InvalidInput,
        Unauthenticated,
        ScopeMissing,
        Unavailable,
        TimedOut,
    ]
    headers = [each for each in operation.get("parameters", []) if each["in"] == "header"]
    special = [
        error
        for header in headers
        for error in _BY_HEADER.get(header["name"].lower(), ())
        if header["required"] or error is not PreconditionRequired
    ]
    if any(each["name"] == "after" for each in operation.get("parameters", ())):
        special.append(CursorInvalid)
    for error in (*common, *special):
        own, status = response([error]), str(status_of(error))
        if status not in responses:
            responses[status] = own
        elif error.code not in json.dumps(responses[status]):
            _merge(responses[status], own)


def _merge(there: dict[str, Any], own: dict[str, Any]) -> None:
    for media, content in own["content"].items():
        target = there.setdefault("content", {}).setdefault(media, content)
        target.setdefault("examples", {}).update(content["examples"])
    there["description"] = f"{there['description']} · {own['description']}"
