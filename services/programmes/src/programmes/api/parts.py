"""Routes of what hangs on a programme: partners, countries, figures, relations, milestones."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from kit.errors import StaleVersion
from kit.money import MoneyScale
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer
from kit.route import StrictRoute
from kit.wire import Day
from programmes.api import wire
from programmes.api.programme_view import Within
from programmes.api.requests import (
    NewCountry,
    NewFigure,
    NewMilestone,
    NewPartner,
    NewRelation,
    PartnerEnd,
    cited,
)
from programmes.commands import partners as partner_commands
from programmes.commands import programmes as commands
from programmes.context import InCountry, ProgrammeCode, Reader, UnitDep, Writer, ready
from programmes.domain import errors
from programmes.domain.partner import CountryRole, PartnerRole
from programmes.domain.programme import MilestoneKind
from programmes.queries import parts

router = APIRouter(
    prefix="/v1/programmes/{code}", route_class=StrictRoute, tags=["programme parts"]
)
_UNSEEN = problems(errors.NoSuchProgramme)
AsOf = Annotated[Day | None, Query(description="Who may have taken part on this day.")]


@router.get(
    "/partners",
    operation_id="list_partners",
    response_model=Listing[wire.NamedPartner],
    responses=_UNSEEN,
)
async def list_partners(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    *,
    role: PartnerRole | None = None,
    country: InCountry = None,
    as_of: AsOf = None,
) -> Response:
    """List who takes part in which role, past partners too.

    `country` finds the country itself and organisations that are at home there.
    """
    found = await parts.partners(unit, code, role=role, country=country, as_of=as_of, by=caller)
    return ready(found)


@router.post(
    "/partners",
    status_code=201,
    operation_id="add_partner",
    response_model=wire.Partner,
    responses=problems(
        errors.NoSuchProgramme,
        errors.NoSuchOrganisation,
        errors.PartnerRoleDuplicate,
        errors.LeadDuplicate,
        errors.PartyInvalid,
        errors.DatesInvalid,
    ),
)
async def add_partner(code: ProgrammeCode, new: NewPartner, caller: Writer, once: Once) -> Response:
    """Give an organisation or a country a role; it sees the programme from then on."""
    return await once(
        lambda unit: partner_commands.add_partner(unit, code, new.partner, by=caller),
        wire.Partner.of,
    )


@router.post(
    "/partners/{partner_id}/end",
    operation_id="end_partner",
    response_model=wire.Partner,
    responses=problems(
        errors.NoSuchProgramme,
        errors.NoSuchPartner,
        errors.PartnerEnded,
        errors.DatesInvalid,
        StaleVersion,
        PreconditionRequired,
    ),
)
async def end_partner(
    code: ProgrammeCode,
    partner_id: UUID,
    end: PartnerEnd,
    caller: Writer,
    unit: UnitDep,
    *,
    expected: IfMatch,
) -> Response:
    """End a role; who has no other role in the programme no longer sees it."""
    ended = await partner_commands.end_partner(
        unit, code, partner_id, end.on.date(), expected=expected, by=caller
    )
    return answer(wire.Partner.of(ended), version=ended.version)


@router.get(
    "/countries",
    operation_id="list_programme_countries",
    response_model=Listing[wire.Country],
    responses=_UNSEEN,
)
async def list_countries(
    code: ProgrammeCode, caller: Reader, unit: UnitDep, role: CountryRole | None = None
) -> Response:
    """List the countries the programme is for, and those that take part."""
    return ready(await parts.countries(unit, code, role=role, by=caller))


@router.post(
    "/countries",
    status_code=201,
    operation_id="add_programme_country",
    response_model=wire.Programme,
    responses=problems(errors.NoSuchProgramme, errors.CountryRoleDuplicate),
)
async def add_country(code: ProgrammeCode, new: NewCountry, caller: Writer, once: Once) -> Response:
    """Say that the programme is for a country or that it takes part; it sees it from then on."""
    return await once(
        lambda unit: commands.add_country(
            unit, code, new.country, new.role, source=cited(new.source), by=caller
        ),
        wire.Programme.of,
    )


@router.get(
    "/budget-figures",
    operation_id="list_budget_figures",
    response_model=Listing[wire.BudgetFigure],
    responses=_UNSEEN,
)
async def list_budget_figures(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """List the figures as published with their doubts, then what can be derived from them."""
    return ready(await parts.figures(unit, code, by=caller))


@router.post(
    "/budget-figures",
    status_code=201,
    operation_id="publish_budget_figure",
    response_model=wire.Programme,
    responses=problems(
        errors.NoSuchProgramme, errors.FigureInvalid, errors.FigureDuplicate, MoneyScale
    ),
)
async def publish_budget_figure(
    code: ProgrammeCode, new: NewFigure, caller: Writer, once: Once
) -> Response:
    """Record a figure as a source prints it; doubts and derived figures are computed anew."""
    return await once(
        lambda unit: commands.publish_budget_figure(unit, code, new.figure(), by=caller),
        wire.Programme.of,
    )


@router.get(
    "/relations",
    operation_id="list_relations",
    response_model=Listing[wire.Relation],
    responses=_UNSEEN,
)
async def list_relations(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """List the programmes this one is a child of, is under, or replaces."""
    return ready(await parts.relations(unit, code, by=caller))


@router.post(
    "/relations",
    status_code=201,
    operation_id="relate_programmes",
    response_model=wire.Programme,
    responses=problems(
        errors.NoSuchProgramme,
        errors.RelationDuplicate,
        errors.RelationToItself,
        errors.RelationCircle,
        errors.AdditionalMisplaced,
    ),
)
async def relate_programmes(
    code: ProgrammeCode, new: NewRelation, caller: Writer, once: Once
) -> Response:
    """Say how this programme stands to another one; `additional` money is not inside its own."""
    relation = new.relation()
    return await once(
        lambda unit: commands.relate_programmes(unit, code, relation, by=caller),
        wire.Programme.of,
    )


@router.get(
    "/children",
    operation_id="list_children",
    response_model=Listing[wire.Child],
    responses=_UNSEEN,
)
async def list_children(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """List the programmes that are children of this one, are under it, or replace it."""
    return ready(await parts.children(unit, code, by=caller))


@router.get(
    "/milestones",
    operation_id="list_milestones",
    response_model=Listing[wire.Milestone],
    responses=problems(errors.NoSuchProgramme, errors.DatesInvalid),
)
async def list_milestones(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    during: Within,
    kind: MilestoneKind | None = None,
) -> Response:
    """List what happened or is planned, by date."""
    return ready(await parts.milestones(unit, code, kind=kind, during=during, by=caller))


@router.post(
    "/milestones",
    status_code=201,
    operation_id="record_milestone",
    response_model=wire.Programme,
    responses=problems(errors.NoSuchProgramme, errors.MilestoneDuplicate, errors.DatesInvalid),
)
async def record_milestone(
    code: ProgrammeCode, new: NewMilestone, caller: Writer, once: Once
) -> Response:
    """Record that something happened, or is planned, on a date."""
    return await once(
        lambda unit: commands.record_milestone(unit, code, new.milestone(), by=caller),
        wire.Programme.of,
    )
