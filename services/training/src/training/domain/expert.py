"""Experts: who teaches, speaks or interprets at events, on which days, and who pays for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from training.domain.errors import EventOver
from training.domain.errors_experts import (
    AssignmentInvalid,
    AssignmentOutsideEvent,
    AssignmentStepNotAllowed,
)
from training.domain.figures import Source
from training.domain.programme import STAFF
from training.domain.training_event import EventStatus, TrainingEvent

_HALF: Final = Decimal("0.5")
_ALL_BUT_ONE: Final = 2


class ExpertRole(StrEnum):
    """What an expert does at an event."""

    SHORT_TERM_EXPERT = "ste"
    SPEAKER = "speaker"
    TRAINER = "trainer"
    FACILITATOR = "facilitator"
    INTERPRETER = "interpreter"


ROLES: Final[dict[ExpertRole, tuple[str, str]]] = {
    ExpertRole.SHORT_TERM_EXPERT: ("short-term expert", "ekspert krótkoterminowy"),
    ExpertRole.SPEAKER: ("speaker", "prelegent"),
    ExpertRole.TRAINER: ("trainer", "trener"),
    ExpertRole.FACILITATOR: ("facilitator", "moderator"),
    ExpertRole.INTERPRETER: ("interpreter", "tłumacz"),
}
"""The English and the Polish name of each role."""
NOT_COUNTED: Final = frozenset({ExpertRole.INTERPRETER})
"""Roles whose days are no expert days: an interpreter brings language, not expertise."""


class AssignmentStatus(StrEnum):
    """Where an assignment stands."""

    ASSIGNED = "assigned"
    WITHDRAWN = "withdrawn"
    EVENT_CANCELLED = "event_cancelled"


@dataclass(frozen=True, slots=True)
class Terms:
    """On which days, how many of them, who pays, and why it may overlap another booking.

    Without `first_on` and `last_on` it is for every day of the event, or for days of an action
    that nobody has told yet. `days` are worked days,
    half days as 0.5; `payer` is the code of an organisation.
    """

    days: Decimal | None = None
    first_on: date | None = None
    last_on: date | None = None
    payer: str | None = None
    overlap_reason: str | None = None

    def __post_init__(self) -> None:
        """Refuse a span that is half open or reversed, and days that do not fit."""
        if (self.first_on is None) != (self.last_on is None):
            raise AssignmentInvalid("the first and the last day are both stated, or neither")
        if self.days is not None and (self.days <= 0 or self.days % _HALF):
            raise AssignmentInvalid("days are counted in halves, from 0.5")
        if self.first_on is None or self.last_on is None:
            return
        if self.last_on < self.first_on:
            raise AssignmentInvalid("the last day lies before the first")
        _must_fit(self.days, self.first_on, self.last_on)

    def must_fit(self, event: TrainingEvent) -> None:
        """Raise AssignmentOutsideEvent or AssignmentInvalid unless these are days of the event."""
        dates = event.plan.dates
        if self.first_on is not None and self.last_on is not None:
            if not (dates.holds(self.first_on) and dates.holds(self.last_on)):
                raise AssignmentOutsideEvent("the event is not on these days")
        elif dates.exact and dates.earliest is not None and dates.latest is not None:
            _must_fit(self.days, dates.earliest, dates.latest)


def _must_fit(days: Decimal | None, first: date, last: date) -> None:
    if days is not None and days > (last - first).days + 1:
        raise AssignmentInvalid("more days are worked than lie between the first and the last")


@dataclass(frozen=True, slots=True)
class AssignmentPlan:
    """Who is assigned to what: an event, a series, or an action that has no event of its own.

    An expert is a person, by an opaque id of the participants service, whom `organisation`
    sends; or an organisation; or, where a source says no more, a `description` of the kind of
    institution. A person is not assigned to a series, since it has no days. An action is named
    by its programme and its code there; its own days are not known here, so an expert's are
    those that the terms state.
    """

    reference: str
    role: ExpertRole
    terms: Terms = Terms()
    event_id: UUID | None = None
    series_id: UUID | None = None
    participant_id: UUID | None = None
    organisation: str | None = None
    description: str | None = None
    source: Source | None = None
    programme_code: str | None = None
    action_code: str | None = None

    def __post_init__(self) -> None:
        """Refuse an assignment to nothing or two things, of nobody, or of a person to a series."""
        if [self.event_id, self.series_id, self.action_code].count(None) != _ALL_BUT_ONE:
            raise AssignmentInvalid("exactly one of event, series and action is named")
        if (self.programme_code is None) != (self.action_code is None):
            raise AssignmentInvalid("an action, and only an action, is named with its programme")
        if not (self.participant_id or self.organisation or self.description):
            raise AssignmentInvalid("a person, an organisation or a description is needed")
        if self.participant_id is not None and self.series_id is not None:
            raise AssignmentInvalid("a person is assigned to events and actions, each on its days")
        if self.series_id is not None and self.terms.first_on is not None:
            raise AssignmentInvalid("a series has no days to be assigned to")

    def audience(self, wide: frozenset[str], host: str | None) -> frozenset[str]:
        """Return who may see it: `wide`, or if it is a person, who sends, hosts and pays."""
        if self.participant_id is None:
            return wide
        concerned = {self.organisation, self.terms.payer, host} - {None}
        return frozenset({STAFF, *(f"org:{code}" for code in concerned)})


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment on record; `reason` says why it ended."""

    id: UUID
    version: int
    audience: frozenset[str]
    programme_code: str
    plan: AssignmentPlan
    status: AssignmentStatus
    synthetic: bool
    reason: str | None = None

    def changed(self, terms: Terms) -> "Assignment":
        """Give it other terms while it stands."""
        self._must_stand()
        return replace(self, plan=replace(self.plan, terms=terms))

    def leave(self, reason: str) -> "Assignment":
        """End it, saying why."""
        self._must_stand()
        return replace(self, status=AssignmentStatus.WITHDRAWN, reason=reason)

    def lose_with_event(self, reason: str | None) -> "Assignment":
        """End one that stands because the event was cancelled."""
        return replace(self, status=AssignmentStatus.EVENT_CANCELLED, reason=reason)

    def put_off(self) -> "Assignment":
        """Keep one that stands for whatever days the event will have."""
        terms = replace(self.plan.terms, first_on=None, last_on=None)
        return replace(self, plan=replace(self.plan, terms=terms))

    def is_ahead(self, today: date) -> bool:
        """Whether days of it are still to come, or may be, where none are stated."""
        return self.plan.terms.last_on is None or self.plan.terms.last_on >= today

    def _must_stand(self) -> None:
        if self.status is not AssignmentStatus.ASSIGNED:
            raise AssignmentStepNotAllowed(f"it is `{self.status.value}`", status=self.status.value)


def must_take_experts(event: TrainingEvent) -> None:
    """Raise EventOver once an event is reported or called off.

    What a source tells of an event that is over may still be completed.
    """
    over = event.status is EventStatus.CANCELLED
    if over or (event.status is EventStatus.REPORTED and not event.plan.sources):
        raise EventOver(f"the event is `{event.status.value}`", event_status=event.status.value)


def counted_days(assignments: Iterable[Assignment]) -> Decimal | None:
    """Return the days that experts worked as far as they are stated, None if none are."""
    days = [
        each.plan.terms.days
        for each in assignments
        if each.status is AssignmentStatus.ASSIGNED and each.plan.role not in NOT_COUNTED
    ]
    stated = [each for each in days if each is not None]
    return sum(stated, Decimal(0)) if stated else None
