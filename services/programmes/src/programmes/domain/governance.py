"""Governance: bodies, their meetings, and decisions that do something.

A decision that suspends a country is what makes the participation row: nobody writes one alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from kit.errors import DomainError, Kind
from programmes.domain.errors import DatesInvalid
from programmes.domain.fuzzy_date import FuzzyDate, Precision
from programmes.domain.moves import Moves
from programmes.domain.participation import (
    Participation,
    ParticipationStatus,
    Scope,
    append,
    history,
)
from programmes.domain.source import Source


class MeetingNotDated(DomainError):
    """A meeting that was held was held on a day, or on days, somebody knows."""

    kind = Kind.CONFLICT
    code = "programmes.meeting_not_dated"
    title = "The meeting has no day yet"
    advice = "Give the day on which the meeting was held, today or before."


class MeetingCancelled(DomainError):
    """A meeting that does not take place decides nothing."""

    kind = Kind.CONFLICT
    code = "programmes.meeting_cancelled"
    title = "Nothing is decided in a meeting that does not take place"
    advice = "Record the decision without a meeting, or with the one in which it was taken."


class DecisionEmpty(DomainError):
    """A decision has words; an effect without them could not be quoted to anybody."""

    kind = Kind.INVALID
    code = "programmes.decision_empty"
    title = "The decision has no text"
    advice = "Give the words of the decision: they are quoted wherever it has an effect."


class DecisionEffectTwice(DomainError):
    """One decision gives a country one status."""

    kind = Kind.INVALID
    code = "programmes.decision_effect_twice"
    title = "The decision gives one country two statuses"
    advice = "Record two decisions, in the order in which they were taken."


class BodyKind(StrEnum):
    """What kind of body governs or advises."""

    STEERING_COMMITTEE = "steering_committee"
    NATIONAL_CONTACT_POINTS = "national_contact_points"
    INTERMINISTERIAL_COMMITTEE = "interministerial_committee"
    PROJECT_MANAGEMENT = "project_management"


class MeetingStatus(StrEnum):
    """Whether a meeting has taken place."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


MEETING_MOVES: Final = Moves(
    "meeting",
    {
        MeetingStatus.PLANNED: frozenset({MeetingStatus.HELD, MeetingStatus.CANCELLED}),
        MeetingStatus.HELD: frozenset(),
        MeetingStatus.CANCELLED: frozenset(),
    },
)


@dataclass(frozen=True, slots=True)
class GovernanceBody:
    """A body of a programme; `frequency` is how often it meets, in the words of the source."""

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    code: str
    name: str
    kind: BodyKind
    frequency: str | None = None
    meetings_per_year: int | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of a body, planned for a date as vague as the source, or held on a day."""

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    body: str
    on: FuzzyDate
    city: str | None
    country: str | None
    status: MeetingStatus = MeetingStatus.PLANNED
    source: Source | None = None

    def held(self, on: FuzzyDate | None, *, today: date) -> "Meeting":
        """Return the meeting as held on a day; IllegalMove, or MeetingNotDated if it is none."""
        MEETING_MOVES.check(self.status, MeetingStatus.HELD)
        day = on or self.on
        if day.precision is not Precision.DAY or day.latest is None or day.latest > today:
            raise MeetingNotDated(f"{day.edtf} is no day until {today}")
        return replace(self, version=self.version + 1, status=MeetingStatus.HELD, on=day)

    def cancelled(self) -> "Meeting":
        """Return the meeting that does not take place, or raise IllegalMove."""
        MEETING_MOVES.check(self.status, MeetingStatus.CANCELLED)
        return replace(self, version=self.version + 1, status=MeetingStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class ParticipationEffect:
    """What a decision does to a country; `row_id` is the id of the row it makes."""

    row_id: UUID
    country: str
    status: Participation
    valid_from: FuzzyDate
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided, word for word, and what it does; never changed afterwards.

    `decided_by` is an office or a body, not a person's name; `meeting` is absent if it was taken
    outside a meeting, as the suspension of Belarus by the Project Manager.
    """

    id: UUID
    programme: str
    decided_by: str
    taken_on: FuzzyDate
    text: str
    effects: tuple[ParticipationEffect, ...] = ()
    meeting: UUID | None = None
    source: Source | None = None

    def __post_init__(self) -> None:
        """Refuse a decision without words, and two effects on one country."""
        if not self.text.strip():
            raise DecisionEmpty("a decision has a text")
        countries = [effect.country for effect in self.effects]
        if len(set(countries)) < len(countries):
            raise DecisionEffectTwice("a country occurs twice among the effects")

    def must_be_taken(self, today: date) -> None:
        """Raise DatesInvalid if it is said to be taken after `today`."""
        if self.taken_on.is_after(today):
            raise DatesInvalid(f"no decision of {self.taken_on.edtf} was taken until {today}")


def rows_made(
    decision: Decision, rows: Iterable[ParticipationStatus]
) -> tuple[ParticipationStatus, ...]:
    """Return the participation rows a decision adds, one for each effect.

    `rows` are those of the programme. Raises what `append` raises; then nothing is added at all.
    """
    present = tuple(rows)
    return tuple(_row(decision, effect, present) for effect in decision.effects)


def _row(
    decision: Decision, effect: ParticipationEffect, rows: Sequence[ParticipationStatus]
) -> ParticipationStatus:
    own = history(rows, effect.country)
    row = ParticipationStatus(
        id=effect.row_id,
        programme=decision.programme,
        country=effect.country,
        seq=len(own) + 1,
        status=effect.status,
        valid_from=effect.valid_from,
        decided_by=decision.decided_by,
        decision_text=decision.text,
        decision_id=decision.id,
        scope=effect.scope,
        source=decision.source,
    )
    return append(own, row)[-1]
