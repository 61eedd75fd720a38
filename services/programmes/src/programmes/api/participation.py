"""Routes of participation: how a country takes part, and whether it may."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from kit.days import home_day
from kit.once import Once
from kit.problems import problems
from kit.reply import answer
from kit.route import StrictRoute
from kit.wire import Day
from programmes.api import requests_governance as bodies
from programmes.api import wire_cooperation as wire
from programmes.api.requests import cited
from programmes.api.values import date_of
from programmes.commands import participation as commands
from programmes.context import ProgrammeCode, Reader, UnitDep, Writer
from programmes.domain import errors
from programmes.domain.moves import IllegalMove
from programmes.domain.participation import (
    ParticipationOutOfOrder,
    ScopeMisplaced,
    eligibility,
    next_ways,
)
from programmes.queries import participation as queries

router = APIRouter(prefix="/v1/programmes/{code}", route_class=StrictRoute, tags=["participation"])
CountryCode = Annotated[
    str, Path(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2.", examples=["BY"])
]
AsOf = Annotated[Day | None, Query(description="The day asked about; today if left out.")]


@router.get(
    "/participation/{country}",
    operation_id="country_participation",
    response_model=wire.CountryParticipation,
    responses=problems(errors.NoSuchProgramme),
)
async def country_participation(
    code: ProgrammeCode, country: CountryCode, caller: Reader, unit: UnitDep, as_of: AsOf = None
) -> Response:
    """Read how a country takes part on a day, and every decision before and after."""
    rows = await queries.rows(unit, code, by=caller)
    day = as_of or home_day(unit.clock.now())
    return answer(wire.CountryParticipation.found(code, country, day, rows))


@router.get(
    "/participation/{country}/transitions",
    operation_id="participation_transitions",
    response_model=wire.Transitions,
    responses=problems(errors.NoSuchProgramme),
)
async def participation_transitions(
    code: ProgrammeCode, country: CountryCode, caller: Reader, unit: UnitDep
) -> Response:
    """Say which status a decision may give the country next, and why not the others."""
    present, ways = next_ways(await queries.rows(unit, code, by=caller), country)
    return answer(wire.Transitions.of(present or "none", ways))


@router.post(
    "/participation",
    status_code=201,
    operation_id="begin_participation",
    response_model=wire.ParticipationRow,
    responses=problems(
        errors.NoSuchProgramme,
        IllegalMove,
        ParticipationOutOfOrder,
        ScopeMisplaced,
        errors.DatesInvalid,
    ),
)
async def begin_participation(
    code: ProgrammeCode, new: bodies.NewParticipation, caller: Writer, once: Once
) -> Response:
    """Record that a country takes part from a date on; what changes that is a decision."""
    start = date_of(new.valid_from)
    return await once(
        lambda unit: commands.begin_participation(
            unit, code, new.country, start, source=cited(new.source), by=caller
        ),
        wire.ParticipationRow.of,
    )


@router.post(
    "/eligibility-checks",
    operation_id="check_eligibility",
    response_model=wire.Eligibility,
    responses=problems(errors.NoSuchProgramme),
)
async def check_eligibility(
    code: ProgrammeCode, asked: bodies.EligibilityQuestion, caller: Reader, unit: UnitDep
) -> Response:
    """Say whether a country may take part, with the rule that fired and the decision behind it."""
    question = asked.question()
    found = eligibility(await queries.rows(unit, code, by=caller), question)
    return answer(wire.Eligibility.found(code, question, found))
