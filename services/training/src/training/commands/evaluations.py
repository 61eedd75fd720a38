"""Asking, answering without a name, closing; and test scores."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Final
from uuid import UUID

from contracts.training.facts import QuestionnaireChanged, ScoreRecorded
from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.errors import StaleVersion
from kit.ids import uuid7
from training.domain.errors_evidence import ScoreTooLate
from training.domain.evaluation import (
    Answers,
    Phase,
    Questionnaire,
    QuestionnairePlan,
    RecordedScore,
    Score,
)
from training.domain.training_event import TAKING_PLACE, EventStatus
from training.storage import evaluations, seats, training_events

_TOKEN_BYTES: Final = 18


async def ask(unit: Unit, event_id: UUID, plan: QuestionnairePlan, *, by: Caller) -> Questionnaire:
    """Put a questionnaire about an event on record, as host.

    Refused: NoSuchEvent.
    """
    async with unit.begin() as tx:
        event = await training_events.lock(tx, event_id, by=by)
        made = Questionnaire(uuid7(tx.now), 1, event.audience, event.id, plan, closed=False)
        await evaluations.add(tx, made)
        _tell(tx, made)
        return tx.result(made)


async def give_tokens(unit: Unit, questionnaire_id: UUID, *, by: Caller) -> Mapping[UUID, str]:
    """Return a new token for everybody who was there and has not answered yet.

    Tokens given out before and not used are void. Nothing is told: who is asked when is no
    fact. Refused: NoSuchQuestionnaire, QuestionnaireClosed.
    """
    async with unit.begin() as tx:
        asked = await evaluations.lock(tx, questionnaire_id, by=by)
        asked.must_be_open()
        waiting = await evaluations.still_asked(tx, asked)
        tokens = {each: secrets.token_urlsafe(_TOKEN_BYTES) for each in waiting}
        hashes = {each: hash_of(token) for each, token in tokens.items()}
        await evaluations.renew_tickets(tx, asked, hashes)
        return tx.result(tokens)


async def respond(unit: Unit, token: str, answers: Answers) -> None:
    """Answer a questionnaire once, by its token alone.

    Nothing is told and nothing says when or from where the answer came, but the day.
    Refused: TokenNotValid, QuestionnaireClosed, AnswersInvalid, PersonalDataInText.
    """
    async with unit.begin() as tx:
        asked = await evaluations.lock_by_token(tx, hash_of(token))
        asked.must_be_open()
        checked = asked.plan.checked(answers)
        await evaluations.add_answer(tx, asked, hash_of(token), checked, home_day(tx.now))


async def close_questionnaire(
    unit: Unit, questionnaire_id: UUID, *, expected: int, by: Caller
) -> Questionnaire:
    """Take no more answers, for good; from now on results are shown.

    Refused: NoSuchQuestionnaire, NoSuchEvent, StaleVersion, QuestionnaireClosed.
    """
    async with unit.begin() as tx:
        asked = await evaluations.lock(tx, questionnaire_id, by=by)
        if asked.version != expected:
            raise StaleVersion("the questionnaire has changed since you read it")
        event = await training_events.get(tx, asked.event_id, by=by)
        closed = await evaluations.save(tx, replace(asked.close(), audience=event.audience))
        _tell(tx, closed)
        return tx.result(closed)


async def record_score(
    unit: Unit, nomination_id: UUID, score: Score, *, by: Caller, reason: str | None = None
) -> RecordedScore:
    """Record the points of a participant in the test before or after the event, once.

    With a `reason` they stand in the place of those on record, if there are any.
    Refused: NoSuchNomination, ScoreTooLate, EventNotYet, ScoreExists.
    """
    async with unit.begin() as tx:
        event, nomination = await seats.lock(tx, nomination_id, by=by)
        if event.status not in TAKING_PLACE:
            status = event.status.value
            raise ScoreTooLate(f"the event is `{status}`", event_status=status)
        if score.phase is Phase.AFTER:
            event.plan.must_be_due(EventStatus.COMPLETED, tx.now)
        made = RecordedScore(uuid7(tx.now), 1, nomination.audience, nomination.id, event.id, score)
        if reason is not None:
            wrong = await evaluations.score_that_counts(tx, nomination.id, score.phase)
            made = replace(made, corrects=wrong, reason=None if wrong is None else reason)
        await evaluations.add_score(tx, made, recorded_by=by.client)
        told = ScoreRecorded(
            nomination_id=nomination.id, event_id=event.id, phase=score.phase.value
        )
        tx.tell(told, about=made)
        return tx.result(made)


def hash_of(token: str) -> bytes:
    """Return what is kept of an unused token."""
    return sha256(token.encode()).digest()


def _tell(tx: Tx, changed: Questionnaire) -> None:
    fact = QuestionnaireChanged(
        questionnaire_id=changed.id,
        event_id=changed.event_id,
        title=changed.plan.title,
        closed=changed.closed,
    )
    tx.tell(fact, about=changed)
