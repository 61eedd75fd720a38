"""Routes of nominations: from nomination to seat to attendance."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import problems
from kit.reply import Listing, answer
from kit.route import StrictRoute
from kit.wire import Code
from training.api.wire_nominations import (
    Confirmation,
    NewNomination,
    Nomination,
    Presence,
    Withdrawal,
)
from training.commands import evidence, nominations
from training.context import (
    Cursor,
    Host,
    IfMatchGiven,
    Limit,
    Nominator,
    Reader,
    UnitDep,
)
from training.domain.errors import (
    AlreadyDecided,
    AttendanceInvalid,
    AttendanceRefused,
    EventFull,
    EventNotYet,
    MandatoryMinutesUnknown,
    NominationExists,
    NominationsClosed,
    NominationStepNotAllowed,
    NoSeatsOffered,
    NoSuchEvent,
    NoSuchNomination,
    NotConfirmed,
    NotEndorsed,
    NotYourNomination,
    ProgrammeNotRunning,
    UnknownProgramme,
)
from training.domain.errors_evidence import AttendanceCertified
from training.domain.errors_seats import (
    EventsOverlap,
    ParticipantErased,
    ParticipationScope,
    ParticipationSuspended,
    QuotaFull,
)
from training.domain.nomination import NominationStatus
from training.queries import nominations as queries

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["nominations"])


def _location(nomination: object) -> str:
    return f"/v1/nominations/{getattr(nomination, 'id', '')}"


@router.post(
    "/nominations",
    status_code=201,
    response_model=Nomination,
    operation_id="submit_nomination",
    responses=problems(
        NoSuchEvent,
        UnknownProgramme,
        ProgrammeNotRunning,
        NominationsClosed,
        NominationExists,
        ParticipationSuspended,
        ParticipationScope,
        EventsOverlap,
        ParticipantErased,
    ),
)
async def submit_nomination(body: NewNomination, caller: Nominator, once: Once) -> Response:
    """Nominate a participant for an event in the name of your organisation."""
    return await once(
        lambda unit: nominations.submit_nomination(
            unit, body.event_id, body.candidate(), by=caller
        ),
        Nomination.of,
        location=_location,
    )


async def _wanted(
    caller: Reader,
    *,
    event_id: UUID | None = None,
    organisation: Annotated[
        Code | None, Query(description="Who nominated; with `external_id`, you unless told.")
    ] = None,
    external_id: Annotated[
        str | None, Query(max_length=64, description="By which the organisation knows it.")
    ] = None,
    participant_id: UUID | None = None,
    status: NominationStatus | None = None,
) -> queries.Wanted:
    if external_id is not None:
        organisation = organisation or caller.organisation
    return queries.Wanted(event_id, organisation, external_id, participant_id, status)


@router.get("/nominations", response_model=Listing[Nomination], operation_id="nominations")
async def list_nominations(
    caller: Reader,
    unit: UnitDep,
    wanted: Annotated[queries.Wanted, Depends(_wanted)],
    limit: Limit = 50,
    after: Cursor = None,
) -> Response:
    """List the nominations you may see, of every event, the oldest first."""
    found = await queries.listed(unit, wanted, limit=limit, after=after, by=caller)
    return answer(Listing(items=[Nomination.of(each) for each in found.items], next=found.next))


@router.get(
    "/nominations/{nomination_id}",
    response_model=Nomination,
    operation_id="nomination",
    responses=problems(NoSuchNomination),
)
async def nomination(nomination_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read one nomination of your organisation."""
    found = await queries.nomination(unit, nomination_id, by=caller)
    return answer(Nomination.of(found), version=found.version)


@router.get(
    "/events/{event_id}/nominations",
    response_model=Listing[Nomination],
    operation_id="nominations_of_event",
    responses=problems(NoSuchEvent),
)
async def nominations_of_event(
    event_id: UUID, caller: Reader, unit: UnitDep, limit: Limit = 50, after: Cursor = None
) -> Response:
    """List the nominations for an event that you may see, the oldest first."""
    found = await queries.nominations_of(unit, event_id, limit=limit, after=after, by=caller)
    return answer(Listing(items=[Nomination.of(each) for each in found.items], next=found.next))


@router.post(
    "/nominations/{nomination_id}/endorsement",
    status_code=201,
    response_model=Nomination,
    operation_id="endorse_nomination",
    responses=problems(
        NoSuchNomination,
        StaleVersion,
        NotYourNomination,
        NominationsClosed,
        NominationStepNotAllowed,
    ),
)
async def endorse(
    nomination_id: UUID, caller: Nominator, expected: IfMatchGiven, once: Once
) -> Response:
    """Endorse a nomination of your own organisation; only then the host decides on it.

    While the event takes place this lets in who came before their organisation had said so.
    """
    return await once(
        lambda unit: nominations.endorse(unit, nomination_id, expected=expected, by=caller),
        Nomination.of,
    )


@router.post(
    "/nominations/{nomination_id}/acceptance",
    status_code=201,
    response_model=Nomination,
    operation_id="accept_nomination",
    responses=problems(
        NoSuchNomination,
        StaleVersion,
        NominationsClosed,
        NoSeatsOffered,
        NotEndorsed,
        AlreadyDecided,
        NominationStepNotAllowed,
    ),
)
async def accept(nomination_id: UUID, caller: Host, expected: IfMatchGiven, once: Once) -> Response:
    """Accept an endorsed nomination: it holds a seat, or waits for one in order."""
    return await once(
        lambda unit: nominations.accept(unit, nomination_id, expected=expected, by=caller),
        Nomination.of,
    )


@router.post(
    "/nominations/{nomination_id}/confirmation",
    status_code=201,
    response_model=Nomination,
    operation_id="confirm_seat",
    responses=problems(
        NoSuchNomination,
        StaleVersion,
        NominationsClosed,
        NoSeatsOffered,
        NotEndorsed,
        AlreadyDecided,
        EventFull,
        QuotaFull,
        NominationStepNotAllowed,
        EventsOverlap,
        ProgrammeNotRunning,
        ParticipationSuspended,
        ParticipationScope,
    ),
)
async def confirm_seat(
    nomination_id: UUID,
    caller: Host,
    expected: IfMatchGiven,
    once: Once,
    body: Confirmation | None = None,
) -> Response:
    """Make the seat of an endorsed or accepted nomination final: the person will travel."""
    reason = body.overlap_reason if body else None
    return await once(
        lambda unit: nominations.confirm_seat(
            unit, nomination_id, expected=expected, overlap_reason=reason, by=caller
        ),
        Nomination.of,
    )


@router.post(
    "/nominations/{nomination_id}/withdrawal",
    status_code=201,
    response_model=Nomination,
    operation_id="withdraw_nomination",
    responses=problems(
        NoSuchNomination,
        StaleVersion,
        NotYourNomination,
        NominationsClosed,
        NominationStepNotAllowed,
        NoSeatsOffered,
    ),
)
async def withdraw(
    nomination_id: UUID, body: Withdrawal, caller: Nominator, expected: IfMatchGiven, once: Once
) -> Response:
    """Withdraw a nomination of your own organisation; its seat goes to the first who waits.

    A final seat is given up until the event begins, an undecided nomination until it is over.
    """
    return await once(
        lambda unit: nominations.withdraw(
            unit, nomination_id, reason=body.reason, expected=expected, by=caller
        ),
        Nomination.of,
    )


@router.post(
    "/nominations/{nomination_id}/attendance",
    status_code=201,
    response_model=Nomination,
    operation_id="record_attendance",
    responses=problems(
        NoSuchNomination,
        StaleVersion,
        NominationsClosed,
        EventNotYet,
        NotConfirmed,
        AttendanceInvalid,
        AttendanceRefused,
        MandatoryMinutesUnknown,
        AttendanceCertified,
    ),
)
async def record_attendance(
    nomination_id: UUID, body: Presence, caller: Host, expected: IfMatchGiven, once: Once
) -> Response:
    """Record presence by day; the event's share of the mandatory minutes is attended.

    Sent again with a `reason` it takes the place of what is on record. Where the event has
    sessions, records of presence are corrected instead.
    """
    return await once(
        lambda unit: evidence.record_attendance(
            unit,
            nomination_id,
            body.presence(),
            expected=expected,
            reason=body.reason,
            by=caller,
        ),
        Nomination.of,
    )
