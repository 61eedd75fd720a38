"""Attendance imported as JSON and CSV: whom it is about, what is refused, and what is kept."""

from uuid import uuid4

import pytest
from make_training import MOLDOVA, OFFICER, moved, opened
from sqlalchemy import func, select
from told import untouched

from kit.auth import Caller
from training.commands import nominations, sessions
from training.domain.session import SessionPlan
from training.domain.training_event import EventStatus
from training.queries.events import event as read_event
from training.storage.tables_attendance import session_presence

NINE, NOON, TOMORROW = (
    "2026-05-04T07:00:00Z", "2026-05-04T10:00:00Z", "2026-05-07T10:00:00Z",
)  # fmt: skip
HOST = Caller("demo-host", "host-1", "MD-MIA", "MD", OFFICER.scopes)


async def running(unit, client, signed, seats=3):
    """An event under way with a session of 180 minutes and seated people MD-0, MD-1, …"""
    event = await opened(unit, capacity=seats)
    part = SessionPlan(1, "Part", minutes=180)
    await sessions.add_session(unit, event.id, part, by=OFFICER)
    people = [uuid4() for _ in range(seats)]
    items = [
        {"external_id": f"MD-{n}", "event_id": str(event.id), "participant_id": str(who)}
        for n, who in enumerate(people)
    ]
    sent = await client.post(
        "/v1/nominations:batch", json={"items": items}, headers=signed(MOLDOVA)
    )
    for item in sent.json()["items"]:
        await nominations.endorse(unit, item["id"], by=MOLDOVA)
        await nominations.confirm_seat(unit, item["id"], by=OFFICER)
    event = await read_event(unit, event.id, by=OFFICER)
    event = await moved(unit, event, EventStatus.IN_PROGRESS)
    return f"/v1/events/{event.id}/attendance:import", people


def item(who, nonce, **changes):
    return {"participant_id": str(who), "session": 1, "nonce": nonce} | changes


def csv(headers):
    return headers | {"content-type": "text/csv; charset=utf-8"}


def outcomes(response):
    return [each["status"] for each in response.json()["items"]]


def reasons(response):
    return [
        each["errors"][0]["reason"] or each["errors"][0]["code"]
        for each in response.json()["items"]
        if each["errors"]
    ]


async def rows(unit):
    async with unit.read() as read:
        return (await read.first(select(func.count()).select_from(session_presence)))[0]


async def test_import_when_sent_twice_then_is_one_record_each(client, signed, unit):
    path, people = await running(unit, client, signed)
    host = signed(OFFICER)
    items = [item(who, f"list-{n:04}") for n, who in enumerate(people)]
    made = await client.post(path, json={"items": items}, headers=host)
    assert (made.status_code, outcomes(made)) == (200, ["created"] * 3), made.text
    assert await rows(unit) == 3
    async with untouched(unit):
        again = await client.post(path, json={"items": items}, headers=host)
    assert outcomes(again) == ["unchanged"] * 3
    assert [i["id"] for i in again.json()["items"]] == [i["id"] for i in made.json()["items"]]
    twice = [item(people[0], "list-0000"), item(people[0], "list-0000")]
    assert outcomes(await client.post(path, json={"items": twice}, headers=host)) == [
        "unchanged",
        "unchanged",
    ]


async def test_import_when_about_external_ids_then_finds_who_was_nominated(client, signed, unit):
    path, people = await running(unit, client, signed)
    text = (
        "\ufeffexternal_id,organisation,session,nonce,came_at,left_at,departed_from\r\n"
        f'MD-0,MD-MIA,1,scan-0001,{NINE},{NOON},"Chișinău, Gara ""Centrală"""\r\n'
        f"MD-1,MD-MIA,1,scan-0002,{NINE},,\r\n"
        f"MD-1,MD-MIA,1,scan-0003,,{NOON},\r\n"
        f"MD-9,MD-MIA,1,scan-0004,{NINE},{NOON},\r\n"
        f"MD-2,,1,scan-0005,{NINE},{NOON},\r\n"
        f"MD-2,MD-MIA,1,scan-0006,{NINE},{TOMORROW},\r\n"
    )
    checked, done = [
        await client.post(
            f"{path}?mode=partial&validate_only={flag}",
            content=text.encode(),
            headers=csv(signed(OFFICER)),
        )
        for flag in ("true", "false")
    ]
    assert done.status_code == 207, done.text
    assert outcomes(done) == ["created", "created", "created", "refused", "refused", "refused"]
    assert reasons(done) == ["not_nominated", "not_nominated", "not_yet"]
    assert [each["line"] for each in done.json()["items"]] == [2, 3, 4, 5, 6, 7]
    assert outcomes(checked) == outcomes(done)
    assert (checked.json()["stats"], checked.json()["stored"]) == (done.json()["stats"], False)
    assert await rows(unit) == 3
    own = item(people[2], "own-00001") | {"external_id": "MD-2"}
    del own["participant_id"]
    mine = await client.post(path, json={"items": [own]}, headers=signed(HOST))
    assert outcomes(mine) == ["created"], mine.text


async def test_import_when_one_item_is_bad_then_nothing_or_the_rest_is_kept(client, signed, unit):
    path, people = await running(unit, client, signed)
    items = [
        item(people[0], "good-0001"),
        item(people[0], "twice-001", minutes=10),
        item(uuid4(), "nobody-01"),
        item(people[1], "long-0001", minutes=181),
        item(people[1], "early-001", came_at=TOMORROW),
        item(people[1], "session-1", session=7),
        item(people[1], "good-0001"),
        {"session": 1, "nonce": "names-no1"},
        item(people[2], "text-0001", departed_from="call +48 600 700 800"),
    ]
    async with untouched(unit):
        refused = await client.post(path, json={"items": items}, headers=signed(OFFICER))
    assert (refused.status_code, refused.json()["code"]) == (400, "training.batch_refused")
    assert reasons(refused) == [
        "overlapping_stay",
        "not_nominated",
        "too_many_minutes",
        "not_yet",
        "unknown_session",
        "nonce_reused",
        "kit.one_of",
        "kit.pii_in_free_text",
    ]
    kept = await client.post(f"{path}?mode=partial", json={"items": items}, headers=signed(OFFICER))
    assert (kept.status_code, kept.json()["stats"]["created"]) == (207, 1)
    assert await rows(unit) == 1


async def test_import_when_not_allowed_then_is_refused_whole(client, signed, unit):
    path, people = await running(unit, client, signed)
    body = {"items": [item(people[0], "good-0001")]}
    async with untouched(unit):
        foreign = await client.post(path, json=body, headers=signed(MOLDOVA))
        unknown = path.replace(path.split("/")[3], str(uuid4()))
        missing = await client.post(unknown, json=body, headers=signed(OFFICER))
        later = await client.post(
            unknown, json=body, headers=signed(OFFICER) | {"prefer": "respond-async"}
        )
    assert (foreign.status_code, missing.status_code) == (403, 404)
    assert (later.status_code, later.json()["code"]) == (404, "training.no_such_event")
    planned = await opened(unit, known=False, reference="PLANNED")
    async with untouched(unit):
        early = await client.post(
            f"/v1/events/{planned.id}/attendance:import", json=body, headers=signed(OFFICER)
        )
    assert (early.status_code, early.json()["code"]) == (409, "training.nominations_closed")


HEAD = b"participant_id,session,nonce\n"


@pytest.mark.parametrize(
    ("content", "code", "pointer"),
    [
        (b"participant_id;session;nonce\n1;2;3", "kit.csv_delimiter", ""),
        (HEAD + b"1,2,3\n" + HEAD, "kit.csv_second_header", "/lines/3"),
        (b"participant_id,name\n1,2", "kit.csv_header", ""),
        (HEAD + b'1,1,"=HYPERLINK(1)"', "kit.csv_formula", "/lines/2"),
        (HEAD + b"1,1,@SUM(A1)", "kit.csv_formula", "/lines/2"),
        (HEAD + b"1,1,1\n1,1,\x00", "kit.hidden_character", "/lines/3"),
        (HEAD + "1,1,Łódź".encode("cp1250"), "kit.not_utf8", "/lines/2"),
        (HEAD.decode().encode("utf-16"), "kit.not_utf8", "/lines/1"),
        (HEAD + b"1,2,3,4", "kit.csv_cells", "/lines/2"),
        (HEAD + b'1,2,"3', "kit.not_csv", "/lines/2"),
        (HEAD + b'1,2,"3"4', "kit.not_csv", "/lines/2"),
        (HEAD, "kit.item_count", ""),
        (b"", "kit.csv_header", ""),
        (HEAD + b"1,2,3\n" * 5001, "kit.item_count", ""),
    ],
)
async def test_csv_when_it_cannot_be_read_then_says_where(
    client, signed, unit, content, code, pointer
):
    path = f"/v1/events/{uuid4()}/attendance:import"
    async with untouched(unit):
        refused = await client.post(path, content=content, headers=csv(signed(OFFICER)))
    [error] = refused.json()["errors"]
    assert (refused.status_code, error["code"], error["pointer"]) == (400, code, pointer)
