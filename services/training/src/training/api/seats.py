"""Routes of seats: quotas, rejection, and replacement with its chain."""

from uuid import UUID

from fastapi import APIRouter, Response

from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import problems
from kit.reply import IfMatch, answer
from kit.route import StrictRoute
from training.api.wire_nominations import Nomination
from training.api.wire_seats import Chain, NewQuotas, Quotas, Rejection, Replacement
from training.commands import replacing, seating
from training.context import Host, IfMatchGiven, Nominator, Reader, UnitDep
from training.domain.errors import (
    EventFull,
    NominationExists,
    NominationsClosed,
    NominationStepNotAllowed,
    NoSeatsOffered,
    NoSuchEvent,
    NoSuchNomination,
    NotEndorsed,
    NotYourNomination,
    ProgrammeNotRunning,
    UnknownProgramme,
)
from training.domain.errors_seats import (
    EventsOverlap,
    ParticipantErased,
    ParticipationScope,
    ParticipationSuspended,
    QuotaBelowTaken,
    QuotaFull,
    QuotasInvalid,
)
from training.queries import nominations, quotas

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["seats"])


@router.get(
    "/events/{event_id}/quotas",
    response_model=Quotas,
    operation_id="quotas_of_event",
    responses=problems(NoSuchEvent),
)
async def quotas_of_event(event_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read how many seats are set aside for whom, and how many of them are taken."""
    event, found = await quotas.quotas_of(unit, event_id, by=caller)
    return answer(Quotas.of(event, found), version=event.version)


@router.put(
    "/events/{event_id}/quotas",
    response_model=Quotas,
    operation_id="set_quotas",
    responses=problems(NoSuchEvent, StaleVersion, QuotasInvalid, QuotaBelowTaken, NoSeatsOffered),
)
async def set_quotas(
    event_id: UUID, body: NewQuotas, caller: Host, unit: UnitDep, expected: IfMatch
) -> Response:
    """Set seats aside in place of what was set aside before; If-Match is the event's ETag.

    Whoever waits and has a seat by the new quotas gets it at once, in order.
    """
    await seating.set_quotas(unit, event_id, body.wanted(), expected=expected, by=caller)
    event, found = await quotas.quotas_of(unit, event_id, by=caller)
    return answer(Quotas.of(event, found), version=event.version)


@router.post(
    "/nominations/{nomination_id}/rejection",
    status_code=201,
    response_model=Nomination,
    operation_id="reject_nomination",
    responses=problems(
        NoSuchNomination,
        StaleVersion,
        NominationsClosed,
        NotEndorsed,
        NominationStepNotAllowed,
        NoSeatsOffered,
    ),
)
async def reject(
    nomination_id: UUID, body: Rejection, caller: Host, expected: IfMatchGiven, once: Once
) -> Response:
    """Decline an endorsed nominee, from the waiting list too, or take a seat back.

    Until the event begins, the seat goes to the first who waits, and travel ends with it. A walk-in
    that was a mistake is taken back while the event is under way.
    """
    return await once(
        lambda unit: replacing.reject(
            unit, nomination_id, reason=body.reason, expected=expected, by=caller
        ),
        Nomination.of,
    )


@router.post(
    "/nominations/{nomination_id}/replacement",
    status_code=201,
    response_model=Nomination,
    operation_id="replace_nominee",
    responses=problems(
        NoSuchNomination,
        StaleVersion,
        NotYourNomination,
        NominationsClosed,
        NominationStepNotAllowed,
        NominationExists,
        EventFull,
        QuotaFull,
        NoSeatsOffered,
        UnknownProgramme,
        ProgrammeNotRunning,
        ParticipationSuspended,
        ParticipationScope,
        EventsOverlap,
        ParticipantErased,
    ),
)
async def replace(
    nomination_id: UUID, body: Replacement, caller: Nominator, expected: IfMatchGiven, once: Once
) -> Response:
    """Send somebody else in a seat of your organisation; the seat is kept.

    The same participant with another `unit_code` or `role` puts right what was nominated.
    """
    return await once(
        lambda unit: replacing.replace_nominee(
            unit, nomination_id, body.candidate(), reason=body.reason, expected=expected, by=caller
        ),
        Nomination.of,
        location=lambda made: f"/v1/nominations/{made.id}",
    )


@router.get(
    "/nominations/{nomination_id}/chain",
    response_model=Chain,
    operation_id="chain_of_nomination",
    responses=problems(NoSuchNomination),
)
async def chain(nomination_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read who had the seat of a nomination one after another."""
    return answer(Chain.of(await nominations.chain_of(unit, nomination_id, by=caller)))
