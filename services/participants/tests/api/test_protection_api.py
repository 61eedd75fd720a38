"""Erasure, hold, export, retention: nothing personal at rest, nothing at all afterwards."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from people_and_trips import MINISTRY, OFFICER, prepare, seat
from sqlalchemy import select

from kit import log
from kit.auth import Caller
from kit.db.tables import change
from participants.commands import trips
from participants.domain.erasure import due_on
from participants.storage.erasure import NAMED
from participants.storage.schema import metadata
from participants.storage.tables_people import identity

DPO = Caller(
    "demo-officer",
    "officer",
    "PL-MOI",
    "PL",
    OFFICER.scopes | {"identity:read", "participants:protect"},
)
CANARIES = {
    "family_name": "Kanarkowski",
    "given_names": "Zdzisław-Canary",
    "birth_date": "1971-03-17",
    "nationality": "UA",
    "email": "canary.bird@example.org",
    "phone": "+48 601 777 313",
}
PASSPORT = {"number": "CANARY7731", "issuer": "UA", "expires_on": "2031-05-06"}
ACCOUNT = {"holder": "Canary Holder", "iban": "PL61109010140000071219812874", "bic": "CANAPLPW"}
RANK = {"organisation": "MD-MIA", "rank": "canary-major", "valid_from": "2015-01-01"}
SECRETS = [
    value
    for body in (CANARIES, PASSPORT, ACCOUNT, RANK)
    for name, value in body.items()
    if name not in {"nationality", "issuer", "organisation", "valid_from"}
] + ["0000071219812874", "2874", "7731", "kanarkowski", "zdzislaw"]


async def recorded(ask):
    """A person of whom everything is known."""
    new = {"organisation": "MD-MIA", "country": "MD"}
    answer = await ask(DPO, "POST", "/v1/persons", body=new)
    person_id = answer.json()["id"]
    path = f"/v1/persons/{person_id}"
    for number, (method, what, body) in enumerate(
        [
            ("PUT", "identity", CANARIES),
            ("PUT", "documents/passport", PASSPORT),
            ("PUT", "account", ACCOUNT),
            ("POST", "affiliations", RANK),
        ],
        start=1,
    ):
        kept = await ask(DPO, method, f"{path}/{what}", body=body, match=f'"v{number}"')
        assert kept.status_code == 200, kept.text
    return person_id


async def travelled(ask, unit, person_id, first="2026-02-23", last="2026-02-26"):
    await prepare(unit)
    answer = await open_trip(ask, person_id, first, last)
    assert answer.status_code == 201, answer.text


async def open_trip(ask, person_id, first, last):
    body = {
        "person_id": person_id,
        "programme_code": "NO-COMP",
        "destination": {"country": "PL"},
        "first_day": first,
        "last_day": last,
    }
    return await ask(OFFICER, "POST", "/v1/trips", body=body)


async def dump(sessions):
    """Every row of every table as COPY writes it; what is binary also as the bytes it is."""
    written = io.BytesIO()
    async with sessions.driving() as driver:
        tables = await driver.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for table in tables:
            await driver.copy_from_table(table["tablename"], output=written)
    assert {table["tablename"] for table in tables} == {*metadata.tables, "alembic_version"}
    return with_bytes(written.getvalue().decode())


def with_bytes(text):
    binary = [bytes.fromhex(each) for each in re.findall(r"\\\\x((?:[0-9a-f]{2})+)", text)]
    return "\n".join([text, *(each.decode("latin-1") for each in binary)])


def leaks(text):
    folded = text.casefold()
    latin = [secret.encode().decode("latin-1") for secret in SECRETS]
    return [each for each in (*SECRETS, *latin) if each.casefold() in folded and len(each) > 4]


async def erase(ask, person_id, *, match='"v5"', ground="subject_request", by=DPO, key=None):
    path = f"/v1/persons/{person_id}/erasure"
    return await ask(by, "POST", path, body={"ground": ground}, match=match, key=key)


def test_stores_when_listed_then_every_table_of_the_service_is_named():
    assert set(metadata.tables) == NAMED


async def test_person_when_kept_and_erased_then_no_value_is_at_rest_or_logged(
    ask, unit, sessions, capsys
):
    log.configure("participants")
    person_id = await recorded(ask)
    await travelled(ask, unit, person_id)
    path = f"/v1/persons/{person_id}"
    shown = await ask(DPO, "GET", f"{path}/identity", purpose="travel")
    exported = await ask(DPO, "GET", f"{path}/export", purpose="data_protection")
    assert {"Kanarkowski", ACCOUNT["iban"], "canary-major"} <= set(_values(exported.json()))
    bad = await ask(
        DPO, "PUT", f"{path}/identity", body=CANARIES | {"email": "canary"}, match='"v5"'
    )
    assert (shown.status_code, bad.status_code) == (200, 400)
    before = await dump(sessions)
    assert leaks(before) == []
    assert person_id in before
    assert (await erase(ask, person_id)).status_code == 201
    after = await dump(sessions)
    printed = capsys.readouterr()
    assert leaks(after) == leaks(printed.out + printed.err + bad.text) == []
    assert '"/v1/persons/{person_id}/identity"' in printed.out


def test_leak_when_planted_is_found():
    assert leaks("x\nmr KANARKOWSKI\n") == ["Kanarkowski", "kanarkowski"] * 2
    hidden = b"\x00CANARY7731\xff".hex()
    assert leaks(f"1\t{hidden}\n") == []
    assert leaks(with_bytes(f"1\t\\\\x{hidden}\n")) == ["CANARY7731"] * 2


def _values(thing):
    if isinstance(thing, dict):
        thing = list(thing.values())
    if isinstance(thing, list):
        return [value for each in thing for value in _values(each)]
    return [thing]


async def test_person_when_erased_then_certificate_counts_every_store(ask, unit):
    person_id = await recorded(ask)
    await travelled(ask, unit, person_id)
    export = await ask(DPO, "GET", f"/v1/persons/{person_id}/export", purpose="data_protection")
    about = export.json()["stores"]["change"]
    answer = await erase(ask, person_id)
    stores = {each.pop("store"): each for each in answer.json()["stores"]}
    assert set(stores) == NAMED
    for name in ("identity", "identity_document", "bank_account", "person_key"):
        assert stores[name] == {"removed": 1, "emptied": 0, "kept": 0}
    assert stores["affiliation"]["emptied"] == stores["trip"]["kept"] == 1
    assert stores["change"]["kept"] == len(about)
    assert stores["idempotency"]["removed"] == 2
    assert len(answer.json()["digest"]) == 64
    again = await ask(DPO, "GET", answer.headers["location"])
    assert (again.status_code, again.json()) == (200, answer.json() | {})
    async with unit.read() as read:
        told = await read.rows(select(change.c.type).order_by(change.c.id))
    assert "participants.person_erased.v1" in [row.type for row in told]


async def test_person_when_erased_then_pseudonym_and_counts_stay_and_nothing_can_be_added(
    ask, unit
):
    person_id = await recorded(ask)
    await travelled(ask, unit, person_id)
    totals = (await ask(OFFICER, "GET", "/v1/programme-totals/NO-COMP")).json()
    first = await erase(ask, person_id, key="same")
    path = f"/v1/persons/{person_id}"
    assert (await ask(MINISTRY, "GET", path)).json()["organisation"] == "MD-MIA"
    assert (await ask(OFFICER, "GET", "/v1/programme-totals/NO-COMP")).json() == totals
    shown = (await ask(DPO, "GET", f"{path}/identity", purpose="contact")).json()
    assert (shown["family_name"], shown["account"], shown["documents"]) == (None, None, [])
    kept = await ask(DPO, "PUT", f"{path}/identity", body=CANARIES, match='"v6"')
    assert (kept.status_code, kept.json()["code"]) == (409, "participants.person_closed")
    away = await open_trip(ask, person_id, "2026-06-04", "2026-06-05")
    assert (away.status_code, away.json()["code"]) == (409, "participants.person_closed")
    replayed = await erase(ask, person_id, key="same")
    assert (replayed.status_code, replayed.json()) == (201, first.json())
    assert (await erase(ask, person_id, match='"v6"')).status_code == 409


async def test_person_when_on_hold_then_not_erased_until_lifted(ask, unit):
    person_id = await recorded(ask)
    path = f"/v1/persons/{person_id}/legal-hold"
    held = await ask(DPO, "PUT", path, body={"ground": "audit"}, match='"v5"')
    assert held.status_code == 200
    refused = await erase(ask, person_id, match='"v6"')
    assert (refused.status_code, refused.json()["reason"]) == (409, "legal_hold")
    async with unit.read() as read:
        assert len(await read.rows(select(identity.c.person_id))) == 1
    assert (await ask(DPO, "PUT", path, body={"ground": None}, match='"v6"')).status_code == 200
    assert (await erase(ask, person_id, match='"v7"')).status_code == 201


async def test_person_when_a_trip_is_ahead_then_told_what_to_do_first(ask, unit):
    person_id = await recorded(ask)
    await travelled(ask, unit, person_id, "2026-05-04", "2026-05-07")
    refused = await erase(ask, person_id)
    assert (refused.status_code, refused.json()["reason"]) == (409, "trip_ahead")
    assert "release its seat or cancel it" in refused.json()["detail"]
    mistaken = await erase(ask, person_id, ground="recorded_by_mistake")
    assert mistaken.json()["reason"] == "trip_ahead"
    (trip,) = (await ask(OFFICER, "GET", "/v1/trips", person_id=person_id)).json()["items"]
    path, why = f"/v1/trips/{trip['id']}/cancellation", {"reason": "no_longer_travels"}
    assert (await ask(OFFICER, "POST", path, body=why, match=trip["etag"])).status_code == 201
    assert (await erase(ask, person_id)).status_code == 201


async def test_protection_when_without_the_scope_then_refused(ask):
    person_id = await recorded(ask)
    for method, path in (
        ("POST", f"/v1/persons/{person_id}/erasure"),
        ("GET", f"/v1/persons/{person_id}/export"),
        ("GET", f"/v1/persons/{person_id}/access-log"),
        ("POST", "/v1/retention-runs"),
    ):
        assert (await ask(OFFICER, method, path, body={})).status_code == 403


async def test_access_log_when_read_then_says_who_looked_and_what_for(ask):
    person_id = await recorded(ask)
    path = f"/v1/persons/{person_id}"
    await ask(DPO, "GET", f"{path}/identity", purpose="travel", case="K-1")
    await ask(MINISTRY, "GET", f"{path}/identity", purpose="contact")
    page = (await ask(DPO, "GET", f"{path}/access-log", limit=1)).json()
    assert [each["subject"] for each in page["items"]] == ["ministry"]
    rest = await ask(DPO, "GET", f"{path}/access-log", limit=1, after=page["next"])
    assert [each["case_ref"] for each in rest.json()["items"]] == ["K-1"]


def test_identity_when_last_trip_ended_five_years_ago_then_due_the_day_after():
    assert due_on(date(2017, 1, 1), date(2018, 3, 31)) == date(2023, 4, 1)
    assert due_on(date(2017, 1, 1), date(2016, 2, 29)) == date(2021, 3, 1)
    assert due_on(date(2017, 1, 1), None) == date(2018, 1, 2)


@pytest.mark.parametrize(("today", "due"), [(date(2023, 3, 31), 0), (date(2023, 4, 1), 1)])
async def test_retention_when_run_then_exactly_who_is_due_goes(ask, unit, clock, today, due):
    clock.move(datetime(2017, 6, 1, 12, tzinfo=UTC) - clock.now())
    person_id = await recorded(ask)
    held = await recorded(ask)
    await ask(DPO, "PUT", f"/v1/persons/{held}/legal-hold", body={"ground": "audit"}, match='"v5"')
    for each in (person_id, held):
        await travelled(ask, unit, each, "2018-03-28", "2018-03-31")
    waiting = await recorded(ask)
    sometime = seat(person_id=UUID(waiting), first_day=None, last_day=None)
    assert await trips.open_trip_for_seat(unit, sometime) is not None
    clock.move(datetime.combine(today, datetime.min.time(), UTC) + timedelta(hours=9) - clock.now())
    dry = (await ask(DPO, "POST", "/v1/retention-runs", body={"dry_run": True})).json()
    assert len(dry["due"]) == 2 * due + 1
    assert dry["erased"] == 0
    done = (await ask(DPO, "POST", "/v1/retention-runs", body={"dry_run": False})).json()
    assert done["erased"] == due
    kept = {each["id"]: (each["due_on"], each["kept_for"]) for each in done["due"]}
    assert kept.pop(waiting) == ("2018-06-02", "trip_ahead")
    if due:
        assert kept == {person_id: ("2023-04-01", None), held: ("2023-04-01", "legal_hold")}
    async with unit.read() as read:
        assert len(await read.rows(select(identity.c.person_id))) == 3 - due
    again = (await ask(DPO, "POST", "/v1/retention-runs", body={"dry_run": False})).json()
    assert (again["erased"], len(again["due"])) == (0, due + 1)
