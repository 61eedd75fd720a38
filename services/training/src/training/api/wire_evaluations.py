"""Request and answer models of questionnaires, answers, results and test scores."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from kit.reply import etag
from kit.wire import WHOLE, Amount, Answer, Line, Request, Text, Whole
from training.api.wire import Slug
from training.api.words import Words
from training.domain import evaluation, evaluation_results
from training.domain.evaluation import Form, Level, Phase, QuestionnairePlan, Score

Points = Annotated[int, Field(ge=0, le=100_000), WHOLE]


class AskedQuestion(Request):
    """A question: a scale from 1 to `highest`, a choice of `options`, or a text."""

    code: Slug
    form: Form
    text: Words
    options: Annotated[tuple[Words, ...], Field(max_length=20)] = ()
    highest: Annotated[int, Field(ge=2, le=10), WHOLE] | None = None

    def question(self) -> evaluation.Question:
        """Return the domain value, or raise QuestionnaireInvalid."""
        return evaluation.Question(self.code, self.form, self.text, self.options, self.highest)


class NewQuestionnaire(Request):
    """A questionnaire about an event."""

    title: Words
    level: Level
    questions: Annotated[tuple[AskedQuestion, ...], Field(min_length=1, max_length=50)]

    def plan(self) -> QuestionnairePlan:
        """Return the domain value, or raise QuestionnaireInvalid."""
        asked = tuple(question.question() for question in self.questions)
        return QuestionnairePlan(self.title, self.level, asked)


class Question(Answer):
    """A question as it is asked."""

    code: str
    form: Form
    text: str
    options: list[str]
    highest: int | None

    @classmethod
    def of(cls, question: evaluation.Question) -> Self:
        """Return the wire form."""
        return cls(
            code=question.code,
            form=question.form,
            text=question.text,
            options=list(question.options),
            highest=question.highest,
        )


class EvaluationForm(Answer):
    """What a token opens: the questions, and nothing about who asks or is asked."""

    title: str
    level: Level
    questions: list[Question]

    @classmethod
    def of(cls, found: evaluation.Questionnaire) -> Self:
        """Return the wire form."""
        plan = found.plan
        questions = [Question.of(each) for each in plan.questions]
        return cls(title=plan.title, level=plan.level, questions=questions)


class Questionnaire(Answer):
    """A questionnaire on record."""

    id: UUID
    etag: str
    event_id: UUID
    title: str
    level: Level
    questions: list[Question]
    closed: bool

    @classmethod
    def of(cls, found: evaluation.Questionnaire) -> Self:
        """Return the wire form."""
        return cls(
            id=found.id,
            etag=etag(found.version),
            event_id=found.event_id,
            title=found.plan.title,
            level=found.plan.level,
            questions=[Question.of(each) for each in found.plan.questions],
            closed=found.closed,
        )


class Token(Answer):
    """The token of one who was there; it is shown this once."""

    nomination_id: UUID
    token: str


class Tokens(Answer):
    """The tokens of all who have not answered yet."""

    items: list[Token]

    @classmethod
    def of(cls, tokens: Mapping[UUID, str]) -> Self:
        """Return the wire form."""
        return cls(items=[Token(nomination_id=who, token=token) for who, token in tokens.items()])


class TokenGiven(Request):
    """A token."""

    token: Line


class EvaluationAnswer(Request):
    """Answers by question code: a number on a scale, an option, or a text."""

    token: Line
    answers: Annotated[dict[Slug, Whole | Text], Field(max_length=50)]


class Thanks(Answer):
    """The answer counts."""

    counted: bool


class NewScore(Request):
    """Points in the test before or after the event.

    `reason` says what was wrong with those on record; without it nothing is recorded twice.
    """

    phase: Phase
    points: Points
    out_of: Annotated[int, Field(ge=1, le=100_000), WHOLE]
    reason: Words | None = None

    def score(self) -> Score:
        """Return the domain value, or raise ScoreInvalid."""
        return Score(self.phase, self.points, self.out_of)


class RecordedScore(Answer):
    """A test score on record."""

    id: UUID
    nomination_id: UUID
    phase: Phase
    points: int
    out_of: int

    @classmethod
    def of(cls, made: evaluation.RecordedScore) -> Self:
        """Return the wire form."""
        return cls(
            id=made.id,
            nomination_id=made.nomination_id,
            phase=made.score.phase,
            points=made.score.points,
            out_of=made.score.out_of,
        )


class QuestionResult(Answer):
    """The mean of a scale, the counts of a choice (null is hidden), the texts, sorted."""

    question: Question
    mean: Amount | None
    counts: dict[str, int | None] | None
    texts: list[str] | None

    @classmethod
    def of(cls, found: evaluation_results.QuestionResult) -> Self:
        """Return the wire form."""
        return cls(
            question=Question.of(found.question),
            mean=found.mean,
            counts=None if found.counts is None else dict(found.counts),
            texts=None if found.texts is None else list(found.texts),
        )


class EvaluationResult(Answer):
    """What a questionnaire was answered; `questions` is null while open or for fewer than 5."""

    title: str
    level: Level
    events: list[UUID]
    asked: int
    answered: int
    left_out: int
    response_percent: Amount | None
    questions: list[QuestionResult] | None

    @classmethod
    def of(cls, found: evaluation_results.EvaluationResult) -> Self:
        """Return the wire form."""
        shown = found.questions
        return cls(
            title=found.title,
            level=Level(found.level),
            events=list(found.events),
            asked=found.asked,
            answered=found.answered,
            left_out=found.left_out,
            response_percent=found.response_percent,
            questions=None if shown is None else [QuestionResult.of(each) for each in shown],
        )


class ScoreResult(Answer):
    """Numbers of test scores, and mean percents of points; null is not shown (yet)."""

    before: int
    after: int
    both: int
    mean_before: Amount | None
    mean_after: Amount | None
    mean_gain: Amount | None


class Results(Answer):
    """What an event or a series was thought of, and what was learnt."""

    smallest_group: int
    questionnaires: list[EvaluationResult]
    tests: ScoreResult

    @classmethod
    def of(
        cls,
        results: list[evaluation_results.EvaluationResult],
        scores: evaluation_results.ScoreResult,
    ) -> Self:
        """Return the wire form."""
        means: dict[str, Decimal | None] = {
            name: getattr(scores, name) for name in ("mean_before", "mean_after", "mean_gain")
        }
        return cls(
            smallest_group=evaluation_results.K,
            questionnaires=[EvaluationResult.of(each) for each in results],
            tests=ScoreResult(before=scores.before, after=scores.after, both=scores.both, **means),
        )
