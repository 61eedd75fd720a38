"""Questions, answers, personal data in texts, and results that tell on nobody."""

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.domain.errors_evidence import (
    AnswersInvalid,
    PersonalDataInText,
    QuestionnaireClosed,
    QuestionnaireInvalid,
    ScoreInvalid,
)
from training.domain.evaluation import (
    Form,
    Level,
    Phase,
    Question,
    Questionnaire,
    QuestionnairePlan,
    Score,
)
from training.domain.evaluation_results import K, Responses, pooled, result_of, scores_of

SCALE = Question("useful", Form.SCALE, "Was it useful?", highest=5)
CHOICE = Question("again", Form.CHOICE, "Again?", options=("yes", "no", "maybe"))
TEXT = Question("more", Form.TEXT, "Anything else?")
PLAN = QuestionnairePlan("After the tour", Level.REACTION, (SCALE, CHOICE, TEXT))


def asked(*, closed=True):
    return Questionnaire(uuid4(), 1, frozenset({"staff"}), uuid4(), PLAN, closed)


def answers(*options, useful=4):
    return tuple({"useful": useful, "again": option} for option in options)


def responses(*options, closed=True, number=30):
    return Responses(asked(closed=closed), number, answers(*options))


@pytest.mark.parametrize(
    ("form", "options", "highest"),
    [(Form.SCALE, (), None), (Form.SCALE, (), 1), (Form.CHOICE, ("one",), None),
     (Form.CHOICE, ("one", "one"), None), (Form.TEXT, ("one", "two"), None), (Form.TEXT, (), 5)],
)  # fmt: skip
def test_question_when_it_cannot_be_answered_then_is_refused(form, options, highest):
    with pytest.raises(QuestionnaireInvalid):
        Question("q", form, "?", options, highest)


def test_questionnaire_when_a_code_comes_twice_then_is_refused():
    with pytest.raises(QuestionnaireInvalid):
        QuestionnairePlan("Twice", Level.LEARNING, (SCALE, SCALE))


@pytest.mark.parametrize(
    "wrong",
    [{}, {"useful": 4}, {"useful": 6, "again": "yes"}, {"useful": 0, "again": "yes"},
     {"useful": "4", "again": "yes"}, {"useful": 4, "again": "never"},
     {"useful": 4, "again": "yes", "more": 7}, {"useful": 4, "again": "yes", "who": "me"}],
)  # fmt: skip
def test_answer_when_it_does_not_fit_then_is_refused(wrong):
    with pytest.raises(AnswersInvalid):
        PLAN.checked(wrong)


def test_answer_when_a_text_holds_personal_data_then_is_refused():
    with pytest.raises(PersonalDataInText):
        PLAN.checked({"useful": 4, "again": "yes", "more": "Ask jan@example.org"})


def test_answer_when_it_fits_then_is_taken_as_it_is():
    right = {"useful": 5, "again": "maybe", "more": "More time in the field, please."}
    assert PLAN.checked(right) == right


def test_questionnaire_when_closed_then_stays_closed():
    with pytest.raises(QuestionnaireClosed):
        asked().close()


def test_result_when_open_or_of_few_then_tells_numbers_alone():
    for found in (responses(*["yes"] * 9, closed=False), responses(*["yes"] * (K - 1))):
        result = result_of(found)
        assert result.questions is None
        assert result.left_out == result.answered == len(found.answers)
    assert result_of(found).response_percent == Decimal("13.3")


def test_result_when_five_answered_then_has_mean_and_counts():
    result = result_of(responses(*["yes"] * 5))
    scale, choice, text = result.questions
    assert scale.mean == Decimal("4.00")
    assert choice.counts == {"yes": 5, "no": 0, "maybe": 0}
    assert text.texts is None


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ((8, 2, 0), (None, None, 0)),
        ((8, 6, 2), (8, None, None)),
        ((8, 2, 2), (None, None, None)),
        ((8, 3, 2), (8, None, None)),
        ((8, 6, 5), (8, 6, 5)),
    ],
)
def test_choice_when_few_took_an_option_then_it_cannot_be_worked_out(given_, shown):
    options = [o for o, n in zip(CHOICE.options, given_, strict=True) for _ in range(n)]
    counts = result_of(responses(*options)).questions[1].counts
    assert tuple(counts.values()) == shown


@given(st.lists(st.integers(0, 12), min_size=3, max_size=3))
def test_choice_when_counted_then_no_small_count_is_alone(numbers):
    options = [o for o, n in zip(CHOICE.options, numbers, strict=True) for _ in range(n)]
    shown = result_of(responses(*options)).questions
    if shown is None:
        assert len(options) < K
        return
    counts = shown[1].counts
    assert not [count for count in counts.values() if count is not None and 0 < count < K]
    hidden = [option for option, count in counts.items() if count is None]
    assert len(hidden) != 1
    assert sum(numbers[CHOICE.options.index(option)] for option in hidden) >= (K if hidden else 0)


def test_series_when_an_event_hides_then_so_does_the_series():
    large, small = responses(*["yes"] * 20), responses(*["no"] * 3)
    [result] = pooled([large, small])
    assert (result.answered, result.left_out, result.asked) == (23, 3, 60)
    assert result.questions[1].counts == {"yes": 20, "no": 0, "maybe": 0}
    [result] = pooled([large, responses(*["yes"] * 8, "no", "no")])
    assert set(result.questions[1].counts.values()) == {None}
    assert result.questions[0].mean == Decimal("4.00")


def scores(number, phases=(Phase.BEFORE, Phase.AFTER)):
    percents = {Phase.BEFORE: Decimal(40), Phase.AFTER: Decimal(70)}
    return [{phase: percents[phase] for phase in phases} for _ in range(number)]


def test_scores_when_final_and_of_five_then_have_means():
    result = scores_of(scores(5), final=True)
    assert (result.mean_before, result.mean_after, result.mean_gain) == (
        Decimal("40.0"), Decimal("70.0"), Decimal("30.0"),
    )  # fmt: skip
    for hidden in (scores_of(scores(5), final=False), scores_of(scores(4), final=True)):
        assert (hidden.mean_before, hidden.mean_after, hidden.mean_gain) == (None, None, None)


def test_gain_when_a_few_took_one_test_only_then_is_hidden():
    result = scores_of(scores(6) + scores(2, (Phase.BEFORE,)), final=True)
    assert (result.before, result.after, result.both) == (8, 6, 6)
    assert result.mean_gain is None


@pytest.mark.parametrize(("points", "out_of"), [(-1, 10), (11, 10), (0, 0)])
def test_score_when_it_cannot_be_then_is_refused(points, out_of):
    with pytest.raises(ScoreInvalid):
        Score(Phase.BEFORE, points, out_of)
