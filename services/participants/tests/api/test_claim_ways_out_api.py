"""Claims that would get stuck: a draft nobody submits, a check whose checker is gone."""

import pytest
from claim_steps import DOES_ALL, VERIFIER, declare, facts, officer, trip
from people_and_trips import OFFICER, OTHER, prepare

SECOND = officer("second", "participants:verify")
PROTECTOR = officer("officer", "participants:write", "participants:protect")


async def drafted(ask, unit):
    await prepare(unit)
    opened = await trip(ask, unit)
    body = {"trip_id": opened["id"], "draft": True}
    return (await ask(OFFICER, "POST", "/v1/claims", body=body)).json()


async def withdraw(ask, claim, *, by=OFFICER):
    return await ask(by, "POST", f"/v1/claims/{claim['id']}/withdrawal", match=claim["etag"])


async def test_draft_when_withdrawn_then_the_trip_can_have_another_claim(ask, unit):
    draft = await drafted(ask, unit)
    taken = await declare(ask, draft["trip_id"], "45.00")
    assert taken.json()["code"] == "participants.claim_exists"
    assert (await withdraw(ask, draft, by=OTHER)).status_code == 404
    gone = (await withdraw(ask, draft)).json()
    assert (gone["state"], gone["declared"]) == ("withdrawn", draft["declared"])
    assert '"state":"withdrawn"' in (await facts(unit, "claim_moved"))[-1]
    for step in ("submission", "withdrawal"):
        path = f"/v1/claims/{gone['id']}/{step}"
        refused = await ask(OFFICER, "POST", path, match=gone["etag"])
        assert (refused.status_code, refused.json()["state"]) == (409, "withdrawn"), step
    again = await declare(ask, draft["trip_id"], "45.00")
    assert (again.status_code, again.json()["revision"]) == (201, 2)


async def test_draft_when_its_trip_is_cancelled_then_withdrawn_before_the_person_is_erased(
    ask, unit
):
    draft = await drafted(ask, unit)
    read = (await ask(OFFICER, "GET", f"/v1/trips/{draft['trip_id']}")).json()
    path, why = f"/v1/trips/{read['id']}/cancellation", {"reason": "event_cancelled"}
    assert (await ask(OFFICER, "POST", path, body=why, match=read["etag"])).status_code == 201
    path, ground = f"/v1/persons/{draft['person_id']}/erasure", {"ground": "subject_request"}
    blocked = await ask(PROTECTOR, "POST", path, body=ground, match='"v1"')
    assert (blocked.status_code, blocked.json()["reason"]) == (409, "claim_open")
    assert "withdraw" in blocked.json()["detail"]
    assert (await withdraw(ask, draft)).status_code == 201
    assert (await ask(PROTECTOR, "POST", path, body=ground, match='"v1"')).status_code == 201


async def test_money_when_the_person_is_erased_then_none_can_be_asked_for_them(ask, unit):
    await prepare(unit)
    opened = await trip(ask, unit)
    path, ground = f"/v1/persons/{opened['person_id']}/erasure", {"ground": "subject_request"}
    assert (await ask(PROTECTOR, "POST", path, body=ground, match='"v1"')).status_code == 201
    money = {"trip_id": opened["id"], "amount": {"amount": "10.00", "currency": "PLN"}}
    for refused in (
        await declare(ask, opened["id"], "45.00"),
        await ask(OFFICER, "POST", "/v1/claims", body={"trip_id": opened["id"], "draft": True}),
        await ask(OFFICER, "POST", "/v1/advances", body=money),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "participants.person_closed")
    assert await facts(unit, "claim_moved") == await facts(unit, "advance_moved") == []


async def test_claim_when_submitted_then_not_withdrawn(ask, unit):
    await prepare(unit)
    made = (await declare(ask, (await trip(ask, unit))["id"], "45.00")).json()
    refused = await withdraw(ask, made)
    assert (refused.status_code, refused.json()["state"]) == (409, "submitted")


async def test_check_when_its_checker_is_gone_then_a_colleague_takes_it_over(ask, unit):
    await prepare(unit)
    made = (await declare(ask, (await trip(ask, unit))["id"], "45.00")).json()
    path, whole = f"/v1/claims/{made['id']}", {"items": [{"number": 1, "certified": "45.00"}]}
    taken = (await ask(VERIFIER, "POST", f"{path}/check", body={}, match='"v1"')).json()
    refused = await ask(SECOND, "POST", f"{path}/decision", body=whole, match=taken["etag"])
    assert refused.json()["code"] == "participants.four_eyes"
    assert "take it to check" in refused.json()["detail"]
    over = (await ask(SECOND, "POST", f"{path}/check", body={}, match=taken["etag"])).json()
    assert (over["state"], over["checked_by"]) == ("under_check", "second")
    late = await ask(VERIFIER, "POST", f"{path}/decision", body=whole, match=taken["etag"])
    assert late.status_code == 412
    done = await ask(SECOND, "POST", f"{path}/decision", body=whole, match=over["etag"])
    assert (done.status_code, done.json()["checked_by"]) == (201, "second")


@pytest.mark.parametrize(("override", "status"), [(None, 409), ("urgent_payment", 201)])
async def test_check_when_taken_over_by_who_declared_then_four_eyes_hold(
    ask, unit, override, status
):
    await prepare(unit)
    opened = await trip(ask, unit)
    made = (await declare(ask, opened["id"], "45.00", by=DOES_ALL)).json()
    path = f"/v1/claims/{made['id']}/check"
    taken = (await ask(VERIFIER, "POST", path, body={}, match='"v1"')).json()
    over = await ask(DOES_ALL, "POST", path, body={"override": override}, match=taken["etag"])
    assert over.status_code == status
