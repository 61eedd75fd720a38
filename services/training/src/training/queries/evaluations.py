"""Reading questionnaires and their results. Who sees an event sees what it was thought of."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from kit.auth import Caller
from kit.db.unit import Read, Unit
from kit.db.visible import visible
from training.domain.errors_evidence import NoSuchQuestionnaire, TokenNotValid
from training.domain.evaluation import Answers, Phase, Questionnaire
from training.domain.evaluation_results import (
    EvaluationResult,
    K,
    Responses,
    ScoreResult,
    percent_of,
    pooled,
    result_of,
    scores_of,
)
from training.domain.training_event import EventStatus
from training.queries import series
from training.queries.events import event
from training.storage import evaluations
from training.storage.tables import training_event as e
from training.storage.tables_evaluation import evaluation_answer as a
from training.storage.tables_evaluation import evaluation_ticket as ticket
from training.storage.tables_evaluation import questionnaire as t
from training.storage.tables_evaluation import test_score as score

_CLOSED: Final = (EventStatus.REPORTED.value, EventStatus.CANCELLED.value)
Results = tuple[list[EvaluationResult], ScoreResult]


async def questionnaire(unit: Unit, questionnaire_id: UUID, *, by: Caller) -> Questionnaire:
    """Return a questionnaire, or raise NoSuchQuestionnaire where the caller may not see it."""
    async with unit.read() as read:
        found = await _questionnaires(read, [t.c.id == questionnaire_id, visible(e.c.audience, by)])
    if not found:
        raise NoSuchQuestionnaire("there is no such questionnaire")
    return found[0]


async def questionnaires_of(unit: Unit, event_id: UUID, *, by: Caller) -> list[Questionnaire]:
    """Return the questionnaires about an event, or raise NoSuchEvent."""
    await event(unit, event_id, by=by)
    async with unit.read() as read:
        return await _questionnaires(read, [t.c.event_id == event_id])


async def opened_by(unit: Unit, token_hash: bytes) -> Questionnaire:
    """Return the questionnaire that an unused token opens, or raise TokenNotValid."""
    of = select(ticket.c.questionnaire_id).where(ticket.c.token_hash == token_hash)
    async with unit.read() as read:
        found = await _questionnaires(read, [t.c.id.in_(of)])
    if not found:
        raise TokenNotValid("the token opens no questionnaire")
    return found[0]


async def of_event(unit: Unit, event_id: UUID, *, by: Caller) -> Results:
    """Return the results of an event, or raise NoSuchEvent."""
    await event(unit, event_id, by=by)
    async with unit.read() as read:
        found = await _responses(read, [e.c.id == event_id])
        scores = await _scores(read, [e.c.id == event_id])
    return [result_of(each) for each in found], scores


async def of_series(unit: Unit, series_id: UUID, *, by: Caller) -> Results:
    """Return the results of a series as far as the caller sees its events, or NoSuchSeries."""
    await series.one(unit, series_id, by=by)
    conditions = [e.c.series_id == series_id, visible(e.c.audience, by)]
    async with unit.read() as read:
        found = await _responses(read, conditions)
        scores = await _scores(read, [*conditions, e.c.id.in_(_shown_by_themselves())])
    return pooled(found), scores


def _shown_by_themselves() -> Select[UUID]:
    """Return the events whose tests are shown: else the difference to a series would show them."""
    before = func.count().filter(score.c.phase == Phase.BEFORE.value)
    after = func.count().filter(score.c.phase == Phase.AFTER.value)
    return (
        select(score.c.event_id)
        .where(evaluations.uncorrected())
        .group_by(score.c.event_id)
        .having(before >= K, after >= K, before == after)
    )


async def _questionnaires(
    read: Read, conditions: Sequence[ColumnElement[bool]]
) -> list[Questionnaire]:
    statement = select(*t.c).join(e, e.c.id == t.c.event_id).where(*conditions).order_by(t.c.id)
    return [evaluations.from_row(row._mapping) for row in await read.rows(statement)]  # noqa: SLF001 (public)


async def _responses(read: Read, conditions: Sequence[ColumnElement[bool]]) -> list[Responses]:
    found = await _questionnaires(read, conditions)
    ids = [each.id for each in found]
    count = select(ticket.c.questionnaire_id, func.count()).where(
        ticket.c.questionnaire_id.in_(ids)
    )
    rows = await read.rows(count.group_by(ticket.c.questionnaire_id))
    asked: dict[UUID, int] = {questionnaire_id: number for questionnaire_id, number in rows}  # noqa: C416 (rows are typed)
    answers: defaultdict[UUID, list[Answers]] = defaultdict(list)
    given = select(a.c.questionnaire_id, a.c.answers).where(a.c.questionnaire_id.in_(ids))
    for questionnaire_id, answer in await read.rows(given):
        answers[questionnaire_id].append(answer)
    return [Responses(each, asked.get(each.id, 0), tuple(answers[each.id])) for each in found]


async def _scores(read: Read, conditions: Sequence[ColumnElement[bool]]) -> ScoreResult:
    statement = (
        select(score.c.nomination_id, score.c.phase, score.c.points, score.c.out_of, e.c.status)
        .join(e, e.c.id == score.c.event_id)
        .where(evaluations.uncorrected())
    )
    by_nomination: defaultdict[UUID, dict[Phase, Decimal]] = defaultdict(dict)
    final = True
    for nomination_id, phase, points, out_of, status in await read.rows(
        statement.where(*conditions)
    ):
        by_nomination[nomination_id][Phase(phase)] = percent_of(points, out_of)
        final = final and status in _CLOSED
    return scores_of(by_nomination.values(), final=final)
