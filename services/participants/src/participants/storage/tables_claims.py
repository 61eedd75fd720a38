"""Tables of what travellers are owed: advances, claims, settlements, payment files."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Named,
    Numeric,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    Uuid,
    false,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, ExcludeConstraint, Range

from participants.storage.tables import metadata

_NUMBER: Final = "int4range(person_number, person_number, '[]')"


class ClaimColumns(TypedColumns):
    """What is asked for a trip. `days` are those with an allowance, half open; null if none.

    `resolves` is the claim whose parked amounts this one decides, once.
    """

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    trip_id: Named[UUID] = Column(Uuid, ForeignKey("trip.id"))
    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    person_number: Named[int]
    programme_code: Named[str] = Column(Text)
    budget_line_code: Named[str | None] = Column(Text)
    revision: Named[int]
    state: Named[str] = Column(Text)
    days: Named[Range[date] | None] = Column(DATERANGE)
    currency: Named[str] = Column(Text)
    declared: Named[Decimal] = Column(Numeric)
    certified: Named[Decimal | None] = Column(Numeric)
    deducted: Named[Decimal | None] = Column(Numeric)
    parked: Named[Decimal | None] = Column(Numeric)
    declared_by: Named[str] = Column(Text)
    checked_by: Named[str | None] = Column(Text)
    override: Named[str | None] = Column(Text)
    synthetic: Named[bool]
    resolves: Named[UUID | None] = Column(Uuid, ForeignKey("claim.id", name="claim_resolves_known"))
    reopened_by: Named[str | None] = Column(Text)
    reopened_for: Named[str | None] = Column(Text)


class ClaimItemColumns(TypedColumns):
    """One amount of a claim, and what the check made of it."""

    claim_id: Named[UUID] = Column(Uuid, ForeignKey("claim.id"))
    number: Named[int]
    day: Named[date]
    kind: Named[str] = Column(Text)
    declared: Named[Decimal] = Column(Numeric)
    certified: Named[Decimal | None] = Column(Numeric)
    deducted: Named[Decimal | None] = Column(Numeric)
    parked: Named[Decimal | None] = Column(Numeric)
    reason: Named[str | None] = Column(Text)


class AdvanceColumns(TypedColumns):
    """Money given before a trip; `cleared` of it is accounted for or given back."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    trip_id: Named[UUID] = Column(Uuid, ForeignKey("trip.id"))
    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    amount: Named[Decimal] = Column(Numeric)
    currency: Named[str] = Column(Text)
    cleared: Named[Decimal] = Column(Numeric)
    state: Named[str] = Column(Text)
    asked_by: Named[str] = Column(Text)
    approved_by: Named[str | None] = Column(Text)
    paid_on: Named[date | None]
    returned_on: Named[date | None]


class SettlementColumns(TypedColumns):
    """What a certified claim comes to once its advance is counted; one in force per claim."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    claim_id: Named[UUID] = Column(Uuid, ForeignKey("claim.id"))
    trip_id: Named[UUID] = Column(Uuid, ForeignKey("trip.id"))
    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    programme_code: Named[str] = Column(Text)
    budget_line_code: Named[str | None] = Column(Text)
    payer: Named[str] = Column(Text)
    currency: Named[str] = Column(Text)
    certified: Named[Decimal] = Column(Numeric)
    advanced: Named[Decimal] = Column(Numeric)
    payable: Named[Decimal] = Column(Numeric)
    to_return: Named[Decimal] = Column(Numeric)
    state: Named[str] = Column(Text)
    authorised_by: Named[str] = Column(Text)
    override: Named[str | None] = Column(Text)
    payment_file_id: Named[UUID | None] = Column(Uuid, ForeignKey("payment_file.id"))
    paid_on: Named[date | None]
    in_cash: Named[bool] = Column(Boolean, server_default=false())


class PaymentFileColumns(TypedColumns):
    """Settlements of one payer and currency, gathered to be paid; the XML is never stored."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    payer: Named[str] = Column(Text)
    payer_name: Named[str] = Column(Text)
    payer_iban: Named[str] = Column(Text)
    payer_bic: Named[str | None] = Column(Text)
    currency: Named[str] = Column(Text)
    payments: Named[int]
    total: Named[Decimal] = Column(Numeric)
    executes_on: Named[date]
    made_by: Named[str] = Column(Text)
    made_at: Named[datetime] = Column(DateTime(timezone=True))
    paid_on: Named[date | None]


class SettlementJobColumns(TypedColumns):
    """A job that settles a programme's certified claims; `after` is the last one it decided."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    programme_code: Named[str] = Column(Text)
    payer: Named[str] = Column(Text)
    override: Named[str | None] = Column(Text)
    state: Named[str] = Column(Text)
    after: Named[UUID | None] = Column(Uuid)
    settled: Named[int]
    left_out: Named[int]
    asked_by: Named[str] = Column(Text)
    marks: Named[list[str]] = Column(ARRAY(Text))
    asked_at: Named[datetime] = Column(DateTime(timezone=True))
    ended_at: Named[datetime | None] = Column(DateTime(timezone=True))


class LeftOutColumns(TypedColumns):
    """A claim that a job did not settle, with the code of the refusal."""

    job_id: Named[UUID] = Column(Uuid, ForeignKey("settlement_job.id"))
    claim_id: Named[UUID] = Column(Uuid, ForeignKey("claim.id"))
    code: Named[str] = Column(Text)
    detail: Named[str] = Column(Text)


claim = Table(
    "claim",
    metadata,
    ClaimColumns,
    UniqueConstraint("trip_id", "revision", name="claim_of_trip_exists"),
    UniqueConstraint("resolves", name="claim_resolved_once"),
    CheckConstraint("declared > 0", name="claim_asks_something"),
    CheckConstraint("certified + deducted + parked = declared", name="claim_adds_up"),
    CheckConstraint("certified <= declared", name="claim_certified_at_most_declared"),
    ExcludeConstraint(
        (literal_column(_NUMBER), "&&"),
        (literal_column("days"), "&&"),
        using="gist",
        where=text("state <> 'rejected'"),
        name="day_already_paid",
    ),
    Index("claim_by_person", "person_id"),
    Index("claim_by_programme", "programme_code", "state", "id"),
    Index(
        "claim_to_settle",
        "programme_code",
        "id",
        postgresql_where=text("state IN ('certified', 'part_certified')"),
    ),
    Index("claim_by_audience", "audience", postgresql_using="gin"),
)
claim_item = Table(
    "claim_item",
    metadata,
    ClaimItemColumns,
    PrimaryKeyConstraint("claim_id", "number"),
    CheckConstraint("declared > 0", name="claim_item_asks_something"),
    CheckConstraint("certified + deducted + parked = declared", name="claim_item_adds_up"),
    CheckConstraint(
        "certified >= 0 AND deducted >= 0 AND parked >= 0", name="claim_item_not_negative"
    ),
    CheckConstraint(
        "deducted + parked = 0 OR reason IS NOT NULL", name="claim_item_deduction_has_reason"
    ),
)
advance = Table(
    "advance",
    metadata,
    AdvanceColumns,
    CheckConstraint("amount > 0", name="advance_gives_something"),
    CheckConstraint("cleared >= 0 AND cleared <= amount", name="advance_cleared_at_most_given"),
    Index(
        "advance_of_trip_exists",
        "trip_id",
        unique=True,
        postgresql_where=text("state <> 'refused'"),
    ),
    Index("advance_by_person", "person_id"),
    Index("advance_by_state", "state", "id"),
    Index("advance_by_trip", "trip_id"),
    Index("advance_by_audience", "audience", postgresql_using="gin"),
)
settlement = Table(
    "settlement",
    metadata,
    SettlementColumns,
    Index(
        "settlement_of_claim_exists",
        "claim_id",
        unique=True,
        postgresql_where=text("state <> 'withdrawn'"),
    ),
    CheckConstraint("certified + to_return = advanced + payable", name="settlement_adds_up"),
    CheckConstraint("payable >= 0 AND to_return >= 0", name="settlement_not_negative"),
    Index("settlement_to_pay", "payer", "currency", postgresql_where=text("state = 'settled'")),
    Index("settlement_by_payer", "payer", "programme_code", "state", "id"),
    Index("settlement_by_claim", "claim_id"),
    Index("settlement_by_file", "payment_file_id"),
    Index("settlement_by_person", "person_id"),
    Index("settlement_by_audience", "audience", postgresql_using="gin"),
)
payment_file = Table(
    "payment_file",
    metadata,
    PaymentFileColumns,
    CheckConstraint(
        "payments >= 0 AND total >= 0 AND (payments = 0) = (total = 0)", name="payment_file_pays"
    ),
    Index("payment_file_by_audience", "audience", postgresql_using="gin"),
)
settlement_job = Table(
    "settlement_job",
    metadata,
    SettlementJobColumns,
    Index("settlement_job_open", "id", postgresql_where=text("state IN ('queued', 'running')")),
    Index("settlement_job_by_audience", "audience", postgresql_using="gin"),
)
left_out = Table(
    "settlement_left_out",
    metadata,
    LeftOutColumns,
    PrimaryKeyConstraint("job_id", "claim_id"),
)
