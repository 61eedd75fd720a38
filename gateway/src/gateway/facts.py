"""What the feed of changes can carry: every type of fact, as the contracts publish it."""

import json
from importlib.resources import files
from typing import Any, Final

from gateway.config import SERVICES

_SCHEMA: Final = "#/components/schemas/"
_LATER: Final = {"type": "object", "description": "Of a type that was added later: ignore it."}


def _published(service: str) -> dict[str, Any]:
    text = (files(f"contracts.{service}") / "facts.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


TYPES: Final = frozenset(name for service in SERVICES for name in _published(service))
"""Every type that a change can have."""


def fact_schemas() -> dict[str, Any]:
    """Return the schema of a change and, as `Facts.<type>`, of the data of every type."""
    facts: dict[str, Any] = {}
    for service in SERVICES:
        for name, schema in _published(service).items():
            facts |= dict(_apart(f"Facts.{service.capitalize()}", name, schema))
    data = [{"$ref": f"{_SCHEMA}Facts.{name}"} for name in sorted(TYPES)]
    return {"Change": _change([*data, _LATER]), **facts}


def _apart(prefix: str, name: str, schema: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return a schema and those it holds as components of their own."""
    text = json.dumps(schema).replace("#/$defs/", f"{_SCHEMA}{prefix}.")
    whole = json.loads(text)
    inner = whole.pop("$defs", {})
    return [(f"Facts.{name}", whole), *((f"{prefix}.{n}", each) for n, each in inner.items())]


def _change(data: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": "A CloudEvents 1.0 event. `data` has the schema `Facts.<type>`; it is "
        "absent when `op` is `out_of_scope`.",
        "required": [
            "specversion", "id", "source", "type", "subject", "time", "sequence", "position",
            "cause", "op",
        ],
        "properties": {
            "specversion": {"type": "string", "const": "1.0"},
            "id": {"type": "string", "format": "uuid"},
            "source": {"type": "string", "examples": ["urn:entente:training"]},
            "type": {"type": "string", "examples": ["training.seat_confirmed.v1"]},
            "subject": {"type": "string", "format": "uuid", "description": "Id of the record."},
            "time": {"type": "string", "format": "date-time"},
            "sequence": {
                "type": "integer",
                "description": "Version of the record after the change: apply a change only if "
                "it is above the one you hold for the subject.",
            },
            "position": {"type": "integer", "description": "Place in the feed of `source`."},
            "cause": {"type": "string", "description": "The request or change that led here."},
            "op": {"type": "string", "enum": ["upsert", "out_of_scope"]},
            "data": {"anyOf": data},
        },
    }  # fmt: skip
