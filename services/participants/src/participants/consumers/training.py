"""What the training service tells: seats, and so trips."""

from collections.abc import Mapping
from typing import Final

from contracts.training.facts import AttendanceRecorded, SeatConfirmed, SeatReleased
from kit.db.unit import Unit
from kit.facts import Envelope, Fact
from kit.feed.follow import Handler
from participants.commands import trips
from participants.domain.trip import Journey


async def on_seat_confirmed(unit: Unit, fact: SeatConfirmed, _meta: Envelope) -> None:
    """Open and estimate the trip of a confirmed seat."""
    await trips.open_trip_for_seat(
        unit,
        trips.Seat(
            nomination_id=fact.nomination_id,
            event_id=fact.event_id,
            person_id=fact.participant_id,
            programme_code=fact.programme_code,
            organisation=fact.organisation,
            country=fact.country,
            unit_code=fact.unit_code,
            journey=journey_of(fact),
            budget_line_code=fact.budget_line_code,
            synthetic=fact.synthetic,
        ),
    )


def journey_of(fact: SeatConfirmed) -> Journey:
    """Return where and when a seat takes its participant, as far as training knows.

    Travel may begin before the event and end after it: then its own days count.
    """
    departs_at, returns_at = fact.departs_at, fact.returns_at
    return Journey(
        country=fact.destination_country,
        city=fact.destination_city,
        first_day=fact.starts_on if departs_at is None else departs_at.date(),
        last_day=fact.ends_on if returns_at is None else returns_at.date(),
        departs_at=departs_at,
        returns_at=returns_at,
    )


async def on_seat_released(unit: Unit, fact: SeatReleased, _meta: Envelope) -> None:
    """Cancel the trip of a released seat, or remember that there will be none."""
    await trips.cancel_trip_of_seat(
        unit, fact.nomination_id, event_id=fact.event_id, reason=fact.reason
    )


async def on_attendance_recorded(unit: Unit, fact: AttendanceRecorded, _meta: Envelope) -> None:
    """Keep for the clerk that somebody came late, left early or did not come."""
    await trips.note_attendance(unit, fact.nomination_id, fact.outcome)


HANDLERS: Final[Mapping[type[Fact], Handler]] = {
    SeatConfirmed: on_seat_confirmed,
    SeatReleased: on_seat_released,
    AttendanceRecorded: on_attendance_recorded,
}
