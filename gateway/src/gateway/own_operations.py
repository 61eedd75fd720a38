"""The OpenAPI description of what the gateway answers itself."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.compose import View
from gateway.config import SERVICES
from gateway.errors import (
    BackendBroken,
    BackendDown,
    BackendSlow,
    Overloaded,
    TokenRefused,
    TokenRequestInvalid,
)
from gateway.facts import fact_schemas
from kit.errors import InvalidInput, ScopeMissing, Unauthenticated
from kit.problems import Unexpected, problems, response
from kit.seal import CursorExpired, CursorInvalid, EpochChanged

_PREFIX: Final = "/api"
_JSON: Final = "application/json"
_HEALTH: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"type": "string", "enum": ["UP", "DEGRADED", "DOWN"]},
        "parts": {
            "type": "object",
            "description": "Only for callers with ops:health.",
            "additionalProperties": {"type": "string", "enum": ["UP", "DOWN"]},
        },
        "troubles": {
            "type": "array",
            "description": "Only for callers with ops:health: what is wrong and what to do, in "
            "words. A trouble makes the whole DEGRADED: a worker that stands still, facts that "
            "have waited for a minute, facts put aside.",
            "items": {"type": "string"},
        },
    },
}
_TOKEN: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {
        "access_token": {"type": "string"},
        "token_type": {"type": "string", "const": "Bearer"},
        "expires_in": {"type": "integer", "description": "Seconds."},
        "scope": {"type": "string", "description": "Scopes, separated by spaces."},
    },
}
_CHANGES: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["items", "next", "has_more", "horizon", "unreachable"],
    "properties": {
        "items": {
            "type": "array",
            "description": "CloudEvents 1.0, at least once, in order for each subject. Apply one "
            "if its `sequence` is above the one you hold.",
            "items": {"$ref": "#/components/schemas/Change"},
        },
        "next": {"type": "string", "description": "Send it as `after` to go on."},
        "has_more": {"type": "boolean", "description": "False: you have caught up."},
        "horizon": {
            "type": "object",
            "description": "How far each service had got.",
            "additionalProperties": {
                "type": "object",
                "required": ["position", "at"],
                "properties": {
                    "position": {"type": "integer"},
                    "at": {"type": "string", "format": "date-time"},
                },
            },
        },
        "unreachable": {
            "type": "array",
            "description": "Services that were down; their place in `next` is unchanged.",
            "items": {"type": "string", "enum": list(SERVICES)},
        },
    },
}
OWN_SCHEMAS: Final[dict[str, Any]] = {
    "Health": _HEALTH,
    "AccessToken": _TOKEN,
    "Changes": _CHANGES,
    **fact_schemas(),
}
_TOKEN_FORM: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["grant_type", "client_assertion_type", "client_assertion"],
                "additionalProperties": False,
                "properties": {
                    "grant_type": {"const": "client_credentials"},
                    "client_assertion_type": {
                        "const": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                    },
                    "client_assertion": {
                        "type": "string",
                        "description": "JWT signed with the client's registered key (Ed25519, "
                        "ES256, PS256): iss = sub = client_id, aud = the issuer, exp at most 60 "
                        "seconds away, jti used once.",
                    },
                    "client_id": {"type": "string"},
                    "scope": {"type": "string"},
                },
            }
        }
    },
}


def own_paths() -> dict[str, Any]:
    """Return the paths of health, tokens and the merged feed."""
    health = _reference("Health")
    return {
        "/livez": {"get": _public("livez", "Whether the process answers", health)},
        "/readyz": {"get": _public("readyz", "Whether new requests are welcome", health)},
        "/health": {"get": _public("health", "Whether every part of Entente works", health)},
        "/.well-known/jwks.json": {
            "get": _public("jwks", "Public keys of the built-in issuer", {"type": "object"})
        },
        "/oauth/token": {"post": _token_operation()},
        "/api/v1/changes": {"get": _changes_operation()},
    }


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _public(name: str, summary: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "operationId": f"gateway_{name}",
        "tags": ["gateway"],
        "summary": summary,
        "security": [],
        "responses": {
            "200": {"description": summary, "content": {_JSON: {"schema": schema}}},
            "default": response([Unexpected]),
        },
    }


def _token_operation() -> dict[str, Any]:
    operation = _public(
        "token", "An access token for a registered client", _reference("AccessToken")
    )
    refusals = problems(TokenRequestInvalid, TokenRefused)
    operation["responses"] |= {str(status): found for status, found in refusals.items()}
    return {**operation, "requestBody": _TOKEN_FORM}


def _guarded(name: str, summary: str, schema: Mapping[str, Any], scope: str) -> dict[str, Any]:
    operation = _public(name, summary, schema)
    refusals = problems(
        InvalidInput, Unauthenticated, ScopeMissing, BackendBroken, BackendDown, Overloaded,
        BackendSlow,
    )  # fmt: skip
    operation["responses"] |= {str(status): found for status, found in refusals.items()}
    return {**operation, "security": [{"token": []}], "x-scope": scope}


def _changes_operation() -> dict[str, Any]:
    summary = "What changed, of everything the caller may see"
    operation = _guarded("changes", summary, _reference("Changes"), "changes:read")
    operation["responses"]["400"] = response([InvalidInput, CursorInvalid])
    operation["responses"]["410"] = response([EpochChanged, CursorExpired])
    operation["parameters"] = [
        _parameter("after", {"type": "string"}, "`next` of the page before; absent: the start."),
        _parameter("limit", {"type": "integer", "minimum": 1, "default": 200}, "At most 500."),
        _parameter("types", {"type": "string"}, "Types of facts, separated by commas."),
        {
            **_parameter("Prefer", {"type": "string"}, "`wait=20`: wait up to 20 s for news."),
            "in": "header",
        },
    ]
    return operation


def _parameter(name: str, schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {
        "name": name, "in": "query", "required": False, "schema": schema,
        "description": description,
    }  # fmt: skip


def view_paths(
    views: tuple[View, ...], documents: Mapping[str, Any], schemas: dict[str, Any]
) -> dict[str, Any]:
    """Return the paths of the views; adds to `schemas` what they answer."""
    paths = {}
    for view in views:
        name = "".join(word.capitalize() for word in view.name.split("_"))
        schemas[name] = _view_schema(view, documents)
        operation = _guarded(
            view.name, view.summary, _reference(name), " ".join(sorted(view.scopes))
        )
        operation["tags"] = ["views"]
        operation["parameters"] = _view_parameters(view)
        operation["responses"] |= _absence(view, documents)
        paths[_PREFIX + view.path] = {"get": operation}
    return paths


def _absence(view: View, documents: Mapping[str, Any]) -> dict[str, Any]:
    """Return the 404 of the decisive part, which is that of the view, if it can have one."""
    parts = [part for part in view.parts if part.decisive]
    found = [documents[part.service]["paths"][part.path]["get"]["responses"] for part in parts]
    return next(({"404": answers["404"]} for answers in found if "404" in answers), {})


def _view_parameters(view: View) -> list[dict[str, Any]]:
    text = "true: a part that is missing is null and listed, instead of a problem."
    partial = _parameter("partial", {"type": "boolean", "default": False}, text)
    names = [part[1:-1] for part in view.path.split("/") if part.startswith("{")]
    inside = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]
    return [*inside, partial]


def _view_schema(view: View, documents: Mapping[str, Any]) -> dict[str, Any]:
    members = {part.name: _part_schema(documents, part.service, part.path) for part in view.parts}
    members["complete"] = {"type": "boolean"}
    members["unavailable"] = {"type": "array", "items": {"type": "string"}}
    return {"type": "object", "required": list(members), "properties": members}


def _part_schema(documents: Mapping[str, Any], service: str, path: str) -> dict[str, Any]:
    """Return the schema a part has in its service's document, under its public name, or null."""
    found = documents[service]["paths"][path]["get"]["responses"]["200"]["content"][_JSON]
    name = found["schema"]["$ref"].rpartition("/")[2]
    return {"anyOf": [_reference(f"{service.capitalize()}.{name}"), {"type": "null"}]}
