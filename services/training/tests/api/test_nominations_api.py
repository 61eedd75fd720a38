"""Nominations, attendance and figures over HTTP."""

from uuid import uuid4

import pytest
from make_training import (
    GEORGIA,
    MOLDOVA,
    OFFICER,
    endorsed,
    known_programme,
    let_pass,
    moved,
    opened,
    submitted,
)
from told import facts, untouched

from training.commands import nominations
from training.domain.training_event import EventStatus
from training.queries.events import event as read_event

STEPS = ("endorsement", "acceptance", "confirmation", "withdrawal", "attendance")


def key(headers, value=None):
    return headers | {"idempotency-key": value or str(uuid4())}


def body_of(step):
    return {"withdrawal": {}, "attendance": {"days": []}}.get(step)


async def step(client, headers, nomination_id, name, body=None):
    path = f"/v1/nominations/{nomination_id}/{name}"
    if body is None:
        return await client.post(path, headers=key(headers))
    return await client.post(path, json=body, headers=key(headers))


async def test_seat_when_walked_to_then_each_step_answers(client, signed, unit):
    event = await opened(unit)
    ministry, officer = signed(MOLDOVA), signed(OFFICER)
    new = {"event_id": str(event.id), "participant_id": str(uuid4()), "unit_code": "UNIT-1"}
    made = await client.post("/v1/nominations", json=new, headers=key(ministry))
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/v1/nominations/{made.json()['id']}"
    found = [made.json()["status"]]
    for headers, name in (
        (ministry, "endorsement"), (officer, "acceptance"), (officer, "confirmation"),
    ):  # fmt: skip
        answer = await step(client, headers, made.json()["id"], name)
        assert answer.status_code == 201, answer.text
        found.append(answer.json()["status"])
    assert found == ["submitted", "endorsed", "accepted", "confirmed"]
    read = await client.get(made.headers["location"], headers=ministry)
    assert read.json() == answer.json()
    assert read.headers["etag"] == '"v4"'


async def test_confirmation_when_repeated_with_its_key_then_has_one_effect(client, signed, unit):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    path = f"/v1/nominations/{nominee.id}/confirmation"
    headers = key(signed(OFFICER))
    first = await client.post(path, headers=headers)
    async with untouched(unit):
        again = await client.post(path, headers=headers)
        without = await client.post(path, headers=signed(OFFICER))
    assert (again.status_code, again.content) == (201, first.content)
    assert without.status_code == 400
    told = [each["type"] for each in await facts(unit)]
    assert told.count("training.seat_confirmed.v1") == 1


async def test_step_when_decided_on_an_old_version_then_is_stale(client, signed, unit):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    path = f"/v1/nominations/{nominee.id}/acceptance"
    async with untouched(unit):
        for sent, status in (('"v1"', 412), ("v2", 400)):
            refused = await client.post(path, headers=key(signed(OFFICER)) | {"if-match": sent})
            assert refused.status_code == status
    done = await client.post(path, headers=key(signed(OFFICER)) | {"if-match": '"v2"'})
    assert (done.status_code, done.headers["etag"]) == (201, '"v3"')


async def test_confirmation_when_full_then_says_how_full(client, signed, unit):
    event = await opened(unit, capacity=1)
    first, second = await endorsed(unit, event.id), await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, first.id, by=OFFICER)
    async with untouched(unit):
        refused = await step(client, signed(OFFICER), second.id, "confirmation")
    assert (refused.status_code, refused.json()["code"]) == (409, "training.event_full")
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.json()["capacity"], refused.json()["taken"]) == (1, 1)


@pytest.mark.parametrize("name", STEPS)
async def test_nomination_when_invisible_then_is_answered_like_unknown(client, signed, unit, name):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    stranger = GEORGIA.__class__(
        "demo-ministry-ge", "ge-1", "GE-MIA", "GE", GEORGIA.scopes | {"training:host"}
    )
    headers = signed(stranger) | {"entente-request-id": "01980000-0000-7000-8000-000000000000"}
    async with untouched(unit):
        invisible = await step(client, headers, nominee.id, name, body_of(name))
        unknown = await step(client, headers, uuid4(), name, body_of(name))
        read = await client.get(f"/v1/nominations/{nominee.id}", headers=headers)
    assert (invisible.status_code, invisible.json()["code"]) == (404, "training.no_such_nomination")
    assert invisible.content == unknown.content == read.content


async def test_endorsement_when_given_by_another_organisation_then_is_forbidden(
    client, signed, unit
):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    for name, body in (("endorsement", None), ("withdrawal", {})):
        refused = await step(client, signed(OFFICER), nominee.id, name, body)
        assert refused.status_code == 403
        assert refused.json()["code"] == "training.not_your_nomination"
        assert refused.json()["organisation"] == "MD-MIA"


async def test_nominations_when_listed_then_each_sees_the_own(client, signed, unit):
    await known_programme(unit, marks=("org:MD-MIA", "org:GE-MIA"))
    event = await opened(unit, known=False)
    await endorsed(unit, event.id)
    await endorsed(unit, event.id, by=GEORGIA)
    path = f"/v1/events/{event.id}/nominations"
    seen = {}
    for caller in (OFFICER, MOLDOVA, GEORGIA):
        answer = await client.get(path, headers=signed(caller))
        seen[caller.organisation] = {each["organisation"] for each in answer.json()["items"]}
    assert seen == {
        "PL-MOI": {"MD-MIA", "GE-MIA"},
        "MD-MIA": {"MD-MIA"},
        "GE-MIA": {"GE-MIA"},
    }


async def test_attendance_when_recorded_then_ends_the_nomination(client, signed, unit):
    event = await opened(unit)
    nominee = await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, nominee.id, by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    await moved(unit, event, EventStatus.IN_PROGRESS)
    wrong = {"days": [{"day": "2026-05-04", "minutes": 1441}]}
    async with untouched(unit):
        refused = await step(client, signed(OFFICER), nominee.id, "attendance", wrong)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/days/0/minutes")
    days = {"days": [{"day": "2026-05-04", "minutes": 480}]}
    ended = await step(client, signed(OFFICER), nominee.id, "attendance", days)
    assert (ended.status_code, ended.json()["status"]) == (201, "attended")


async def test_headcount_when_filed_then_is_listed_and_published(client, signed, unit):
    event = await opened(unit)
    new = {
        "reference": "COUNT-1",
        "event_id": str(event.id),
        "participants": {"value": 495, "qualifier": "exact", "basis": "unknown"},
        "participants_of": "officers",
        "units": {"value": 89, "qualifier": "exact", "basis": "units"},
        "source": {"document": "mswia-no-comp", "locator": "Trainings", "quote": "89"},
    }
    async with untouched(unit):
        early = await client.post("/v1/headcount-reports", json=new, headers=key(signed(OFFICER)))
    assert (early.status_code, early.json()["code"]) == (409, "training.event_not_yet")
    let_pass(unit, event)
    officer = signed(OFFICER)
    async with untouched(unit):
        both = new | {"series_id": str(uuid4())}
        refused = await client.post("/v1/headcount-reports", json=both, headers=key(officer))
    assert refused.json()["code"] == "training.report_subject"
    typed = new | {"participants": new["participants"] | {"value": 4950}}
    filed = await client.post("/v1/headcount-reports", json=typed, headers=key(officer))
    assert filed.status_code == 201, filed.text
    figures = {name: new[name] for name in new if name not in {"reference", "event_id"}}
    filed = await client.put(
        f"/v1/headcount-reports/{filed.json()['id']}",
        json=figures,
        headers=officer | {"if-match": filed.json()["etag"]},
    )
    assert (filed.status_code, filed.json()["participants"]["value"]) == (200, 495)
    listed = await client.get("/v1/headcount-reports?programme=EAP-PCP", headers=signed(MOLDOVA))
    assert listed.json()["items"] == [filed.json()]
    totals = await client.get("/v1/programme-totals/EAP-PCP", headers=signed(MOLDOVA))
    assert totals.json() == {
        "programme_code": "EAP-PCP",
        "published": [
            {"figure": "study_tour_participants", "value": 495, "qualifier": "exact",
             "basis": "unknown", "of": "officers", "source": new["source"]},
            {"figure": "study_tour_units", "value": 89, "qualifier": "exact",
             "basis": "units", "of": None, "source": new["source"]},
        ],
        "computed": [],
        "compared": [],
    }  # fmt: skip
    known = signed(MOLDOVA) | {"if-none-match": totals.headers["etag"]}
    again = await client.get("/v1/programme-totals/EAP-PCP", headers=known)
    assert again.status_code == 304
    portfolio = await client.get("/v1/portfolio-totals", headers=signed(MOLDOVA))
    assert portfolio.json() == {"EAP-PCP": totals.json()}
    assert (await client.get("/v1/portfolio-totals", headers=signed(GEORGIA))).json() == {}


async def test_totals_when_nothing_is_on_record_then_are_empty(client, signed, count_queries):
    async with count_queries(1):
        answer = await client.get("/v1/programme-totals/NO-SUCH", headers=signed(MOLDOVA))
    assert answer.status_code == 200
    assert answer.json() == {
        "programme_code": "NO-SUCH", "published": [], "computed": [], "compared": [],
    }  # fmt: skip


async def test_event_when_read_by_id_then_takes_one_statement(client, signed, unit, count_queries):
    event = await opened(unit)
    async with count_queries(1):
        await client.get(f"/v1/events/{event.id}", headers=signed(MOLDOVA))


async def test_feed_when_partners_ask_then_shows_what_they_may_see(client, signed, unit):
    ministry = signed(MOLDOVA)
    assert (await client.get("/v1/changes", headers=ministry)).status_code == 200
    refused = await client.get("/internal/feed", headers=ministry)
    assert refused.status_code == 403


async def test_nominations_when_listed_then_each_sees_its_own_and_filters_hold(
    client, signed, unit
):
    await known_programme(unit, marks=("org:MD-MIA", f"org:{GEORGIA.organisation}"))
    first = await opened(unit, known=False)
    second = await opened(unit, known=False, reference="ANOTHER")
    ours = [await submitted(unit, event.id) for event in (first, second)]
    theirs = await submitted(unit, first.id, by=GEORGIA)
    waiting = await endorsed(unit, second.id)

    async def listed(caller, **wanted):
        answer = await client.get("/v1/nominations", params=wanted, headers=signed(caller))
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    def ids(*found):
        return [str(each.id) for each in sorted(found, key=lambda each: each.id)]

    assert await listed(MOLDOVA) == ids(*ours, waiting)
    assert await listed(OFFICER) == ids(*ours, waiting, theirs)
    assert await listed(MOLDOVA, organisation=GEORGIA.organisation) == []
    assert await listed(OFFICER, organisation=GEORGIA.organisation) == ids(theirs)
    assert await listed(OFFICER, event_id=first.id) == ids(ours[0], theirs)
    assert await listed(OFFICER, participant_id=ours[1].participant_id) == ids(ours[1])
    assert await listed(OFFICER, status="endorsed") == ids(waiting)


async def test_nomination_when_sought_by_the_senders_id_then_is_that_senders(client, signed, unit):
    await known_programme(unit, marks=("org:MD-MIA", f"org:{GEORGIA.organisation}"))
    event = await opened(unit, known=False)
    item = {"external_id": "A-1", "event_id": str(event.id), "participant_id": str(uuid4())}
    for sender in (MOLDOVA, GEORGIA):
        sent = {"items": [item | {"participant_id": str(uuid4())}]}
        made = await client.post("/v1/nominations:batch", json=sent, headers=signed(sender))
        assert made.status_code == 200, made.text
    for caller, wanted, senders in (
        (MOLDOVA, {}, ["MD-MIA"]),
        (MOLDOVA, {"organisation": GEORGIA.organisation}, []),
        (OFFICER, {}, []),
        (OFFICER, {"organisation": GEORGIA.organisation}, [GEORGIA.organisation]),
    ):
        params = {"external_id": "A-1", **wanted}
        answer = await client.get("/v1/nominations", params=params, headers=signed(caller))
        assert [each["organisation"] for each in answer.json()["items"]] == senders


async def test_list_of_nominations_when_asked_amiss_then_every_fault_is_named(client, signed):
    params = {"organisation": "a b\0", "external_id": "x" * 65, "status": "lost", "event_id": "1"}
    answer = await client.get("/v1/nominations", params=params, headers=signed(MOLDOVA))
    assert answer.status_code == 400
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        f"/query/{name}" for name in params
    }
