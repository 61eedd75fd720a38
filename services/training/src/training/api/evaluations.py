"""Routes of evaluations: ask, give tokens, answer without a name, close, read results."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from kit.auth import Caller
from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import problems
from kit.reply import IfMatch, Listing, answer
from kit.route import StrictRoute, requires
from training.api.wire_evaluations import (
    EvaluationAnswer,
    EvaluationForm,
    NewQuestionnaire,
    NewScore,
    Questionnaire,
    RecordedScore,
    Results,
    Thanks,
    TokenGiven,
    Tokens,
)
from training.commands import evaluations as commands
from training.context import Host, Reader, UnitDep
from training.domain.errors import EventNotYet, NoSuchEvent, NoSuchNomination, NoSuchSeries
from training.domain.errors_evidence import (
    AnswersInvalid,
    NoSuchQuestionnaire,
    PersonalDataInText,
    QuestionnaireClosed,
    QuestionnaireInvalid,
    ScoreExists,
    ScoreInvalid,
    ScoreTooLate,
    TokenNotValid,
)
from training.queries import evaluations as queries

Anybody = Annotated[Caller, requires("evaluations:answer")]
router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["evaluations"])


@router.post(
    "/events/{event_id}/questionnaires",
    status_code=201,
    response_model=Questionnaire,
    operation_id="create_questionnaire",
    responses=problems(NoSuchEvent, QuestionnaireInvalid),
)
async def create_questionnaire(
    event_id: UUID, body: NewQuestionnaire, caller: Host, once: Once
) -> Response:
    """Put a questionnaire about an event on record; it is open."""
    plan = body.plan()
    return await once(
        lambda unit: commands.ask(unit, event_id, plan, by=caller),
        Questionnaire.of,
        location=lambda made: f"/v1/questionnaires/{made.id}",
    )


@router.get(
    "/events/{event_id}/questionnaires",
    response_model=Listing[Questionnaire],
    operation_id="questionnaires_of_event",
    responses=problems(NoSuchEvent),
)
async def questionnaires_of_event(event_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """List the questionnaires about an event, the oldest first, on one page."""
    found = await queries.questionnaires_of(unit, event_id, by=caller)
    return answer(Listing(items=[Questionnaire.of(each) for each in found], next=None))


@router.get(
    "/questionnaires/{questionnaire_id}",
    response_model=Questionnaire,
    operation_id="questionnaire",
    responses=problems(NoSuchQuestionnaire),
)
async def questionnaire(questionnaire_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read one questionnaire."""
    found = await queries.questionnaire(unit, questionnaire_id, by=caller)
    return answer(Questionnaire.of(found), version=found.version)


@router.post(
    "/questionnaires/{questionnaire_id}/tokens",
    response_model=Tokens,
    operation_id="give_evaluation_tokens",
    responses=problems(NoSuchQuestionnaire, QuestionnaireClosed),
)
async def give_tokens(questionnaire_id: UUID, caller: Host, unit: UnitDep) -> Response:
    """Get a new token for each who was there and has not answered; older ones are void."""
    return answer(Tokens.of(await commands.give_tokens(unit, questionnaire_id, by=caller)))


@router.post(
    "/questionnaires/{questionnaire_id}/closing",
    response_model=Questionnaire,
    operation_id="close_questionnaire",
    responses=problems(NoSuchQuestionnaire, NoSuchEvent, StaleVersion, QuestionnaireClosed),
)
async def close_questionnaire(
    questionnaire_id: UUID, caller: Host, unit: UnitDep, expected: IfMatch
) -> Response:
    """Take no more answers, for good; results are shown from now on."""
    closed = await commands.close_questionnaire(
        unit, questionnaire_id, expected=expected, by=caller
    )
    return answer(Questionnaire.of(closed), version=closed.version)


@router.post(
    "/evaluation-forms",
    response_model=EvaluationForm,
    operation_id="evaluation_form",
    responses=problems(TokenNotValid),
)
async def evaluation_form(body: TokenGiven, _caller: Anybody, unit: UnitDep) -> Response:
    """Read the questions that an evaluation token opens. Needs no access token."""
    found = await queries.opened_by(unit, commands.hash_of(body.token))
    return answer(EvaluationForm.of(found))


@router.post(
    "/evaluation-answers",
    response_model=Thanks,
    operation_id="answer_evaluation",
    responses=problems(TokenNotValid, QuestionnaireClosed, AnswersInvalid, PersonalDataInText),
)
async def answer_evaluation(body: EvaluationAnswer, _caller: Anybody, unit: UnitDep) -> Response:
    """Answer a questionnaire once, without a name. Needs no access token."""
    await commands.respond(unit, body.token, body.answers)
    return answer(Thanks(counted=True))


@router.get(
    "/events/{event_id}/evaluation-results",
    response_model=Results,
    operation_id="evaluation_results_of_event",
    responses=problems(NoSuchEvent),
)
async def results_of_event(event_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read what an event was thought of and what was learnt, in groups of five and more."""
    return answer(Results.of(*await queries.of_event(unit, event_id, by=caller)))


@router.get(
    "/event-series/{series_id}/evaluation-results",
    response_model=Results,
    operation_id="evaluation_results_of_series",
    responses=problems(NoSuchSeries),
)
async def results_of_series(series_id: UUID, caller: Reader, unit: UnitDep) -> Response:
    """Read the same of a series; what is not shown at its event is left out."""
    return answer(Results.of(*await queries.of_series(unit, series_id, by=caller)))


@router.post(
    "/nominations/{nomination_id}/test-scores",
    status_code=201,
    response_model=RecordedScore,
    operation_id="record_test_score",
    responses=problems(NoSuchNomination, ScoreTooLate, EventNotYet, ScoreExists, ScoreInvalid),
)
async def record_test_score(
    nomination_id: UUID, body: NewScore, caller: Host, once: Once
) -> Response:
    """Record the points of a participant in the test before or after the event.

    Sent again with a `reason` they stand in the place of those on record.
    """
    score = body.score()
    return await once(
        lambda unit: commands.record_score(
            unit, nomination_id, score, reason=body.reason, by=caller
        ),
        RecordedScore.of,
    )
