"""What the training service tells: who sits where, and how events and nominations move on.

Facts carry opaque participant ids and codes, never personal data.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Final
from uuid import UUID

from pydantic import PlainSerializer

from kit.facts import Fact

Days = Annotated[Decimal, PlainSerializer(lambda value: format(value, "f"), return_type=str)]
"""Days, half days as .5, as a decimal string."""


class SeatConfirmed(Fact):
    """The host made a seat final: this participant will travel to this event.

    `country` is the sender's (ISO 3166-1 alpha-2); `starts_on` and `ends_on` are civil days at
    the place of the event. `departs_at` and `returns_at` carry the offset of the event's zone.
    """

    type: ClassVar[str] = "training.seat_confirmed.v1"
    entity: ClassVar[str] = "nomination"

    nomination_id: UUID
    event_id: UUID
    participant_id: UUID
    programme_code: str
    organisation: str
    country: str
    unit_code: str | None
    destination_country: str | None
    destination_city: str | None
    starts_on: date | None
    ends_on: date | None
    departs_at: datetime | None
    returns_at: datetime | None
    budget_line_code: str | None
    synthetic: bool


class SeatReleased(Fact):
    """A seat that was held is free again; a trip opened for it is pointless.

    It may also name a seat that was accepted but never confirmed: then no trip exists. `reason`
    is withdrawn, rejected, replaced, event_cancelled, event_postponed or person_erased; who takes
    over a seat, or keeps it on other days, has a nomination and so a seat_confirmed of their own.
    """

    type: ClassVar[str] = "training.seat_released.v1"
    entity: ClassVar[str] = "nomination"

    nomination_id: UUID
    event_id: UUID
    participant_id: UUID
    reason: str


class NominationChanged(Fact):
    """A nomination took a step that moves no seat of somebody who travels."""

    type: ClassVar[str] = "training.nomination_changed.v1"
    entity: ClassVar[str] = "nomination"

    nomination_id: UUID
    event_id: UUID
    participant_id: UUID
    organisation: str
    status: str
    rank: int | None
    synthetic: bool


class AttendanceRecorded(Fact):
    """Presence is on record; `outcome` is attended, partially_attended or no_show."""

    type: ClassVar[str] = "training.attendance_recorded.v1"
    entity: ClassVar[str] = "nomination"

    nomination_id: UUID
    event_id: UUID
    participant_id: UUID
    minutes: int
    outcome: str


class PresenceRecorded(Fact):
    """Presence at sessions was recorded or corrected while the event goes on.

    `minutes` is what is on record so far at mandatory sessions.
    """

    type: ClassVar[str] = "training.presence_recorded.v1"
    entity: ClassVar[str] = "nomination"

    nomination_id: UUID
    event_id: UUID
    participant_id: UUID
    minutes: int


class EventChanged(Fact):
    """A training event was planned, moved on, was cancelled, or gave or freed seats.

    `component_code` and `action_code` are what it delivers in its programme. Once it has been
    held, `participants` counts who attended wholly or in part, or is the reported head count where
    no individual is on record, and `expert_days` adds up the days of its experts (interpreters
    not included); null while unknown.
    """

    type: ClassVar[str] = "training.event_changed.v1"
    entity: ClassVar[str] = "training_event"

    event_id: UUID
    reference: str
    programme_code: str
    kind: str
    title: str
    status: str
    starts_on: date | None
    ends_on: date | None
    capacity: int | None
    taken: int
    reason: str | None
    synthetic: bool
    component_code: str | None = None
    action_code: str | None = None
    country: str | None = None
    city: str | None = None
    participants: int | None = None
    expert_days: Days | None = None


class SeriesChanged(Fact):
    """An event series is on record, or who may see it has changed."""

    type: ClassVar[str] = "training.series_changed.v1"
    entity: ClassVar[str] = "event_series"

    series_id: UUID
    reference: str
    programme_code: str
    kind: str
    title: str


class HeadcountReported(Fact):
    """A head count of an event or a series is on record, with what it counted."""

    type: ClassVar[str] = "training.headcount_reported.v1"
    entity: ClassVar[str] = "headcount_report"

    report_id: UUID
    reference: str
    programme_code: str
    event_id: UUID | None
    series_id: UUID | None
    participants: int
    basis: str


class ExpertAssignmentChanged(Fact):
    """Somebody teaches, speaks or interprets somewhere, on other terms, or no more.

    It is at an event, at a series, or for the action `action_code` of the programme.
    `participant_id` is null where an organisation, or no more than a kind of institution, is
    known. Days that are null are those of the event. `status` is assigned, withdrawn or
    event_cancelled.
    """

    type: ClassVar[str] = "training.expert_assignment_changed.v1"
    entity: ClassVar[str] = "expert_assignment"

    assignment_id: UUID
    reference: str
    programme_code: str
    event_id: UUID | None
    series_id: UUID | None
    participant_id: UUID | None
    organisation: str | None
    role: str
    status: str
    days: Days | None
    first_on: date | None
    last_on: date | None
    payer: str | None
    reason: str | None
    synthetic: bool
    action_code: str | None = None


class CertificateIssued(Fact):
    """An attendance is certified. The verification code is on the certificate alone."""

    type: ClassVar[str] = "training.certificate_issued.v1"
    entity: ClassVar[str] = "certificate"

    certificate_id: UUID
    nomination_id: UUID
    event_id: UUID
    organisation: str
    synthetic: bool


class CertificateRevoked(Fact):
    """A certificate counts no longer."""

    type: ClassVar[str] = "training.certificate_revoked.v1"
    entity: ClassVar[str] = "certificate"

    certificate_id: UUID
    nomination_id: UUID
    event_id: UUID
    organisation: str
    reason: str


class CalendarSubscriptionChanged(Fact):
    """Somebody reads a calendar by a secret address, or no longer; the address is not told."""

    type: ClassVar[str] = "training.calendar_subscription_changed.v1"
    entity: ClassVar[str] = "calendar_subscription"

    subscription_id: UUID
    organisation: str
    calendar: str
    key: str
    revoked: bool


class QuestionnaireChanged(Fact):
    """A questionnaire about an event is on record, or takes no more answers."""

    type: ClassVar[str] = "training.questionnaire_changed.v1"
    entity: ClassVar[str] = "questionnaire"

    questionnaire_id: UUID
    event_id: UUID
    title: str
    closed: bool


class ScoreRecorded(Fact):
    """A test score before or after an event is on record; the points are not told."""

    type: ClassVar[str] = "training.score_recorded.v1"
    entity: ClassVar[str] = "test_score"

    nomination_id: UUID
    event_id: UUID
    phase: str


FACTS: Final[tuple[type[Fact], ...]] = (
    SeatConfirmed,
    SeatReleased,
    NominationChanged,
    AttendanceRecorded,
    PresenceRecorded,
    EventChanged,
    SeriesChanged,
    HeadcountReported,
    ExpertAssignmentChanged,
    CertificateIssued,
    CertificateRevoked,
    CalendarSubscriptionChanged,
    QuestionnaireChanged,
    ScoreRecorded,
)
"""Every fact the training service tells."""
