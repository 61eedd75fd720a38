"""What handlers are given: a unit for the caller, callers with a scope, and paging."""

from typing import Annotated

from fastapi import Path, Query, Response

from kit.auth import Caller
from kit.once import UnitDep
from kit.route import requires

__all__ = [
    "Cursor",
    "InCountry",
    "Limit",
    "LineCode",
    "ProgrammeCode",
    "Reader",
    "UnitDep",
    "Writer",
    "ready",
]

Reader = Annotated[Caller, requires("programmes:read")]
Writer = Annotated[Caller, requires("programmes:write")]
ProgrammeCode = Annotated[
    str, Path(max_length=40, description="Code of a programme.", examples=["EAP-PCP"])
]
LineCode = Annotated[
    str, Path(max_length=40, description="Code of a budget line.", examples=["PER-DIEM"])
]
Limit = Annotated[int, Query(ge=1, description="At most this many; more than 200 means 200.")]
Cursor = Annotated[str | None, Query(max_length=600, description="`next` of the page before.")]
InCountry = Annotated[
    str | None, Query(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.", examples=["MD"])
]


def ready(body: str) -> Response:
    """Return JSON text as it is."""
    return Response(body, media_type="application/json")
