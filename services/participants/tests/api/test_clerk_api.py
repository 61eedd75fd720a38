"""The travel clerk: from trip to paid, drafts, parked amounts, several currencies, refusals."""

from uuid import UUID

import pytest
from people_and_trips import MINISTRY, OFFICER, OTHER, pin, prepare
from sqlalchemy import func, select

from kit.auth import Caller
from kit.db.tables import change
from participants.commands import programmes, trips
from participants.domain.choices import ExchangeRule, Pin
from participants.domain.estimate import ProgrammePin
from participants.storage.tables_claims import claim, settlement


def person(subject, *scopes):
    given = frozenset({"participants:read", "records:all", *scopes})
    return Caller(f"demo-{subject}", subject, "PL-MOI", "PL", given)


VERIFIER = person("verifier", "participants:verify")
PAYER = person("payer", "participants:pay")
WENT = {
    "departs_at": "2026-02-02T06:00:00+01:00",
    "returns_at": "2026-02-05T20:00:00+01:00",
    "zone": "Europe/Warsaw",
}
ABROAD = {
    "abroad": {
        "leaves": {"at": "2026-02-02T19:00:00+01:00", "way": "land"},
        "enters": {"at": "2026-02-05T07:00:00+01:00", "way": "land"},
        "stays": [{"country": "DE", "place": "Berlin"}],
    }
}


async def opened(ask, unit, country="PL", first="2026-02-02", last="2026-02-04", **fields):
    new = {"organisation": "MD-MIA", "country": "PL"}
    who = (await ask(OFFICER, "POST", "/v1/persons", body=new)).json()["id"]
    body = {
        "person_id": who,
        "programme_code": "NO-COMP",
        "destination": {"country": country},
        "first_day": first,
        "last_day": last,
    }
    answer = await ask(OFFICER, "POST", "/v1/trips", body=body | fields)
    assert answer.status_code == 201, answer.text
    return await read(ask, answer.json())


async def read(ask, trip):
    return (await ask(OFFICER, "GET", f"/v1/trips/{trip['id']}")).json()


async def funded(ask, unit, trip):
    await trips.mark_funded(unit, UUID(trip["id"]), revision=trip["revision"])
    return await read(ask, trip)


async def counts(unit):
    async with unit.read() as looked:
        return [
            (await looked.first(select(func.count()).select_from(table)))[0]
            for table in (claim, settlement, change)
        ]


async def decide(ask, made, *decisions, path="decision", by=VERIFIER, **more):
    if path == "decision":
        taken = await ask(by, "POST", f"/v1/claims/{made['id']}/check", body={}, match=made["etag"])
        made = taken.json()
    items = [{"number": n, **each} for n, each in enumerate(decisions, start=1)]
    return await ask(
        by, "POST", f"/v1/claims/{made['id']}/{path}", body={"items": items} | more,
        match=made["etag"],
    )  # fmt: skip


async def test_clerk_when_all_goes_well_then_from_trip_to_paid_as_it_was_computed(ask, unit):
    await prepare(unit)
    trip = await opened(ask, unit)
    told = WENT | {"meals": [{"on": "2026-02-03", "provided": ["lunch"]}]}
    path = f"/v1/trips/{trip['id']}"
    went = await ask(OFFICER, "PUT", f"{path}/travel-facts", body=told, match=trip["etag"])
    assert went.status_code == 200, went.text
    assert (went.json()["revision"], went.json()["state"]) == (2, "estimated")
    assert went.json()["estimate"]["amount"] == "157.50"
    trip = await funded(ask, unit, went.json())
    draft = await ask(OFFICER, "POST", "/v1/claims", body={"trip_id": trip["id"], "draft": True})
    assert (draft.status_code, draft.json()["state"]) == (201, "draft")
    assert draft.json()["declared"] == "157.50"
    one = [{"day": "2026-02-03", "kind": "subsistence", "amount": "45.00"}]
    path = f"/v1/claims/{draft.json()['id']}"
    other = await ask(
        OFFICER, "PUT", f"{path}/items", body={"items": one}, match=draft.json()["etag"]
    )
    assert (other.status_code, other.json()["declared"]) == (200, "45.00")
    again = await ask(OFFICER, "PUT", f"{path}/items", body={}, match=other.json()["etag"])
    assert [(i["day"], i["declared"]) for i in again.json()["items"]] == [
        ("2026-02-02", "45.00"), ("2026-02-03", "22.50"), ("2026-02-04", "45.00"),
        ("2026-02-05", "45.00"),
    ]  # fmt: skip
    made = await ask(OFFICER, "POST", f"{path}/submission", match=again.json()["etag"])
    assert (made.status_code, made.json()["state"]) == (201, "submitted")
    assert (await read(ask, trip))["state"] == "claimed"
    whole = [{"certified": i["declared"]} for i in made.json()["items"]]
    done = await decide(ask, made.json(), *whole)
    assert (done.json()["state"], (await read(ask, trip))["state"]) == ("certified", "verified")
    body = {"claim_id": done.json()["id"], "payer": "PL-MOI"}
    settled = (await ask(PAYER, "POST", "/v1/settlements", body=body)).json()
    assert (await read(ask, trip))["state"] == "settled"
    paid = await ask(
        PAYER, "POST", f"/v1/settlements/{settled['id']}/payment",
        body={"paid_on": "2026-03-02", "in_cash": True}, match=settled["etag"],
    )  # fmt: skip
    assert (paid.status_code, paid.json()["state"], paid.json()["in_cash"]) == (201, "paid", True)
    totals = (await ask(OFFICER, "GET", "/v1/programme-totals/NO-COMP")).json()
    assert totals["per_diem"] == [
        {"currency": "PLN", "estimated": "157.50", "funded": "157.50", "certified": "157.50",
         "paid": "157.50", "trips": 1}
    ]  # fmt: skip


async def test_parked_when_decided_later_then_a_claim_of_its_own_by_somebody_else_once(ask, unit):
    await prepare(unit)
    trip = await funded(ask, unit, await opened(ask, unit))
    made = (await ask(OFFICER, "POST", "/v1/claims", body={"trip_id": trip["id"]})).json()
    rest = [{"certified": "45.00"}] * 2
    parked = {"certified": "0.00", "parked": "45.00", "reason": "awaits_document"}
    done = (await decide(ask, made, parked, *rest)).json()
    assert (done["state"], done["parked"]) == ("part_certified", "45.00")
    third = person("third", "participants:verify")
    path, yes = "parked-decision", {"certified": "40.00", "deducted": "5.00"}
    before = await counts(unit)
    for by, decision, status, code in (
        (VERIFIER, yes | {"reason": "document_received"}, 409, "participants.four_eyes"),
        (third, yes, 400, "participants.claim_invalid"),
        (third, {"certified": "40.00", "reason": "facts_confirmed"}, 400, None),
        (third, {"certified": "0.00", "parked": "45.00", "reason": "awaits_document"}, 400, None),
        (MINISTRY, yes, 403, "kit.scope_missing"),
    ):
        refused = await decide(ask, done, decision, path=path, by=by)
        assert (refused.status_code, refused.json()["code"]) == (
            status, code or "participants.claim_invalid",
        )  # fmt: skip
    assert await counts(unit) == before
    whole = yes | {"reason": "document_received"}
    resolved = await decide(ask, done, whole, path=path, by=third)
    assert resolved.status_code == 201, resolved.text
    assert (resolved.json()["resolves"], resolved.json()["certified"]) == (done["id"], "40.00")
    assert resolved.json()["state"] == "part_certified"
    again = await decide(ask, done, whole, path=path, by=third)
    assert again.json()["code"] == "participants.parked_resolved"
    body = {"claim_id": resolved.json()["id"], "payer": "PL-MOI"}
    early = await ask(PAYER, "POST", "/v1/settlements", body=body)
    assert early.json()["code"] == "participants.payment_cannot_move"
    listed = await ask(OFFICER, "GET", "/v1/claims", trip_id=trip["id"])
    assert sorted(each["revision"] for each in listed.json()["items"]) == [1, 2]


async def test_trip_when_in_two_currencies_then_waits_for_the_rate_the_contract_asks_for(ask, unit):
    await prepare(unit, *(pinned(rule, number) for number, rule in enumerate((None,), start=1)))
    trip = await opened(ask, unit, country="DE")
    path = f"/v1/trips/{trip['id']}"
    told = await ask(OFFICER, "PUT", f"{path}/travel-facts", body=WENT | ABROAD, match=trip["etag"])
    assert told.status_code == 200, told.text
    waits = told.json()
    assert (waits["state"], waits["reason"]["code"]) == ("needs_rate", "no_exchange_rule")
    assert [total["currency"] for total in waits["totals"]] == ["EUR", "PLN"]
    await programmes.pin_programme(unit, pinned(ExchangeRule.NBP_DAY_BEFORE, 9))
    waits = await read(ask, trip)
    assert waits["reason"]["code"] == "exchange_rate_missing"
    assert "the currency its funds are asked for in" in waits["reason"]["text"]
    rate = {"currency": "PLN", "rate": "0.25", "on": "2026-02-06", "source": "025-A-NBP-2026"}
    wrong = {"into": "EUR", "rates": [rate, rate]}
    refused = await ask(OFFICER, "PUT", f"{path}/exchange", body=wrong, match=waits["etag"])
    assert refused.json()["errors"][0]["pointer"] == "/rates/1/currency"
    early = {"into": "EUR", "rates": [rate | {"on": "2031-01-01"}]}
    refused = await ask(OFFICER, "PUT", f"{path}/exchange", body=early, match=waits["etag"])
    wrong = [(each["pointer"], each["code"]) for each in refused.json()["errors"]]
    assert (refused.status_code, wrong) == (400, [("/rates/0/on", "in_future")])
    assert await read(ask, trip) == waits
    sent = {"into": "EUR", "rates": [rate]}
    ready = await ask(OFFICER, "PUT", f"{path}/exchange", body=sent, match=waits["etag"])
    assert (ready.json()["state"], ready.json()["estimate"]["currency"]) == ("estimated", "EUR")
    assert ready.json()["exchange"] == sent
    assert (await read(ask, trip)) == ready.json()
    by_currency = {each["currency"]: each["amount"] for each in ready.json()["totals"]}
    assert by_currency["PLN"] == "90.00"
    assert float(ready.json()["estimate"]["amount"]) == float(by_currency["EUR"]) + 22.5
    trip = await funded(ask, unit, ready.json())
    made = await ask(OFFICER, "POST", "/v1/claims", body={"trip_id": trip["id"]})
    assert (made.status_code, made.json()["currency"]) == (201, "EUR")
    assert made.json()["declared"] == trip["estimate"]["amount"]


def pinned(rule, sequence):
    return ProgrammePin(
        code="NO-COMP", sequence=sequence, status="active", domestic="PL_DOMESTIC",
        abroad="PL_FOREIGN", budget_line_code="PER-DIEM", choices=Pin(exchange_rule=rule),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        (WENT | {"returns_at": "2026-02-01T20:00:00+01:00"}, "/returns_at"),
        (WENT | {"returns_at": "2026-02-05T20:00:00+02:00"}, "/returns_at"),
        (WENT | {"meals": [{"on": "2026-02-09", "provided": ["lunch"]}]}, "/meals/0/on"),
        (WENT | {"nights": [{"on": "2026-02-02", "kind": "bill", "bill": "-1.00"}]}, None),
        (WENT | {"departs_at": "2026-02-02T06:00:00"}, "/departs_at"),
    ],
)
async def test_facts_when_they_cannot_be_then_the_field_is_named_and_nothing_saved(
    ask, unit, told, pointer
):
    await prepare(unit)
    trip = await opened(ask, unit)
    before = await counts(unit)
    path = f"/v1/trips/{trip['id']}/travel-facts"
    refused = await ask(OFFICER, "PUT", path, body=told, match=trip["etag"])
    assert refused.status_code == 400
    assert pointer is None or pointer in {e["pointer"] for e in refused.json()["errors"]}
    assert refused.json()["errors"]
    assert await read(ask, trip) == trip
    assert await counts(unit) == before


async def test_clerk_when_refused_then_says_why_and_nothing_is_saved(ask, unit):
    await prepare(unit, pin(), pin("OTHER", domestic=None))
    trip = await opened(ask, unit)
    waits = await opened(ask, unit, programme_code="OTHER")
    day = {"day": "2026-02-03", "kind": "subsistence", "amount": "45.00"}
    body = {"trip_id": trip["id"], "items": [day]}
    before = await counts(unit)

    async def refused(sent, code, *, by=OFFICER, status=409, path="/v1/claims"):
        answer = await ask(by, "POST", path, body=sent)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        return answer.json()

    move = "participants.claim_cannot_move"
    assert (await refused(body, move))["state"] == "estimated"
    assert (await refused({"trip_id": waits["id"]}, move))["state"] == "needs_ruleset"
    await refused(body, "participants.no_such_trip", by=OTHER, status=404)
    await refused(body, "kit.scope_missing", by=VERIFIER, status=403)
    advance = {"trip_id": trip["id"], "amount": {"amount": "10.00", "currency": "PLN"}}
    await refused(advance, "participants.payment_cannot_move", path="/v1/advances")
    assert await counts(unit) == before
    trip = await funded(ask, unit, trip)
    before = await counts(unit)
    invalid = "participants.claim_invalid"
    for items, pointer, why in (
        ([day, day], "/items/1/day", "day_twice"),
        ([day | {"kind": "medical"}], "/items/0/kind", "medical_not_due"),
        ([day | {"kind": "baggage"}], "/items/0/kind", "baggage_not_due"),
        ([day | {"amount": "45.001"}], "/items/0/amount", "money_scale"),
        ([day | {"day": "2026-02-09"}], "/items/0/day", "day_outside_trip"),
    ):
        said = await refused(body | {"items": items}, invalid, status=400)
        assert [(e["pointer"], e["code"]) for e in said["errors"]] == [(pointer, why)]
    said = await refused(body | {"currency": "JPY"}, invalid, status=400)
    assert [e["pointer"] for e in said["errors"]] == ["/currency", "/items/0/amount"][:1]
    await refused(advance | {"amount": {"amount": "0.00", "currency": "PLN"}},
                  "kit.invalid_input", path="/v1/advances", status=400)  # fmt: skip
    assert await counts(unit) == before
    first = await ask(OFFICER, "POST", "/v1/claims", body=body, key="one")
    other = await ask(OFFICER, "POST", "/v1/claims", body=body | {"draft": True}, key="one")
    assert (first.status_code, other.status_code) == (201, 422)
    assert (await ask(OFFICER, "POST", "/v1/claims", body=body, key="one")).json() == first.json()
    path = f"/v1/claims/{first.json()['id']}"
    stale = await ask(VERIFIER, "POST", f"{path}/check", body={}, match='"v9"')
    assert (stale.status_code, stale.json()["code"]) == (412, "kit.stale_version")
    assert (await ask(VERIFIER, "POST", f"{path}/check", body={})).status_code == 428
    gone = await ask(
        OFFICER, "POST", f"/v1/trips/{trip['id']}/cancellation",
        body={"reason": "event_cancelled"}, match=(await read(ask, trip))["etag"],
    )  # fmt: skip
    assert (gone.status_code, gone.json()["state"]) == (409, "claimed")
    late = await ask(OFFICER, "PUT", f"{path}/items", body={}, match='"v1"')
    assert late.json()["code"] == move


async def test_facts_when_they_add_up_to_what_no_budget_holds_then_the_trip_waits_and_says_so(
    ask, unit
):
    await prepare(unit)
    trip = await funded(ask, unit, await opened(ask, unit))
    dear = WENT | {"costs": [{"kind": "ticket", "amount": "999999999999.99"}]}
    path = f"/v1/trips/{trip['id']}/travel-facts"
    went = (await ask(OFFICER, "PUT", path, body=dear, match=trip["etag"])).json()
    assert (went["state"], went["reason"]["code"]) == ("needs_facts", "sum_too_large")
    assert (went["estimate"], went["totals"][0]["amount"]) == (trip["estimate"], "1000000000179.99")
    put = await ask(OFFICER, "PUT", path, body=WENT, match=went["etag"])
    assert put.json()["estimate"]["amount"] == "180.00"
