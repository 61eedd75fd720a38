"""Routes of governance: bodies, meetings, and decisions that change participation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer
from kit.route import StrictRoute
from programmes.api import requests_governance as bodies
from programmes.api import wire_cooperation as wire
from programmes.api.programme_view import Within
from programmes.commands import participation as participation_commands
from programmes.commands import parts as commands
from programmes.context import ProgrammeCode, Reader, UnitDep, Writer, ready
from programmes.domain import errors
from programmes.domain.component import NoSuchPart, PartTaken
from programmes.domain.governance import (
    MEETING_MOVES,
    DecisionEffectTwice,
    DecisionEmpty,
    MeetingCancelled,
    MeetingNotDated,
    MeetingStatus,
)
from programmes.domain.moves import IllegalMove
from programmes.domain.participation import ParticipationOutOfOrder, ScopeMisplaced
from programmes.queries import cooperation as queries

router = APIRouter(prefix="/v1/programmes/{code}", route_class=StrictRoute, tags=["governance"])
OfBody = Annotated[str | None, Query(max_length=40, description="Code of a body.")]
_UNSEEN = problems(errors.NoSuchProgramme)
_DATED = problems(errors.NoSuchProgramme, errors.DatesInvalid)


@router.get(
    "/governance",
    operation_id="list_governance_bodies",
    response_model=Listing[wire.GovernanceBody],
    responses=_UNSEEN,
)
async def list_bodies(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """List the bodies that govern or advise, and how often they meet."""
    return ready(await queries.bodies(unit, code, by=caller))


@router.post(
    "/governance",
    status_code=201,
    operation_id="add_governance_body",
    response_model=wire.GovernanceBody,
    responses=problems(errors.NoSuchProgramme, PartTaken),
)
async def add_body(
    code: ProgrammeCode, new: bodies.NewBody, caller: Writer, once: Once
) -> Response:
    """Record a body that governs or advises."""
    return await once(
        lambda unit: commands.add_part(unit, code, new.body, by=caller), wire.GovernanceBody.of
    )


@router.get(
    "/governance/meetings",
    operation_id="list_meetings",
    response_model=Listing[wire.Meeting],
    responses=_DATED,
)
async def list_meetings(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    *,
    during: Within,
    body: OfBody = None,
    status: MeetingStatus | None = None,
) -> Response:
    """List the meetings, held and planned, by date."""
    found = await queries.meetings(unit, code, body=body, status=status, during=during, by=caller)
    return ready(found)


@router.post(
    "/governance/meetings",
    status_code=201,
    operation_id="plan_meeting",
    response_model=wire.Meeting,
    responses=problems(errors.NoSuchProgramme, NoSuchPart, PartTaken, errors.DatesInvalid),
)
async def plan_meeting(
    code: ProgrammeCode, new: bodies.NewMeeting, caller: Writer, once: Once
) -> Response:
    """Record a meeting that is planned, for a date as vague as need be."""
    return await once(
        lambda unit: commands.plan_meeting(unit, code, new.meeting, by=caller), wire.Meeting.of
    )


@router.get(
    "/governance/meetings/{meeting_id}/transitions",
    operation_id="meeting_transitions",
    response_model=wire.Transitions,
    responses=problems(errors.NoSuchProgramme, NoSuchPart),
)
async def meeting_transitions(
    code: ProgrammeCode, meeting_id: UUID, caller: Reader, unit: UnitDep
) -> Response:
    """Say which states the meeting may move to, and why not to the others."""
    body, _ = await queries.meeting(unit, code, str(meeting_id), by=caller)
    present = wire.Meeting.model_validate_json(body).status
    return answer(wire.Transitions.of(present, MEETING_MOVES.ways(present)))


@router.post(
    "/governance/meetings/{meeting_id}/transitions",
    operation_id="move_meeting",
    response_model=wire.Meeting,
    responses=problems(
        errors.NoSuchProgramme,
        NoSuchPart,
        IllegalMove,
        MeetingNotDated,
        errors.DatesInvalid,
        StaleVersion,
        PreconditionRequired,
    ),
)
async def move_meeting(
    code: ProgrammeCode,
    meeting_id: UUID,
    move: bodies.MeetingMove,
    caller: Writer,
    unit: UnitDep,
    *,
    expected: IfMatch,
) -> Response:
    """Record that a meeting was held, on a day that is not to come, or does not take place."""
    moved = await commands.move_meeting(
        unit, code, meeting_id, move.becomes, expected=expected, by=caller
    )
    return answer(wire.Meeting.of(moved), version=moved.version)


@router.get(
    "/decisions",
    operation_id="list_decisions",
    response_model=Listing[wire.Decision],
    responses=_DATED,
)
async def list_decisions(
    code: ProgrammeCode, caller: Reader, unit: UnitDep, during: Within
) -> Response:
    """List the decisions in the order in which they were recorded."""
    return ready(await queries.decisions(unit, code, during=during, by=caller))


@router.post(
    "/decisions",
    status_code=201,
    operation_id="record_decision",
    response_model=wire.Decision,
    responses=problems(
        errors.NoSuchProgramme,
        NoSuchPart,
        MeetingCancelled,
        DecisionEmpty,
        DecisionEffectTwice,
        ScopeMisplaced,
        ParticipationOutOfOrder,
        IllegalMove,
        errors.DatesInvalid,
    ),
)
async def record_decision(
    code: ProgrammeCode, new: bodies.NewDecision, caller: Writer, once: Once
) -> Response:
    """Record a decision; the participation rows it makes are made in the same transaction."""
    return await once(
        lambda unit: participation_commands.record_decision(
            unit, code, lambda ids: new.decision(code, ids), by=caller
        ),
        wire.Decision.of,
    )
