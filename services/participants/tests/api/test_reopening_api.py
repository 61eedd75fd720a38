"""Claims taken back before they are paid, and advances that are overdue."""

import json
from datetime import timedelta

from claim_steps import (
    DOES_ALL,
    FILE,
    PAYER,
    VERIFIER,
    certified,
    check,
    declare,
    facts,
    officer,
    settle,
    trip,
    with_account,
)
from people_and_trips import MINISTRY, OFFICER, OTHER, prepare
from sqlalchemy import select

from participants.storage.tables_claims import claim_item

SECOND = officer("second", "participants:verify")


async def reopen(ask, claim, *, by=SECOND, reason="checked_wrongly", match=None, **more):
    path = f"/v1/claims/{claim['id']}/reopening"
    return await ask(by, "POST", path, body={"reason": reason} | more, match=match or claim["etag"])


async def states(ask, claim):
    read = [
        (await ask(OFFICER, "GET", f"/v1/claims/{claim['id']}")).json()["state"],
        (await ask(OFFICER, "GET", f"/v1/trips/{claim['trip_id']}")).json()["state"],
    ]
    settled = (await ask(PAYER, "GET", "/v1/settlements")).json()["items"]
    return [*read, *sorted(each["state"] for each in settled)]


async def decide_again(ask, claim, *decisions):
    path = f"/v1/claims/{claim['id']}"
    taken = (await ask(VERIFIER, "POST", f"{path}/check", body={}, match=claim["etag"])).json()
    body = {"items": [{"number": n, **each} for n, each in enumerate(decisions, start=1)]}
    return await ask(VERIFIER, "POST", f"{path}/decision", body=body, match=taken["etag"])


async def test_claim_when_reopened_then_checked_again_and_settled_once_more(ask, unit):
    await prepare(unit)
    done = await certified(ask, unit, "45.00", "30.00")
    first = (await settle(ask, done["id"])).json()
    assert await states(ask, done) == ["certified", "settled", "settled"]
    back = (await reopen(ask, done)).json()
    assert (back["state"], back["reopened_by"], back["reopened_for"], back["checked_by"]) == (
        "submitted",
        "second",
        "checked_wrongly",
        None,
    )
    assert (back["declared"], back["certified"], back["items"][0]["certified"]) == (
        "75.00",
        None,
        None,
    )
    assert await states(ask, done) == ["submitted", "claimed", "withdrawn"]
    (told,) = await facts(unit, "claim_reopened")
    assert json.loads(told) == {
        "claim_id": done["id"],
        "trip_id": done["trip_id"],
        "programme_code": "NO-COMP",
        "revision": 1,
        "reason": "checked_wrongly",
        "override": None,
        "resolves": None,
    }
    path = f"/v1/settlements/{first['id']}/payment"
    for how in ({}, {"in_cash": True}):
        late = await ask(PAYER, "POST", path, body={"paid_on": "2026-03-02"} | how, match='"v2"')
        assert late.json()["code"] == "participants.payment_cannot_move"
    less = {"certified": "20.00", "deducted": "25.00", "reason": "provided_free"}
    again = await decide_again(ask, back, less, {"certified": "30.00"})
    assert (again.json()["state"], again.json()["certified"]) == ("part_certified", "50.00")
    assert (await settle(ask, done["id"])).json()["payable"] == "50.00"
    assert await states(ask, done) == ["part_certified", "settled", "settled", "withdrawn"]
    assert len(await facts(unit, "claim_certified")) == 2


async def test_claim_when_reopened_by_who_declared_or_checked_it_then_refused_unless_documented(
    ask, unit
):
    await prepare(unit)
    done = await certified(ask, unit, "45.00")
    for by in (VERIFIER, DOES_ALL):
        refused = await reopen(ask, done, by=by)
        assert (refused.status_code, refused.json()["code"]) == (409, "participants.four_eyes")
    assert (await reopen(ask, done, by=OFFICER)).status_code == 403
    assert (await reopen(ask, done, reason="")).status_code == 400
    assert (await reopen(ask, done, match='"v1"')).status_code == 412
    hidden = officer("other", "participants:verify")
    unseen = await reopen(ask, done, by=hidden.__class__("x", "x", "FR-MOI", "FR", hidden.scopes
        - {"records:all"}))  # fmt: skip
    assert unseen.json()["code"] == "participants.no_such_claim"
    assert await facts(unit, "claim_reopened") == []
    alone = await reopen(ask, done, by=DOES_ALL, override="only_officer_available")
    assert (alone.status_code, alone.json()["override"]) == (201, "only_officer_available")
    again = await reopen(ask, alone.json(), by=SECOND)
    assert again.json()["code"] == "participants.claim_cannot_move"
    async with unit.read() as read:
        rows = await read.rows(select(claim_item.c.certified, claim_item.c.reason))
    assert [tuple(row) for row in rows] == [(None, None)]


async def test_claim_when_its_payment_is_on_the_way_or_done_then_it_cannot_be_reopened(ask, unit):
    await prepare(unit)
    done = await certified(ask, unit, "45.00", person_id=await with_account(ask))
    await settle(ask, done["id"])
    file = (await ask(PAYER, "POST", "/v1/payment-files", body=FILE)).json()
    refused = await reopen(ask, done)
    assert refused.json()["code"] == "participants.payment_cannot_move"
    assert await states(ask, done) == ["certified", "settled", "in_file"]
    path = f"/v1/payment-files/{file['id']}/payment"
    early = await ask(PAYER, "POST", path, body={"paid_on": "2026-02-03"}, match=file["etag"])
    assert [wrong["code"] for wrong in early.json()["errors"]] == ["before_return"]
    assert await states(ask, done) == ["certified", "settled", "in_file"]
    await ask(PAYER, "POST", path, body={"paid_on": "2026-03-02"}, match=file["etag"])
    paid = (await ask(OFFICER, "GET", f"/v1/claims/{done['id']}")).json()
    refused = await reopen(ask, paid)
    assert refused.json()["code"] == "participants.claim_cannot_move"
    assert await facts(unit, "claim_reopened") == []


async def test_claim_when_what_it_parked_was_decided_then_only_the_later_one_can_be_reopened(
    ask, unit
):
    await prepare(unit)
    made = (await declare(ask, (await trip(ask, unit))["id"], "45.00")).json()
    parked = {"certified": "40.00", "parked": "5.00", "reason": "awaits_document"}
    done = (await check(ask, made["id"], parked)).json()
    found = {"items": [{"number": 1, "certified": "5.00", "reason": "document_received"}]}
    path = f"/v1/claims/{done['id']}/parked-decision"
    later = (await ask(SECOND, "POST", path, body=found, match=done["etag"])).json()
    third = officer("third", "participants:verify")
    refused = await reopen(ask, done, by=third)
    assert refused.json()["code"] == "participants.parked_resolved"
    back = await reopen(ask, later, by=third)
    assert (back.json()["state"], back.json()["resolves"]) == ("submitted", done["id"])
    none = {"certified": "0.00", "deducted": "5.00", "reason": "not_documented"}
    assert (await decide_again(ask, back.json(), none)).json()["state"] == "rejected"
    assert (await states(ask, done))[:2] == ["part_certified", "verified"]


async def given(ask, trip_id, amount="100.00", on="2026-02-01"):
    """Ask for, approve and pay out an advance."""
    body = {"trip_id": trip_id, "amount": {"amount": amount, "currency": "PLN"}}
    made = (await ask(OFFICER, "POST", "/v1/advances", body=body)).json()
    path = f"/v1/advances/{made['id']}"
    await ask(VERIFIER, "POST", f"{path}/approval", match='"v1"')
    return (await ask(PAYER, "POST", f"{path}/payment", body={"paid_on": on}, match='"v2"')).json()


async def test_advance_when_its_settlement_is_withdrawn_then_it_is_open_again(ask, unit):
    await prepare(unit)
    opened = await trip(ask, unit)
    advance = await given(ask, opened["id"])
    made = (await declare(ask, opened["id"], "45.00", "45.00", "22.50")).json()
    done = await check(
        ask, made["id"], *({"certified": each["declared"]} for each in made["items"])
    )
    await settle(ask, made["id"])
    path = f"/v1/advances/{advance['id']}"
    read = (await ask(MINISTRY, "GET", path)).json()
    assert (read["state"], read["cleared"]) == ("cleared", "100.00")
    assert (await reopen(ask, done.json())).status_code == 201
    read = (await ask(MINISTRY, "GET", path)).json()
    assert (read["state"], read["cleared"]) == ("paid", "0.00")


async def test_advance_when_fifteen_days_after_the_return_then_overdue_until_accounted_for(
    ask, unit, clock
):
    await prepare(unit)
    opened = await trip(ask, unit, first="2026-02-16", last="2026-02-17")
    advance = await given(ask, opened["id"], "60.00", on="2026-02-15")
    other = await trip(ask, unit)
    body = {"trip_id": other["id"], "amount": {"amount": "1.00", "currency": "PLN"}}
    await ask(OFFICER, "POST", "/v1/advances", body=body)
    assert (advance["due_on"], advance["overdue"]) == ("2026-03-03", False)

    async def late(by=MINISTRY, **asked):
        found = (await ask(by, "GET", "/v1/advances", **asked)).json()["items"]
        return [(each["trip_id"], each["overdue"]) for each in found]

    assert await late(overdue="true") == []
    clock.move(timedelta(days=1))
    assert await late(overdue="true") == []
    clock.move(timedelta(days=1))
    assert await late(overdue="true") == [(opened["id"], True)]
    assert await late(overdue="false") == [(other["id"], False)]
    assert await late(state="paid", trip_id=opened["id"]) == [(opened["id"], True)]
    assert await late(OTHER) == []
    path = f"/v1/advances/{advance['id']}"
    assert (await ask(MINISTRY, "GET", path)).json()["overdue"] is True
    assert (await ask(OTHER, "GET", path)).json()["code"] == "participants.no_such_advance"
    made = (await declare(ask, opened["id"], asked=[
        {"day": "2026-02-16", "kind": "subsistence", "amount": "20.00"}
    ])).json()  # fmt: skip
    await check(ask, made["id"], {"certified": "20.00"})
    settled = (await settle(ask, made["id"])).json()
    assert await late(overdue="true") == [(opened["id"], True)]
    returned = {"paid_on": "2026-03-04"}
    await ask(
        PAYER, "POST", f"/v1/settlements/{settled['id']}/payment", body=returned, match='"v1"'
    )
    assert await late(overdue="true") == []
