"""Evaluations over HTTP: asked, answered by token alone, traced by nobody, shown in groups."""

from uuid import uuid4

import pytest
from make_training import (
    GEORGIA,
    MOLDOVA,
    OFFICER,
    SOURCE,
    known_programme,
    moved,
    nomination,
    opened,
)
from sqlalchemy import literal_column, select
from told import facts, untouched

from kit.auth import Caller
from training.commands import evaluations as commands
from training.commands import events, evidence
from training.domain.evaluation import Form, Level, Phase, Question, QuestionnairePlan, Score
from training.domain.event_kind import EventKind
from training.domain.event_series import SeriesPlan
from training.domain.figures import Basis, Count, Qualifier
from training.domain.headcount import Headcount
from training.domain.nomination import NominationStatus
from training.domain.training_event import EventStatus
from training.queries.events import event as read_event
from training.storage import nominations as stored
from training.storage.tables_evaluation import evaluation_answer, evaluation_ticket

ANYBODY = Caller("anybody", "anybody", "", "", frozenset({"evaluations:answer"}))
NEW = {
    "title": "After the tour",
    "level": "reaction",
    "questions": [
        {"code": "useful", "form": "scale", "text": "Was it useful?", "highest": 5},
        {"code": "again", "form": "choice", "text": "Again?", "options": ["yes", "no"]},
        {"code": "more", "form": "text", "text": "Anything else?"},
    ],
}
GOOD = {"useful": 4, "again": "yes"}


def key(headers):
    return headers | {"idempotency-key": str(uuid4())}


async def held(unit, number, status=NominationStatus.ATTENDED, **changes):
    """Put an event with so many participants who were there on record."""
    event = await opened(unit, **changes)
    made = [nomination(status, event_id=event.id) for _ in range(number)]
    async with unit.begin() as tx:
        await stored.add(tx, *made)
    return event, made


async def asking(client, signed, event):
    answer = await client.post(
        f"/v1/events/{event.id}/questionnaires", json=NEW, headers=key(signed(OFFICER))
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def tokens_of(client, signed, questionnaire):
    path = f"/v1/questionnaires/{questionnaire['id']}/tokens"
    answer = await client.post(path, headers=signed(OFFICER))
    assert answer.status_code == 200, answer.text
    return {each["nomination_id"]: each["token"] for each in answer.json()["items"]}


async def respond(client, signed, token, answers=None):
    body = {"token": token, "answers": answers or GOOD}
    return await client.post("/v1/evaluation-answers", json=body, headers=signed(ANYBODY))


async def close(client, signed, questionnaire):
    return await client.post(
        f"/v1/questionnaires/{questionnaire['id']}/closing",
        headers=signed(OFFICER) | {"if-match": questionnaire["etag"]},
    )


async def results(client, signed, path):
    answer = await client.get(f"/v1/{path}/evaluation-results", headers=signed(MOLDOVA))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_evaluation_when_walked_through_then_ends_in_results(client, signed, unit):
    event, made = await held(unit, 6)
    questionnaire = await asking(client, signed, event)
    tokens = await tokens_of(client, signed, questionnaire)
    assert set(tokens) == {str(each.id) for each in made}
    form = await client.post(
        "/v1/evaluation-forms",
        json={"token": next(iter(tokens.values()))},
        headers=signed(ANYBODY),
    )
    assert form.json()["title"] == NEW["title"]
    assert "id" not in form.json()
    for token in list(tokens.values())[:5]:
        answer = await respond(client, signed, token)
        assert (answer.status_code, answer.json()) == (200, {"counted": True})
    [before] = (await results(client, signed, f"events/{event.id}"))["questionnaires"]
    assert (before["asked"], before["answered"], before["response_percent"]) == (6, 5, "83.3")
    assert before["questions"] is None
    closed = await close(client, signed, questionnaire)
    assert closed.json()["closed"] is True
    [after] = (await results(client, signed, f"events/{event.id}"))["questionnaires"]
    scale, choice, text = after["questions"]
    assert (scale["mean"], choice["counts"], text["texts"]) == ("4.00", {"yes": 5, "no": 0}, None)
    async with untouched(unit):
        late = await respond(client, signed, list(tokens.values())[5])
    assert (late.status_code, late.json()["code"]) == (409, "training.questionnaire_closed")


async def test_token_when_used_replaced_or_invented_then_is_refused_alike(client, signed, unit):
    event, _ = await held(unit, 2)
    questionnaire = await asking(client, signed, event)
    old = await tokens_of(client, signed, questionnaire)
    new = await tokens_of(client, signed, questionnaire)
    used, unused = new
    await respond(client, signed, new[used])
    assert set(await tokens_of(client, signed, questionnaire)) == {unused}
    async with untouched(unit):
        for token in (new[used], old[unused], new[unused], "invented"):
            refused = await respond(client, signed, token)
            assert (refused.status_code, refused.json()["code"]) == (
                409, "training.token_not_valid",
            )  # fmt: skip


async def test_tokens_when_nobody_was_there_then_are_none(client, signed, unit):
    event, _ = await held(unit, 2, NominationStatus.NO_SHOW)
    assert await tokens_of(client, signed, await asking(client, signed, event)) == {}


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"useful": 9, "again": "yes"}, "training.answers_invalid"),
        ({"useful": True, "again": "yes"}, "kit.invalid_input"),
        (GOOD | {"more": "ask jan@example.org"}, "training.pii_in_free_text"),
    ],
)
async def test_answer_when_refused_then_the_token_is_still_good(
    client, signed, unit, answers, code
):
    event, _ = await held(unit, 1)
    tokens = await tokens_of(client, signed, await asking(client, signed, event))
    [token] = tokens.values()
    async with untouched(unit):
        refused = await respond(client, signed, token, answers)
    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert "jan@" not in refused.text
    assert (await respond(client, signed, token)).status_code == 200


async def test_answer_when_stored_then_nothing_joins_it_to_its_ticket(fresh_unit):
    """Transaction numbers are alike, order of place is not that of time, no fact is told."""
    event, _ = await held(fresh_unit, 12)
    useful = Question("useful", Form.SCALE, "Was it useful?", highest=10)
    plan = QuestionnairePlan("Trace", Level.REACTION, (useful,))
    made = await commands.ask(fresh_unit, event.id, plan, by=OFFICER)
    tokens = await commands.give_tokens(fresh_unit, made.id, by=OFFICER)
    before = await facts(fresh_unit)
    for number, token in enumerate(tokens.values()):
        await commands.respond(fresh_unit, token, {"useful": 1 + number % 10})
    assert await facts(fresh_unit) == before
    where = literal_column("xmin::text::bigint"), literal_column("ctid::text")
    async with fresh_unit.read() as read:
        tickets = await read.rows(select(evaluation_ticket.c.token_hash, *where))
        kept = await read.rows(select(evaluation_answer.c.answers, *where).order_by(where[1]))
    assert {row[0] for row in tickets} == {None}
    assert len({row[1] for row in (*tickets, *kept)}) == 1
    assert [row[0]["useful"] for row in kept] != [1 + number % 10 for number in range(12)]


async def test_scores_when_recorded_then_are_shown_after_the_report(client, signed, unit):
    event, made = await held(unit, 5, NominationStatus.CONFIRMED)
    event = await moved(unit, await read_event(unit, event.id, by=OFFICER), EventStatus.IN_PROGRESS)
    body = {"phase": "before", "points": 4, "out_of": 10}
    path = f"/v1/nominations/{made[0].id}/test-scores"
    first = await client.post(path, json=body | {"points": 9}, headers=key(signed(OFFICER)))
    assert first.status_code == 201, first.text
    for points in (1, 4):
        why = {"points": points, "reason": "of another sheet"}
        right = await client.post(path, json=body | why, headers=key(signed(OFFICER)))
        assert (right.status_code, right.json()["points"]) == (201, points)
    async with untouched(unit):
        twice = await client.post(path, json=body, headers=key(signed(OFFICER)))
        wrong = await client.post(path, json=body | {"points": 11}, headers=key(signed(OFFICER)))
    assert (twice.status_code, twice.json()["code"]) == (409, "training.test_score_exists")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "training.test_score_invalid")
    for each in made:
        for phase, points in ((Phase.BEFORE, 4), (Phase.AFTER, 7)):
            if (each, phase) != (made[0], Phase.BEFORE):
                score = Score(phase, points, 10)
                await commands.record_score(unit, each.id, score, by=OFFICER)
    tests = (await results(client, signed, f"events/{event.id}"))["tests"]
    assert tests == {
        "before": 5, "after": 5, "both": 5,
        "mean_before": None, "mean_after": None, "mean_gain": None,
    }  # fmt: skip
    assert "points" not in str((await facts(unit))[-1])
    await evidence.record_attendance(unit, made[0].id, [], by=OFFICER)
    await moved(unit, await read_event(unit, event.id, by=OFFICER), EventStatus.REPORTED)
    tests = (await results(client, signed, f"events/{event.id}"))["tests"]
    assert (tests["before"], tests["mean_before"], tests["mean_gain"]) == (5, "40.0", "30.0")


async def test_series_when_an_event_has_few_answers_then_leaves_them_out(client, signed, unit):
    await known_programme(unit)
    plan = SeriesPlan("TOURS", "EAP-PCP", EventKind.STUDY_TOUR, "Study tours")
    series = await events.create_series(unit, plan, by=OFFICER)
    for reference, number in (("LARGE", 5), ("SMALL", 2)):
        event, _ = await held(unit, number, known=False, reference=reference, series_id=series.id)
        questionnaire = await asking(client, signed, event)
        for token in (await tokens_of(client, signed, questionnaire)).values():
            await respond(client, signed, token)
        await close(client, signed, questionnaire)
    found = await results(client, signed, f"event-series/{series.id}")
    [result] = found["questionnaires"]
    assert (result["asked"], result["answered"], result["left_out"]) == (7, 7, 2)
    assert result["questions"][1]["counts"] == {"yes": 5, "no": 0}
    assert len(result["events"]) == 2
    assert found["tests"]["before"] == 0


async def test_scores_of_a_series_when_reported_then_are_pooled(client, signed, unit):
    await known_programme(unit)
    plan = SeriesPlan("TOURS", "EAP-PCP", EventKind.STUDY_TOUR, "Study tours")
    series = await events.create_series(unit, plan, by=OFFICER)
    for reference, number in (("LARGE", 5), ("SMALL", 2)):
        event, made = await held(
            unit, number, known=False, reference=reference, series_id=series.id
        )
        event = await moved(
            unit, await read_event(unit, event.id, by=OFFICER), EventStatus.COMPLETED
        )
        for each in made:
            for phase, points in ((Phase.BEFORE, 4), (Phase.AFTER, 7)):
                await commands.record_score(unit, each.id, Score(phase, points, 10), by=OFFICER)
        await counted(unit, event)
        await moved(unit, await read_event(unit, event.id, by=OFFICER), EventStatus.REPORTED)
    found = await results(client, signed, f"event-series/{series.id}")
    assert found["tests"] == {
        "before": 5, "after": 5, "both": 5,
        "mean_before": "40.0", "mean_after": "70.0", "mean_gain": "30.0",
    }  # fmt: skip


async def counted(unit, event):
    """File a head count, so that the event may be reported."""
    count = Headcount(
        reference=f"COUNT-{event.plan.reference}",
        event_id=event.id,
        series_id=None,
        participants=Count(5, Qualifier.EXACT, Basis.PERSONS),
        participants_of=None,
        units=None,
        units_of=None,
        source=SOURCE,
    )
    await evidence.report_headcount(unit, count, by=OFFICER)


async def test_evaluation_when_invisible_then_is_answered_like_unknown(client, signed, unit):
    event, _ = await held(unit, 1)
    questionnaire = await asking(client, signed, event)
    stranger = Caller(
        "demo-ministry-ge", "ge-1", "GE-MIA", "GE", GEORGIA.scopes | {"training:host"}
    )
    headers = signed(stranger) | {"entente-request-id": "01980000-0000-7000-8000-000000000000"}
    async with untouched(unit):
        for path, method in (
            ("events/{}/evaluation-results", client.get),
            ("event-series/{}/evaluation-results", client.get),
            ("questionnaires/{}", client.get),
            ("questionnaires/{}/tokens", client.post),
        ):
            known = event.id if path.startswith("events") else questionnaire["id"]
            answers = [
                await method(f"/v1/{path.format(found)}", headers=headers)
                for found in (known, uuid4())
            ]
            assert answers[0].status_code == 404
            assert answers[0].content == answers[1].content
