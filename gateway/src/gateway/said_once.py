"""What every operation of the public document has in common: headers, 304, equal refusals."""

from collections.abc import Iterator
from typing import Any, Final

from kit.openapi import operations
from kit.problems import MEDIA_TYPE

_JSON: Final = "application/json"
_RESPONSE: Final = "#/components/responses/"
_UNCHANGED: Final = "NotModified"


def _header(description: str, *, required: bool = False, kind: str = "string") -> dict[str, Any]:
    return {"description": description, "required": required, "schema": {"type": kind}}


HEADERS: Final[dict[str, Any]] = {
    "Entente-Request-Id": _header("The id of this request, to ask us about it.", required=True),
    "API-Version": _header("The version of this API, such as 1.0.0.", required=True),
    "Entente-Error-Origin": _header("Who refused: gateway, or the name of a service."),
    "Retry-After": _header(
        "Seconds to wait before the same request is sent again.", kind="integer"
    ),
    "WWW-Authenticate": _header("How to authenticate: Bearer."),
    "ETag": _header('What If-Match or If-None-Match must name, such as "v3".'),
    "Location": _header("Where the new record is read, if it has an address of its own."),
    "Link": _header("The next part of a list that is too long for one file."),
    "Idempotency-Replayed": _header("`true`: this answer was given before; nothing was done now."),
}
"""Headers of answers; those that are required stand on every one."""
_IF_NONE_MATCH: Final[dict[str, Any]] = {
    "name": "if-none-match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of the answer you have: 304 if it is still that one.",
}


def say_once(document: dict[str, Any]) -> None:
    """Add to a whole document the headers of every answer; say equal answers in one place."""
    answers: dict[str, Any] = {_UNCHANGED: _with({"description": "Your answer is still true."})}
    _add(answers[_UNCHANGED], ["ETag"])
    for path, item in document["paths"].items():
        if path.startswith("/api/"):
            _offer_304(item.get("get"), document)
    for operation in operations(document):
        responses = operation["responses"]
        for status, answer in responses.items():
            if "$ref" not in answer:
                _add(_with(answer), _headers_of(status, answer, operation))
        responses.update(_shared(responses, answers))
    document["components"] |= {"headers": HEADERS, "responses": answers}


def _offer_304(operation: dict[str, Any] | None, document: dict[str, Any]) -> None:
    if operation is None or not _is_one(operation["responses"].get("200", {}), document):
        return
    operation["responses"]["304"] = {"$ref": _RESPONSE + _UNCHANGED}
    operation["parameters"] = [*operation.get("parameters", []), _IF_NONE_MATCH]


def _is_one(answer: dict[str, Any], document: dict[str, Any]) -> bool:
    """Tell whether an answer is one thing, in JSON, and no list."""
    schema = answer.get("content", {}).get(_JSON, {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    found = document["components"]["schemas"].get(name, schema)
    return bool(schema) and "next" not in found.get("properties", {})


def _with(answer: dict[str, Any]) -> dict[str, Any]:
    _add(answer, [name for name, header in HEADERS.items() if header["required"]])
    return answer


def _add(answer: dict[str, Any], names: list[str]) -> None:
    headers = answer.setdefault("headers", {})
    headers.update({name: {"$ref": f"#/components/headers/{name}"} for name in names})


def _headers_of(status: str, answer: dict[str, Any], operation: dict[str, Any]) -> list[str]:
    if not status.startswith("2"):
        more = {"401": ["WWW-Authenticate"], "429": ["Retry-After"], "503": ["Retry-After"]}
        return ["Entente-Error-Origin", *more.get(status, [])]
    names = [each["name"].lower() for each in operation.get("parameters", ())]
    told = {
        "ETag": "304" in operation["responses"] or {"if-match", "idempotency-key"} & set(names),
        "Location": status in {"201", "202"},
        "Idempotency-Replayed": "idempotency-key" in names,
        "Link": "text/csv" in answer.get("content", {}),
    }
    return [name for name, is_told in told.items() if is_told]


def _shared(responses: dict[str, Any], there: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield references in the place of refusals with one code that are the same everywhere."""
    for status, answer in responses.items():
        codes = list(answer.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {}))
        if len(codes) == 1 and there.setdefault(codes[0], answer) == answer:
            yield status, {"$ref": _RESPONSE + codes[0]}
