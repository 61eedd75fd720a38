"""Bodies of requests of cooperation, and the domain values they stand for."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kit.wire import WHOLE, Code, Country, Flag, Request
from programmes.api import examples_cooperation as examples
from programmes.api.requests import cited
from programmes.api.values import FuzzyDateIn, SourceIn, date_of
from programmes.api.words import Line, Text
from programmes.domain import component, register
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
