"""The tables of questionnaires, their answers, and test scores.

Who answered and what was answered are two tables with nothing in common but the questionnaire.
"""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    Named,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from training.storage.tables import metadata


class QuestionnaireColumns(TypedColumns):
    """A questionnaire about an event; `questions` is the list of them as JSON objects."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))
    event_id: Named[UUID] = Column(Uuid, ForeignKey("training_event.id"))
    level: Named[str] = Column(Text)
    title: Named[str] = Column(Text)
    questions: Named[list[dict[str, Any]]] = Column(JSONB)
    closed: Named[bool]


class EvaluationTicketColumns(TypedColumns):
    """Who may answer, and whether they have; the hash of an unused token is all that is kept."""

    questionnaire_id: Named[UUID] = Column(Uuid, ForeignKey("questionnaire.id"))
    nomination_id: Named[UUID] = Column(Uuid, ForeignKey("nomination.id"))
    token_hash: Named[bytes | None] = Column(LargeBinary)
    answered: Named[bool]


class EvaluationAnswerColumns(TypedColumns):
    """What was answered, by question code, on which day; the id is random and tells no order."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.gen_random_uuid())
    questionnaire_id: Named[UUID] = Column(Uuid, ForeignKey("questionnaire.id"))
    answered_on: Named[date]
    answers: Named[dict[str, Any]] = Column(JSONB)


class TestScoreColumns(TypedColumns):
    """The points of one participant in a test; a correction is a further row, as of presence."""

    id: Named[UUID] = Column(Uuid, primary_key=True, server_default=func.uuidv7())
    nomination_id: Named[UUID] = Column(Uuid, ForeignKey("nomination.id"))
    event_id: Named[UUID] = Column(Uuid, ForeignKey("training_event.id"))
    phase: Named[str] = Column(Text)
    points: Named[int]
    out_of: Named[int]
    corrects: Named[UUID | None] = Column(Uuid, ForeignKey("test_score.id"))
    reason: Named[str | None] = Column(Text)
    recorded_at: Named[datetime] = Column(DateTime(timezone=True))
    recorded_by: Named[str] = Column(Text)


questionnaire: Final = Table(
    "questionnaire",
    metadata,
    QuestionnaireColumns,
    Index("questionnaire_by_event", "event_id", "id"),
    Index("questionnaire_by_audience", "audience", postgresql_using="gin"),
)
evaluation_ticket: Final = Table(
    "evaluation_ticket",
    metadata,
    EvaluationTicketColumns,
    PrimaryKeyConstraint("questionnaire_id", "nomination_id", name="evaluation_ticket_pkey"),
    UniqueConstraint("token_hash", name="evaluation_ticket_token_key"),
    CheckConstraint("answered = (token_hash IS NULL)", name="token_forgotten_once_used"),
)
evaluation_answer: Final = Table(
    "evaluation_answer",
    metadata,
    EvaluationAnswerColumns,
    Index("evaluation_answer_by_questionnaire", "questionnaire_id"),
)
test_score: Final = Table(
    "test_score",
    metadata,
    TestScoreColumns,
    UniqueConstraint("corrects", name="test_score_corrected_once"),
    CheckConstraint("(corrects IS NULL) = (reason IS NULL)", name="test_score_corrected_why"),
    Index(
        "test_score_exists",
        "nomination_id",
        "phase",
        unique=True,
        postgresql_where=text("corrects IS NULL"),
    ),
    CheckConstraint("points BETWEEN 0 AND out_of", name="points_within_test"),
    Index("test_score_by_event", "event_id"),
)
