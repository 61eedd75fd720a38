"""What the training service tells, as far as plans and indicators are counted from it."""

from typing import Final

from contracts.training.facts import (
    AttendanceRecorded,
    EventChanged,
    ExpertAssignmentChanged,
    HeadcountReported,
    SeatConfirmed,
    SeatReleased,
    SeriesChanged,
)
from kit.db.unit import Unit
from kit.facts import Envelope
from programmes.commands.counted import count_record
from programmes.domain.counted import (
    ToldEvent,
    ToldExpert,
    ToldHeadcount,
    ToldSeat,
    ToldSeries,
    action_named,
)

_PRESENT: Final = {"attended", "partially_attended"}
_INTERPRETER: Final = "interpreter"


async def on_event_changed(unit: Unit, fact: EventChanged, meta: Envelope) -> None:
    """Keep the event as it stands: it counts while it is held, for the action it names now."""
    told = ToldEvent(
        event_id=fact.event_id,
        programme_code=fact.programme_code,
        kind=fact.kind,
        status=fact.status,
        action_code=action_named(fact.action_code),
        component_code=fact.component_code,
        starts_on=fact.starts_on,
        ends_on=fact.ends_on,
        country=fact.country,
        city=fact.city,
        participants=fact.participants,
        expert_days=fact.expert_days,
        sequence=meta.sequence,
        synthetic=fact.synthetic,
    )
    await count_record(unit, told)


async def on_seat_confirmed(unit: Unit, fact: SeatConfirmed, meta: Envelope) -> None:
    """Keep from which unit somebody comes to the event."""
    seat = ToldSeat(
        nomination_id=fact.nomination_id,
        event_id=fact.event_id,
        participant_id=fact.participant_id,
        sequence=meta.sequence,
        organisation=fact.organisation,
        unit_code=fact.unit_code,
    )
    await count_record(unit, seat)


async def on_seat_released(unit: Unit, fact: SeatReleased, meta: Envelope) -> None:
    """Count the seat no more."""
    seat = ToldSeat(
        fact.nomination_id, fact.event_id, fact.participant_id, meta.sequence, present=False
    )
    await count_record(unit, seat)


async def on_attendance_recorded(unit: Unit, fact: AttendanceRecorded, meta: Envelope) -> None:
    """Count somebody who was there, wholly or in part; a correction replaces what was told."""
    present = fact.outcome in _PRESENT
    seat = ToldSeat(
        fact.nomination_id, fact.event_id, fact.participant_id, meta.sequence, present=present
    )
    await count_record(unit, seat)


async def on_series_changed(unit: Unit, fact: SeriesChanged, meta: Envelope) -> None:
    """Keep the kind of a series: head counts may be about it."""
    told = ToldSeries(fact.series_id, fact.programme_code, fact.kind, meta.sequence)
    await count_record(unit, told)


async def on_headcount_reported(unit: Unit, fact: HeadcountReported, meta: Envelope) -> None:
    """Keep a head count with what it counted."""
    told = ToldHeadcount(
        report_id=fact.report_id,
        programme_code=fact.programme_code,
        event_id=fact.event_id,
        series_id=fact.series_id,
        participants=fact.participants,
        basis=fact.basis,
        sequence=meta.sequence,
    )
    await count_record(unit, told)


async def on_expert_assigned(unit: Unit, fact: ExpertAssignmentChanged, meta: Envelope) -> None:
    """Count an expert who teaches at the event; interpreters are none."""
    told = ToldExpert(
        assignment_id=fact.assignment_id,
        event_id=fact.event_id,
        participant_id=fact.participant_id,
        role=fact.role,
        assigned=fact.status == "assigned" and fact.role != _INTERPRETER,
        sequence=meta.sequence,
    )
    await count_record(unit, told)
