"""Who calls, and with what a handler works: the annotated dependencies of the routers."""

from typing import Annotated

from fastapi import Depends, Query, Request

from kit.auth import Caller
from kit.db.unit import Unit
from kit.route import requires


async def _unit(request: Request) -> Unit:
    unit: Unit = request.state.process.unit
    return unit


UnitDep = Annotated[Unit, Depends(_unit)]
Reader = Annotated[Caller, requires("participants:read")]
Writer = Annotated[Caller, requires("participants:write")]
Limit = Annotated[int, Query(ge=1, description="At most this many; more than 200 means 200.")]
Cursor = Annotated[str | None, Query(max_length=600, description="`next` of the page before.")]
