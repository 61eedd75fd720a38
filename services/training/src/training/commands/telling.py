"""The facts of this service, made from its records."""

from zoneinfo import ZoneInfo

from contracts.training.facts import (
    AttendanceRecorded,
    EventChanged,
    ExpertAssignmentChanged,
    HeadcountReported,
    NominationChanged,
    PresenceRecorded,
    SeatConfirmed,
    SeatReleased,
    SeriesChanged,
)
from training.domain.event_series import EventSeries
from training.domain.expert import Assignment
from training.domain.headcount import HeadcountReport
from training.domain.nomination import Nomination
from training.domain.training_event import TrainingEvent


def seat_confirmed(nomination: Nomination, event: TrainingEvent) -> SeatConfirmed:
    """Return the fact; instants get the offset they have in the zone of the event."""
    plan, zone = event.plan, ZoneInfo(event.plan.zone)
    dates, travel = plan.dates, plan.travel
    return SeatConfirmed(
        nomination_id=nomination.id,
        event_id=event.id,
        participant_id=nomination.participant_id,
        programme_code=plan.programme_code,
        organisation=nomination.organisation,
        country=nomination.country,
        unit_code=nomination.unit_code,
        destination_country=plan.place.country,
        destination_city=plan.place.city,
        starts_on=dates.earliest if dates.exact else None,
        ends_on=dates.latest if dates.exact else None,
        departs_at=travel.departs_at.astimezone(zone) if travel else None,
        returns_at=travel.returns_at.astimezone(zone) if travel else None,
        budget_line_code=plan.budget_line_code,
        synthetic=nomination.synthetic,
    )


def seat_released(nomination: Nomination, *, reason: str) -> SeatReleased:
    """Return the fact."""
    return SeatReleased(
        nomination_id=nomination.id,
        event_id=nomination.event_id,
        participant_id=nomination.participant_id,
        reason=reason,
    )


def nomination_changed(nomination: Nomination) -> NominationChanged:
    """Return the fact."""
    return NominationChanged(
        nomination_id=nomination.id,
        event_id=nomination.event_id,
        participant_id=nomination.participant_id,
        organisation=nomination.organisation,
        status=nomination.status.value,
        rank=nomination.rank,
        synthetic=nomination.synthetic,
    )


def attendance_recorded(nomination: Nomination, *, minutes: int) -> AttendanceRecorded:
    """Return the fact."""
    return AttendanceRecorded(
        nomination_id=nomination.id,
        event_id=nomination.event_id,
        participant_id=nomination.participant_id,
        minutes=minutes,
        outcome=nomination.status.value,
    )


def presence_recorded(nomination: Nomination, *, minutes: int) -> PresenceRecorded:
    """Return the fact."""
    return PresenceRecorded(
        nomination_id=nomination.id,
        event_id=nomination.event_id,
        participant_id=nomination.participant_id,
        minutes=minutes,
    )


def event_changed(event: TrainingEvent) -> EventChanged:
    """Return the fact; days are told only when they are known exactly."""
    plan = event.plan
    return EventChanged(
        event_id=event.id,
        reference=plan.reference,
        programme_code=plan.programme_code,
        kind=plan.kind.value,
        title=plan.title,
        status=event.status.value,
        starts_on=plan.dates.earliest if plan.dates.exact else None,
        ends_on=plan.dates.latest if plan.dates.exact else None,
        capacity=plan.capacity,
        taken=event.taken,
        reason=event.reason,
        synthetic=plan.synthetic,
        component_code=plan.component,
        action_code=plan.action_code,
        country=plan.place.country,
        city=plan.place.city,
        participants=event.delivered.participants,
        expert_days=event.delivered.expert_days,
    )


def series_changed(series: EventSeries) -> SeriesChanged:
    """Return the fact."""
    return SeriesChanged(
        series_id=series.id,
        reference=series.plan.reference,
        programme_code=series.plan.programme_code,
        kind=series.plan.kind.value,
        title=series.plan.title,
    )


def assignment_changed(assignment: Assignment) -> ExpertAssignmentChanged:
    """Return the fact."""
    plan, terms = assignment.plan, assignment.plan.terms
    return ExpertAssignmentChanged(
        assignment_id=assignment.id,
        reference=plan.reference,
        programme_code=assignment.programme_code,
        event_id=plan.event_id,
        series_id=plan.series_id,
        action_code=plan.action_code,
        participant_id=plan.participant_id,
        organisation=plan.organisation,
        role=plan.role.value,
        status=assignment.status.value,
        days=terms.days,
        first_on=terms.first_on,
        last_on=terms.last_on,
        payer=terms.payer,
        reason=assignment.reason,
        synthetic=assignment.synthetic,
    )


def headcount_reported(report: HeadcountReport) -> HeadcountReported:
    """Return the fact."""
    return HeadcountReported(
        report_id=report.id,
        reference=report.count.reference,
        programme_code=report.programme_code,
        event_id=report.count.event_id,
        series_id=report.count.series_id,
        participants=report.count.participants.value,
        basis=report.count.participants.basis.value,
    )
