"""What a bank did not carry out: taken out of its file, and paid, corrected or reopened then."""

import re
from uuid import UUID

import pytest
from claim_steps import FILE, PAYER, certified, facts, officer, settle, with_account
from people_and_trips import MINISTRY, OFFICER, prepare
from sqlalchemy import delete

from participants.storage.tables_people import bank_account

SECOND = officer("second", "participants:verify")
ON = {"paid_on": "2026-03-02"}


async def gathered(ask, unit):
    """Make a file of 67.50 and 45.10; return it and its settlements, the dearer first."""
    await prepare(unit)
    for amounts in (("45.00", "22.50"), ("45.10",)):
        done = await certified(ask, unit, *amounts, person_id=await with_account(ask))
        assert (await settle(ask, done["id"])).status_code == 201
    file = (await ask(PAYER, "POST", "/v1/payment-files", body=FILE)).json()
    return file, await listed(ask)


async def listed(ask, **wanted):
    found = (await ask(PAYER, "GET", "/v1/settlements", **wanted)).json()["items"]
    return sorted(found, key=lambda each: each["payable"], reverse=True)


async def step(ask, record, name, *, what="settlements", body=None, by=PAYER):
    path = f"/v1/{what}/{record['id']}/{name}"
    return await ask(by, "POST", path, body=body, match=record["etag"])


async def read(ask, file):
    return (await ask(PAYER, "GET", f"/v1/payment-files/{file['id']}")).json()


async def test_payment_when_it_failed_then_out_of_its_file_and_to_be_paid_again(ask, unit):
    file, (one, other) = await gathered(ask, unit)
    failed = (await step(ask, one, "failure")).json()
    assert (failed["state"], failed["payment_file_id"], failed["payable"]) == (
        "settled", None, "67.50",
    )  # fmt: skip
    less = await read(ask, file)
    assert (less["payments"], less["total"], less["etag"]) == (1, "45.10", '"v2"')
    assert '"total":{"amount":"45.10"' in (await facts(unit, "payment_file_made"))[-1]
    path = f"/v1/payment-files/{file['id']}/document"
    xml = (await ask(PAYER, "GET", path, purpose="payment")).text
    assert re.findall(r"<(?:CtrlSum|NbOfTxs)>(.*?)<", xml) == ["1", "45.10"] * 2
    again = (await ask(PAYER, "POST", "/v1/payment-files", body=FILE)).json()
    assert (again["payments"], again["total"]) == (1, "67.50")
    done = await step(ask, less, "payment", what="payment-files", body=ON)
    assert done.status_code == 201
    states = {each["id"]: (each["state"], each["payment_file_id"]) for each in await listed(ask)}
    assert states == {one["id"]: ("in_file", again["id"]), other["id"]: ("paid", file["id"])}


async def test_payment_when_it_failed_then_its_claim_can_be_reopened(ask, unit):
    _, (one, _other) = await gathered(ask, unit)
    path, why = f"/v1/claims/{one['claim_id']}/reopening", {"reason": "document_found"}
    assert (await ask(SECOND, "POST", path, body=why, match='"v3"')).status_code == 409
    await step(ask, one, "failure")
    assert (await ask(SECOND, "POST", path, body=why, match='"v3"')).status_code == 201


async def test_file_when_it_failed_then_what_was_not_paid_by_itself_can_be_paid_again(ask, unit):
    file, (one, _other) = await gathered(ask, unit)
    assert (await step(ask, one, "payment", body=ON)).status_code == 201
    failed = await step(ask, file, "failure", what="payment-files")
    assert (failed.status_code, failed.json()["payments"], failed.json()["total"]) == (
        201, 1, "67.50",
    )  # fmt: skip
    assert [each["state"] for each in await listed(ask)] == ["paid", "settled"]
    refused = await step(ask, failed.json(), "failure", what="payment-files")
    assert (refused.status_code, refused.json()["code"]) == (
        409, "participants.payment_cannot_move",
    )  # fmt: skip


async def test_file_when_nothing_is_left_in_it_then_neither_fetched_nor_paid(ask, unit):
    file, _ = await gathered(ask, unit)
    empty = (await step(ask, file, "failure", what="payment-files")).json()
    assert (empty["payments"], empty["total"]) == (0, "0.00")
    path = f"/v1/payment-files/{file['id']}/document"
    fetched = await ask(PAYER, "GET", path, purpose="payment")
    paid = await step(ask, empty, "payment", what="payment-files", body=ON)
    for refused in (fetched, paid):
        assert (refused.status_code, refused.json()["detail"]) == (
            409, "nothing is left in the file",
        )  # fmt: skip
    assert (await ask(PAYER, "POST", "/v1/payment-files", body=FILE)).json()["payments"] == 2


async def test_payment_when_not_in_a_file_or_paid_then_cannot_fail(ask, unit):
    file, (one, _other) = await gathered(ask, unit)
    for by in (OFFICER, MINISTRY):
        assert (await step(ask, one, "failure", by=by)).status_code == 403
    out = (await step(ask, one, "failure")).json()
    assert (await step(ask, one, "failure")).status_code == 412
    assert (await step(ask, out, "failure")).json()["state"] == "settled"
    done = (await step(ask, await read(ask, file), "payment", what="payment-files", body=ON)).json()
    refused = await step(ask, done, "failure", what="payment-files")
    assert (refused.status_code, refused.json()["state"]) == (409, "paid")


@pytest.mark.parametrize("what", ["settlements", "payment-files"])
async def test_payment_when_dated_before_its_file_was_made_then_refused(ask, unit, what):
    file, (one, _other) = await gathered(ask, unit)
    record = one if what == "settlements" else file
    early = await step(ask, record, "payment", what=what, body={"paid_on": "2026-03-01"})
    assert early.status_code == 400
    assert [(each["pointer"], each["code"]) for each in early.json()["errors"]] == [
        ("/paid_on", "before_file")
    ]
    assert {each["state"] for each in await listed(ask)} == {"in_file"}
    assert (await step(ask, record, "payment", what=what, body=ON)).status_code == 201


async def test_settlements_when_asked_by_claim_file_or_programme_then_those_alone(ask, unit):
    file, (one, other) = await gathered(ask, unit)
    out = (await step(ask, one, "failure")).json()
    assert await listed(ask, claim_id=one["claim_id"]) == [out]
    assert await listed(ask, payment_file_id=file["id"]) == [other]
    assert await listed(ask, programme="NO-COMP") == [out, other]
    assert await listed(ask, programme="EAP-PCP") == []


async def test_file_when_nobody_has_an_account_then_said_so(ask, unit):
    await prepare(unit)
    done = await certified(ask, unit, "45.00")
    await settle(ask, done["id"])
    refused = (await ask(PAYER, "POST", "/v1/payment-files", body=FILE)).json()
    assert (refused["code"], refused["detail"]) == (
        "participants.nothing_to_pay",
        "nothing of this payer in this currency waits for somebody whose account is known",
    )


async def test_file_when_an_account_is_gone_then_the_settlement_is_named(ask, unit):
    file, (one, other) = await gathered(ask, unit)
    async with unit.begin() as tx:
        gone = bank_account.c.person_id == UUID(one["person_id"])
        await tx.sql.execute(delete(bank_account).where(gone))
        tx.result(None)
    path = f"/v1/payment-files/{file['id']}/document"
    refused = await ask(PAYER, "GET", path, purpose="payment")
    assert (refused.status_code, refused.json()["detail"]) == (
        409, f"the account for settlement {one['id']} is not known any more",
    )  # fmt: skip
    await step(ask, one, "failure")
    xml = (await ask(PAYER, "GET", path, purpose="payment")).text
    assert other["id"].replace("-", "") in xml


async def test_file_when_account_and_day_are_wrong_then_both_are_named(ask, unit):
    wrong = {"payer": FILE["payer"] | {"iban": "PL62109010140000071219812874"}}
    body = FILE | wrong | {"executes_on": "2026-03-01"}
    refused = await ask(PAYER, "POST", "/v1/payment-files", body=body)
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/payer/iban", "iban"), ("/executes_on", "in_past"),
    ]  # fmt: skip
