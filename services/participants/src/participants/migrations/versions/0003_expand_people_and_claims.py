"""People under keys of their own, the access log, claims, advances, settlements, payment files."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kit.db.migrations import keep_append_only

revision = "0003"
down_revision = "0002"

_TABLES: Final = (
    "person_key",
    "person_standing",
    "identity",
    "identity_document",
    "bank_account",
    "affiliation",
    "access_log",
    "dedupe_key",
    "duplicate_proposal",
    "person_merge",
    "erasure_certificate",
    "claim",
    "claim_item",
    "advance",
    "payment_file",
    "settlement",
)
_APPEND_ONLY: Final = ("access_log", "person_merge", "erasure_certificate")


def upgrade() -> None:
    _create_person_key()
    _create_person_standing()
    _create_identity()
    _create_identity_document()
    _create_bank_account()
    _create_affiliation()
    _create_access_log()
    _create_dedupe_key()
    _create_duplicate_proposal()
    _create_person_merge()
    _create_erasure_certificate()
    _create_claim()
    _create_claim_item()
    _create_advance()
    _create_payment_file()
    _create_settlement()
    for table in _APPEND_ONLY:
        keep_append_only(op, "participants", table)  # type: ignore[arg-type]


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_person_key() -> None:
    op.create_table(
        "person_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
    )


def _create_person_standing() -> None:
    op.create_table(
        "person_standing",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hold", sa.Text(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
    )


def _create_identity() -> None:
    op.create_table(
        "identity",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("family_name", sa.LargeBinary(), nullable=False),
        sa.Column("given_names", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.LargeBinary(), nullable=True),
        sa.Column("nationality", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("name_index", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_index("identity_by_email", "identity", ["email_index"], unique=False)
    op.create_index("identity_by_name", "identity", ["name_index"], unique=False)


def _create_identity_document() -> None:
    op.create_table(
        "identity_document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("issuer", sa.LargeBinary(), nullable=False),
        sa.Column("expires_on", sa.LargeBinary(), nullable=True),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('passport', 'identity_card', 'service_passport')",
            name="identity_document_kind",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "kind", name="identity_document_of_kind"),
    )
    op.create_index(
        "identity_document_by_number", "identity_document", ["number_index"], unique=False
    )


def _create_bank_account() -> None:
    op.create_table(
        "bank_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=False),
        sa.Column("iban", sa.LargeBinary(), nullable=False),
        sa.Column("bic", sa.LargeBinary(), nullable=True),
        sa.Column("hint", sa.LargeBinary(), nullable=False),
        sa.Column("iban_index", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", name="bank_account_of_person"),
    )
    op.create_index("bank_account_by_iban", "bank_account", ["iban_index"], unique=False)


def _create_affiliation() -> None:
    op.create_table(
        "affiliation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_number", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=True),
        sa.Column("rank", sa.LargeBinary(), nullable=True),
        sa.Column("function", sa.LargeBinary(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.literal_column("int4range(person_number, person_number, '[]')"), "&&"),
            (sa.literal_column("daterange(valid_from, valid_to, '[)')"), "&&"),
            using="gist",
            name="affiliation_overlaps",
        ),
        sa.CheckConstraint("valid_to > valid_from", name="affiliation_takes_time"),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "affiliation_by_person", "affiliation", ["person_id", "valid_from"], unique=False
    )


def _create_access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("case_ref", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("access_log_by_person", "access_log", ["person_id", "id"], unique=False)


def _create_dedupe_key() -> None:
    op.create_table(
        "dedupe_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", "key"),
    )
    op.create_index("dedupe_key_by_key", "dedupe_key", ["kind", "key"], unique=False)


def _create_duplicate_proposal() -> None:
    op.create_table(
        "duplicate_proposal",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("one", sa.Uuid(), nullable=False),
        sa.Column("other", sa.Uuid(), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.CheckConstraint("one < other", name="duplicate_proposal_in_order"),
        sa.ForeignKeyConstraint(
            ["one"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["other"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("one", "other", name="duplicate_proposal_of_pair"),
    )
    op.create_index(
        "duplicate_proposal_open",
        "duplicate_proposal",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'proposed'"),
    )


def _create_person_merge() -> None:
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survivor", sa.Uuid(), nullable=False),
        sa.Column("merged", sa.Uuid(), nullable=False),
        sa.Column("trips", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["survivor"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("merged", name="person_merged_once"),
    )


def _create_erasure_certificate() -> None:
    op.create_table(
        "erasure_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("public_ref", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stores", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("stores IS JSON ARRAY", name="erasure_stores_are_json"),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", name="person_erased_once"),
    )


def _create_claim() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("trip_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("person_number", sa.Integer(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("budget_line_code", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("days", postgresql.DATERANGE(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("declared", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("certified", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("deducted", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("parked", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("declared_by", sa.Text(), nullable=False),
        sa.Column("checked_by", sa.Text(), nullable=True),
        sa.Column("override", sa.Text(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.literal_column("int4range(person_number, person_number, '[]')"), "&&"),
            (sa.literal_column("days"), "&&"),
            where=sa.text("state <> 'rejected'"),
            using="gist",
            name="day_already_paid",
        ),
        sa.CheckConstraint("certified + deducted + parked = declared", name="claim_adds_up"),
        sa.CheckConstraint("certified <= declared", name="claim_certified_at_most_declared"),
        sa.CheckConstraint("declared > 0", name="claim_asks_something"),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["trip_id"],
            ["trip.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("trip_id", "revision", name="claim_of_trip_exists"),
    )
    op.create_index(
        "claim_by_audience", "claim", ["audience"], unique=False, postgresql_using="gin"
    )
    op.create_index("claim_by_person", "claim", ["person_id"], unique=False)


def _create_claim_item() -> None:
    op.create_table(
        "claim_item",
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("declared", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("certified", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("deducted", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("parked", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("certified + deducted + parked = declared", name="claim_item_adds_up"),
        sa.CheckConstraint(
            "certified >= 0 AND deducted >= 0 AND parked >= 0", name="claim_item_not_negative"
        ),
        sa.CheckConstraint("declared > 0", name="claim_item_asks_something"),
        sa.CheckConstraint(
            "deducted + parked = 0 OR reason IS NOT NULL", name="claim_item_deduction_has_reason"
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["claim.id"],
        ),
        sa.PrimaryKeyConstraint("claim_id", "number"),
    )


def _create_advance() -> None:
    op.create_table(
        "advance",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("trip_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("cleared", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.CheckConstraint("amount > 0", name="advance_gives_something"),
        sa.CheckConstraint(
            "cleared >= 0 AND cleared <= amount", name="advance_cleared_at_most_given"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["trip_id"],
            ["trip.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "advance_by_audience", "advance", ["audience"], unique=False, postgresql_using="gin"
    )
    op.create_index("advance_by_person", "advance", ["person_id"], unique=False)
    op.create_index(
        "advance_of_trip_exists",
        "advance",
        ["trip_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'refused'"),
    )


def _create_payment_file() -> None:
    op.create_table(
        "payment_file",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("payer_name", sa.Text(), nullable=False),
        sa.Column("payer_iban", sa.Text(), nullable=False),
        sa.Column("payer_bic", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("payments", sa.Integer(), nullable=False),
        sa.Column("total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("executes_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("payments > 0 AND total > 0", name="payment_file_pays"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "payment_file_by_audience",
        "payment_file",
        ["audience"],
        unique=False,
        postgresql_using="gin",
    )


def _create_settlement() -> None:
    op.create_table(
        "settlement",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("trip_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("budget_line_code", sa.Text(), nullable=True),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("certified", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("advanced", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("payable", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("to_return", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("authorised_by", sa.Text(), nullable=False),
        sa.Column("override", sa.Text(), nullable=True),
        sa.Column("payment_file_id", sa.Uuid(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.CheckConstraint("certified + to_return = advanced + payable", name="settlement_adds_up"),
        sa.CheckConstraint("payable >= 0 AND to_return >= 0", name="settlement_not_negative"),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["claim.id"],
        ),
        sa.ForeignKeyConstraint(
            ["payment_file_id"],
            ["payment_file.id"],
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["trip_id"],
            ["trip.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("claim_id", name="settlement_of_claim_exists"),
    )
    op.create_index(
        "settlement_by_audience", "settlement", ["audience"], unique=False, postgresql_using="gin"
    )
    op.create_index("settlement_by_file", "settlement", ["payment_file_id"], unique=False)
    op.create_index("settlement_by_person", "settlement", ["person_id"], unique=False)
    op.create_index(
        "settlement_to_pay",
        "settlement",
        ["payer", "currency"],
        unique=False,
        postgresql_where=sa.text("state = 'settled'"),
    )
