"""Advances that no settlement counts: refused, returned, and never paid beside what is settled."""

import json

import pytest
from claim_steps import DOES_ALL, PAYER, VERIFIER, check, declare, facts, officer, settle, trip
from people_and_trips import MINISTRY, OFFICER, OTHER, prepare

ON = {"paid_on": "2026-02-01"}
STEPS = {
    "approval": (VERIFIER, None),
    "payment": (PAYER, ON),
    "return": (PAYER, {"paid_on": "2026-02-20"}),
    "refusal": (VERIFIER, None),
}


async def asked(ask, trip_id, amount="100.00"):
    body = {"trip_id": trip_id, "amount": {"amount": amount, "currency": "PLN"}}
    return await ask(OFFICER, "POST", "/v1/advances", body=body)


async def step(ask, advance, name, *, by=None, body=None):
    who, sent = STEPS[name]
    path = f"/v1/advances/{advance['id']}/{name}"
    return await ask(by or who, "POST", path, body=body or sent, match=advance["etag"])


async def brought(ask, advance, *names):
    for name in names:
        answer = await step(ask, advance, name)
        assert answer.status_code == 201, answer.text
        advance = answer.json()
    return advance


async def cancelled(ask, opened):
    read = (await ask(OFFICER, "GET", f"/v1/trips/{opened['id']}")).json()
    path, why = f"/v1/trips/{opened['id']}/cancellation", {"reason": "event_cancelled"}
    assert (await ask(OFFICER, "POST", path, body=why, match=read["etag"])).status_code == 201


async def erased(ask, person_id):
    by = officer("officer", "participants:write", "participants:protect")
    path, ground = f"/v1/persons/{person_id}/erasure", {"ground": "subject_request"}
    read = (await ask(OFFICER, "GET", f"/v1/persons/{person_id}")).json()
    return await ask(by, "POST", path, body=ground, match=read["etag"])


@pytest.mark.parametrize("before", [(), ("approval",)])
async def test_advance_when_refused_then_another_can_be_asked_and_the_person_erased(
    ask, unit, before
):
    await prepare(unit)
    opened = await trip(ask, unit)
    advance = await brought(ask, (await asked(ask, opened["id"])).json(), *before)
    assert (await asked(ask, opened["id"], "50.00")).json()["code"] == "participants.advance_exists"
    refused = (await step(ask, advance, "refusal")).json()
    assert (refused["state"], refused["cleared"]) == ("refused", "0.00")
    assert json.loads((await facts(unit, "advance_moved"))[-1])["state"] == "refused"
    for name in STEPS:
        again = await step(ask, refused, name)
        assert (again.status_code, again.json()["state"]) == (409, "refused"), name
    other = await asked(ask, opened["id"], "50.00")
    assert other.status_code == 201
    await cancelled(ask, opened)
    blocked = await erased(ask, opened["person_id"])
    assert blocked.json()["reason"] == "advance_open"
    await brought(ask, other.json(), "refusal")
    assert (await erased(ask, opened["person_id"])).status_code == 201


async def test_advance_when_its_trip_is_cancelled_then_not_paid_and_what_was_paid_is_returned(
    ask, unit
):
    await prepare(unit)
    opened = await trip(ask, unit)
    advance = await brought(ask, (await asked(ask, opened["id"])).json(), "approval", "payment")
    await cancelled(ask, opened)
    assert (await erased(ask, opened["person_id"])).json()["reason"] == "advance_open"
    for day, code in (("2026-01-31", "before_payment"), ("2026-03-03", "in_future")):
        wrong = await step(ask, advance, "return", body={"paid_on": day})
        found = [(each["pointer"], each["code"]) for each in wrong.json()["errors"]]
        assert (wrong.status_code, found) == (400, [("/paid_on", code)])
    back = (await step(ask, advance, "return")).json()
    assert (back["state"], back["cleared"], back["returned_on"], back["overdue"]) == (
        "cleared", "100.00", "2026-02-20", False,
    )  # fmt: skip
    assert (await ask(MINISTRY, "GET", f"/v1/advances/{advance['id']}")).json() == back
    assert (await ask(OTHER, "GET", f"/v1/advances/{advance['id']}")).status_code == 404
    assert (await step(ask, back, "return")).json()["state"] == "cleared"
    assert (await erased(ask, opened["person_id"])).status_code == 201


@pytest.mark.parametrize("name", ["approval", "payment"])
@pytest.mark.parametrize("end", ["cancelled", "settled"])
async def test_advance_when_its_trip_is_cancelled_or_settled_then_goes_no_further(
    ask, unit, name, end
):
    await prepare(unit)
    opened = await trip(ask, unit)
    made = (await asked(ask, opened["id"])).json()
    advance = await brought(ask, made, *(("approval",) if name == "payment" else ()))
    if end == "cancelled":
        await cancelled(ask, opened)
    else:
        claim = (await declare(ask, opened["id"], "45.00")).json()
        await check(ask, claim["id"], {"certified": "45.00"})
        settled = (await settle(ask, claim["id"])).json()
        assert (settled["advanced"], settled["payable"]) == ("0.00", "45.00")
    refused = await step(ask, advance, name)
    assert (refused.status_code, refused.json()["code"], refused.json()["state"]) == (
        409, "participants.payment_cannot_move", end,
    )  # fmt: skip
    assert (await ask(OFFICER, "GET", f"/v1/advances/{advance['id']}")).json() == advance


async def test_advance_when_a_settlement_counts_it_then_is_returned_with_that_alone(ask, unit):
    await prepare(unit)
    opened = await trip(ask, unit)
    advance = await brought(ask, (await asked(ask, opened["id"])).json(), "approval", "payment")
    claim = (await declare(ask, opened["id"], "45.00")).json()
    await check(ask, claim["id"], {"certified": "45.00"})
    settled = (await settle(ask, claim["id"])).json()
    counted = (await ask(OFFICER, "GET", f"/v1/advances/{advance['id']}")).json()
    refused = await step(ask, counted, "return")
    assert (refused.status_code, refused.json()["state"]) == (409, "partly_cleared")
    assert refused.json()["detail"] == (
        "an advance that is partly_cleared is not given back by itself"
    )
    path = f"/v1/settlements/{settled['id']}/payment"
    paid = await ask(PAYER, "POST", path, body={"paid_on": "2026-02-20"}, match=settled["etag"])
    assert paid.status_code == 201
    done = (await ask(OFFICER, "GET", f"/v1/advances/{advance['id']}")).json()
    assert (done["state"], done["cleared"], done["returned_on"]) == (
        "cleared", "100.00", "2026-02-20",
    )  # fmt: skip


async def test_advance_when_one_person_takes_two_steps_then_told_what_helps(ask, unit):
    await prepare(unit)
    opened = await trip(ask, unit)
    body = {"trip_id": opened["id"], "amount": {"amount": "10.00", "currency": "PLN"}}
    advance = (await ask(DOES_ALL, "POST", "/v1/advances", body=body)).json()
    refused = (await step(ask, advance, "approval", by=DOES_ALL)).json()
    assert (refused["code"], refused["detail"]) == (
        "participants.four_eyes", "you took an earlier step of this yourself",
    )  # fmt: skip
    assert "where the operation takes `override`" in refused["advice"]
