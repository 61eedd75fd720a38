"""The tables of the participants service; names of constraints are part of the design."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
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
    false,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, ExcludeConstraint, Range

from kit.db.tables import add_to

metadata: Final = MetaData()
add_to(metadata)


class PersonColumns(TypedColumns):
    """A pseudonymous person. `number` stands for the id where ranges are compared."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    number: Named[int] = Column(Integer, Identity(always=True))
    public_ref: Named[str] = Column(Text)
    role: Named[str] = Column(Text)
    organisation: Named[str] = Column(Text)
    country: Named[str] = Column(Text)
    unit_code: Named[str | None] = Column(Text)
    origin: Named[str] = Column(Text)
    synthetic: Named[bool]


class TripColumns(TypedColumns):
    """A trip; `during` is half open and null while the dates are unknown.

    `totals` are the per diem by currency, `exchange` what converts them into the estimate.
    `travel_facts` is canonical JSON of what a clerk recorded, `attendance` what training told.
    """

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    person_id: Named[UUID] = Column(Uuid, ForeignKey("person.id"))
    person_number: Named[int]
    nomination_id: Named[UUID | None] = Column(Uuid)
    event_id: Named[UUID | None] = Column(Uuid)
    programme_code: Named[str] = Column(Text)
    organisation: Named[str] = Column(Text)
    country: Named[str] = Column(Text)
    destination_country: Named[str | None] = Column(Text)
    destination_city: Named[str | None] = Column(Text)
    first_day: Named[date | None]
    last_day: Named[date | None]
    departs_at: Named[datetime | None] = Column(DateTime(timezone=True))
    returns_at: Named[datetime | None] = Column(DateTime(timezone=True))
    during: Named[Range[datetime] | None] = Column(TSTZRANGE)
    budget_line_code: Named[str | None] = Column(Text)
    synthetic: Named[bool]
    state: Named[str] = Column(Text)
    reason_code: Named[str | None] = Column(Text)
    reason: Named[str | None] = Column(Text)
    ruleset: Named[str | None] = Column(Text)
    revision: Named[int]
    estimate_amount: Named[Decimal | None] = Column(Numeric)
    estimate_currency: Named[str | None] = Column(Text)
    available_amount: Named[Decimal | None] = Column(Numeric)
    available_currency: Named[str | None] = Column(Text)
    totals: Named[Any | None] = Column(JSONB(none_as_null=True))
    exchange: Named[Any | None] = Column(JSONB(none_as_null=True))
    travel_facts: Named[str | None] = Column(Text)
    attendance: Named[str | None] = Column(Text)


class AllowanceCalculationColumns(TypedColumns):
    """One revision of a trip's per diem; snapshot and result are canonical JSON, kept as text."""

    trip_id: Named[UUID] = Column(Uuid, ForeignKey("trip.id"))
    revision: Named[int]
    ruleset: Named[str] = Column(Text)
    ruleset_version: Named[str] = Column(Text)
    amount: Named[Decimal] = Column(Numeric)
    currency: Named[str] = Column(Text)
    exchange: Named[Any | None] = Column(JSONB(none_as_null=True))
    snapshot: Named[str] = Column(Text)
    result: Named[str] = Column(Text)
    made_at: Named[datetime] = Column(DateTime(timezone=True))
    rate_sets: Named[list[str]] = Column(ARRAY(Text), server_default="{}")


class RateSetColumns(TypedColumns):
    """One dated edition of an authority's rates, with the SHA-256 of its rows."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    code: Named[str] = Column(Text)
    scheme: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    legal_reference: Named[str] = Column(Text)
    effective_from: Named[date | None]
    status: Named[str] = Column(Text)
    completeness: Named[str] = Column(Text)
    source: Named[str] = Column(Text)
    note: Named[str] = Column(Text)
    checksum: Named[str] = Column(Text)
    corrects: Named[str | None] = Column(
        Text, ForeignKey("rate_set.code", name="rate_set_corrects_known")
    )
    published_at: Named[datetime | None] = Column(DateTime(timezone=True))


class RateColumns(TypedColumns):
    """What one set allows for a country; `place` is empty for the country as a whole."""

    rate_set: Named[str] = Column(Text, ForeignKey("rate_set.code"))
    country: Named[str] = Column(Text)
    place: Named[str] = Column(Text)
    currency: Named[str] = Column(Text)
    allowance: Named[Decimal] = Column(Numeric(14, 2))
    lodging_limit: Named[Decimal | None] = Column(Numeric(14, 2))
    valid_from: Named[date]
    source: Named[str] = Column(Text)
    confidence: Named[str] = Column(Text)
    parts: Named[Any | None] = Column(JSONB(none_as_null=True))


class ProgrammePinColumns(TypedColumns):
    """The local copy of a programme's choices. `sequence` is the version of the original."""

    code: Named[str] = Column(Text, primary_key=True)
    sequence: Named[int]
    status: Named[str] = Column(Text)
    domestic: Named[str | None] = Column(Text)
    abroad: Named[str | None] = Column(Text)
    budget_line_code: Named[str | None] = Column(Text)
    contract_concluded_on: Named[date | None]
    rate_list: Named[str | None] = Column(Text)
    counting: Named[str] = Column(Text)
    domestic_legs: Named[str] = Column(Text, server_default="separate")
    several_countries: Named[str] = Column(Text, server_default="each_country")
    exchange_rule: Named[str | None] = Column(Text)
    call_opened_on: Named[date | None]
    unit_costs_opt_in: Named[bool] = Column(Boolean, server_default=false())
    compensation_percent: Named[int] = Column(Integer, server_default="150")


class ReleasedSeatColumns(TypedColumns):
    """A seat released before any trip was opened for it: no trip will be."""

    nomination_id: Named[UUID] = Column(Uuid, primary_key=True)
    event_id: Named[UUID] = Column(Uuid)
    reason: Named[str] = Column(Text)
    at: Named[datetime] = Column(DateTime(timezone=True))


def _gin(table: str) -> Index:
    return Index(f"{table}_by_audience", "audience", postgresql_using="gin")


person = Table(
    "person",
    metadata,
    PersonColumns,
    UniqueConstraint("number", name="person_number_taken"),
    UniqueConstraint("public_ref", name="person_reference_taken"),
    CheckConstraint(
        "role IN ('participant', 'expert', 'speaker', 'interpreter', 'facilitator')",
        name="person_is_no_victim",
    ),
    Index("person_by_organisation", "organisation", "id"),
    _gin("person"),
)
trip = Table(
    "trip",
    metadata,
    TripColumns,
    UniqueConstraint("nomination_id", name="trip_of_nomination_exists"),
    CheckConstraint("NOT isempty(during)", name="trip_takes_time"),
    CheckConstraint("estimate_amount >= 0", name="trip_estimate_not_negative"),
    ExcludeConstraint(
        (literal_column("int4range(person_number, person_number, '[]')"), "&&"),
        (literal_column("during"), "&&"),
        using="gist",
        where=text("state NOT IN ('cancelled', 'overlapping')"),
        name="trip_overlaps",
    ),
    Index("trip_by_programme", "programme_code", "state", "id"),
    Index("trip_by_event", "event_id"),
    Index("trip_by_person", "person_id"),
    Index(
        "trip_without_funds",
        "programme_code",
        "budget_line_code",
        postgresql_where=text("state = 'needs_funds'"),
    ),
    _gin("trip"),
)
allowance_calculation = Table(
    "allowance_calculation",
    metadata,
    AllowanceCalculationColumns,
    PrimaryKeyConstraint("trip_id", "revision"),
    CheckConstraint("amount >= 0", name="allowance_not_negative"),
    CheckConstraint("snapshot IS JSON OBJECT", name="allowance_snapshot_is_json"),
    CheckConstraint("result IS JSON OBJECT", name="allowance_result_is_json"),
    Index("allowance_by_rate_set", "rate_sets", postgresql_using="gin"),
)
rate_set = Table(
    "rate_set",
    metadata,
    RateSetColumns,
    UniqueConstraint("code", name="rate_set_code_taken"),
    Index("rate_set_by_scheme", "scheme", "effective_from"),
)
rate = Table(
    "rate",
    metadata,
    RateColumns,
    PrimaryKeyConstraint("rate_set", "country", "place", "valid_from"),
    CheckConstraint("allowance >= 0", name="rate_not_negative"),
)
programme_pin = Table("programme_pin", metadata, ProgrammePinColumns)
released_seat = Table("released_seat", metadata, ReleasedSeatColumns)
