"""The way of a claim over HTTP: steps for tests, each with what usually happens as its default."""

from uuid import UUID

from people_and_trips import OFFICER
from sqlalchemy import select

from kit.auth import Caller
from kit.db.tables import change
from participants.commands import trips


def officer(subject, *scopes):
    given = {"participants:read", "records:all", *scopes}
    return Caller(f"demo-{subject}", subject, "PL-MOI", "PL", frozenset(given))


VERIFIER = officer("verifier", "participants:verify")
PAYER = officer("payer", "participants:pay")
DOES_ALL = officer("officer", "participants:write", "participants:verify", "participants:pay")
IBAN = "PL61109010140000071219812874"
FILE = {
    "payer": {
        "code": "PL-MOI",
        "name": "Ministry, Fund Ł",
        "iban": "PL61 1090 1014 0000 0712 1981 2874",
    },
    "currency": "PLN",
    "executes_on": "2026-03-09",
}


async def trip(ask, unit, person_id=None, first="2026-02-02", last="2026-02-04", **fields):
    if person_id is None:
        new = {"organisation": "MD-MIA", "country": "PL"}
        person_id = (await ask(OFFICER, "POST", "/v1/persons", body=new)).json()["id"]
    body = {
        "person_id": person_id,
        "programme_code": "NO-COMP",
        "destination": {"country": "PL"},
        "first_day": first,
        "last_day": last,
    }
    answer = await ask(OFFICER, "POST", "/v1/trips", body=body | fields)
    assert answer.status_code == 201, answer.text
    opened = answer.json()
    await trips.mark_funded(unit, UUID(opened["id"]), revision=opened["revision"])
    return (await ask(OFFICER, "GET", f"/v1/trips/{opened['id']}")).json()


def items(*amounts, first=2):
    return [
        {"day": f"2026-02-{first + n:02d}", "kind": "subsistence", "amount": amount}
        for n, amount in enumerate(amounts)
    ]


async def declare(ask, trip_id, *amounts, by=OFFICER, currency="PLN", asked=None):
    body = {"trip_id": trip_id, "currency": currency, "items": asked or items(*amounts)}
    return await ask(by, "POST", "/v1/claims", body=body)


async def check(ask, claim_id, *decisions, by=VERIFIER, override=None):
    path = f"/v1/claims/{claim_id}"
    taken = await ask(by, "POST", f"{path}/check", body={"override": override}, match='"v1"')
    if taken.status_code != 201:
        return taken
    body = {"items": [{"number": n, **d} for n, d in enumerate(decisions, start=1)]}
    return await ask(by, "POST", f"{path}/decision", body=body, match='"v2"')


async def settle(ask, claim_id, *, by=PAYER, **more):
    return await ask(
        by, "POST", "/v1/settlements", body={"claim_id": claim_id, "payer": "PL-MOI"} | more
    )


async def certified(ask, unit, *amounts, person_id=None, **fields):
    opened = await trip(ask, unit, person_id, **fields)
    made = (await declare(ask, opened["id"], *amounts)).json()
    done = await check(ask, made["id"], *({"certified": each} for each in amounts))
    assert done.json()["state"] == "certified", done.text
    return done.json()


async def with_account(ask, safe_iban=IBAN, holder="Żaneta Canary"):
    new = {"organisation": "MD-MIA", "country": "PL"}
    person_id = (await ask(OFFICER, "POST", "/v1/persons", body=new)).json()["id"]
    path, body = f"/v1/persons/{person_id}/account", {"holder": holder, "iban": safe_iban}
    assert (await ask(OFFICER, "PUT", path, body=body, match='"v1"')).status_code == 200
    return person_id


async def facts(unit, kind):
    async with unit.read() as read:
        rows = await read.rows(select(change.c.type, change.c.data).order_by(change.c.id))
    return [row.data for row in rows if row.type == f"participants.{kind}.v1"]
