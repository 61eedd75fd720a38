"""Persons, trips, per-diem calculations, rate sets and the pins of programmes."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, ExcludeConstraint

from kit.db.migrations import create_kit_tables, drop_kit_tables, grant_runtime

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_kit_tables(op)  # type: ignore[arg-type]
    _create_person()
    _create_trip()
    _create_trip_indexes()
    _create_allowance_calculation()
    _create_rates()
    _create_programme_pin()
    _create_released_seat()
    grant_runtime(op, "participants", append_only=["allowance_calculation", "rate"])  # type: ignore[arg-type]


def downgrade() -> None:
    for table in (
        "released_seat",
        "programme_pin",
        "rate",
        "rate_set",
        "allowance_calculation",
        "trip",
        "person",
    ):
        op.drop_table(table)
    drop_kit_tables(op)  # type: ignore[arg-type]


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _texts(*names: str, null: bool = False) -> list[sa.Column[str]]:
    return [_text(name, null=null) for name in names]


def _uuid(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid, nullable=null)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _amount(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Numeric(14, 2), nullable=null)


def _instant(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _record() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.func.uuidv7()),
        _whole("version"),
        sa.Column("audience", ARRAY(sa.Text), nullable=False),
    ]


def _create_person() -> None:
    op.create_table(
        "person",
        *_record(),
        sa.Column("number", sa.Integer, sa.Identity(always=True), nullable=False),
        *_texts("public_ref", "role", "organisation", "country"),
        _text("unit_code", null=True),
        _text("origin"),
        _flag("synthetic"),
        sa.UniqueConstraint("number", name="person_number_taken"),
        sa.UniqueConstraint("public_ref", name="person_reference_taken"),
        sa.CheckConstraint(
            "role IN ('participant', 'expert', 'speaker', 'interpreter', 'facilitator')",
            name="person_is_no_victim",
        ),
    )
    op.create_index("person_by_organisation", "person", ["organisation", "id"])
    op.create_index("person_by_audience", "person", ["audience"], postgresql_using="gin")


def _create_trip() -> None:
    op.create_table(
        "trip",
        *_record(),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("person.id"), nullable=False),
        _whole("person_number"),
        _uuid("nomination_id", null=True),
        _uuid("event_id", null=True),
        *_texts("programme_code", "organisation", "country"),
        *_texts("destination_country", "destination_city", null=True),
        sa.Column("first_day", sa.Date),
        sa.Column("last_day", sa.Date),
        _instant("departs_at", null=True),
        _instant("returns_at", null=True),
        sa.Column("during", TSTZRANGE),
        _text("budget_line_code", null=True),
        _flag("synthetic"),
        _text("state"),
        *_texts("reason_code", "reason", "ruleset", null=True),
        _whole("revision"),
        _amount("estimate_amount", null=True),
        _text("estimate_currency", null=True),
        _amount("available_amount", null=True),
        _text("available_currency", null=True),
        sa.UniqueConstraint("nomination_id", name="trip_of_nomination_exists"),
        sa.CheckConstraint("NOT isempty(during)", name="trip_takes_time"),
        sa.CheckConstraint("estimate_amount >= 0", name="trip_estimate_not_negative"),
        ExcludeConstraint(
            (sa.literal_column("int4range(person_number, person_number, '[]')"), "&&"),
            (sa.literal_column("during"), "&&"),
            using="gist",
            where=sa.text("state NOT IN ('cancelled', 'overlapping')"),
            name="trip_overlaps",
        ),
    )


def _create_trip_indexes() -> None:
    op.create_index("trip_by_programme", "trip", ["programme_code", "state", "id"])
    op.create_index("trip_by_event", "trip", ["event_id"])
    op.create_index("trip_by_person", "trip", ["person_id"])
    op.create_index(
        "trip_without_funds",
        "trip",
        ["programme_code", "budget_line_code"],
        postgresql_where=sa.text("state = 'needs_funds'"),
    )
    op.create_index("trip_by_audience", "trip", ["audience"], postgresql_using="gin")


def _create_allowance_calculation() -> None:
    op.create_table(
        "allowance_calculation",
        sa.Column("trip_id", sa.Uuid, sa.ForeignKey("trip.id"), nullable=False),
        _whole("revision"),
        *_texts("ruleset", "ruleset_version"),
        _amount("amount"),
        *_texts("currency", "snapshot", "result"),
        _instant("made_at"),
        sa.PrimaryKeyConstraint("trip_id", "revision"),
        sa.CheckConstraint("amount >= 0", name="allowance_not_negative"),
        sa.CheckConstraint("snapshot IS JSON OBJECT", name="allowance_snapshot_is_json"),
        sa.CheckConstraint("result IS JSON OBJECT", name="allowance_result_is_json"),
    )


def _create_rates() -> None:
    op.create_table(
        "rate_set",
        *_record(),
        *_texts("code", "scheme", "title", "legal_reference"),
        sa.Column("effective_from", sa.Date),
        *_texts("status", "completeness", "source", "note", "checksum"),
        sa.UniqueConstraint("code", name="rate_set_code_taken"),
    )
    op.create_index("rate_set_by_scheme", "rate_set", ["scheme", "effective_from"])
    op.create_table(
        "rate",
        sa.Column("rate_set", sa.Text, sa.ForeignKey("rate_set.code"), nullable=False),
        *_texts("country", "place", "currency"),
        _amount("allowance"),
        _amount("lodging_limit", null=True),
        sa.Column("valid_from", sa.Date, nullable=False),
        *_texts("source", "confidence"),
        sa.PrimaryKeyConstraint("rate_set", "country", "place", "valid_from"),
        sa.CheckConstraint("allowance >= 0", name="rate_not_negative"),
    )


def _create_programme_pin() -> None:
    op.create_table(
        "programme_pin",
        sa.Column("code", sa.Text, primary_key=True),
        _whole("sequence"),
        _text("status"),
        *_texts("domestic", "abroad", "budget_line_code", null=True),
        sa.Column("contract_concluded_on", sa.Date),
        _text("rate_list", null=True),
        _text("counting"),
    )


def _create_released_seat() -> None:
    op.create_table(
        "released_seat",
        sa.Column("nomination_id", sa.Uuid, primary_key=True),
        _uuid("event_id"),
        _text("reason"),
        _instant("at"),
    )
