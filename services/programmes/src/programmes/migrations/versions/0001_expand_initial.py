"""First tables: organisations, sources, programmes with their parts, budget lines, commitments.

Revision ID: 0001_expand_initial
"""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kit.db.migrations import create_kit_tables, drop_kit_tables, grant_runtime

revision = "0001_expand_initial"
down_revision = None
branch_labels = None
depends_on = None

_TABLES: Final = (
    "organisation",
    "programme",
    "source_document",
    "budget_figure",
    "budget_line",
    "milestone",
    "programme_country",
    "programme_identifier",
    "programme_partner",
    "programme_relation",
    "commitment",
)


def upgrade() -> None:
    create_kit_tables(op)  # type: ignore[arg-type]
    op.execute('CREATE TYPE textrange AS RANGE (subtype = text, collation = "C")')
    _organisation()
    _programme()
    _source_document()
    _budget_figure()
    _budget_line()
    _milestone()
    _programme_country()
    _programme_identifier()
    _programme_partner()
    _programme_relation()
    _commitment()
    grant_runtime(op, "programmes")  # type: ignore[arg-type]


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.execute("DROP TYPE textrange")
    drop_kit_tables(op)  # type: ignore[arg-type]


def _organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("aliases", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("source", postgresql.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="organisation_country"),
        sa.ForeignKeyConstraint(["parent"], ["organisation.code"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name="organisation_code_once"),
    )


def _programme() -> None:
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_qualifier", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("starts", postgresql.JSON(), nullable=False),
        sa.Column("ends", postgresql.JSON(), nullable=False),
        sa.Column("ends_derived", postgresql.JSON(none_as_null=True), nullable=True),
        sa.Column("starts_from", sa.Date(), nullable=True),
        sa.Column("ends_to", sa.Date(), nullable=True),
        sa.Column("duration_months", sa.Integer(), nullable=True),
        sa.Column("contract_concluded_on", sa.Date(), nullable=True),
        sa.Column("rulesets", postgresql.JSON(), nullable=False),
        sa.Column("per_diem_line", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("objectives", postgresql.JSON(), nullable=False),
        sa.Column("target_groups", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("funding_rules", postgresql.JSON(none_as_null=True), nullable=True),
        sa.Column("counts", postgresql.JSON(), nullable=False),
        sa.Column("citations", postgresql.JSON(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'approved', 'contracted', 'active', 'suspended', 'completed',"
            " 'closed', 'cancelled')",
            name="programme_status",
        ),
        sa.CheckConstraint("duration_months > 0", name="programme_lasts"),
        sa.CheckConstraint("ends_to >= starts_from", name="programme_ends_after_start"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name="programme_code_once"),
    )
    op.create_index(
        "programme_audience", "programme", ["audience"], unique=False, postgresql_using="gin"
    )


def _source_document() -> None:
    op.create_table(
        "source_document",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published", postgresql.JSON(), nullable=False),
        sa.Column("retrieved", postgresql.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name="source_code_once"),
    )


def _budget_figure() -> None:
    op.create_table(
        "budget_figure",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("amount_published", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("rate", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("qualifier", sa.Text(), nullable=False),
        sa.Column("quality_flags", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("amount_suggested", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("suggestion_basis", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("source", postgresql.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "qualifier <> 'not_stated' OR num_nonnulls(amount_published, amount, rate) = 0",
            name="figure_is_not_stated",
        ),
        sa.CheckConstraint(
            "qualifier IN ('derived', 'not_stated') OR num_nulls(amount_published, currency) = 0",
            name="figure_is_stated",
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "figure_once",
        "budget_figure",
        ["programme_id", "kind", "document"],
        unique=True,
        postgresql_where=sa.text("qualifier <> 'derived'"),
    )


def _budget_line() -> None:
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("committed", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name="budget_line_state"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="budget_line_currency"),
        sa.CheckConstraint("committed BETWEEN 0 AND amount", name="committed_within_amount"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "code", name="budget_line_once"),
    )


def _milestone() -> None:
    op.create_table(
        "milestone",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("edtf", sa.Text(), nullable=False),
        sa.Column("on_date", postgresql.JSON(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("source", postgresql.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("programme_id", "kind", "edtf", name="milestone_once"),
    )


def _programme_country() -> None:
    op.create_table(
        "programme_country",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("source", postgresql.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="programme_country_code"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("programme_id", "country", "role", name="country_role_once"),
    )
    op.create_index("programme_by_country", "programme_country", ["country"], unique=False)


def _programme_identifier() -> None:
    op.create_table(
        "programme_identifier",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("scheme", "value", name="identifier_once"),
    )
    op.create_index(
        "identifier_by_programme", "programme_identifier", ["programme_id"], unique=False
    )
    op.create_index("identifier_by_value", "programme_identifier", ["value"], unique=False)


def _programme_partner() -> None:
    op.create_table(
        "programme_partner",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("valid_from", postgresql.JSON(), nullable=False),
        sa.Column("valid_to", postgresql.JSON(), nullable=False),
        sa.Column("during", postgresql.DATERANGE(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("source", postgresql.JSON(none_as_null=True), nullable=True),
        postgresql.ExcludeConstraint(
            (
                sa.text(
                    "textrange(programme_id::text || '/' || coalesce(organisation, country) || '/'"
                    " || role || '/' || scope, programme_id::text || '/'"
                    " || coalesce(organisation, country) || '/' || role || '/' || scope, '[]')"
                ),
                "&&",
            ),
            (sa.column("during"), "&&"),
            using="gist",
            name="partner_role_once",
        ),
        postgresql.ExcludeConstraint(
            (sa.text("textrange(programme_id::text, programme_id::text, '[]')"), "&&"),
            (sa.column("during"), "&&"),
            where=sa.text("role = 'lead'"),
            using="gist",
            name="one_lead_at_a_time",
        ),
        sa.CheckConstraint("num_nonnulls(organisation, country) = 1", name="partner_is_one_party"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.code"]),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("partner_by_country", "programme_partner", ["country"], unique=False)
    op.create_index("partner_by_programme", "programme_partner", ["programme_id"], unique=False)


def _programme_relation() -> None:
    op.create_table(
        "programme_relation",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("source", postgresql.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("programme_id <> to_id", name="relation_to_another"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.ForeignKeyConstraint(["to_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("programme_id", "type", "to_id", name="relation_once"),
    )
    op.create_index("relation_by_target", "programme_relation", ["to_id"], unique=False)


def _commitment() -> None:
    op.create_table(
        "commitment",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trip_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("programme_code", sa.Text(), nullable=False),
        sa.Column("line_code", sa.Text(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("available", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("available_currency", sa.Text(), nullable=True),
        sa.CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refusal_has_reason"),
        sa.CheckConstraint("state = 'refused' OR line_id IS NOT NULL", name="commitment_has_line"),
        sa.CheckConstraint(
            "state IN ('committed', 'refused', 'replaced', 'released')", name="commitment_state"
        ),
        sa.CheckConstraint("amount >= 0", name="commitment_not_negative"),
        sa.ForeignKeyConstraint(["line_id"], ["budget_line.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("trip_id", "revision", name="commitment_once"),
    )
    op.create_index("commitment_by_line", "commitment", ["line_id", "id"], unique=False)
    op.create_index(
        "one_commitment_per_trip",
        "commitment",
        ["trip_id"],
        unique=True,
        postgresql_where=sa.text("state = 'committed'"),
    )
