"""Tables of cooperation: registers, components, participation, governance.

What hangs on a programme has no audience of its own: who sees the programme sees it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Named,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from programmes.storage.tables import Aggregate, metadata

_Json = dict[str, Any]


class Part(TypedColumns):
    """What every record has that hangs on a programme."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int] = Column(Integer)
    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    updated_at: Named[datetime] = Column(DateTime(timezone=True))
    source: Named[_Json | None] = Column(JSON(none_as_null=True))


class InstrumentColumns(Aggregate):
    """A financing instrument; `replaces` is the code of the one before it."""

    code: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    legal_basis: Named[str | None] = Column(Text)
    adopted: Named[_Json] = Column(JSON)
    valid_from: Named[_Json] = Column(JSON)
    valid_to: Named[_Json] = Column(JSON)
    replaces: Named[str | None] = Column(Text, ForeignKey("instrument.code"))
    source: Named[_Json] = Column(JSON)


class TopicColumns(Aggregate):
    """A topic of a scheme; `position` is its place in the source's list."""

    scheme: Named[str] = Column(Text)
    code: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    description: Named[str | None] = Column(Text)
    group: Named[int | None] = Column(Integer)
    position: Named[int] = Column(Integer)
    keywords: Named[list[str]] = Column(ARRAY(Text))
    source: Named[_Json] = Column(JSON)


class TopicMappingColumns(TypedColumns):
    """How a topic of one scheme stands to a topic of another."""

    from_id: Named[UUID] = Column(Uuid, ForeignKey("topic.id"))
    to_id: Named[UUID] = Column(Uuid, ForeignKey("topic.id"))
    relation: Named[str] = Column(Text)


class CountryGroupColumns(Aggregate):
    """Countries under one name; `stated` is the number a source states, not of members listed."""

    code: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    stated: Named[_Json | None] = Column(JSON(none_as_null=True))
    regions: Named[list[str]] = Column(ARRAY(Text))
    members: Named[list[str]] = Column(ARRAY(Text))
    source: Named[_Json] = Column(JSON)


class OrganisationStatusColumns(TypedColumns):
    """A standing an organisation has, such as mandated_body."""

    organisation: Named[str] = Column(Text, ForeignKey("organisation.code"))
    status: Named[str] = Column(Text)
    valid_from: Named[_Json] = Column(JSON)
    source: Named[_Json] = Column(JSON)


class ComponentColumns(Part):
    """A component of a programme; `topic_scheme` names the list its topics are from."""

    code: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    description: Named[str | None] = Column(Text)
    planned_project_count: Named[int | None] = Column(Integer)
    all_beneficiaries: Named[bool | None] = Column(Boolean)
    topic_scheme: Named[str | None] = Column(Text)
    note: Named[str | None] = Column(Text)


class TopicLeadColumns(Part):
    """Who leads a topic of a component, or why nobody is named."""

    component: Named[str] = Column(Text)
    topic_scheme: Named[str] = Column(Text)
    topic: Named[str] = Column(Text)
    organisation: Named[str | None] = Column(Text, ForeignKey("organisation.code"))
    country: Named[str | None] = Column(Text)
    reason: Named[str | None] = Column(Text)
    duties: Named[list[str]] = Column(ARRAY(Text))
    note: Named[str | None] = Column(Text)


class PartnershipColumns(Part):
    """A beneficiary country and the organisation that helps it."""

    country: Named[str] = Column(Text)
    partner: Named[str] = Column(Text, ForeignKey("organisation.code"))
    instrument: Named[str] = Column(Text)
    signed: Named[_Json] = Column(JSON)
    status: Named[str] = Column(Text)


class BodyColumns(Part):
    """A body that governs or advises."""

    code: Named[str] = Column(Text)
    name: Named[str] = Column(Text)
    kind: Named[str] = Column(Text)
    frequency: Named[str | None] = Column(Text)
    meetings_per_year: Named[int | None] = Column(Integer)


class MeetingColumns(Part):
    """A meeting of a body; `edtf` tells two apart."""

    body: Named[str] = Column(Text)
    edtf: Named[str] = Column(Text)
    on_date: Named[_Json] = Column(JSON)
    city: Named[str | None] = Column(Text)
    country: Named[str | None] = Column(Text)
    status: Named[str] = Column(Text)


class DecisionColumns(TypedColumns):
    """A decision, word for word; never changed."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    decided_by: Named[str] = Column(Text)
    taken_on: Named[_Json] = Column(JSON)
    text: Named[str] = Column(Text)
    effects: Named[list[_Json]] = Column(JSON)
    meeting: Named[UUID | None] = Column(Uuid, ForeignKey("governance_meeting.id"))
    source: Named[_Json | None] = Column(JSON(none_as_null=True))
    recorded_at: Named[datetime] = Column(DateTime(timezone=True))


class ParticipationColumns(TypedColumns):
    """From a date on a country has a status; rows are only added, in the order of `seq`."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    country: Named[str] = Column(Text)
    seq: Named[int] = Column(Integer)
    status: Named[str] = Column(Text)
    valid_from: Named[_Json] = Column(JSON)
    decided_by: Named[str | None] = Column(Text)
    decision_text: Named[str | None] = Column(Text)
    decision_id: Named[UUID | None] = Column(Uuid, ForeignKey("decision.id"))
    scope: Named[_Json | None] = Column(JSON(none_as_null=True))
    source: Named[_Json | None] = Column(JSON(none_as_null=True))
    recorded_at: Named[datetime] = Column(DateTime(timezone=True))


instrument = Table(
    "instrument", metadata, InstrumentColumns, UniqueConstraint("code", name="instrument_once")
)
topic = Table(
    "topic", metadata, TopicColumns, UniqueConstraint("scheme", "code", name="topic_once")
)
topic_mapping = Table(
    "topic_mapping",
    metadata,
    TopicMappingColumns,
    PrimaryKeyConstraint("from_id", "to_id", name="topic_mapping_once"),
    CheckConstraint(
        "relation IN ('exact', 'broader', 'narrower', 'related')", name="topic_mapping_relation"
    ),
)
country_group = Table(
    "country_group",
    metadata,
    CountryGroupColumns,
    UniqueConstraint("code", name="country_group_once"),
)
organisation_status = Table(
    "organisation_status",
    metadata,
    OrganisationStatusColumns,
    PrimaryKeyConstraint("organisation", "status", name="organisation_status_once"),
)
component = Table(
    "component",
    metadata,
    ComponentColumns,
    UniqueConstraint("programme_id", "code", name="component_once"),
    CheckConstraint("planned_project_count > 0", name="component_projects"),
)
topic_lead = Table(
    "topic_lead",
    metadata,
    TopicLeadColumns,
    Index("topic_lead_once", "programme_id", "component", "topic", unique=True),
    CheckConstraint("num_nonnulls(organisation, country, reason) = 1", name="topic_lead_or_reason"),
)
bilateral_partnership = Table(
    "bilateral_partnership",
    metadata,
    PartnershipColumns,
    Index(
        "one_partnership_per_country",
        "programme_id",
        "country",
        unique=True,
        postgresql_where=text("status = 'active'"),
    ),
    CheckConstraint("status IN ('active', 'ended')", name="partnership_status"),
)
governance_body = Table(
    "governance_body",
    metadata,
    BodyColumns,
    UniqueConstraint("programme_id", "code", name="body_once"),
)
governance_meeting = Table(
    "governance_meeting",
    metadata,
    MeetingColumns,
    UniqueConstraint("programme_id", "body", "edtf", name="meeting_once"),
    CheckConstraint("status IN ('planned', 'held', 'cancelled')", name="meeting_status"),
)
decision = Table(
    "decision",
    metadata,
    DecisionColumns,
    CheckConstraint("btrim(text) <> ''", name="decision_has_text"),
    Index("decision_by_programme", "programme_id"),
)
participation_status = Table(
    "participation_status",
    metadata,
    ParticipationColumns,
    UniqueConstraint("programme_id", "country", "seq", name="participation_seq_once"),
    CheckConstraint(
        "(status = 'readmitted_partial') = (scope IS NOT NULL)", name="participation_scope_fits"
    ),
    CheckConstraint(
        "status IN ('active', 'suspended', 'readmitted_partial', 'withdrawn')",
        name="participation_known",
    ),
)
