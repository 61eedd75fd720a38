"""Routes of programmes: list, register, read, amend; their overview and the portfolio."""

from functools import partial

from fastapi import APIRouter, Request, Response

from kit.db.paging import Asked
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer, unless_known
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from programmes.api import wire
from programmes.api.exports import FILES, Format, Formatted, given
from programmes.api.programme_view import Filtered, OnlyShown, Viewed
from programmes.api.requests import NewProgramme, ProgrammePatch
from programmes.commands import programmes as commands
from programmes.context import (
    Cursor,
    Limit,
    ProgrammeCode,
    Reader,
    UnitDep,
    Writer,
    ready,
)
from programmes.domain import errors
from programmes.domain.readiness import ContractMissing, NotSettled, ReopeningUnexplained
from programmes.domain.register import NoSuchEntry
from programmes.queries import lists, programme_view
from programmes.queries import programmes as queries

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["programmes"])


@router.get(
    "/programmes",
    operation_id="list_programmes",
    response_model=Listing[wire.ProgrammeBrief],
    responses=FILES | problems(CursorInvalid, errors.DatesInvalid),
)
async def list_programmes(
    caller: Reader,
    unit: UnitDep,
    *,
    filters: Filtered,
    view: Viewed,
    form: Formatted = Format.JSON,
    after: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List the programmes you may see that fulfil every filter given.

    `country` finds beneficiaries and partners, also by an organisation at home there. `codes`
    asks for some by their codes; those you may not see are left out.
    """
    asked = Asked(caller.client, after, limit, filters.asked | {"view": repr(view)})
    fetch = partial(lists.programmes, unit, filters=filters, view=view, by=caller)
    return await given(fetch, asked, form, "programmes")


@router.post(
    "/programmes",
    status_code=201,
    operation_id="register_programme",
    response_model=wire.Programme,
    responses=problems(
        errors.ProgrammeCodeTaken, errors.IdentifierTaken, errors.DatesInvalid, NoSuchEntry
    ),
)
async def register_programme(new: NewProgramme, caller: Writer, once: Once) -> Response:
    """Register a programme; partners and countries added later see it from then on."""
    return await once(
        lambda unit: commands.register_programme(unit, new.profile(), by=caller),
        wire.Programme.of,
        location=lambda made: f"/v1/programmes/{made.code}",
    )


@router.get(
    "/programmes/{code}",
    operation_id="programme",
    response_model=wire.Programme,
    responses=problems(errors.NoSuchProgramme),
)
async def programme(
    request: Request, code: ProgrammeCode, caller: Reader, unit: UnitDep, shown: OnlyShown
) -> Response:
    """Read a programme, with the source of each statement, or only some `fields` of it.

    `expand` adds what hangs on it, as in its overview.
    """
    body, tag = await programme_view.one(unit, code, shown, by=caller)
    return unless_known(request, body.encode(), tag)


@router.patch(
    "/programmes/{code}",
    operation_id="amend_programme",
    response_model=wire.Programme,
    responses=problems(
        errors.NoSuchProgramme,
        errors.IllegalStatus,
        errors.LeadMissing,
        ContractMissing,
        NotSettled,
        ReopeningUnexplained,
        errors.IdentifierTaken,
        errors.DatesInvalid,
        StaleVersion,
        PreconditionRequired,
    ),
)
async def amend_programme(
    code: ProgrammeCode, patch: ProgrammePatch, caller: Writer, unit: UnitDep, expected: IfMatch
) -> Response:
    """Change what is said of a programme with a merge patch, or move its status on."""
    amended = await commands.amend_programme(
        unit,
        code,
        patch.change(),
        status=patch.new_status,
        reason=patch.status_reason,
        expected=expected,
        by=caller,
    )
    return answer(wire.Programme.of(amended), version=amended.version)


@router.get(
    "/programmes/{code}/overview",
    operation_id="programme_overview",
    response_model=wire.Overview,
    responses=problems(errors.NoSuchProgramme),
    tags=["views"],
)
async def programme_overview(
    request: Request, code: ProgrammeCode, caller: Reader, unit: UnitDep
) -> Response:
    """Read a programme with its figures, partners, countries, milestones and budget lines."""
    body, tag = await queries.overview(unit, code, by=caller)
    return unless_known(request, body.encode(), tag)


@router.get(
    "/portfolio",
    operation_id="programmes_portfolio",
    response_model=wire.Portfolio,
    tags=["views"],
)
async def portfolio(caller: Reader, unit: UnitDep) -> Response:
    """Read every programme you may see; published totals are added up per currency alone."""
    return ready(await queries.portfolio(unit, by=caller))
