"""Claims over HTTP: what waits is listed, booked on another line, and seen by the staff alone."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from make_programmes import MINISTRY, OFFICER, SERBIA, WRITING_MINISTRY, line, partner, programme

from kit.money import Money
from programmes.commands import claims
from programmes.domain.budget_line import COMMITMENT_AUDIENCE
from programmes.domain.claim import Claim, Payment

ID = UUID(int=1)
AT = f"/v1/programmes/P-1/claims/{ID}"
BOOKING = f"{AT}/booking"


@pytest.fixture
async def waiting(unit):
    """A programme Moldova sees, and a claim in zloty, paid, that its line in euro cannot take."""
    await programme(unit)
    await partner(unit)
    await line(unit)
    await line(unit, code="ZLOTY", currency="PLN")
    claim = Claim(
        id=ID,
        version=1,
        audience=COMMITMENT_AUDIENCE,
        trip_id=UUID(int=2),
        programme="P-1",
        line="PER-DIEM",
        revision=1,
        certified=Money(Decimal("12.00"), "PLN"),
        payment=Payment(UUID(int=3), Decimal("12.00"), date(2015, 3, 17)),
    )
    return await claims.pay_claim(unit, claim)


async def test_claim_when_it_waits_then_is_listed_read_and_booked_on_another_line(
    client, signed, waiting
):
    officer = signed(OFFICER)
    found = (await client.get("/v1/programmes/P-1/claims?state=waiting", headers=officer)).json()
    (listed,) = found["items"]
    assert (listed["reason"], listed["certified"], listed["currency"]) == (
        "currency_differs",
        "12.00",
        "PLN",
    )
    read = await client.get(AT, headers=officer)
    assert (read.json(), read.headers["etag"]) == (listed, '"v1"')
    headers = officer | {"if-match": '"v1"'}
    done = await client.post(BOOKING, json={"budget_line": "ZLOTY"}, headers=headers)
    assert (done.status_code, done.headers["etag"]) == (200, '"v2"')
    now = (await client.get(AT, headers=officer)).json()
    del now["updated_at"]
    assert now == done.json()
    assert (now["state"], now["budget_line"], now["paid_on"]) == ("spent", "ZLOTY", "2015-03-17")
    form = await client.get("/v1/programmes/P-1/claims?format=csv", headers=officer)
    assert form.text.splitlines()[1].startswith(str(ID))
    none = (await client.get("/v1/programmes/P-1/claims?state=waiting", headers=officer)).json()
    assert none["items"] == []


REFUSED = [
    ({"budget_line": "ZLOTY"}, {}, 428, "kit.precondition_required"),
    ({"budget_line": "ZLOTY"}, {"if-match": "v1"}, 400, "kit.invalid_input"),
    ({"budget_line": "ZLOTY"}, {"if-match": '"v7"'}, 412, "kit.stale_version"),
    ({"budget_line": "PER-DIEM"}, {"if-match": '"v1"'}, 409, "kit.currencies_differ"),
    ({"budget_line": "NONE"}, {"if-match": '"v1"'}, 404, "programmes.no_such_budget_line"),
    ({"budget_line": "a b"}, {"if-match": '"v1"'}, 400, "kit.invalid_input"),
    ({}, {"if-match": '"v1"'}, 400, "kit.invalid_input"),
]


async def test_booking_when_refused_then_says_why_and_the_claim_still_waits(
    client, signed, waiting
):
    officer = signed(OFFICER)
    for body, headers, status, code in REFUSED:
        refused = await client.post(BOOKING, json=body, headers=officer | headers)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert (await client.get(AT, headers=officer)).json()["state"] == waiting.state


async def test_claims_when_not_of_the_staff_then_are_as_unknown(client, signed, waiting):
    for caller in (MINISTRY, WRITING_MINISTRY, SERBIA):
        unseen = await client.get(AT, headers=signed(caller))
        unknown = await client.get(
            f"/v1/programmes/P-1/claims/{UUID(int=77)}", headers=signed(caller)
        )
        assert (unseen.status_code, unseen.json()["code"]) == (404, "programmes.no_such_claim")
        assert unseen.json()["detail"] == unknown.json()["detail"]
    writer = signed(WRITING_MINISTRY) | {"if-match": '"v1"'}
    refused = await client.post(BOOKING, json={"budget_line": "ZLOTY"}, headers=writer)
    assert (refused.status_code, refused.json()["code"]) == (404, "programmes.no_such_claim")
    seen = await client.get("/v1/programmes/P-1/claims", headers=signed(MINISTRY))
    assert seen.json() == {"items": [], "next": None}
    hidden = await client.get("/v1/programmes/P-1/claims", headers=signed(SERBIA))
    assert hidden.json()["code"] == "programmes.no_such_programme"
    assert waiting.id == ID
