"""Cooperation: instruments, topics, country groups, components, governance, participation.

Revision ID: 0001b_expand_registers
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kit.db.migrations import keep_append_only

revision = "0001b_expand_registers"
down_revision = "0001_expand_initial"
branch_labels = None
depends_on = None

_TABLES: Final = (
    "instrument",
    "topic",
    "topic_mapping",
    "country_group",
    "organisation_status",
    "component",
    "topic_lead",
    "bilateral_partnership",
    "governance_body",
    "governance_meeting",
    "decision",
    "participation_status",
)


def upgrade() -> None:
    _instrument()
    _topic()
    _topic_mapping()
    _country_group()
    _organisation_status()
    _component()
    _topic_lead()
    _bilateral_partnership()
    _governance_body()
    _governance_meeting()
    _decision()
    _participation_status()
    _programme()
    for table in ("decision", "participation_status"):
        keep_append_only(op, "programmes", table)  # type: ignore[arg-type]


def downgrade() -> None:
    op.drop_column("programme", "implementer_types")
    op.drop_column("programme", "instrument")
    for table in reversed(_TABLES):
        op.drop_table(table)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    form = postgresql.JSON(none_as_null=True) if nullable else postgresql.JSON()
    return sa.Column(name, form, nullable=nullable)


def _record() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def _part() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), sa.ForeignKey("programme.id"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _json("source", nullable=True),
    )


def _programme() -> None:
    code = sa.Column("instrument", sa.Text(), sa.ForeignKey("instrument.code"), nullable=True)
    kinds: sa.Column[list[str]] = sa.Column(
        "implementer_types", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
    )
    op.add_column("programme", code)
    op.add_column("programme", kinds)


def _instrument() -> None:
    op.create_table(
        "instrument",
        *_record(),
        _text("code"),
        _text("title"),
        _text("legal_basis", nullable=True),
        _json("adopted"),
        _json("valid_from"),
        _json("valid_to"),
        _text("replaces", nullable=True),
        _json("source"),
        sa.ForeignKeyConstraint(["replaces"], ["instrument.code"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name="instrument_once"),
    )


def _topic() -> None:
    op.create_table(
        "topic",
        *_record(),
        _text("scheme"),
        _text("code"),
        _text("title"),
        _text("description", nullable=True),
        sa.Column("group", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("keywords", postgresql.ARRAY(sa.Text()), nullable=False),
        _json("source"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("scheme", "code", name="topic_once"),
    )


def _topic_mapping() -> None:
    op.create_table(
        "topic_mapping",
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        _text("relation"),
        sa.CheckConstraint(
            "relation IN ('exact', 'broader', 'narrower', 'related')", name="topic_mapping_relation"
        ),
        sa.ForeignKeyConstraint(["from_id"], ["topic.id"]),
        sa.ForeignKeyConstraint(["to_id"], ["topic.id"]),
        sa.PrimaryKeyConstraint("from_id", "to_id", name="topic_mapping_once"),
    )


def _country_group() -> None:
    op.create_table(
        "country_group",
        *_record(),
        _text("code"),
        _text("title"),
        _json("stated", nullable=True),
        sa.Column("regions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("members", postgresql.ARRAY(sa.Text()), nullable=False),
        _json("source"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code", name="country_group_once"),
    )


def _organisation_status() -> None:
    op.create_table(
        "organisation_status",
        _text("organisation"),
        _text("status"),
        _json("valid_from"),
        _json("source"),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.code"]),
        sa.PrimaryKeyConstraint("organisation", "status", name="organisation_status_once"),
    )


def _component() -> None:
    op.create_table(
        "component",
        *_part(),
        _text("code"),
        _text("title"),
        _text("description", nullable=True),
        sa.Column("planned_project_count", sa.Integer(), nullable=True),
        sa.Column("all_beneficiaries", sa.Boolean(), nullable=True),
        _text("topic_scheme", nullable=True),
        _text("note", nullable=True),
        sa.CheckConstraint("planned_project_count > 0", name="component_projects"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "code", name="component_once"),
    )


def _topic_lead() -> None:
    op.create_table(
        "topic_lead",
        *_part(),
        _text("component"),
        _text("topic_scheme"),
        _text("topic"),
        _text("organisation", nullable=True),
        _text("country", nullable=True),
        _text("reason", nullable=True),
        sa.Column("duties", postgresql.ARRAY(sa.Text()), nullable=False),
        _text("note", nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(organisation, country, reason) = 1", name="topic_lead_or_reason"
        ),
        sa.ForeignKeyConstraint(["organisation"], ["organisation.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "topic_lead_once", "topic_lead", ["programme_id", "component", "topic"], unique=True
    )


def _bilateral_partnership() -> None:
    op.create_table(
        "bilateral_partnership",
        *_part(),
        _text("country"),
        _text("partner"),
        _text("instrument"),
        _json("signed"),
        _text("status"),
        sa.CheckConstraint("status IN ('active', 'ended')", name="partnership_status"),
        sa.ForeignKeyConstraint(["partner"], ["organisation.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "one_partnership_per_country",
        "bilateral_partnership",
        ["programme_id", "country"],
        unique=True,
        postgresql_where=sa.text("status = 'active'"),
    )


def _governance_body() -> None:
    op.create_table(
        "governance_body",
        *_part(),
        _text("code"),
        _text("name"),
        _text("kind"),
        _text("frequency", nullable=True),
        sa.Column("meetings_per_year", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "code", name="body_once"),
    )


def _governance_meeting() -> None:
    op.create_table(
        "governance_meeting",
        *_part(),
        _text("body"),
        _text("edtf"),
        _json("on_date"),
        _text("city", nullable=True),
        _text("country", nullable=True),
        _text("status"),
        sa.CheckConstraint("status IN ('planned', 'held', 'cancelled')", name="meeting_status"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "body", "edtf", name="meeting_once"),
    )


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        _text("decided_by"),
        _json("taken_on"),
        _text("text"),
        _json("effects"),
        sa.Column("meeting", sa.Uuid(), nullable=True),
        _json("source", nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("btrim(text) <> ''", name="decision_has_text"),
        sa.ForeignKeyConstraint(["meeting"], ["governance_meeting.id"]),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decision_by_programme", "decision", ["programme_id"], unique=False)


def _participation_status() -> None:
    op.create_table(
        "participation_status",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        _text("country"),
        sa.Column("seq", sa.Integer(), nullable=False),
        _text("status"),
        _json("valid_from"),
        _text("decided_by", nullable=True),
        _text("decision_text", nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        _json("scope", nullable=True),
        _json("source", nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'readmitted_partial') = (scope IS NOT NULL)", name="participation_scope_fits"
        ),
        sa.CheckConstraint(
            "status IN ('active', 'suspended', 'readmitted_partial', 'withdrawn')",
            name="participation_known",
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "country", "seq", name="participation_seq_once"),
    )
