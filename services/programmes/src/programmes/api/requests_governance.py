"""Bodies of requests of governance and participation, and the domain values they stand for."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kit.wire import WHOLE, Code, Country, Day, Ref, Request
from programmes.api import examples_cooperation as examples
from programmes.api.requests import cited
from programmes.api.requests_cooperation import Slug
from programmes.api.values import FuzzyDateIn, SourceIn, date_of
from programmes.api.words import Line, Text
from programmes.domain import governance, participation
from programmes.domain.programme import Programme


class NewBody(Request):
    """A body that governs or advises."""

    model_config = examples.BODY

    code: Code
    name: Line
    kind: governance.BodyKind
    frequency: Line | None = None
    meetings_per_year: Annotated[int, Field(ge=1, le=366), WHOLE] | None = None
    source: SourceIn | None = None

    def body(self, new_id: UUID, programme: Programme) -> governance.GovernanceBody:
        """Return the domain value."""
        return governance.GovernanceBody(
            id=new_id,
            version=1,
            audience=programme.audience,
            programme=programme.code,
            code=self.code,
            name=self.name,
            kind=self.kind,
            frequency=self.frequency,
            meetings_per_year=self.meetings_per_year,
            source=cited(self.source),
        )


class NewMeeting(Request):
    """A meeting planned for a date as vague as need be."""

    model_config = examples.MEETING

    body: Code
    on: FuzzyDateIn
    city: Line | None = None
    country: Country | None = None
    source: SourceIn | None = None

    def meeting(self, new_id: UUID, programme: Programme) -> governance.Meeting:
        """Return the domain value; raises DatesInvalid."""
        return governance.Meeting(
            id=new_id,
            version=1,
            audience=programme.audience,
            programme=programme.code,
            body=self.body,
            on=self.on.date(),
            city=self.city,
            country=self.country,
            source=cited(self.source),
        )


class MeetingMove(Request):
    """What became of a meeting; `on` is the day it was held if it was not planned for one."""

    to: Annotated[str, StringConstraints(pattern="^(held|cancelled)$")]
    on: FuzzyDateIn | None = None

    def becomes(self, meeting: governance.Meeting, today: date) -> governance.Meeting:
        """Return the meeting as it is then; raises MeetingNotDated, IllegalMove, DatesInvalid."""
        if self.to == governance.MeetingStatus.CANCELLED:
            return meeting.cancelled()
        return meeting.held(None if self.on is None else self.on.date(), today=today)


class ScopeIn(Request):
    """What a partial readmission opens."""

    components_in: Annotated[tuple[Code, ...], Field(max_length=50)]
    topics_out: Annotated[tuple[Slug, ...], Field(max_length=50)] = ()
    kinds_out: Annotated[tuple[Line, ...], Field(max_length=50)] = ()

    def scope(self) -> participation.Scope:
        """Return the domain value."""
        return participation.Scope(
            frozenset(self.components_in), frozenset(self.topics_out), frozenset(self.kinds_out)
        )


class EffectIn(Request):
    """What a decision does to a country."""

    country: Country
    status: participation.Participation
    valid_from: FuzzyDateIn | None = None
    scope: ScopeIn | None = None

    def effect(self, row_id: UUID) -> governance.ParticipationEffect:
        """Return the domain value; raises DatesInvalid."""
        scope = None if self.scope is None else self.scope.scope()
        start = date_of(self.valid_from)
        return governance.ParticipationEffect(row_id, self.country, self.status, start, scope)


class NewDecision(Request):
    """A decision, word for word, and what it does."""

    model_config = examples.DECISION

    decided_by: Line
    taken_on: FuzzyDateIn | None = None
    text: Text
    effects: Annotated[tuple[EffectIn, ...], Field(max_length=60)] = ()
    meeting: Ref | None = None
    source: SourceIn | None = None

    def decision(self, programme: str, ids: Callable[[], UUID]) -> governance.Decision:
        """Return the domain value; raises DecisionEmpty, DecisionEffectTwice or DatesInvalid."""
        return governance.Decision(
            id=ids(),
            programme=programme,
            decided_by=self.decided_by,
            taken_on=date_of(self.taken_on),
            text=self.text,
            effects=tuple(each.effect(ids()) for each in self.effects),
            meeting=self.meeting,
            source=cited(self.source),
        )


class NewParticipation(Request):
    """A country that takes part from a date on, without a decision of its own."""

    model_config = examples.PARTICIPATION

    country: Country
    valid_from: FuzzyDateIn | None = None
    source: SourceIn | None = None


class EligibilityQuestion(Request):
    """Whether a country may take part in something on a day; what is absent is not narrowed."""

    model_config = examples.ELIGIBILITY

    country: Country
    component: Code | None = None
    topic: Slug | None = None
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] | None = None
    on: Day

    def question(self) -> participation.Question:
        """Return the domain value."""
        return participation.Question(self.country, self.on, self.component, self.topic, self.kind)
