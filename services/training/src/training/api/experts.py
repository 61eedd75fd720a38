"""Routes of experts: who teaches, speaks or interprets where, on which days, paid by whom."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from kit.db.paging import Page
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import problems
from kit.reply import IfMatch, Listing, answer
from kit.route import StrictRoute
from training.api.wire_experts import (
    Assignment,
    ExpertWithdrawal,
    GivenTerms,
    NewAssignment,
    expert_roles,
)
from training.api.wire_nominations import Codelist
from training.commands import experts as commands
from training.context import Cursor, Host, Limit, ProgrammeCode, Reader, UnitDep
from training.domain import expert
from training.domain.errors import (
    EventOver,
    NoSuchEvent,
    NoSuchSeries,
    ReferenceTaken,
    UnknownProgramme,
)
from training.domain.errors_experts import (
    AssignmentExists,
    AssignmentInvalid,
    AssignmentOutsideEvent,
    AssignmentStepNotAllowed,
    ExpertDoubleBooked,
    NoSuchAssignment,
)
from training.domain.errors_seats import ParticipantErased
from training.domain.expert import AssignmentStatus, ExpertRole
from training.queries import experts as queries
from training.queries.experts import Wanted

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["experts"])


async def _wanted(
    *,
    programme: ProgrammeCode = None,
    action_code: Annotated[
        str | None, Query(max_length=40, description="With `programme`: for that action alone.")
    ] = None,
    participant_id: UUID | None = None,
    organisation: Annotated[str | None, Query(max_length=40)] = None,
    role: ExpertRole | None = None,
    status: AssignmentStatus | None = None,
    clashing: Annotated[
        bool, Query(description="Only persons who are assigned elsewhere on the same days.")
    ] = False,
) -> Wanted:
    return Wanted(
        programme=programme,
        action_code=action_code,
        participant_id=participant_id,
        organisation=organisation,
        role=role,
        status=status,
        clashing=clashing,
    )


@router.post(
    "/expert-assignments",
    status_code=201,
    response_model=Assignment,
    operation_id="assign_expert",
    responses=problems(
        NoSuchEvent,
        NoSuchSeries,
        UnknownProgramme,
        EventOver,
        AssignmentInvalid,
        AssignmentOutsideEvent,
        ExpertDoubleBooked,
        AssignmentExists,
        ReferenceTaken,
        ParticipantErased,
    ),
)
async def assign_expert(body: NewAssignment, caller: Host, once: Once) -> Response:
    """Assign an expert, a person by an opaque id or an organisation, to an event, series or action.

    An action is named by `programme_code` and `action_code`, and its experts state their own days.
    """
    plan = body.plan()
    return await once(
        lambda unit: commands.assign_expert(unit, plan, by=caller),
        Assignment.of,
        location=lambda made: f"/v1/expert-assignments/{made.id}",
    )


@router.get(
    "/expert-assignments",
    response_model=Listing[Assignment],
    operation_id="expert_assignments",
)
async def expert_assignments(
    caller: Reader,
    unit: UnitDep,
    wanted: Annotated[Wanted, Depends(_wanted)],
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List assignments that you may see; persons are seen by who sends, hosts and pays them."""
    found = await queries.assignments(unit, wanted, limit=limit, after=after, by=caller)
    return _listed(found)


@router.get(
    "/expert-assignments/{assignment_id}",
    response_model=Assignment,
    operation_id="expert_assignment",
    responses=problems(NoSuchAssignment),
)
async def expert_assignment(assignment_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read one assignment."""
    found = await queries.assignment(unit, assignment_id, by=caller)
    return answer(Assignment.of(found), version=found.version)


@router.put(
    "/expert-assignments/{assignment_id}/terms",
    response_model=Assignment,
    operation_id="change_expert_terms",
    responses=problems(
        NoSuchAssignment,
        StaleVersion,
        EventOver,
        AssignmentStepNotAllowed,
        AssignmentInvalid,
        AssignmentOutsideEvent,
        ExpertDoubleBooked,
    ),
)
async def change_terms(
    assignment_id: UUID, body: GivenTerms, caller: Host, unit: UnitDep, expected: IfMatch
) -> Response:
    """Give an assignment other days or another payer, in place of all it had."""
    terms = body.terms()
    changed = await commands.change_terms(unit, assignment_id, terms, expected=expected, by=caller)
    return answer(Assignment.of(changed), version=changed.version)


@router.post(
    "/expert-assignments/{assignment_id}/withdrawal",
    response_model=Assignment,
    operation_id="withdraw_expert",
    responses=problems(NoSuchAssignment, StaleVersion, EventOver, AssignmentStepNotAllowed),
)
async def withdraw_expert(
    assignment_id: UUID, body: ExpertWithdrawal, caller: Host, unit: UnitDep, expected: IfMatch
) -> Response:
    """Withdraw an expert; the assignment stays on record with the reason."""
    withdrawn = await commands.withdraw_expert(
        unit, assignment_id, reason=body.reason, expected=expected, by=caller
    )
    return answer(Assignment.of(withdrawn), version=withdrawn.version)


@router.get(
    "/events/{event_id}/experts",
    response_model=Listing[Assignment],
    operation_id="experts_of_event",
    responses=problems(NoSuchEvent),
)
async def experts_of_event(
    event_id: UUID, caller: Reader, unit: UnitDep, limit: Limit = 50, after: Cursor = None
) -> Response:
    """List the experts of an event that you may see."""
    return _listed(await queries.of_event(unit, event_id, limit=limit, after=after, by=caller))


@router.get(
    "/event-series/{series_id}/experts",
    response_model=Listing[Assignment],
    operation_id="experts_of_series",
    responses=problems(NoSuchSeries),
)
async def experts_of_series(
    series_id: UUID, caller: Reader, unit: UnitDep, limit: Limit = 50, after: Cursor = None
) -> Response:
    """List the experts of a series, as far as they are not those of a single event."""
    return _listed(await queries.of_series(unit, series_id, limit=limit, after=after, by=caller))


@router.get("/codelists/expert-roles", response_model=Codelist, operation_id="expert_roles")
async def roles(_caller: Reader) -> Response:
    """List the roles of experts with their Polish and English names."""
    return answer(expert_roles())


def _listed(found: Page[expert.Assignment]) -> Response:
    return answer(Listing(items=[Assignment.of(each) for each in found.items], next=found.next))
