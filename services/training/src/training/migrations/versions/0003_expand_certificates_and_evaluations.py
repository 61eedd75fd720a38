"""Certificates, questionnaires with anonymous answers, and test scores."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kit.db.migrations import keep_append_only

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _create_certificate()
    _create_questionnaire()
    _create_evaluation_ticket()
    _create_evaluation_answer()
    _create_test_score()
    keep_append_only(op, "training", "test_score")  # type: ignore[arg-type]


def downgrade() -> None:
    for table in (
        "test_score",
        "evaluation_answer",
        "evaluation_ticket",
        "questionnaire",
        "certificate",
    ):
        op.drop_table(table)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _record() -> list[sa.Column[Any]]:
    return [
        _id(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("audience", ARRAY(sa.Text), nullable=False),
    ]


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.func.uuidv7())


def _of(name: str, target: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid, sa.ForeignKey(target), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _instant(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _create_certificate() -> None:
    op.create_table(
        "certificate",
        *_record(),
        _of("nomination_id", "nomination.id"),
        _of("event_id", "training_event.id"),
        _text("organisation"),
        _text("code"),
        sa.Column("attested", JSONB, nullable=False),
        _instant("issued_at"),
        _instant("revoked_at", null=True),
        _text("reason", null=True),
        _flag("synthetic"),
        sa.UniqueConstraint("code", name="certificate_code_key"),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (reason IS NULL)", name="certificate_revoked_why"
        ),
    )
    op.create_index(
        "certificate_exists",
        "certificate",
        ["nomination_id"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index("certificate_by_event", "certificate", ["event_id", "id"])
    op.create_index("certificate_by_audience", "certificate", ["audience"], postgresql_using="gin")


def _create_questionnaire() -> None:
    op.create_table(
        "questionnaire",
        *_record(),
        _of("event_id", "training_event.id"),
        _text("level"),
        _text("title"),
        sa.Column("questions", JSONB, nullable=False),
        _flag("closed"),
    )
    op.create_index("questionnaire_by_event", "questionnaire", ["event_id", "id"])
    op.create_index(
        "questionnaire_by_audience", "questionnaire", ["audience"], postgresql_using="gin"
    )


def _create_evaluation_ticket() -> None:
    op.create_table(
        "evaluation_ticket",
        _of("questionnaire_id", "questionnaire.id"),
        _of("nomination_id", "nomination.id"),
        sa.Column("token_hash", sa.LargeBinary),
        _flag("answered"),
        sa.PrimaryKeyConstraint("questionnaire_id", "nomination_id", name="evaluation_ticket_pkey"),
        sa.UniqueConstraint("token_hash", name="evaluation_ticket_token_key"),
        sa.CheckConstraint("answered = (token_hash IS NULL)", name="token_forgotten_once_used"),
    )


def _create_evaluation_answer() -> None:
    op.create_table(
        "evaluation_answer",
        sa.Column("id", sa.Uuid, primary_key=True, server_default=sa.func.gen_random_uuid()),
        _of("questionnaire_id", "questionnaire.id"),
        sa.Column("answered_on", sa.Date, nullable=False),
        sa.Column("answers", JSONB, nullable=False),
    )
    op.create_index("evaluation_answer_by_questionnaire", "evaluation_answer", ["questionnaire_id"])


def _create_test_score() -> None:
    op.create_table(
        "test_score",
        _id(),
        _of("nomination_id", "nomination.id"),
        _of("event_id", "training_event.id"),
        _text("phase"),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("out_of", sa.Integer, nullable=False),
        _instant("recorded_at"),
        _text("recorded_by"),
        sa.UniqueConstraint("nomination_id", "phase", name="test_score_exists"),
        sa.CheckConstraint("points BETWEEN 0 AND out_of", name="points_within_test"),
    )
    op.create_index("test_score_by_event", "test_score", ["event_id"])
