"""Who calls, and with what a handler works: the annotated dependencies of the routers."""

from typing import Annotated, Final

from fastapi import Depends, Header, Query, Request

from kit.auth import Caller
from kit.db.unit import Unit
from kit.route import requires
from participants.domain.access import Look, Purpose
from participants.storage.safe import Safe


async def _unit(request: Request) -> Unit:
    unit: Unit = request.state.process.unit
    return unit


async def _safe(request: Request) -> Safe:
    safe: Safe = request.state.process.config.safe
    return safe


CaseRef = Annotated[
    str | None,
    Header(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9./_-]{0,63}$",
        description="The reference of your case; it is logged.",
    ),
]
_LOGGED: Final = Query(description="What the look is for; it is logged.")


async def _look(
    request: Request, purpose: Annotated[Purpose, _LOGGED], entente_case_ref: CaseRef = None
) -> Look:
    return Look(request.state.caller, purpose, entente_case_ref)


async def _glance(
    request: Request,
    purpose: Annotated[Purpose | None, _LOGGED] = None,
    entente_case_ref: CaseRef = None,
) -> Look:
    return Look(request.state.caller, purpose, entente_case_ref)


SafeDep = Annotated[Safe, Depends(_safe)]
LookDep = Annotated[Look, Depends(_look)]
GlanceDep = Annotated[Look, Depends(_glance)]
UnitDep = Annotated[Unit, Depends(_unit)]
Reader = Annotated[Caller, requires("participants:read")]
Writer = Annotated[Caller, requires("participants:write")]
Finder = Annotated[Caller, requires("identity:read")]
Protector = Annotated[Caller, requires("participants:protect")]
Verifier = Annotated[Caller, requires("participants:verify")]
Payer = Annotated[Caller, requires("participants:pay")]
Limit = Annotated[int, Query(ge=1, description="At most this many; more than 200 means 200.")]
Cursor = Annotated[str | None, Query(max_length=600, description="`next` of the page before.")]
