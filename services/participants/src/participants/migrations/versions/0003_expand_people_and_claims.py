"""People under keys of their own, the access log, claims, advances, settlements, payment files."""

from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kit.db.migrations import keep_append_only

revision = "0003"
down_revision = "0002"

_TABLES: Final = (
    "person_key", "person_standing", "identity", "identity_document", "bank_account",
    "affiliation", "access_log", "dedupe_key", "duplicate_proposal", "person_merge",
    "erasure_certificate", "claim", "claim_item", "advance", "payment_file", "settlement",
)  # fmt: skip
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


def _columns(kind: sa.types.TypeEngine[Any], *names: str, null: bool = False) -> list[Any]:
    return [sa.Column(name, kind, nullable=null) for name in names]


_amount: Final = partial(_columns, sa.Numeric(precision=14, scale=2))
_day: Final = partial(_columns, sa.Date())
_flag: Final = partial(_columns, sa.Boolean())
_instant: Final = partial(_columns, sa.DateTime(timezone=True))
_sealed: Final = partial(_columns, sa.LargeBinary())
_text: Final = partial(_columns, sa.Text())
_uuid: Final = partial(_columns, sa.Uuid())
_whole: Final = partial(_columns, sa.Integer())


def _create_person_key() -> None:
    op.create_table(
        "person_key",
        *_uuid("person_id"),
        *_text("version"),
        *_sealed("wrapped"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )


def _create_person_standing() -> None:
    op.create_table(
        "person_standing",
        *_uuid("person_id"),
        *_text("hold", null=True),
        *_instant("held_at", "erased_at", null=True),
        *_uuid("merged_into", null=True),
        sa.ForeignKeyConstraint(["merged_into"], ["person.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )


def _create_identity() -> None:
    op.create_table(
        "identity",
        *_uuid("person_id"),
        *_sealed("family_name", "given_names"),
        *_sealed("birth_date", "nationality", "email", "phone", null=True),
        *_sealed("name_index"),
        *_sealed("email_index", null=True),
        *_day("recorded_on"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_index("identity_by_email", "identity", ["email_index"], unique=False)
    op.create_index("identity_by_name", "identity", ["name_index"], unique=False)


def _create_identity_document() -> None:
    op.create_table(
        "identity_document",
        *_uuid("id", "person_id"),
        *_text("kind"),
        *_sealed("number", "issuer"),
        *_sealed("expires_on", null=True),
        *_sealed("number_index"),
        sa.CheckConstraint(
            "kind IN ('passport', 'identity_card', 'service_passport')",
            name="identity_document_kind",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "kind", name="identity_document_of_kind"),
    )
    op.create_index(
        "identity_document_by_number", "identity_document", ["number_index"], unique=False
    )


def _create_bank_account() -> None:
    op.create_table(
        "bank_account",
        *_uuid("id", "person_id"),
        *_sealed("holder", "iban"),
        *_sealed("bic", null=True),
        *_sealed("hint", "iban_index"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", name="bank_account_of_person"),
    )
    op.create_index("bank_account_by_iban", "bank_account", ["iban_index"], unique=False)


def _create_affiliation() -> None:
    op.create_table(
        "affiliation",
        *_uuid("id", "person_id"),
        *_whole("person_number"),
        *_text("organisation"),
        *_text("unit_code", null=True),
        *_sealed("rank", "function", null=True),
        *_day("valid_from"),
        *_day("valid_to", null=True),
        postgresql.ExcludeConstraint(
            (sa.literal_column("int4range(person_number, person_number, '[]')"), "&&"),
            (sa.literal_column("daterange(valid_from, valid_to, '[)')"), "&&"),
            using="gist",
            name="affiliation_overlaps",
        ),
        sa.CheckConstraint("valid_to > valid_from", name="affiliation_takes_time"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "affiliation_by_person", "affiliation", ["person_id", "valid_from"], unique=False
    )


def _create_access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *_instant("at"),
        *_uuid("person_id"),
        *_text("client", "subject", "organisation", "operation", "fields", "purpose"),
        *_text("case_ref", null=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("access_log_by_person", "access_log", ["person_id", "id"], unique=False)


def _create_dedupe_key() -> None:
    op.create_table(
        "dedupe_key",
        *_uuid("person_id"),
        *_text("kind"),
        *_sealed("key"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id", "kind", "key"),
    )
    op.create_index("dedupe_key_by_key", "dedupe_key", ["kind", "key"], unique=False)


def _create_duplicate_proposal() -> None:
    op.create_table(
        "duplicate_proposal",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        *_whole("version"),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        *_uuid("one", "other"),
        *_text("grounds", "state"),
        *_text("decided_by", null=True),
        sa.CheckConstraint("one < other", name="duplicate_proposal_in_order"),
        sa.ForeignKeyConstraint(["one"], ["person.id"]),
        sa.ForeignKeyConstraint(["other"], ["person.id"]),
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
        *_uuid("id", "survivor", "merged"),
        sa.Column("trips", postgresql.ARRAY(sa.Uuid()), nullable=False),
        *_text("by"),
        *_instant("at"),
        sa.ForeignKeyConstraint(["merged"], ["person.id"]),
        sa.ForeignKeyConstraint(["survivor"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("merged", name="person_merged_once"),
    )


def _create_erasure_certificate() -> None:
    op.create_table(
        "erasure_certificate",
        *_uuid("id", "person_id"),
        *_text("public_ref", "ground", "by"),
        *_instant("at"),
        *_text("stores", "digest"),
        sa.CheckConstraint("stores IS JSON ARRAY", name="erasure_stores_are_json"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", name="person_erased_once"),
    )


def _create_claim() -> None:
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        *_whole("version"),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        *_uuid("trip_id", "person_id"),
        *_whole("person_number"),
        *_text("programme_code"),
        *_text("budget_line_code", null=True),
        *_whole("revision"),
        *_text("state"),
        sa.Column("days", postgresql.DATERANGE(), nullable=True),
        *_text("currency"),
        *_amount("declared"),
        *_amount("certified", "deducted", "parked", null=True),
        *_text("declared_by"),
        *_text("checked_by", "override", null=True),
        *_flag("synthetic"),
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
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"]),
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
        *_uuid("claim_id"),
        *_whole("number"),
        *_day("day"),
        *_text("kind"),
        *_amount("declared"),
        *_amount("certified", "deducted", "parked", null=True),
        *_text("reason", null=True),
        sa.CheckConstraint("certified + deducted + parked = declared", name="claim_item_adds_up"),
        sa.CheckConstraint(
            "certified >= 0 AND deducted >= 0 AND parked >= 0", name="claim_item_not_negative"
        ),
        sa.CheckConstraint("declared > 0", name="claim_item_asks_something"),
        sa.CheckConstraint(
            "deducted + parked = 0 OR reason IS NOT NULL", name="claim_item_deduction_has_reason"
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"]),
        sa.PrimaryKeyConstraint("claim_id", "number"),
    )


def _create_advance() -> None:
    op.create_table(
        "advance",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        *_whole("version"),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        *_uuid("trip_id", "person_id"),
        *_amount("amount"),
        *_text("currency"),
        *_amount("cleared"),
        *_text("state", "asked_by"),
        *_text("approved_by", null=True),
        *_day("paid_on", null=True),
        sa.CheckConstraint("amount > 0", name="advance_gives_something"),
        sa.CheckConstraint(
            "cleared >= 0 AND cleared <= amount", name="advance_cleared_at_most_given"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"]),
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
        *_whole("version"),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        *_text("payer", "payer_name", "payer_iban"),
        *_text("payer_bic", null=True),
        *_text("currency"),
        *_whole("payments"),
        *_amount("total"),
        *_day("executes_on"),
        *_text("made_by"),
        *_instant("made_at"),
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
        *_whole("version"),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        *_uuid("claim_id", "trip_id", "person_id"),
        *_text("programme_code"),
        *_text("budget_line_code", null=True),
        *_text("payer", "currency"),
        *_amount("certified", "advanced", "payable", "to_return"),
        *_text("state", "authorised_by"),
        *_text("override", null=True),
        *_uuid("payment_file_id", null=True),
        *_day("paid_on", null=True),
        sa.CheckConstraint("certified + to_return = advanced + payable", name="settlement_adds_up"),
        sa.CheckConstraint("payable >= 0 AND to_return >= 0", name="settlement_not_negative"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"]),
        sa.ForeignKeyConstraint(["payment_file_id"], ["payment_file.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["trip_id"], ["trip.id"]),
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
