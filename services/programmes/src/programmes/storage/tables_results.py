"""Tables of results: action plans, indicators, cooperation units, deliverables."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
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
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from programmes.storage.tables import metadata
from programmes.storage.tables_cooperation import Part

_Json = dict[str, Any]


class PlanColumns(Part):
    """One edition of a country's action plan, with its areas."""

    country: Named[str] = Column(Text)
    edition: Named[int] = Column(Integer)
    status: Named[str] = Column(Text)
    planned_action_count: Named[int | None] = Column(Integer)
    areas: Named[list[_Json]] = Column(JSON)


class ActionColumns(TypedColumns):
    """A numbered action of an edition; what is not stated is null."""

    plan_id: Named[UUID] = Column(Uuid, ForeignKey("action_plan.id"))
    number: Named[int] = Column(Integer)
    area: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    calendar: Named[_Json] = Column(JSON)
    participants: Named[int | None] = Column(Integer)
    ste_count: Named[int | None] = Column(Integer)
    ste_days: Named[int | None] = Column(Integer)
    expected_results: Named[str | None] = Column(Text)
    status: Named[str] = Column(Text)
    follow_up_of: Named[int | None] = Column(Integer)
    closing_reason: Named[str | None] = Column(Text)
    source: Named[_Json | None] = Column(JSON(none_as_null=True))


class IndicatorColumns(Part):
    """What is measured; `computed_from` names the records that are counted beside it."""

    code: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    unit: Named[str] = Column(Text)
    basis: Named[str] = Column(Text)
    baseline: Named[Decimal | None] = Column(Numeric(18, 4))
    target: Named[Decimal | None] = Column(Numeric(18, 4))
    aggregate_only: Named[bool] = Column(Boolean)
    smallest_cell: Named[int] = Column(Integer)
    periods: Named[list[_Json]] = Column(JSON)
    computed_from: Named[str | None] = Column(Text)


class ValueColumns(TypedColumns):
    """A reported value of a period; at most one is approved."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    indicator_id: Named[UUID] = Column(Uuid, ForeignKey("indicator.id"))
    period: Named[str] = Column(Text)
    value: Named[Decimal] = Column(Numeric(18, 4))
    qualifier: Named[str] = Column(Text)
    basis: Named[str] = Column(Text)
    state: Named[str] = Column(Text)
    parts: Named[list[Any]] = Column(JSON)
    note: Named[str | None] = Column(Text)
    source: Named[_Json | None] = Column(JSON(none_as_null=True))
    reason: Named[str | None] = Column(Text)


class UnitColumns(Part):
    """A cooperation unit and the act that founded it."""

    name: Named[str] = Column(Text)
    region: Named[str] = Column(Text)
    founded: Named[_Json] = Column(JSON)
    act_type: Named[str] = Column(Text)
    act_number: Named[str | None] = Column(Text)
    act_on: Named[_Json] = Column(JSON)
    act_edtf: Named[str | None] = Column(Text)
    act_issuer: Named[str | None] = Column(Text)
    member_categories: Named[list[str]] = Column(ARRAY(Text))


class DeliverableColumns(Part):
    """What a programme leaves behind."""

    kind: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    quantity: Named[int | None] = Column(Integer)
    status: Named[str] = Column(Text)
    due: Named[_Json] = Column(JSON)


class TrainingCountColumns(TypedColumns):
    """What the release before counted; `told_event` has taken it over, the next one drops it."""

    record_id: Named[UUID] = Column(Uuid, primary_key=True)
    programme_code: Named[str] = Column(Text)
    figure: Named[str] = Column(Text)
    value: Named[int] = Column(Integer)
    basis: Named[str] = Column(Text)
    sequence: Named[int] = Column(Integer)
    synthetic: Named[bool] = Column(Boolean)


action_plan = Table(
    "action_plan",
    metadata,
    PlanColumns,
    UniqueConstraint("programme_id", "country", "edition", name="action_plan_once"),
    CheckConstraint(
        "status IN ('draft', 'agreed', 'in_force', 'revised', 'completed')", name="plan_status"
    ),
)
plan_action = Table(
    "plan_action",
    metadata,
    ActionColumns,
    PrimaryKeyConstraint("plan_id", "number", name="action_number_once"),
    CheckConstraint("least(participants, ste_count, ste_days) >= 0", name="planned_not_negative"),
)
indicator = Table(
    "indicator",
    metadata,
    IndicatorColumns,
    UniqueConstraint("programme_id", "code", name="indicator_once"),
)
indicator_value = Table(
    "indicator_value",
    metadata,
    ValueColumns,
    CheckConstraint("value >= 0", name="indicator_value_not_negative"),
    CheckConstraint(
        "state IN ('draft', 'pending', 'returned', 'approved')", name="indicator_value_state"
    ),
    Index("value_by_indicator", "indicator_id"),
    Index(
        "one_approved_value",
        "indicator_id",
        "period",
        unique=True,
        postgresql_where=text("state = 'approved'"),
    ),
)
cooperation_unit = Table(
    "cooperation_unit",
    metadata,
    UnitColumns,
    Index(
        "legal_act_once",
        "act_issuer",
        "act_number",
        "act_edtf",
        unique=True,
        postgresql_where=text("act_edtf IS NOT NULL"),
    ),
    UniqueConstraint("programme_id", "name", name="cooperation_unit_once"),
)
deliverable = Table(
    "deliverable",
    metadata,
    DeliverableColumns,
    UniqueConstraint("programme_id", "kind", "title", name="deliverable_once"),
    CheckConstraint("quantity > 0", name="deliverable_quantity"),
)
training_count = Table(
    "training_count",
    metadata,
    TrainingCountColumns,
    Index("training_count_by_figure", "programme_code", "figure"),
)
