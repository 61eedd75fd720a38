"""Cooperation: action plans, indicators, units, deliverables, counts of training.

Revision ID: 0002_expand_cooperation
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002_expand_cooperation"
down_revision = "0001b_expand_registers"
branch_labels = None
depends_on = None

_TABLES: Final = (
    "action_plan",
    "plan_action",
    "indicator",
    "indicator_value",
    "cooperation_unit",
    "deliverable",
    "training_count",
)


def upgrade() -> None:
    _action_plan()
    _plan_action()
    _indicator()
    _indicator_value()
    _cooperation_unit()
    _deliverable()
    _training_count()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    form = postgresql.JSON(none_as_null=True) if nullable else postgresql.JSON()
    return sa.Column(name, form, nullable=nullable)


def _part() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), sa.ForeignKey("programme.id"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _json("source", nullable=True),
    )


def _action_plan() -> None:
    op.create_table(
        "action_plan",
        *_part(),
        _text("country"),
        sa.Column("edition", sa.Integer(), nullable=False),
        _text("status"),
        sa.Column("planned_action_count", sa.Integer(), nullable=True),
        _json("areas"),
        sa.CheckConstraint(
            "status IN ('draft', 'agreed', 'in_force', 'revised', 'completed')", name="plan_status"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "country", "edition", name="action_plan_once"),
    )


def _plan_action() -> None:
    op.create_table(
        "plan_action",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("area"),
        _text("title"),
        _json("calendar"),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column("ste_count", sa.Integer(), nullable=True),
        sa.Column("ste_days", sa.Integer(), nullable=True),
        _text("expected_results", nullable=True),
        _text("status"),
        sa.Column("follow_up_of", sa.Integer(), nullable=True),
        _text("closing_reason", nullable=True),
        _json("source", nullable=True),
        sa.CheckConstraint(
            "least(participants, ste_count, ste_days) >= 0", name="planned_not_negative"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["action_plan.id"]),
        sa.PrimaryKeyConstraint("plan_id", "number", name="action_number_once"),
    )


def _indicator() -> None:
    op.create_table(
        "indicator",
        *_part(),
        _text("code"),
        _text("title"),
        _text("unit"),
        _text("basis"),
        sa.Column("baseline", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("target", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("aggregate_only", sa.Boolean(), nullable=False),
        sa.Column("smallest_cell", sa.Integer(), nullable=False),
        _json("periods"),
        _text("computed_from", nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "code", name="indicator_once"),
    )


def _indicator_value() -> None:
    op.create_table(
        "indicator_value",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("indicator_id", sa.Uuid(), nullable=False),
        _text("period"),
        sa.Column("value", sa.Numeric(precision=18, scale=4), nullable=False),
        _text("qualifier"),
        _text("basis"),
        _text("state"),
        _json("parts"),
        _text("note", nullable=True),
        _json("source", nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'pending', 'returned', 'approved')", name="indicator_value_state"
        ),
        sa.CheckConstraint("value >= 0", name="indicator_value_not_negative"),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "one_approved_value",
        "indicator_value",
        ["indicator_id", "period"],
        unique=True,
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.create_index("value_by_indicator", "indicator_value", ["indicator_id"], unique=False)


def _cooperation_unit() -> None:
    op.create_table(
        "cooperation_unit",
        *_part(),
        _text("name"),
        _text("region"),
        _json("founded"),
        _text("act_type"),
        _text("act_number", nullable=True),
        _json("act_on"),
        _text("act_edtf", nullable=True),
        _text("act_issuer", nullable=True),
        sa.Column("member_categories", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "name", name="cooperation_unit_once"),
    )
    op.create_index(
        "legal_act_once",
        "cooperation_unit",
        ["act_issuer", "act_number", "act_edtf"],
        unique=True,
        postgresql_where=sa.text("act_edtf IS NOT NULL"),
    )


def _deliverable() -> None:
    op.create_table(
        "deliverable",
        *_part(),
        _text("kind"),
        _text("title"),
        sa.Column("quantity", sa.Integer(), nullable=True),
        _text("status"),
        _json("due"),
        sa.CheckConstraint("quantity > 0", name="deliverable_quantity"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "kind", "title", name="deliverable_once"),
    )


def _training_count() -> None:
    op.create_table(
        "training_count",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        _text("programme_code"),
        _text("figure"),
        sa.Column("value", sa.Integer(), nullable=False),
        _text("basis"),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index(
        "training_count_by_figure", "training_count", ["programme_code", "figure"], unique=False
    )
