"""Claims, settlements and payment files over HTTP: four eyes, no day twice, sums that hold."""

import re
from decimal import Decimal
from importlib import resources

import pytest
import xmlschema
from claim_steps import (
    DOES_ALL,
    FILE,
    IBAN,
    PAYER,
    VERIFIER,
    certified,
    check,
    declare,
    facts,
    items,
    officer,
    settle,
    trip,
    with_account,
)
from people_and_trips import MINISTRY, OFFICER, OTHER, prepare
from sqlalchemy import select

from participants.storage.tables_claims import claim, settlement
from participants.storage.tables_people import access_log


async def test_claim_when_certified_settled_and_paid_then_programmes_is_told(ask, unit):
    await prepare(unit)
    done = await certified(ask, unit, "45.00", "45.00", "22.50")
    assert (done["declared"], done["certified"]) == ("112.50", "112.50")
    settled = (await settle(ask, done["id"])).json()
    assert (settled["state"], settled["payable"]) == ("settled", "112.50")
    path = f"/v1/settlements/{settled['id']}/payment"
    early = await ask(PAYER, "POST", path, body={"paid_on": "2026-03-02"}, match='"v1"')
    assert early.json()["code"] == "participants.payment_cannot_move"
    (fact,) = await facts(unit, "claim_certified")
    assert '"amount":{"amount":"112.50","currency":"PLN"}' in fact
    assert '"budget_line_code":"PER-DIEM"' in fact
    assert await facts(unit, "settlement_paid") == []


async def test_claim_when_partly_certified_then_deducted_and_parked_with_reasons(ask, unit):
    await prepare(unit)
    opened = await trip(ask, unit)
    made = (await declare(ask, opened["id"], "45.00", "45.00")).json()
    done = await check(
        ask,
        made["id"],
        {"certified": "30.00", "deducted": "15.00", "reason": "provided_free"},
        {"certified": "0.00", "parked": "45.00", "reason": "awaits_document"},
    )
    body = done.json()
    assert (body["state"], body["certified"], body["deducted"], body["parked"]) == (
        "part_certified",
        "30.00",
        "15.00",
        "45.00",
    )
    read = await ask(MINISTRY, "GET", f"/v1/claims/{made['id']}")
    assert read.json() == body
    assert (await ask(OTHER, "GET", f"/v1/claims/{made['id']}")).status_code == 404
    listed = await ask(MINISTRY, "GET", "/v1/claims", state="part_certified")
    assert listed.json()["items"] == [body]


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        ({"certified": "45.01"}, "certified_above_declared"),
        ({"certified": "40.00"}, "item_sum"),
        ({"certified": "40.00", "deducted": "5.00"}, "reason_missing"),
        ({"certified": "-1.00", "deducted": "46.00", "reason": "arithmetic"}, "kit."),
    ],
)
async def test_decision_when_it_does_not_add_up_then_refused_and_nothing_written(
    ask, unit, decision, code
):
    await prepare(unit)
    made = (await declare(ask, (await trip(ask, unit))["id"], "45.00")).json()
    refused = await check(ask, made["id"], decision)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"].startswith(code)
    assert (await ask(OFFICER, "GET", f"/v1/claims/{made['id']}")).json()["certified"] is None
    assert await facts(unit, "claim_certified") == []


async def test_steps_when_one_person_takes_two_then_refused_unless_documented(ask, unit):
    await prepare(unit)
    opened = await trip(ask, unit)
    made = (await declare(ask, opened["id"], "45.00", by=DOES_ALL)).json()
    refused = await check(ask, made["id"], {"certified": "45.00"}, by=DOES_ALL)
    assert (refused.status_code, refused.json()["code"]) == (409, "participants.four_eyes")
    done = await check(
        ask, made["id"], {"certified": "45.00"}, by=DOES_ALL, override="urgent_payment"
    )
    assert done.json()["override"] == "urgent_payment"
    refused = await settle(ask, made["id"], by=DOES_ALL)
    assert refused.json()["code"] == "participants.four_eyes"
    alone = await settle(ask, made["id"], by=DOES_ALL, override="only_officer_available")
    assert (alone.status_code, alone.json()["override"]) == (201, "only_officer_available")
    assert (await settle(ask, made["id"])).json()["code"] == "participants.settlement_exists"


async def test_decision_when_by_another_than_who_checks_then_refused(ask, unit):
    await prepare(unit)
    made = (await declare(ask, (await trip(ask, unit))["id"], "45.00")).json()
    path = f"/v1/claims/{made['id']}"
    await ask(VERIFIER, "POST", f"{path}/check", body={}, match='"v1"')
    body = {"items": [{"number": 1, "certified": "45.00"}]}
    refused = await ask(DOES_ALL, "POST", f"{path}/decision", body=body, match='"v2"')
    assert refused.json()["code"] == "participants.four_eyes"


async def test_day_when_claimed_with_another_trip_then_refused_until_that_is_rejected(ask, unit):
    await prepare(unit)
    one = await trip(
        ask,
        unit,
        departs_at="2026-02-02T08:00:00+01:00",
        returns_at="2026-02-04T08:00:00+01:00",
        first=None,
        last=None,
    )
    two = await trip(
        ask,
        unit,
        one["person_id"],
        departs_at="2026-02-04T12:00:00+01:00",
        returns_at="2026-02-06T08:00:00+01:00",
        first=None,
        last=None,
    )
    made = (await declare(ask, one["id"], "45.00", "45.00", "22.50")).json()
    clash = await declare(ask, two["id"], asked=items("22.50", "45.00", first=4))
    assert (clash.status_code, clash.json()["code"]) == (409, "participants.day_already_paid")
    assert (await declare(ask, one["id"], "1.00")).json()["code"] == "participants.claim_exists"
    beside = await declare(ask, two["id"], asked=items("45.00", first=5))
    assert beside.status_code == 201
    nothing = {"certified": "0.00", "reason": "not_eligible"}
    done = await check(
        ask, made["id"], *(nothing | {"deducted": each} for each in ("45.00", "45.00", "22.50"))
    )
    assert done.json()["state"] == "rejected"
    again = await declare(ask, one["id"], "45.00")
    assert (again.status_code, again.json()["revision"]) == (201, 2)


async def test_claim_when_trip_is_cancelled_or_not_over_then_refused(ask, unit):
    await prepare(unit)
    gone = await trip(ask, unit)
    path = f"/v1/trips/{gone['id']}/cancellation"
    body = {"reason": "event_cancelled"}
    assert (await ask(OFFICER, "POST", path, body=body, match=gone["etag"])).status_code == 201
    refused = await declare(ask, gone["id"], "45.00")
    assert (refused.status_code, refused.json()["code"]) == (409, "participants.claim_cannot_move")
    assert refused.json()["reason"] == "event_cancelled"
    later = await trip(ask, unit, first="2026-05-04", last="2026-05-05")
    asked = [{"day": "2026-05-04", "kind": "subsistence", "amount": "45.00"}]
    assert (await declare(ask, later["id"], asked=asked)).status_code == 409
    async with unit.read() as read:
        assert await read.rows(select(claim.c.id)) == []


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        ({"amount": "0.00"}, "/items/0/amount"),
        ({"amount": "-5.00"}, "/items/0/amount"),
        ({"amount": "1.005"}, "/items/0/amount"),
        ({"day": "2026-02-01"}, "/items/0/day"),
        ({"day": "2026-02-05"}, "/items/0/day"),
        ({"kind": "bribe"}, "/items/0/kind"),
    ],
)
async def test_claim_when_an_item_is_wrong_then_named_and_nothing_saved(ask, unit, item, pointer):
    await prepare(unit)
    opened = await trip(ask, unit)
    refused = await declare(ask, opened["id"], asked=[items("45.00")[0] | item])
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == pointer
    async with unit.read() as read:
        assert await read.rows(select(claim.c.id)) == []


async def test_advance_when_paid_then_counted_in_the_settlement(ask, unit):
    await prepare(unit)
    opened = await trip(ask, unit)
    ask_for = {"trip_id": opened["id"], "amount": {"amount": "100.00", "currency": "PLN"}}
    too_much = ask_for | {"amount": {"amount": "5000.00", "currency": "PLN"}}
    assert (await ask(OFFICER, "POST", "/v1/advances", body=too_much)).status_code == 409
    advance = (await ask(OFFICER, "POST", "/v1/advances", body=ask_for)).json()
    path = f"/v1/advances/{advance['id']}"
    own = await ask(
        officer("officer", "participants:verify"), "POST", f"{path}/approval", match='"v1"'
    )
    assert own.json()["code"] == "participants.four_eyes"
    assert (await ask(VERIFIER, "POST", f"{path}/approval", match='"v1"')).status_code == 201
    paid = {"paid_on": "2026-02-01"}
    assert (await ask(PAYER, "POST", f"{path}/payment", body=paid, match='"v2"')).status_code == 201
    made = (await declare(ask, opened["id"], "45.00", "30.00")).json()
    await check(ask, made["id"], {"certified": "45.00"}, {"certified": "30.00"})
    settled = (await settle(ask, made["id"])).json()
    assert [settled[key] for key in ("certified", "advanced", "payable", "to_return")] == [
        "75.00",
        "100.00",
        "0.00",
        "25.00",
    ]
    path = f"/v1/settlements/{settled['id']}/payment"
    for day, code in (("2026-02-03", "before_return"), ("2026-03-03", "in_future")):
        refused = await ask(PAYER, "POST", path, body={"paid_on": day}, match='"v1"')
        wrong = [(each["pointer"], each["code"]) for each in refused.json()["errors"]]
        assert (refused.status_code, wrong) == (400, [("/paid_on", code)])
    done = await ask(PAYER, "POST", path, body={"paid_on": "2026-02-04"}, match='"v1"')
    assert done.json()["state"] == "paid"
    assert '"advanced":{"amount":"100.00"' in (await facts(unit, "settlement_paid"))[0]
    assert (await ask(OFFICER, "GET", f"/v1/claims/{made['id']}")).json()["state"] == "paid"


async def gathered(ask, unit):
    await prepare(unit)
    for amounts in (("45.00", "22.50"), ("45.10",)):
        done = await certified(ask, unit, *amounts, person_id=await with_account(ask))
        assert (await settle(ask, done["id"])).status_code == 201
    unpaid = await certified(ask, unit, "1.00")
    await settle(ask, unpaid["id"])
    return await ask(PAYER, "POST", "/v1/payment-files", body=FILE)


async def test_payment_file_when_fetched_then_valid_with_right_sums_and_logged(ask, unit):
    made = await gathered(ask, unit)
    assert (made.status_code, made.json()["payments"], made.json()["total"]) == (201, 2, "112.60")
    assert IBAN not in made.text
    path = f"{made.headers['location']}/document"
    xml = await ask(PAYER, "GET", path, purpose="payment", case="P-1")
    assert (xml.status_code, xml.headers["content-type"]) == (200, "application/xml")
    with resources.as_file(resources.files("sepaxml") / "schemas/pain.001.001.09.xsd") as schema:
        xmlschema.XMLSchema(schema).validate(xml.text)
    assert re.findall(r"<CtrlSum>(.*?)</CtrlSum>", xml.text) == ["112.60"] * 2
    assert re.findall(r"<NbOfTxs>(.*?)</NbOfTxs>", xml.text) == ["2"] * 2
    paid = re.findall(r'<InstdAmt Ccy="PLN">(.*?)</InstdAmt>', xml.text)
    assert sum(map(Decimal, paid)) == Decimal("112.60")
    assert xml.text.count(f"<IBAN>{IBAN}</IBAN>") == 3
    assert "<Nm>Zaneta Canary</Nm>" in xml.text
    assert (await ask(PAYER, "GET", path, purpose="payment")).content == xml.content
    async with unit.read() as read:
        logged = await read.rows(select(access_log.c.fields, access_log.c.case_ref))
        states = await read.rows(select(settlement.c.state).order_by(settlement.c.id))
    assert [tuple(row) for row in logged] == [("bank_account", "P-1")] * 2 + [
        ("bank_account", None)
    ] * 2
    assert sorted(row.state for row in states) == ["in_file", "in_file", "settled"]


async def test_payment_file_when_nothing_waits_then_refused(ask, unit):
    await gathered(ask, unit)
    again = await ask(PAYER, "POST", "/v1/payment-files", body=FILE)
    assert (again.status_code, again.json()["code"]) == (409, "participants.nothing_to_pay")
    wrong = FILE | {"payer": FILE["payer"] | {"iban": "PL62109010140000071219812874"}}
    refused = await ask(PAYER, "POST", "/v1/payment-files", body=wrong)
    assert refused.json()["errors"][0]["pointer"] == "/payer/iban"
    for by in (OFFICER, MINISTRY, VERIFIER):
        assert (await ask(by, "POST", "/v1/payment-files", body=FILE)).status_code == 403


async def test_settlement_when_its_file_is_paid_then_claim_is_paid_and_told(ask, unit):
    await gathered(ask, unit)
    listed = await ask(PAYER, "GET", "/v1/settlements", state="in_file")
    first = listed.json()["items"][0]
    path = f"/v1/settlements/{first['id']}/payment"
    paid = await ask(PAYER, "POST", path, body={"paid_on": "2026-03-02"}, match=first["etag"])
    assert (paid.status_code, paid.json()["paid_on"]) == (201, "2026-03-02")
    (fact,) = await facts(unit, "settlement_paid")
    amount = f'"amount":{{"amount":"{first["certified"]}","currency":"PLN"}}'
    assert amount in fact
    assert "person" not in fact
