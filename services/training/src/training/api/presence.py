"""Routes of sessions and of presence at them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import problems
from kit.reply import IfMatch, Listing, answer
from kit.route import StrictRoute
from training.api.wire_nominations import Codelist, Nomination
from training.api.wire_presence import (
    NewCorrection,
    NewPresence,
    NewSession,
    NewWalkIn,
    Presence,
    Session,
    SessionTimes,
    attendance_refusal_codes,
)
from training.commands import amending, presence, sessions, walk_ins
from training.context import Cursor, Host, Limit, Reader, UnitDep
from training.domain.errors import (
    AlreadyDecided,
    AttendanceRefused,
    EventFull,
    EventOver,
    MandatoryMinutesUnknown,
    NominationExists,
    NominationsClosed,
    NominationStepNotAllowed,
    NoSeatsOffered,
    NoSuchEvent,
    NoSuchNomination,
    NoSuchPresence,
    NoSuchSession,
    NotConfirmed,
    NotEndorsed,
    SessionAttended,
    SessionInvalid,
    SessionNumberTaken,
    SessionOutsideEvent,
)
from training.domain.errors_evidence import AttendanceCertified
from training.domain.errors_seats import (
    EventsOverlap,
    ParticipantErased,
    ParticipationScope,
    ParticipationSuspended,
    QuotaFull,
)
from training.queries import presence as queries

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["attendance"])
PresenceNumber = Annotated[int, Path(ge=1, le=2**53 - 1)]


@router.post(
    "/events/{event_id}/sessions",
    status_code=201,
    response_model=Session,
    operation_id="add_session",
    responses=problems(
        NoSuchEvent, EventOver, SessionInvalid, SessionOutsideEvent, SessionNumberTaken
    ),
)
async def add_session(event_id: UUID, body: NewSession, caller: Host, once: Once) -> Response:
    """Plan a session on a day of the event; the mandatory ones measure attendance."""
    plan = body.plan(body.number)
    return await once(
        lambda unit: sessions.add_session(unit, event_id, plan, by=caller), Session.of
    )


@router.put(
    "/events/{event_id}/sessions/{number}",
    response_model=Session,
    operation_id="replan_session",
    responses=problems(
        NoSuchEvent,
        NoSuchSession,
        StaleVersion,
        EventOver,
        SessionInvalid,
        SessionOutsideEvent,
        SessionAttended,
        AttendanceCertified,
        MandatoryMinutesUnknown,
    ),
)
async def replan_session(
    *,
    event_id: UUID,
    number: Annotated[int, Path(ge=1, le=1000)],
    body: SessionTimes,
    caller: Host,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Plan a session otherwise until its event is reported; If-Match is the session's ETag.

    One that was called off or listed twice stays with `mandatory` false and counts no longer; once
    the event has begun, everybody on record is measured again.
    """
    plan = body.plan(number)
    found = await amending.replan_session(unit, event_id, plan, expected=expected, by=caller)
    return answer(Session.of(found), version=found.version)


@router.get(
    "/events/{event_id}/sessions",
    response_model=Listing[Session],
    operation_id="sessions_of_event",
    responses=problems(NoSuchEvent),
)
async def sessions_of_event(event_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """List the sessions of an event in their order."""
    found = await queries.sessions_of(unit, event_id, by=caller)
    return answer(Listing(items=[Session.of(each) for each in found], next=None))


@router.post(
    "/events/{event_id}/attendance",
    status_code=201,
    response_model=Presence,
    operation_id="record_presence",
    responses=problems(
        NoSuchEvent,
        NominationsClosed,
        AttendanceRefused,
        NotConfirmed,
        MandatoryMinutesUnknown,
        ParticipantErased,
    ),
)
async def record_presence(event_id: UUID, body: NewPresence, caller: Host, once: Once) -> Response:
    """Record one scan or one line of a list; the same nonce again is the same record."""
    return await once(
        lambda unit: presence.record_presence(
            unit, event_id, body.participant_id, body.claim(), by=caller
        ),
        Presence.of,
    )


@router.post(
    "/events/{event_id}/walk-ins",
    status_code=201,
    response_model=Nomination,
    operation_id="admit_walk_in",
    responses=problems(
        NoSuchEvent,
        NominationsClosed,
        NoSeatsOffered,
        NominationExists,
        NominationStepNotAllowed,
        NotEndorsed,
        AlreadyDecided,
        EventFull,
        QuotaFull,
        ParticipationSuspended,
        ParticipationScope,
        EventsOverlap,
        AttendanceRefused,
        NotConfirmed,
        MandatoryMinutesUnknown,
        ParticipantErased,
    ),
)
async def admit_walk_in(event_id: UUID, body: NewWalkIn, caller: Host, once: Once) -> Response:
    """Let somebody in who came without a seat: they get a free one, and their presence a record."""
    return await once(
        lambda unit: walk_ins.admit_walk_in(unit, event_id, body.came(), by=caller),
        Nomination.of,
        location=lambda made: f"/v1/nominations/{made.id}",
    )


@router.get(
    "/events/{event_id}/attendance",
    response_model=Listing[Presence],
    operation_id="presence_at_event",
    responses=problems(NoSuchEvent),
)
async def presence_at_event(
    event_id: UUID, caller: Reader, unit: UnitDep, limit: Limit = 50, after: Cursor = None
) -> Response:
    """List records of presence at an event as they were made, those corrected included."""
    found = await queries.presence_of(unit, event_id, limit=limit, after=after, by=caller)
    return answer(Listing(items=[Presence.of(each) for each in found.items], next=found.next))


@router.post(
    "/attendance/{presence_id}/corrections",
    status_code=201,
    response_model=Presence,
    operation_id="correct_presence",
    responses=problems(
        NoSuchPresence,
        NoSuchNomination,
        NominationsClosed,
        AttendanceCertified,
        AttendanceRefused,
        NotConfirmed,
        MandatoryMinutesUnknown,
    ),
)
async def correct_presence(
    presence_id: PresenceNumber, body: NewCorrection, caller: Host, once: Once
) -> Response:
    """Put another record in the place of a wrong one; both stay on record.

    `minutes` 0 says that it was somebody else; `left_at` alone ends a stay that began. Attendance
    that a valid certificate states is taken back once the certificate is revoked.
    """
    return await once(
        lambda unit: presence.correct_presence(unit, presence_id, body.correction(), by=caller),
        Presence.of,
    )


@router.get(
    "/codelists/attendance-refusals",
    response_model=Codelist,
    operation_id="attendance_refusals",
)
async def attendance_refusals(_caller: Reader) -> Response:
    """List every reason for which a record of presence is refused."""
    return answer(attendance_refusal_codes())
