"""Bodies of requests of cooperation, and the domain values they stand for."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kit.wire import WHOLE, Code, Country, Day, Flag, Line, Ref, Request, Text
from programmes.api import examples_cooperation as examples
from programmes.api.requests import cited
from programmes.api.values import FuzzyDateIn, SourceIn, date_of
from programmes.domain import component, governance, participation, register
from programmes.domain.programme import Programme
from programmes.domain.source import CountBasis, CountQualifier

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Number = Annotated[int, Field(ge=1, le=100_000), WHOLE]
Words = Annotated[tuple[Line, ...], Field(max_length=60)]


class NewInstrument(Request):
    """A financing instrument to register."""

    model_config = examples.INSTRUMENT

    code: Code
    title: Line
    legal_basis: Line | None = None
    adopted: FuzzyDateIn | None = None
    valid_from: FuzzyDateIn | None = None
    valid_to: FuzzyDateIn | None = None
    replaces: Code | None = None
    source: SourceIn

    def instrument(self, new_id: UUID) -> register.Instrument:
        """Return the domain value; raises DatesInvalid."""
        return register.Instrument(
            id=new_id,
            version=1,
            code=self.code,
            title=self.title,
            legal_basis=self.legal_basis,
            adopted=date_of(self.adopted),
            valid_from=date_of(self.valid_from),
            valid_to=date_of(self.valid_to),
            replaces=self.replaces,
            source=self.source.source(),
        )


class NewTopic(Request):
    """A topic to register in a scheme."""

    model_config = examples.TOPIC

    scheme: Slug
    code: Slug
    title: Line
    description: Text | None = None
    group: Number | None = None
    position: Number
    keywords: Words = ()
    source: SourceIn

    def topic(self, new_id: UUID) -> register.Topic:
        """Return the domain value."""
        return register.Topic(
            id=new_id,
            version=1,
            scheme=self.scheme,
            code=self.code,
            title=self.title,
            description=self.description,
            group=self.group,
            position=self.position,
            keywords=self.keywords,
            source=self.source.source(),
        )


class TopicKeyIn(Request):
    """What names a topic."""

    scheme: Slug
    code: Slug

    def key(self) -> register.TopicKey:
        """Return the domain value."""
        return register.TopicKey(self.scheme, self.code)


class NewTopicMapping(Request):
    """What a topic is to a topic of another scheme."""

    model_config = examples.MAPPING

    from_topic: TopicKeyIn
    to_topic: TopicKeyIn
    relation: register.MappingRelation

    def mapping(self, new_id: UUID) -> register.TopicMapping:
        """Return the domain value."""
        return register.TopicMapping(
            new_id, 1, self.from_topic.key(), self.to_topic.key(), self.relation
        )


class StatedCountIn(Request):
    """A number a source states."""

    value: Number
    qualifier: CountQualifier
    basis: CountBasis

    def count(self) -> register.StatedCount:
        """Return the domain value."""
        return register.StatedCount(self.value, self.qualifier, self.basis)


class NewCountryGroup(Request):
    """A group of countries to register, with the members a source names."""

    model_config = examples.COUNTRY_GROUP

    code: Code
    title: Line
    stated: StatedCountIn | None = None
    regions: Words = ()
    members: Annotated[tuple[Country, ...], Field(max_length=250)] = ()
    source: SourceIn

    def group(self, new_id: UUID) -> register.CountryGroup:
        """Return the domain value."""
        return register.CountryGroup(
            id=new_id,
            version=1,
            code=self.code,
            title=self.title,
            stated=None if self.stated is None else self.stated.count(),
            regions=self.regions,
            members=self.members,
            source=self.source.source(),
        )


class NewStanding(Request):
    """A status an organisation has from a date on."""

    model_config = examples.STANDING

    status: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    valid_from: FuzzyDateIn | None = None
    source: SourceIn

    def standing(self, new_id: UUID, organisation: str) -> register.Standing:
        """Return the domain value; raises DatesInvalid."""
        start = date_of(self.valid_from)
        source = self.source.source()
        return register.Standing(new_id, 1, organisation, self.status, start, source)


class NewComponent(Request):
    """A component of a programme."""

    model_config = examples.COMPONENT

    code: Code
    title: Text
    description: Text | None = None
    planned_project_count: Number | None = None
    all_beneficiaries: Flag | None = None
    topic_scheme: Slug | None = None
    note: Text | None = None
    source: SourceIn | None = None

    def component(self, new_id: UUID, programme: Programme) -> component.Component:
        """Return the domain value."""
        return component.Component(
            id=new_id,
            version=1,
            audience=programme.audience,
            programme=programme.code,
            code=self.code,
            title=self.title,
            description=self.description,
            planned_project_count=self.planned_project_count,
            all_beneficiaries=self.all_beneficiaries,
            topic_scheme=self.topic_scheme,
            note=self.note,
            source=cited(self.source),
        )


class NewTopicLead(Request):
    """Who leads a topic: an organisation, a country, or the reason why nobody is named."""

    model_config = examples.TOPIC_LEAD

    topic_scheme: Slug
    topic: Slug
    organisation: Code | None = None
    country: Country | None = None
    reason: Annotated[str, StringConstraints(pattern="^not_stated$")] | None = None
    duties: Words = ()
    note: Text | None = None
    source: SourceIn | None = None

    def lead(self, new_id: UUID, programme: Programme, of: str) -> component.TopicLead:
        """Return the domain value for the component `of`; raises LeadUnclear."""
        return component.TopicLead(
            id=new_id,
            version=1,
            audience=programme.audience,
            programme=programme.code,
            component=of,
            topic_scheme=self.topic_scheme,
            topic=self.topic,
            organisation=self.organisation,
            country=self.country,
            reason=self.reason,
            duties=self.duties,
            note=self.note,
            source=cited(self.source),
        )


class NewPartnership(Request):
    """A partnership of a beneficiary country."""

    model_config = examples.PARTNERSHIP

    country: Country
    partner: Code
    instrument: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] = "mou"
    signed: FuzzyDateIn | None = None
    source: SourceIn | None = None

    def partnership(self, new_id: UUID, programme: Programme) -> component.Partnership:
        """Return the domain value; raises DatesInvalid."""
        return component.Partnership(
            id=new_id,
            version=1,
            audience=programme.audience,
            programme=programme.code,
            country=self.country,
            partner=self.partner,
            instrument=self.instrument,
            signed=date_of(self.signed),
            status=component.PartnershipStatus.ACTIVE,
            source=cited(self.source),
        )


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
