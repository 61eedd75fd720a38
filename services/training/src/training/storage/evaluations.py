"""Questionnaires, tickets, answers and test scores as rows."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, exists, func, insert, null, or_, select, update

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from training.domain.errors_evidence import NoSuchQuestionnaire, TokenNotValid
from training.domain.evaluation import (
    Answers,
    Form,
    Level,
    Phase,
    Question,
    Questionnaire,
    QuestionnairePlan,
    RecordedScore,
)
from training.domain.nomination import PRESENT
from training.storage.tables import nomination
from training.storage.tables import training_event as event
from training.storage.tables_evaluation import evaluation_answer as a
from training.storage.tables_evaluation import evaluation_ticket as ticket
from training.storage.tables_evaluation import questionnaire as t
from training.storage.tables_evaluation import test_score

_PRESENT = sorted(status.value for status in PRESENT)


async def lock(tx: Tx, questionnaire_id: UUID, *, by: Caller) -> Questionnaire:
    """Lock and return a questionnaire that the caller may see, or raise NoSuchQuestionnaire."""
    seen = select(event.c.id).where(visible(event.c.audience, by))
    statement = select(*t.c).where(t.c.id == questionnaire_id, t.c.event_id.in_(seen))
    row = (await tx.sql.execute(statement.with_for_update())).mappings().first()
    if row is None:
        raise NoSuchQuestionnaire("there is no such questionnaire")
    return from_row(row)


async def lock_by_token(tx: Tx, token_hash: bytes) -> Questionnaire:
    """Lock and return the questionnaire that an unused token opens, or raise TokenNotValid."""
    of = select(ticket.c.questionnaire_id).where(ticket.c.token_hash == token_hash)
    statement = select(*t.c).where(t.c.id == of.scalar_subquery()).with_for_update()
    row = (await tx.sql.execute(statement)).mappings().first()
    still = (await tx.sql.execute(of)).first()
    if row is None or still is None:
        raise TokenNotValid("the token opens no questionnaire")
    return from_row(row)


async def add(tx: Tx, made: Questionnaire) -> None:
    """Store a new questionnaire."""
    await tx.sql.execute(
        insert(t).values(
            id=made.id,
            version=made.version,
            audience=sorted(made.audience),
            event_id=made.event_id,
            level=made.plan.level.value,
            title=made.plan.title,
            questions=[_json(question) for question in made.plan.questions],
            closed=made.closed,
        )
    )


async def save(tx: Tx, changed: Questionnaire) -> Questionnaire:
    """Store that a questionnaire is closed as its next version, or raise StaleVersion."""
    saved = replace(changed, version=changed.version + 1)
    statement = update(t).where(t.c.id == changed.id, t.c.version == changed.version)
    values = statement.values(
        version=saved.version, audience=sorted(saved.audience), closed=saved.closed
    )
    if (await tx.sql.execute(values)).rowcount != 1:
        raise StaleVersion("the questionnaire has changed meanwhile")
    return saved


async def still_asked(tx: Tx, asked: Questionnaire) -> list[UUID]:
    """Return the nominations of who was there and has not answered, in no order of time."""
    done = select(ticket.c.nomination_id).where(
        ticket.c.questionnaire_id == asked.id, ticket.c.answered
    )
    statement = select(nomination.c.id).where(
        nomination.c.event_id == asked.event_id,
        nomination.c.status.in_(_PRESENT),
        nomination.c.id.not_in(done),
    )
    return [found for (found,) in await tx.sql.execute(statement.order_by(func.random()))]


async def renew_tickets(tx: Tx, asked: Questionnaire, hashes: Mapping[UUID, bytes]) -> None:
    """Store new tickets in place of all that are unused."""
    unused = ticket.c.questionnaire_id == asked.id, ~ticket.c.answered
    await tx.sql.execute(delete(ticket).where(*unused))
    rows = [
        {
            "questionnaire_id": asked.id,
            "nomination_id": nomination_id,
            "token_hash": token_hash,
            "answered": False,
        }
        for nomination_id, token_hash in hashes.items()
    ]
    if rows:
        await tx.sql.execute(insert(ticket), rows)


async def add_answer(
    tx: Tx, asked: Questionnaire, token_hash: bytes, answers: Answers, day: date
) -> None:
    """Store an answer, and that its ticket is used, so that nothing joins the two.

    All tickets and all answers of the questionnaire are written anew, the answers in random
    order and under random ids: neither place nor transaction number of a row tells which
    ticket and which answer came together.
    """
    used = ticket.c.token_hash == token_hash
    await tx.sql.execute(
        update(ticket)
        .where(ticket.c.questionnaire_id == asked.id)
        .values(
            answered=or_(ticket.c.answered, func.coalesce(used, False)),
            token_hash=case((used, null()), else_=ticket.c.token_hash),
        )
    )
    await tx.sql.execute(
        insert(a).values(questionnaire_id=asked.id, answered_on=day, answers=dict(answers))
    )
    columns = (a.c.questionnaire_id, a.c.answered_on, a.c.answers)
    gone = delete(a).where(a.c.questionnaire_id == asked.id).returning(*columns).cte("gone")
    shuffled = select(*gone.c).order_by(func.random())
    await tx.sql.execute(insert(a).from_select([each.name for each in columns], shuffled))


async def score_that_counts(tx: Tx, nomination_id: UUID, phase: Phase) -> UUID | None:
    """Return the score on record of a locked nomination that no other corrects, if there is one."""
    s = test_score.c
    statement = select(s.id).where(s.nomination_id == nomination_id, s.phase == phase.value)
    return (await tx.sql.execute(statement.where(uncorrected()))).scalar()


def uncorrected() -> ColumnElement[bool]:
    """Return the condition on scores that no other stands in the place of."""
    later = test_score.alias("later")
    return ~exists().where(later.c.corrects == test_score.c.id)


async def add_score(tx: Tx, made: RecordedScore, *, recorded_by: str) -> None:
    """Store a test score, or what stands in the place of one."""
    await tx.sql.execute(
        insert(test_score).values(
            id=made.id,
            nomination_id=made.nomination_id,
            event_id=made.event_id,
            phase=made.score.phase.value,
            points=made.score.points,
            out_of=made.score.out_of,
            corrects=made.corrects,
            reason=made.reason,
            recorded_at=tx.now,
            recorded_by=recorded_by,
        )
    )


def from_row(row: ByName) -> Questionnaire:
    """Return the questionnaire of a row with every column."""
    questions = tuple(_question(each) for each in row["questions"])
    plan = QuestionnairePlan(row["title"], Level(row["level"]), questions)
    audience = frozenset(row["audience"])
    return Questionnaire(row["id"], row["version"], audience, row["event_id"], plan, row["closed"])


def _json(question: Question) -> dict[str, Any]:
    return asdict(question) | {"form": question.form.value, "options": list(question.options)}


def _question(stored: dict[str, Any]) -> Question:
    known = {"form": Form(stored["form"]), "options": tuple(stored["options"])}
    return Question(**(stored | known))
