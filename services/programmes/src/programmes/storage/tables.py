"""Every table of the service, with the invariants a constraint can express."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Named,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, JSON, ExcludeConstraint, Range

from kit.db import tables as kit_tables

metadata: Final = MetaData()
kit_tables.add_to(metadata)

_MONEY: Final = Numeric(14, 2)


class Aggregate(TypedColumns):
    """What every record has that is told about and seen by some."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int] = Column(Integer)
    audience: Named[list[str]] = Column(ARRAY(Text))
    updated_at: Named[datetime] = Column(DateTime(timezone=True))


class OrganisationColumns(Aggregate):
    """A body that takes part in programmes."""

    code: Named[str] = Column(Text)
    name: Named[str] = Column(Text)
    type: Named[str] = Column(Text)
    country: Named[str | None] = Column(Text)
    parent: Named[str | None] = Column(Text, ForeignKey("organisation.code"))
    aliases: Named[list[str]] = Column(ARRAY(Text))
    source: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))


class SourceDocumentColumns(Aggregate):
    """A document facts are cited from."""

    code: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    publisher: Named[str] = Column(Text)
    language: Named[str] = Column(Text)
    url: Named[str | None] = Column(Text)
    published: Named[dict[str, Any]] = Column(JSON)
    retrieved: Named[dict[str, Any]] = Column(JSON)
    note: Named[str | None] = Column(Text)


class ProgrammeColumns(Aggregate):
    """A programme; dates as published are JSON, their outer days are columns for comparing."""

    code: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    title_qualifier: Named[str] = Column(Text)
    kind: Named[str] = Column(Text)
    status: Named[str] = Column(Text)
    starts: Named[dict[str, Any]] = Column(JSON)
    ends: Named[dict[str, Any]] = Column(JSON)
    ends_derived: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))
    starts_from: Named[date | None] = Column(Date)
    ends_to: Named[date | None] = Column(Date)
    duration_months: Named[int | None] = Column(Integer)
    contract_concluded_on: Named[date | None] = Column(Date)
    rulesets: Named[dict[str, Any]] = Column(JSON)
    travel_choices: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))
    per_diem_line: Named[str | None] = Column(Text)
    website: Named[str | None] = Column(Text)
    objectives: Named[list[dict[str, Any]]] = Column(JSON)
    target_groups: Named[list[str]] = Column(ARRAY(Text))
    funding_rules: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))
    counts: Named[list[dict[str, Any]]] = Column(JSON)
    citations: Named[dict[str, Any]] = Column(JSON)
    instrument: Named[str | None] = Column(Text, ForeignKey("instrument.code"))
    implementer_types: Named[list[str]] = Column(ARRAY(Text), server_default="{}")
    status_reason: Named[str | None] = Column(Text)


class IdentifierColumns(TypedColumns):
    """An official reference of a programme."""

    scheme: Named[str] = Column(Text)
    value: Named[str] = Column(Text)
    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    issuer: Named[str | None] = Column(Text)


class PartnerColumns(TypedColumns):
    """A party in a role; `during` spans every day it may have had it."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int] = Column(Integer)
    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    organisation: Named[str | None] = Column(Text, ForeignKey("organisation.code"))
    country: Named[str | None] = Column(Text)
    role: Named[str] = Column(Text)
    scope: Named[str] = Column(Text)
    valid_from: Named[dict[str, Any]] = Column(JSON)
    valid_to: Named[dict[str, Any]] = Column(JSON)
    during: Named[Range[date]] = Column(DATERANGE)
    ended: Named[bool] = Column(Boolean)
    source: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))


class CountryColumns(TypedColumns):
    """A country a programme is for, or that takes part."""

    id: Named[UUID] = Column(Uuid, server_default=func.uuidv7())
    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    country: Named[str] = Column(Text)
    role: Named[str] = Column(Text)
    source: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))


class FigureColumns(TypedColumns):
    """A budget figure as published, with its doubts, or one derived from those."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    kind: Named[str] = Column(Text)
    document: Named[str | None] = Column(Text)
    amount_published: Named[str | None] = Column(Text)
    amount: Named[Decimal | None] = Column(_MONEY)
    rate: Named[Decimal | None] = Column(Numeric(9, 6))
    currency: Named[str | None] = Column(Text)
    qualifier: Named[str] = Column(Text)
    quality_flags: Named[list[str]] = Column(ARRAY(Text))
    amount_suggested: Named[Decimal | None] = Column(_MONEY)
    suggestion_basis: Named[str | None] = Column(Text)
    basis: Named[str | None] = Column(Text)
    source: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))


class RelationColumns(TypedColumns):
    """How a programme stands to another one."""

    id: Named[UUID] = Column(Uuid, server_default=func.uuidv7())
    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    type: Named[str] = Column(Text)
    to_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    additional: Named[bool] = Column(Boolean, server_default=text("false"))
    source: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))


class MilestoneColumns(TypedColumns):
    """Something that happened on a date; `edtf` tells two of a kind apart."""

    id: Named[UUID] = Column(Uuid, server_default=func.uuidv7())
    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    kind: Named[str] = Column(Text)
    edtf: Named[str] = Column(Text)
    on_date: Named[dict[str, Any]] = Column(JSON)
    actor: Named[str | None] = Column(Text)
    reference: Named[str | None] = Column(Text)
    source: Named[dict[str, Any]] = Column(JSON)


class WithdrawnColumns(Aggregate):
    """A row that was taken back; `key` is what it is known by, so that loading leaves it out."""

    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    part: Named[str] = Column(Text)
    part_id: Named[UUID] = Column(Uuid)
    key: Named[list[str]] = Column(ARRAY(Text))
    recorded: Named[dict[str, Any]] = Column(JSON)
    reason: Named[str] = Column(Text)
    by: Named[str] = Column(Text)


class BudgetLineColumns(Aggregate):
    """Money for one purpose in one currency; totals are kept equal to the sum of its entries."""

    programme_id: Named[UUID] = Column(Uuid, ForeignKey("programme.id"))
    code: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    category: Named[str] = Column(Text)
    amount: Named[Decimal] = Column(_MONEY)
    approved: Named[Decimal | None] = Column(_MONEY)
    tolerance: Named[Decimal] = Column(Numeric(5, 2), server_default=text("0"))
    reserved: Named[Decimal] = Column(_MONEY, server_default=text("0"))
    committed: Named[Decimal] = Column(_MONEY)
    spent: Named[Decimal] = Column(_MONEY, server_default=text("0"))
    released: Named[Decimal] = Column(_MONEY, server_default=text("0"))
    currency: Named[str] = Column(Text)
    state: Named[str] = Column(Text)
    synthetic: Named[bool] = Column(Boolean)


class CommitmentColumns(Aggregate):
    """What became of one request for money; a trip holds at most one."""

    trip_id: Named[UUID] = Column(Uuid)
    revision: Named[int] = Column(Integer)
    programme_code: Named[str] = Column(Text)
    line_code: Named[str | None] = Column(Text)
    line_id: Named[UUID | None] = Column(Uuid, ForeignKey("budget_line.id"))
    amount: Named[Decimal] = Column(_MONEY)
    currency: Named[str] = Column(Text)
    state: Named[str] = Column(Text)
    reason: Named[str | None] = Column(Text)
    available: Named[Decimal | None] = Column(_MONEY)
    available_currency: Named[str | None] = Column(Text)


organisation = Table(
    "organisation",
    metadata,
    OrganisationColumns,
    UniqueConstraint("code", name="organisation_code_once"),
    CheckConstraint("country ~ '^[A-Z]{2}$'", name="organisation_country"),
)
source_document = Table(
    "source_document",
    metadata,
    SourceDocumentColumns,
    UniqueConstraint("code", name="source_code_once"),
)
programme = Table(
    "programme",
    metadata,
    ProgrammeColumns,
    UniqueConstraint("code", name="programme_code_once"),
    CheckConstraint("ends_to >= starts_from", name="programme_ends_after_start"),
    CheckConstraint("duration_months > 0", name="programme_lasts"),
    CheckConstraint(
        "status IN ('draft', 'approved', 'contracted', 'active', 'suspended', 'completed',"
        " 'closed', 'cancelled')",
        name="programme_status",
    ),
    Index("programme_audience", "audience", postgresql_using="gin"),
)
programme_identifier = Table(
    "programme_identifier",
    metadata,
    IdentifierColumns,
    PrimaryKeyConstraint("scheme", "value", name="identifier_once"),
    Index("identifier_by_value", "value"),
    Index("identifier_by_programme", "programme_id"),
)
# A range type over text stands in for btree_gist, which the embedded server does not have.
programme_partner = Table(
    "programme_partner",
    metadata,
    PartnerColumns,
    CheckConstraint("num_nonnulls(organisation, country) = 1", name="partner_is_one_party"),
    ExcludeConstraint(
        (
            text(
                "textrange(programme_id::text || '/' || coalesce(organisation, country) || '/'"
                " || role || '/' || scope, programme_id::text || '/'"
                " || coalesce(organisation, country) || '/' || role || '/' || scope, '[]')"
            ),
            "&&",
        ),
        ("during", "&&"),
        name="partner_role_once",
    ),
    ExcludeConstraint(
        (text("textrange(programme_id::text, programme_id::text, '[]')"), "&&"),
        ("during", "&&"),
        where=text("role = 'lead'"),
        name="one_lead_at_a_time",
    ),
    Index("partner_by_programme", "programme_id"),
    Index("partner_by_country", "country"),
)
programme_country = Table(
    "programme_country",
    metadata,
    CountryColumns,
    PrimaryKeyConstraint("programme_id", "country", "role", name="country_role_once"),
    CheckConstraint("country ~ '^[A-Z]{2}$'", name="programme_country_code"),
    Index("programme_by_country", "country"),
)
budget_figure = Table(
    "budget_figure",
    metadata,
    FigureColumns,
    Index(
        "figure_once",
        "programme_id",
        "kind",
        "document",
        unique=True,
        postgresql_where=text("qualifier <> 'derived'"),
    ),
    CheckConstraint(
        "qualifier IN ('derived', 'not_stated') OR num_nulls(amount_published, currency) = 0",
        name="figure_is_stated",
    ),
    CheckConstraint(
        "qualifier <> 'not_stated' OR num_nonnulls(amount_published, amount, rate) = 0",
        name="figure_is_not_stated",
    ),
)
programme_relation = Table(
    "programme_relation",
    metadata,
    RelationColumns,
    PrimaryKeyConstraint("programme_id", "type", "to_id", name="relation_once"),
    CheckConstraint("programme_id <> to_id", name="relation_to_another"),
    CheckConstraint(
        "NOT additional OR type IN ('child', 'under_initiative')", name="additional_is_a_child"
    ),
    Index("relation_by_target", "to_id"),
)
milestone = Table(
    "milestone",
    metadata,
    MilestoneColumns,
    PrimaryKeyConstraint("programme_id", "kind", "edtf", name="milestone_once"),
)
withdrawn_part = Table(
    "withdrawn_part",
    metadata,
    WithdrawnColumns,
    Index("withdrawn_by_programme", "programme_id", "id"),
)
budget_line = Table(
    "budget_line",
    metadata,
    BudgetLineColumns,
    UniqueConstraint("programme_id", "code", name="budget_line_once"),
    CheckConstraint(
        "least(reserved, committed, spent, released) >= 0 "
        "AND reserved + committed + spent <= amount + round(amount * tolerance / 100, 2)",
        name="committed_within_amount",
    ),
    CheckConstraint("tolerance BETWEEN 0 AND 100", name="budget_line_tolerance"),
    CheckConstraint("state IN ('open', 'closed')", name="budget_line_state"),
    CheckConstraint("currency ~ '^[A-Z]{3}$'", name="budget_line_currency"),
)
commitment = Table(
    "commitment",
    metadata,
    CommitmentColumns,
    UniqueConstraint("trip_id", "revision", name="commitment_once"),
    CheckConstraint("amount >= 0", name="commitment_not_negative"),
    CheckConstraint(
        "state IN ('committed', 'refused', 'replaced', 'released', 'spent')",
        name="commitment_state",
    ),
    CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refusal_has_reason"),
    CheckConstraint("state = 'refused' OR line_id IS NOT NULL", name="commitment_has_line"),
    Index(
        "one_commitment_per_trip",
        "trip_id",
        unique=True,
        postgresql_where=text("state = 'committed'"),
    ),
    Index("commitment_by_line", "line_id", "id"),
)
