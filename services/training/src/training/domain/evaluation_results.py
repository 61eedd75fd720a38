"""What questionnaires and tests add up to, without telling on anybody.

Results are shown once nothing can be added any more: two looks at a growing result would show
the answer in between. A group of fewer than five is not shown. A choice with an option that
fewer than five took hides it and, so that it cannot be worked out, the next smallest too, until
those hidden are five in sum.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from training.domain.evaluation import Answers, Form, Phase, Question, Questionnaire

K: Final = 5
"""The smallest group that is shown."""
_CENT: Final = Decimal("0.01")
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Responses:
    """A questionnaire, how many were asked, and every answer, in no order."""

    questionnaire: Questionnaire
    asked: int
    answers: tuple[Answers, ...]

    @property
    def shown(self) -> bool:
        """Whether its answers may be shown."""
        return self.questionnaire.closed and len(self.answers) >= K


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question: the mean of a scale, the counts of a choice (None is hidden), the texts."""

    question: Question
    mean: Decimal | None = None
    counts: Mapping[str, int | None] | None = None
    texts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """What one questionnaire, or the same one at several events, was answered.

    `left_out` are answers that are counted but not shown; `questions` is None if none are.
    """

    title: str
    level: str
    events: tuple[UUID, ...]
    asked: int
    answered: int
    left_out: int
    questions: tuple[QuestionResult, ...] | None

    @property
    def response_percent(self) -> Decimal | None:
        """How many of those asked have answered, None where nobody was asked."""
        return _percent(self.answered, self.asked) if self.asked else None


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """Mean percent of points before and after, and the mean gain of those with both.

    The gain is hidden where it would tell on the few who took one test only.
    """

    before: int
    after: int
    both: int
    mean_before: Decimal | None
    mean_after: Decimal | None
    mean_gain: Decimal | None


def result_of(responses: Responses) -> EvaluationResult:
    """Return the result at one event."""
    answers = responses.answers if responses.shown else ()
    questions = responses.questionnaire.plan.questions
    shown = tuple(_question(each, answers) for each in questions) if responses.shown else None
    return _result([responses], len(responses.answers) - len(answers), shown)


def pooled(all_responses: Iterable[Responses]) -> list[EvaluationResult]:
    """Return the results of a series: the same questionnaire at several events is one.

    Only what is shown at its event is pooled, else the difference would show the rest. Texts
    stay at their event, and counts are shown when no event hides one.
    """
    alike: dict[object, list[Responses]] = {}
    for each in all_responses:
        alike.setdefault(each.questionnaire.plan, []).append(each)
    return [_pooled(group) for group in alike.values()]


def _pooled(group: Sequence[Responses]) -> EvaluationResult:
    shown = [each for each in group if each.shown]
    left_out = sum(len(each.answers) for each in group if not each.shown)
    if not shown:
        return _result(group, left_out, None)
    questions = tuple(
        _pooled_question(each, shown) for each in shown[0].questionnaire.plan.questions
    )
    return _result(group, left_out, questions)


def _pooled_question(question: Question, shown: Sequence[Responses]) -> QuestionResult:
    answers = [answer for each in shown for answer in each.answers]
    found = _question(question, answers)
    parts = [_question(question, each.answers).counts or {} for each in shown]
    hidden = any(count is None for part in parts for count in part.values())
    counts = dict.fromkeys(question.options) if hidden and found.counts else found.counts
    return QuestionResult(question, found.mean, counts, None)


def _result(
    group: Sequence[Responses], left_out: int, questions: tuple[QuestionResult, ...] | None
) -> EvaluationResult:
    plan = group[0].questionnaire.plan
    return EvaluationResult(
        title=plan.title,
        level=plan.level.value,
        events=tuple(each.questionnaire.event_id for each in group),
        asked=sum(each.asked for each in group),
        answered=sum(len(each.answers) for each in group),
        left_out=left_out,
        questions=questions,
    )


def _question(question: Question, answers: Sequence[Answers]) -> QuestionResult:
    given = [answer[question.code] for answer in answers if question.code in answer]
    if question.form is Form.SCALE:
        points = [point for point in given if isinstance(point, int)]
        return QuestionResult(question, mean=_mean(Decimal(sum(points)), len(points), _CENT))
    if question.form is Form.CHOICE:
        counts = Counter(str(option) for option in given)
        return QuestionResult(question, counts=_safe({o: counts[o] for o in question.options}))
    texts = tuple(sorted(str(text) for text in given))
    return QuestionResult(question, texts=texts if len(texts) >= K else None)


def _safe(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Hide counts below K, and the next smallest until those hidden are two and K in sum."""
    hidden = {option: count for option, count in counts.items() if 0 < count < K}
    rest = sorted((count, option) for option, count in counts.items() if count >= K)
    for count, option in rest if hidden else ():
        if len(hidden) > 1 and sum(hidden.values()) >= K:
            break
        hidden[option] = count
    return {option: None if option in hidden else count for option, count in counts.items()}


def scores_of(scores: Iterable[Mapping[Phase, Decimal]], *, final: bool) -> ScoreResult:
    """Return what tests add up to; each mapping is one participant's percent by phase.

    `final` says that no score can be added any more; before that only numbers are told.
    """
    found = list(scores)
    before = [each[Phase.BEFORE] for each in found if Phase.BEFORE in each]
    after = [each[Phase.AFTER] for each in found if Phase.AFTER in each]
    gains = [each[Phase.AFTER] - each[Phase.BEFORE] for each in found if len(each) == len(Phase)]
    mean_before, mean_after, gain = (
        _shown_mean(each, final=final) for each in (before, after, gains)
    )
    apart = (len(before) - len(gains), len(after) - len(gains))
    if any(0 < few < K for few in apart):
        gain = None
    return ScoreResult(len(before), len(after), len(gains), mean_before, mean_after, gain)


def percent_of(points: int, out_of: int) -> Decimal:
    """Return points as percent of the test."""
    return Decimal(100 * points) / out_of


def _shown_mean(values: Sequence[Decimal], *, final: bool) -> Decimal | None:
    if not final or len(values) < K:
        return None
    return _mean(sum(values, Decimal(0)), len(values), _TENTH)


def _mean(total: Decimal, number: int, step: Decimal) -> Decimal | None:
    return (total / number).quantize(step, ROUND_HALF_UP) if number else None


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / whole).quantize(_TENTH, ROUND_HALF_UP)
