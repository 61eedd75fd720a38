"""The one place where refusals become HTTP: RFC 9457 problem documents."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from kit.errors import DomainError, Kind

MEDIA_TYPE: Final = "application/problem+json"
_STATUS: Final = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.STALE: 412,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
    Kind.TIMEOUT: 504,
}


class EdgeError(DomainError):
    """A refusal that only HTTP knows, with a status of its own."""

    kind = Kind.INVALID
    status: ClassVar[int]


class NoSuchPath(EdgeError):
    """Nothing is served at this path."""

    kind = Kind.NOT_FOUND
    status = 404
    code = "kit.no_such_path"
    title = "Nothing is served at this path"
    advice = "Compare the path with the OpenAPI document."


class MethodNotAllowed(EdgeError):
    """The path exists, the method does not."""

    status = 405
    code = "kit.method_not_allowed"
    title = "This path does not take this method"
    advice = "Use one of the methods in the Allow header."


class BodyTooLate(EdgeError):
    """The body did not arrive in the time allowed for it."""

    status = 408
    code = "kit.body_too_late"
    title = "The body did not arrive in time"
    advice = "Send the whole body within ten seconds."


class TooLarge(EdgeError):
    """The body is larger than this operation accepts."""

    status = 413
    code = "kit.body_too_large"
    title = "The body is too large"
    advice = "Send less at once; the limit is in the OpenAPI document."


class UrlTooLong(EdgeError):
    """The URL is longer than 8 KiB."""

    status = 414
    code = "kit.url_too_long"
    title = "The URL is too long"
    advice = "Shorten the query to 8 KiB or less."


class UnsupportedContent(EdgeError):
    """The body is of a type this operation does not read."""

    status = 415
    code = "kit.unsupported_content_type"
    title = "The content type is not one this operation reads"
    advice = "Send the content type named in `detail`, in UTF-8."


class PreconditionRequired(EdgeError):
    """An update must say which version it was decided on."""

    status = 428
    code = "kit.precondition_required"
    title = "This operation needs If-Match"
    advice = "Read the resource and send its ETag in If-Match."


class HeadersTooLarge(EdgeError):
    """More than 100 headers, or more than 16 KiB of them."""

    status = 431
    code = "kit.headers_too_large"
    title = "The request has too many or too large headers"
    advice = "Send at most 100 headers in 16 KiB."


class Unexpected(EdgeError):
    """A fault of ours; details are in the log under the incident id, not in the answer."""

    status = 500
    code = "kit.unexpected"
    title = "Something went wrong on our side"
    advice = "Tell the operator the id in `instance`; sending the request again may help."


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem ready to send."""

    status: int
    headers: dict[str, str]
    body: bytes


def status_of(error: DomainError | type[DomainError]) -> int:
    """Return the HTTP status of a refusal."""
    own = getattr(error, "status", None)
    return int(own) if own is not None else _STATUS[error.kind]


def render(error: DomainError, request_id: UUID) -> Problem:
    """Return the problem document of a refusal; `instance` is the request's id."""
    status = status_of(error)
    document: dict[str, Any] = {
        "type": f"urn:problem-type:entente:{error.code}",
        "title": error.title,
        "status": status,
        "detail": error.detail,
        "instance": f"urn:uuid:{request_id}",
        "code": error.code,
        "advice": error.advice,
        "errors": [
            {"pointer": v.pointer, "code": v.code, "message": v.message} for v in error.errors
        ],
        "trace_id": str(request_id),
    }
    facts = {key: value for key, value in error.facts.items() if key not in document}
    body = json.dumps(document | facts, ensure_ascii=False, default=str).encode()
    return Problem(status, {"content-type": MEDIA_TYPE, **_headers(error, status)}, body)


def _headers(error: DomainError, status: int) -> dict[str, str]:
    if status == _STATUS[Kind.UNAVAILABLE]:
        return {"retry-after": str(error.facts.get("retry_after_s", 1))}
    if status == _STATUS[Kind.TOO_MANY]:
        return {"retry-after": str(error.facts.get("retry_after_s", 60))}
    if status == _STATUS[Kind.UNAUTHENTICATED]:
        return {"www-authenticate": "Bearer"}
    if "allow" in error.facts:
        return {"allow": str(error.facts["allow"])}
    return {}


def problems(*errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of a route that can refuse with these errors."""
    by_status: dict[int | str, list[type[DomainError]]] = {}
    for error in errors:
        by_status.setdefault(status_of(error), []).append(error)
    return {status: response(found) for status, found in sorted(by_status.items(), key=str)}


def response(errors: Sequence[type[DomainError]]) -> dict[str, Any]:
    """Return the OpenAPI response for errors that share a status, an example of each."""
    return {
        "description": " · ".join(f"`{error.code}`: {error.title}" for error in errors),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {error.code: {"value": _example(error)} for error in errors},
            }
        },
    }


def _example(error: type[DomainError]) -> dict[str, Any]:
    request_id = "01980000-0000-7000-8000-000000000000"
    return {
        "type": f"urn:problem-type:entente:{error.code}",
        "title": error.title,
        "status": status_of(error),
        "detail": error.title,
        "instance": f"urn:uuid:{request_id}",
        "code": error.code,
        "advice": error.advice,
        "errors": [],
        "trace_id": request_id,
    }


SCHEMAS: Final[dict[str, Any]] = {
    "Violation": {
        "type": "object",
        "required": ["pointer", "code", "message"],
        "properties": {
            "pointer": {
                "type": "string",
                "description": "RFC 6901 pointer into the body; /query/…, /path/… and /header/… "
                "for what is not in the body.",
            },
            "code": {"type": "string"},
            "message": {"type": "string"},
        },
    },
    "Problem": {
        "type": "object",
        "description": "RFC 9457 problem document. Clients act on `code`; every code is explained "
        "at /problems/{code}.",
        "required": [
            "type", "title", "status", "detail", "instance", "code", "advice", "errors", "trace_id",
        ],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "instance": {"type": "string", "format": "uri"},
            "code": {"type": "string"},
            "advice": {"type": "string"},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Violation"}},
            "trace_id": {"type": "string"},
        },
    },
}  # fmt: skip


def share_examples(document: dict[str, Any]) -> None:
    """Say each example problem once: operations refer to it in the document's components."""
    shared: dict[str, Any] = document.setdefault("components", {}).setdefault("examples", {})
    for content in _problem_contents(document):
        examples: dict[str, Any] = content.get("examples", {})
        shared.update({code: each for code, each in examples.items() if "$ref" not in each})
        content["examples"] = {
            code: {"$ref": f"#/components/examples/{code}"} for code in sorted(examples)
        }


def _problem_contents(document: dict[str, Any]) -> Iterable[dict[str, Any]]:
    items = document.get("paths", {}).values()
    operations = [each for item in items for each in item.values() if isinstance(each, dict)]
    answers = [each for found in operations for each in found.get("responses", {}).values()]
    contents = [each.get("content", {}) for each in answers]
    return [content[MEDIA_TYPE] for content in contents if MEDIA_TYPE in content]


def catalogue(packages: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return every problem code defined in these packages, for the pages that explain them."""
    roots = tuple(packages)
    found = (error for error in _subclasses(DomainError) if error.__module__.split(".")[0] in roots)
    return {
        error.code: {
            "title": error.title,
            "status": status_of(error),
            "advice": error.advice,
            "meaning": (error.__doc__ or "").strip(),
        }
        for error in sorted(found, key=lambda error: error.code)
    }


def _subclasses(error: type[DomainError]) -> Iterable[type[DomainError]]:
    for subclass in error.__subclasses__():
        if "code" in vars(subclass):
            yield subclass
        yield from _subclasses(subclass)
