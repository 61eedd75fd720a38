"""Questionnaires about an event, and what may be answered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from training.domain.errors_evidence import (
    AnswersInvalid,
    QuestionnaireClosed,
    QuestionnaireInvalid,
    ScoreInvalid,
)
from training.domain.free_text import without_personal_data

Answers = Mapping[str, int | str]
_LONGEST: Final = 2000


class Level(StrEnum):
    """What is evaluated: did they like it, learn it, use it, and what came of it."""

    REACTION = "reaction"
    LEARNING = "learning"
    BEHAVIOUR = "behaviour"
    RESULT = "result"


class Form(StrEnum):
    """How a question is answered."""

    SCALE = "scale"
    CHOICE = "choice"
    TEXT = "text"


_NEEDS: Final = {
    Form.SCALE: "states `highest`, 2 or more, and no `options`",
    Form.CHOICE: "states two or more different `options`, and no `highest`",
    Form.TEXT: "states neither `highest` nor `options`",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question. A scale runs from 1 to `highest`; a choice takes one of `options`.

    Scales and choices are always answered, a text only if somebody has something to say.
    """

    code: str
    form: Form
    text: str
    options: tuple[str, ...] = ()
    highest: int | None = None

    def __post_init__(self) -> None:
        """Refuse a question that cannot be answered."""
        fits = {
            Form.SCALE: self.highest is not None and self.highest > 1 and not self.options,
            Form.CHOICE: len(set(self.options)) == len(self.options) > 1 and self.highest is None,
            Form.TEXT: not self.options and self.highest is None,
        }
        if not fits[self.form]:
            needs = f"a {self.form.value} {_NEEDS[self.form]}"
            raise QuestionnaireInvalid(f"question `{self.code}`: {needs}")

    def takes(self, answer: int | str) -> bool:
        """Whether this is an answer to it."""
        if self.form is Form.SCALE:
            return (
                isinstance(answer, int) and self.highest is not None and 1 <= answer <= self.highest
            )
        if self.form is Form.CHOICE:
            return answer in self.options
        return isinstance(answer, str) and 0 < len(answer) <= _LONGEST


@dataclass(frozen=True, slots=True)
class QuestionnairePlan:
    """What is asked."""

    title: str
    level: Level
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        """Refuse two questions with one code."""
        if len({question.code for question in self.questions}) != len(self.questions):
            raise QuestionnaireInvalid("two questions have one code")

    def checked(self, answers: Answers) -> Answers:
        """Return the answers, or raise AnswersInvalid or PersonalDataInText."""
        unknown = set(answers) - {question.code for question in self.questions}
        if unknown:
            raise AnswersInvalid("there is no such question", question=min(unknown))
        for question in self.questions:
            _check(question, answers.get(question.code))
        return answers


def _check(question: Question, answer: int | str | None) -> None:
    if answer is None and question.form is Form.TEXT:
        return
    if answer is None or not question.takes(answer):
        raise AnswersInvalid("a question is not answered as it asks", question=question.code)
    if question.form is Form.TEXT and isinstance(answer, str):
        without_personal_data(answer)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire on record."""

    id: UUID
    version: int
    audience: frozenset[str]
    event_id: UUID
    plan: QuestionnairePlan
    closed: bool

    def close(self) -> "Questionnaire":
        """Take no more answers, for good, so that results can be shown."""
        self.must_be_open()
        return replace(self, closed=True)

    def must_be_open(self) -> None:
        """Raise QuestionnaireClosed once it is closed."""
        if self.closed:
            raise QuestionnaireClosed("it was closed and stays so")


class Phase(StrEnum):
    """When a test was taken."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Score:
    """Points of one participant in one test."""

    phase: Phase
    points: int
    out_of: int

    def __post_init__(self) -> None:
        """Refuse more points than there are."""
        if not 0 <= self.points <= self.out_of or not self.out_of:
            raise ScoreInvalid("points lie between 0 and what the test has")


@dataclass(frozen=True, slots=True)
class RecordedScore:
    """A score on record; seen by who sees the nomination. `reason` says what it `corrects`."""

    id: UUID
    version: int
    audience: frozenset[str]
    nomination_id: UUID
    event_id: UUID
    score: Score
    corrects: UUID | None = None
    reason: str | None = None
