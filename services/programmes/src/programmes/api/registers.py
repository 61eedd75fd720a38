"""Routes of registers every caller may read: organisations, sources, code lists."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from kit.db.paging import Asked
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer, unless_known
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from programmes.api import wire
from programmes.api.exports import FILES, Format, Formatted, given
from programmes.api.programme_view import Codes, words
from programmes.api.requests import NewOrganisation, NewSource, OrganisationCorrection
from programmes.commands import registers as commands
from programmes.context import Cursor, InCountry, Limit, Reader, UnitDep, Writer, ready
from programmes.domain import errors
from programmes.domain.organisation import OrganisationType
from programmes.queries import codelists, lists, registers

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["registers"])
Kind = Annotated[OrganisationType | None, Query(alias="type", description="What kind of body.")]
Standing = Annotated[
    str | None, Query(pattern="^[a-z_]{1,40}$", description="A status such as mandated_body.")
]
Name = Annotated[str, Path(max_length=60)]


@router.get(
    "/organisations",
    operation_id="list_organisations",
    response_model=Listing[wire.Organisation],
    responses=FILES | problems(CursorInvalid),
)
async def list_organisations(
    caller: Reader,
    unit: UnitDep,
    *,
    country: InCountry = None,
    kind: Kind = None,
    status: Standing = None,
    codes: Codes = None,
    form: Formatted = Format.JSON,
    after: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List the organisations, by code; `codes` asks for some of them at once."""
    chosen = words(codes, "codes")
    filters = {"country": country, "type": kind, "status": status, "codes": chosen}
    asked = Asked(caller.client, after, limit, filters)
    fetch = partial(
        lists.organisations,
        unit,
        country=country,
        kind=kind,
        standing=status,
        codes=chosen,
        by=caller,
    )
    return await given(fetch, asked, form, "organisations")


@router.post(
    "/organisations",
    status_code=201,
    operation_id="register_organisation",
    response_model=wire.Organisation,
    responses=problems(errors.OrganisationCodeTaken, errors.NoSuchOrganisation),
)
async def register_organisation(new: NewOrganisation, caller: Writer, once: Once) -> Response:
    """Register an organisation, so that it can be named as a partner."""
    return await once(
        lambda unit: commands.register_organisation(unit, new.organisation, by=caller),
        wire.Organisation.of,
        location=lambda made: f"/v1/organisations/{made.code}",
    )


@router.get(
    "/organisations/{code}",
    operation_id="organisation",
    response_model=wire.Organisation,
    responses=problems(errors.NoSuchOrganisation),
)
async def organisation(request: Request, code: Name, caller: Reader, unit: UnitDep) -> Response:
    """Read an organisation by its code."""
    body, tag = await registers.organisation_of(unit, code, by=caller)
    return unless_known(request, body.encode(), tag)


@router.put(
    "/organisations/{code}",
    operation_id="correct_organisation",
    response_model=wire.Organisation,
    responses=problems(
        errors.NoSuchOrganisation,
        errors.OrganisationOfOthers,
        StaleVersion,
        PreconditionRequired,
    ),
)
async def correct_organisation(
    code: Name,
    body: OrganisationCorrection,
    caller: Writer,
    unit: UnitDep,
    *,
    expected: IfMatch,
) -> Response:
    """Say anew what an organisation is called and what it is; its code and its parent stay.

    For the office, and for the organisation itself.
    """
    corrected = await commands.correct_organisation(
        unit, code, body.change, expected=expected, by=caller
    )
    return answer(wire.Organisation.of(corrected), version=corrected.version)


@router.get(
    "/sources",
    operation_id="list_sources",
    response_model=Listing[wire.SourceDocument],
    responses=FILES | problems(CursorInvalid),
)
async def list_sources(
    caller: Reader,
    unit: UnitDep,
    *,
    form: Formatted = Format.JSON,
    after: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List the documents that facts are cited from."""
    asked = Asked(caller.client, after, limit)
    return await given(partial(lists.sources, unit, by=caller), asked, form, "sources")


@router.post(
    "/sources",
    status_code=201,
    operation_id="register_source",
    response_model=wire.SourceDocument,
    responses=problems(errors.SourceTaken, errors.DatesInvalid),
)
async def register_source(new: NewSource, caller: Writer, once: Once) -> Response:
    """Register a document, so that facts can be cited from it."""
    return await once(
        lambda unit: commands.register_source(unit, new.document, by=caller),
        wire.SourceDocument.of,
        location=lambda made: f"/v1/sources/{made.code}",
    )


@router.get(
    "/sources/{code}",
    operation_id="source",
    response_model=wire.SourceDocument,
    responses=problems(errors.NoSuchSource),
)
async def source(request: Request, code: Name, caller: Reader, unit: UnitDep) -> Response:
    """Read what is known of a document: title, address if printed, dates as printed."""
    body, tag = await registers.source_of(unit, code, by=caller)
    return unless_known(request, body.encode(), tag)


@router.get(
    "/codelists",
    operation_id="list_code_lists",
    response_model=wire.CodeListNames,
)
async def list_code_lists(_caller: Reader) -> Response:
    """List the names of the code lists."""
    return ready(codelists.names())


@router.get(
    "/codelists/{name}",
    operation_id="code_list",
    response_model=wire.CodeList,
    responses=problems(errors.NoSuchCodeList),
)
async def code_list(request: Request, name: Name, _caller: Reader) -> Response:
    """Read a closed list of codes with Polish and English labels."""
    body, tag = codelists.code_list(name)
    return unless_known(request, body.encode(), tag)
