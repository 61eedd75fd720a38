"""Who calls, and with what a handler works: the annotated dependencies of the routers."""

from hashlib import sha256
from typing import Annotated

from fastapi import Query

from kit.auth import Caller
from kit.once import UnitDep
from kit.route import requires

__all__ = ["Cursor", "Host", "Limit", "Nominator", "ProgrammeCode", "Reader", "UnitDep"]

Reader = Annotated[Caller, requires("training:read")]
Host = Annotated[Caller, requires("training:host")]
Nominator = Annotated[Caller, requires("training:nominate")]
Limit = Annotated[int, Query(ge=1, description="At most this many; more than 200 means 200.")]
Cursor = Annotated[str | None, Query(max_length=600, description="`next` of the page before.")]
ProgrammeCode = Annotated[str | None, Query(max_length=40, description="A programme code.")]


def content_tag(body: bytes) -> str:
    """Return a strong ETag for an answer made of many records: a hash of its bytes."""
    return f'"{sha256(body).hexdigest()[:32]}"'
