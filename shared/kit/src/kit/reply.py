"""Answers as ready bytes, with the ETag that updates must quote."""

import re
from collections.abc import Sequence
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Depends, Header, Request, Response

from kit.door import is_known
from kit.errors import InvalidInput, StaleVersion, Violation
from kit.openapi import NEEDED, declare
from kit.problems import PreconditionRequired
from kit.wire import Answer

_TAG: Final = re.compile(r'"v([0-9]{1,9})"')
_JSON: Final = "application/json"
T = TypeVar("T", bound=Answer)


class Listing(Answer, Generic[T]):
    """One page of a list. `next` is the cursor of the next page, null on the last one."""

    items: Sequence[T]
    next: str | None


def etag(version: int) -> str:
    """Return the strong ETag of a version."""
    return f'"v{version}"'


def dump(model: Answer) -> bytes:
    """Return the JSON of an answer."""
    return model.__pydantic_serializer__.to_json(model)


def answer(model: Answer, *, version: int | None = None, status: int = 200) -> Response:
    """Return an answer; with a version it carries the ETag that an update must quote."""
    headers = {} if version is None else {"etag": etag(version)}
    return Response(dump(model), status, headers, _JSON)


def unless_known(request: Request, body: bytes, tag: str) -> Response:
    """Return the body with its ETag, or 304 where If-None-Match shows the caller has it."""
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if is_known(tag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, _JSON)


async def _if_match(
    if_match: Annotated[
        str | None,
        Header(
            description='The ETag the decision was based on, such as "v3".',
            json_schema_extra={NEEDED: True, "pattern": f"^{_TAG.pattern}$"},
        ),
    ] = None,
) -> int:
    if if_match is None:
        raise PreconditionRequired("the request carries no If-Match")
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        violation = Violation("/header/if-match", "kit.etag", 'must be an ETag such as "v3"')
        raise InvalidInput("If-Match is not an ETag of this resource", errors=[violation])
    return int(found.group(1))


IfMatch = Annotated[int, Depends(_if_match)]
declare("if-match", PreconditionRequired, StaleVersion)
