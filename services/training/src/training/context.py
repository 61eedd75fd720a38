"""Who calls, and with what a handler works: the annotated dependencies of the routers."""

import re
from hashlib import sha256
from typing import Annotated, Final

from fastapi import Depends, Header, Query, Request

from kit.auth import Caller
from kit.errors import InvalidInput, Violation
from kit.once import UnitDep
from kit.route import requires
from training.config import DEFAULT_URL

__all__ = [
    "Cursor",
    "Host",
    "IfMatchGiven",
    "Limit",
    "Nominator",
    "ProgrammeCode",
    "PublicUrl",
    "Reader",
    "UnitDep",
    "content_tag",
]

_TAG: Final = re.compile(r'"v(\d{1,9})"')

Reader = Annotated[Caller, requires("training:read")]
Host = Annotated[Caller, requires("training:host")]
Nominator = Annotated[Caller, requires("training:nominate")]
Limit = Annotated[int, Query(ge=1, description="At most this many; more than 200 means 200.")]
Cursor = Annotated[str | None, Query(max_length=600, description="`next` of the page before.")]
ProgrammeCode = Annotated[str | None, Query(max_length=40, description="A programme code.")]


def content_tag(body: bytes) -> str:
    """Return a strong ETag for an answer made of many records: a hash of its bytes."""
    return f'"{sha256(body).hexdigest()[:32]}"'


async def _public_url(request: Request) -> str:
    config = request.state.process.config
    return DEFAULT_URL if config is None else str(config.public_url).rstrip("/")


PublicUrl = Annotated[str, Depends(_public_url)]
"""Where the gateway is reached from outside, without a slash at the end."""


async def _if_given(
    if_match: Annotated[
        str | None, Header(description="The ETag the decision was based on; honoured if sent.")
    ] = None,
) -> int | None:
    if if_match is None:
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        violation = Violation("/header/if-match", "kit.etag", 'must be an ETag such as "v3"')
        raise InvalidInput("If-Match is not an ETag of this resource", errors=[violation])
    return int(found.group(1))


IfMatchGiven = Annotated[int | None, Depends(_if_given)]
"""A step of a nomination is guarded by its state; a caller who sends If-Match is held to it."""
