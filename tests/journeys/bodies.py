"""Bodies for any operation, made from the public document: as small as the schema allows."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import gateway

_TEXTS = (
    "example", "EX-1", "example text of some length", "PL", "EUR", "1.00", "2026-05-11",
    "2026-05-11T08:00:00+02:00", "Europe/Warsaw", "+48 22 000 00 00", "example@example.org",
    "PL61109010140000071219812874", "INGBPLPW", "AB1234567", "1", "0", "2026-05", "a" * 64,
    "https://example.org/x", "00000000-0000-7000-8000-0000000000ff",
)  # fmt: skip
# What its schema alone does not tell.
_USUAL = {
    "iban": "PL61109010140000071219812874",
    "edtf": "2026-05",
    "to": "held",
    "qualifier": "not_stated",
    "first_day": "2026-05-11",
    "last_day": "2026-05-12",
}
_BY_FORMAT = {
    "uuid": "00000000-0000-7000-8000-0000000000ff",
    "date": "2026-05-11",
    "date-time": "2026-05-11T08:00:00+02:00",
}
_SHAPES = {
    "uuid": r"^[0-9a-f-]{36}$",
    "date": r"^\d{4}-\d{2}-\d{2}$",
    "date-time": r"^\d{4}-\d{2}-\d{2}T",
}
_DEEP = 8
_WHOLE = 3


@cache
def document() -> dict[str, Any]:
    path = Path(gateway.__file__).with_name("openapi.json")
    return json.loads(path.read_text(encoding="utf-8"))


def operation(method: str, path: str) -> dict[str, Any]:
    return document()["paths"]["/api" + path][method.lower()]


def content(asked: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """The content type of a request and its schema; None where nothing is sent."""
    kinds = asked.get("requestBody", {}).get("content")
    return None if kinds is None else next((kind, each["schema"]) for kind, each in kinds.items())


class Maker:
    """Makes values; `named` gives the value of every member with that name, where it fits.

    `texts` are tried first for every text, and `whole` fills in what is optional too.
    """

    def __init__(
        self, named: Mapping[str, Any], *, texts: Sequence[str] = (), whole: bool = False
    ) -> None:
        self._named = named if texts else {**_USUAL, **named}
        self._texts = (*texts, *_TEXTS)
        self._whole = whole
        self._definitions: dict[str, Any] = {}

    def body(self, schema: dict[str, Any]) -> Any:
        self._definitions = schema.get("$defs", {})
        return self._value(schema, "", 0)

    def _value(self, schema: dict[str, Any], name: str, depth: int) -> Any:
        schema = self._resolved(schema)
        if name in self._named and _fits(self._named[name], schema):
            return self._named[name]
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        for choice in ("anyOf", "oneOf"):
            if choice in schema:
                options = [each for each in schema[choice] if each.get("type") != "null"]
                return self._value(options[0], name, depth)
        return self._of_type(schema, name, depth)

    def _of_type(self, schema: dict[str, Any], name: str, depth: int) -> Any:
        kind = _kind(schema)
        if kind == "object":
            return {} if depth > _DEEP else dict(self._members(schema, depth))
        if kind == "array":
            least = max(schema.get("minItems", 0), 1)
            return [self._value(schema.get("items", {}), name, depth + 1) for _ in range(least)]
        if kind in {"integer", "number"}:
            return max(int(schema.get("minimum", 1)), 1)
        return False if kind == "boolean" else self._text(schema)

    def _text(self, schema: Mapping[str, Any]) -> str:
        if schema.get("format") in _BY_FORMAT:
            return _BY_FORMAT[schema["format"]]
        return next((text for text in self._texts if _fits(text, schema)), "example")

    def _members(self, schema: dict[str, Any], depth: int) -> Iterator[tuple[str, Any]]:
        required = schema.get("required", ())
        for name, member in schema.get("properties", {}).items():
            if name in required or name in self._named or (self._whole and depth < _WHOLE):
                yield name, self._value(member, name, depth + 1)

    def _resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            known = self._definitions.get(name)
            schema = known or document()["components"]["schemas"][name]
        return schema


def _kind(schema: Mapping[str, Any]) -> str:
    if "properties" in schema:
        return "object"
    return schema.get("type", "integer" if {"minimum", "maximum"} & set(schema) else "string")


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a text may stand here, as far as the schema tells."""
    if not isinstance(value, str):
        return True
    options = schema.get("anyOf", schema.get("oneOf"))
    if options is not None:
        return any(_fits(value, each) for each in options)
    if "enum" in schema or "const" in schema:
        return value in (*schema.get("enum", ()), schema.get("const"))
    if "$ref" in schema or _kind(schema) != "string":
        return False
    shape = _SHAPES.get(schema.get("format", ""), schema.get("pattern", ""))
    least, most = schema.get("minLength", 0), schema.get("maxLength", len(value))
    return least <= len(value) <= most and re.search(shape, value) is not None
