"""Routes of components, their topics and leads, and of bilateral partnerships."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer, unless_known
from kit.route import StrictRoute
from programmes.api import requests_cooperation as bodies
from programmes.api import wire_cooperation as wire
from programmes.commands import parts as commands
from programmes.context import InCountry, ProgrammeCode, Reader, UnitDep, Writer, ready
from programmes.domain import errors
from programmes.domain.component import (
    PARTNERSHIP_MOVES,
    BilateralExists,
    LeadUnclear,
    NoSuchPart,
    PartnershipEnded,
    PartnershipStatus,
    PartTaken,
)
from programmes.domain.register import NoSuchEntry
from programmes.queries import cooperation as queries

router = APIRouter(
    prefix="/v1/programmes/{code}", route_class=StrictRoute, tags=["components and partnerships"]
)
ComponentCode = Annotated[
    str, Path(max_length=40, description="Code of a component.", examples=["C2"])
]
Group = Annotated[int | None, Query(ge=1, le=100, description="A group of the topics.")]
_UNSEEN = problems(errors.NoSuchProgramme)
_NO_PART = problems(errors.NoSuchProgramme, NoSuchPart)


@router.get(
    "/components",
    operation_id="list_components",
    response_model=Listing[wire.Component],
    responses=_UNSEEN,
)
async def list_components(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """List the components of a programme, by code."""
    return ready(await queries.components(unit, code, by=caller))


@router.post(
    "/components",
    status_code=201,
    operation_id="add_component",
    response_model=wire.Component,
    responses=problems(errors.NoSuchProgramme, PartTaken),
)
async def add_component(
    code: ProgrammeCode, new: bodies.NewComponent, caller: Writer, once: Once
) -> Response:
    """Record a component of a programme."""
    return await once(
        lambda unit: commands.add_part(unit, code, new.component, by=caller), wire.Component.of
    )


@router.get(
    "/components/{component}",
    operation_id="component",
    response_model=wire.Component,
    responses=_NO_PART,
)
async def component(
    request: Request, code: ProgrammeCode, component: ComponentCode, caller: Reader, unit: UnitDep
) -> Response:
    """Read a component; `note` says where a source contradicts itself."""
    body, tag = await queries.component(unit, code, component, by=caller)
    return unless_known(request, body.encode(), tag)


@router.get(
    "/components/{component}/topics",
    operation_id="list_component_topics",
    response_model=Listing[wire.Topic],
    responses=_NO_PART,
)
async def list_topics(
    code: ProgrammeCode,
    component: ComponentCode,
    caller: Reader,
    unit: UnitDep,
    group: Group = None,
) -> Response:
    """List the topics of a component, in the order of the source."""
    return ready(await queries.topics(unit, code, component, group=group, by=caller))


@router.get(
    "/components/{component}/topic-leads",
    operation_id="list_topic_leads",
    response_model=Listing[wire.TopicLead],
    responses=_NO_PART,
)
async def list_leads(
    code: ProgrammeCode, component: ComponentCode, caller: Reader, unit: UnitDep
) -> Response:
    """List who leads which topic; where no source says, the reason is not_stated."""
    return ready(await queries.leads(unit, code, component, by=caller))


@router.post(
    "/components/{component}/topic-leads",
    status_code=201,
    operation_id="name_topic_lead",
    response_model=wire.TopicLead,
    responses=problems(
        errors.NoSuchProgramme,
        errors.NoSuchOrganisation,
        NoSuchPart,
        NoSuchEntry,
        PartTaken,
        LeadUnclear,
    ),
)
async def name_lead(
    code: ProgrammeCode,
    component: ComponentCode,
    new: bodies.NewTopicLead,
    caller: Writer,
    once: Once,
) -> Response:
    """Say who leads a topic; a lead outside the consortium is recorded with a warning."""
    return await once(
        lambda unit: commands.name_topic_lead(
            unit, code, lambda new_id, it: new.lead(new_id, it, component), by=caller
        ),
        wire.TopicLead.of,
    )


@router.get(
    "/bilateral-partnerships",
    operation_id="list_bilateral_partnerships",
    response_model=Listing[wire.Partnership],
    responses=_UNSEEN,
)
async def list_partnerships(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    country: InCountry = None,
    status: PartnershipStatus | None = None,
) -> Response:
    """List which organisation helps which country; a country without one is legal."""
    found = await queries.partnerships(unit, code, country=country, status=status, by=caller)
    return ready(found)


@router.post(
    "/bilateral-partnerships",
    status_code=201,
    operation_id="form_bilateral_partnership",
    response_model=wire.Partnership,
    responses=problems(
        errors.NoSuchProgramme, errors.NoSuchOrganisation, BilateralExists, errors.DatesInvalid
    ),
)
async def form_partnership(
    code: ProgrammeCode, new: bodies.NewPartnership, caller: Writer, once: Once
) -> Response:
    """Record the partnership of a country; it has one at a time, a partner may have several."""
    return await once(
        lambda unit: commands.form_partnership(unit, code, new.partnership, by=caller),
        wire.Partnership.of,
    )


@router.post(
    "/bilateral-partnerships/{partnership_id}/end",
    operation_id="end_bilateral_partnership",
    response_model=wire.Partnership,
    responses=problems(
        errors.NoSuchProgramme, NoSuchPart, PartnershipEnded, StaleVersion, PreconditionRequired
    ),
)
async def end_partnership(
    code: ProgrammeCode, partnership_id: UUID, caller: Writer, unit: UnitDep, expected: IfMatch
) -> Response:
    """End a partnership; the country may form another one then."""
    ended = await commands.end_partnership(unit, code, partnership_id, expected=expected, by=caller)
    return answer(wire.Partnership.of(ended), version=ended.version)


@router.get(
    "/bilateral-partnerships/{partnership_id}/transitions",
    operation_id="bilateral_partnership_transitions",
    response_model=wire.Transitions,
    responses=problems(errors.NoSuchProgramme, NoSuchPart),
)
async def partnership_transitions(
    code: ProgrammeCode, partnership_id: UUID, caller: Reader, unit: UnitDep
) -> Response:
    """Say whether the partnership may end, and why not if it has."""
    body, _ = await queries.partnership(unit, code, str(partnership_id), by=caller)
    present = wire.Partnership.model_validate_json(body).status
    return answer(wire.Transitions.of(present, PARTNERSHIP_MOVES.ways(present)))
