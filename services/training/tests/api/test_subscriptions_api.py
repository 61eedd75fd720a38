"""Calendars by secret address: the eyes of the owner, no token, and nothing once it is over."""

from datetime import timedelta
from uuid import uuid4

from ical.calendar_stream import IcsCalendarStream
from make_training import GEORGIA, MOLDOVA, OFFICER, known_programme, moved, opened, planned
from sqlalchemy import select
from told import facts, untouched

from kit.auth import Caller
from training.commands import events
from training.domain.fuzzy_date import UNKNOWN
from training.domain.subscription import LIFETIME, MOST
from training.domain.training_event import EventStatus
from training.storage.tables_calendar import calendar_subscription

ANYBODY = Caller("anybody", "anybody", "", "", frozenset({"calendars:subscribed"}))


async def subscribed(client, headers, calendar="programme", key="EAP-PCP"):
    body = {"calendar": calendar, "key": str(key)}
    made = await client.post("/v1/calendar-subscriptions", json=body, headers=headers)
    assert made.status_code == 201, made.text
    return made.json()


async def followed(client, signed, made, **headers):
    path = made["address"].removeprefix("http://127.0.0.1:8080/api")
    return await client.get(path, headers=signed(ANYBODY) | headers)


def entries(answer):
    assert answer.status_code == 200, answer.text
    return IcsCalendarStream.calendar_from_ics(answer.text).events


def said(answer):
    """What a refusal says, apart from the number of the request."""
    assert answer.status_code == 404
    return {
        name: value for name, value in answer.json().items() if name not in {"instance", "trace_id"}
    }


async def test_address_when_followed_then_shows_what_its_owner_sees_and_how_it_changes(
    client, signed, unit
):
    event = await opened(unit)
    by_officer = await subscribed(client, signed(OFFICER))
    of_event = await subscribed(client, signed(MOLDOVA), "event", event.id)
    of_host = await subscribed(client, signed(MOLDOVA), "organisation", "PL-MOI")
    hidden = await planned(unit, reference="HIDDEN", programme_code=await other_programme(unit))
    first = await followed(client, signed, of_host)
    [before] = entries(first)
    assert (before.uid, before.status) == (str(event.id), "TENTATIVE")
    same = await followed(client, signed, of_host, **{"if-none-match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    everything = await subscribed(client, signed(OFFICER), "organisation", "PL-MOI")
    seen = {each.uid for each in entries(await followed(client, signed, everything))}
    assert seen == {str(event.id), str(hidden.id)}
    event = await moved(unit, event, EventStatus.CONFIRMED)
    await events.cancel_event(unit, event.id, reason="Flood", expected=event.version, by=OFFICER)
    for made in (by_officer, of_event, of_host):
        [after] = entries(await followed(client, signed, made))
        assert (after.uid, after.status) == (before.uid, "CANCELLED")
        assert after.sequence > before.sequence


async def other_programme(unit):
    await known_programme(unit, "OTHER", marks=("org:GE-MIA",))
    return "OTHER"


async def test_address_when_revoked_expired_or_out_of_sight_then_is_as_if_it_never_was(
    client, signed, unit, clock
):
    event = await opened(unit)
    made = await subscribed(client, signed(MOLDOVA), "event", event.id)
    revoked = await subscribed(client, signed(MOLDOVA))
    path = f"/v1/calendar-subscriptions/{revoked['id']}/revocation"
    async with untouched(unit):
        foreign = await client.post(path, headers=signed(GEORGIA))
        unknown = await client.post(
            f"/v1/calendar-subscriptions/{uuid4()}/revocation", headers=signed(MOLDOVA)
        )
    assert said(foreign) == said(unknown)
    ended = await client.post(path, headers=signed(MOLDOVA))
    assert ended.json()["revoked_at"] is not None
    async with untouched(unit):
        assert (await client.post(path, headers=signed(MOLDOVA))).json() == ended.json()
    never = {"address": made["address"].replace("/calendar.ics", "x/calendar.ics")}
    nothing = said(await followed(client, signed, never))
    assert nothing["code"] == "training.no_such_calendar"
    assert said(await followed(client, signed, revoked)) == nothing
    assert len(entries(await followed(client, signed, made))) == 1
    await known_programme(unit, marks=("org:GE-MIA",), seq=2)
    assert said(await followed(client, signed, made)) == nothing
    await known_programme(unit, seq=3)
    clock.move(LIFETIME + timedelta(seconds=1))
    assert said(await followed(client, signed, made)) == nothing


async def test_subscription_when_made_then_its_secret_is_shown_once_and_not_kept(
    client, signed, unit
):
    await known_programme(unit)
    made = await subscribed(client, signed(MOLDOVA))
    secret = made["address"].split("/")[-2]
    assert len(secret) >= 43
    listed = await client.get("/v1/calendar-subscriptions", headers=signed(MOLDOVA))
    assert [each["id"] for each in listed.json()["items"]] == [made["id"]]
    assert "address" not in listed.json()["items"][0]
    foreign = await client.get("/v1/calendar-subscriptions", headers=signed(GEORGIA))
    assert foreign.json()["items"] == []
    async with unit.read() as read:
        kept = await read.first(select(*calendar_subscription.c))
    assert secret not in repr(kept)
    assert secret not in repr(await facts(unit))
    assert (await facts(unit))[-1]["audience"] == ["org:MD-MIA", "staff"]


async def test_subscription_when_the_calendar_is_not_seen_or_makes_no_sense_then_is_refused(
    client, signed, unit
):
    event = await opened(unit)
    wrong = [
        (GEORGIA, "event", event.id, 404, "training.no_such_event"),
        (GEORGIA, "programme", "EAP-PCP", 409, "training.unknown_programme"),
        (MOLDOVA, "event", "EAP-PCP", 400, "training.subscription_invalid"),
    ]
    for by, calendar, key, status, code in wrong:
        body = {"calendar": calendar, "key": str(key)}
        async with untouched(unit):
            refused = await client.post("/v1/calendar-subscriptions", json=body, headers=signed(by))
        assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_subscription_when_there_are_many_then_one_must_go_first(client, signed, unit):
    await known_programme(unit)
    made = [await subscribed(client, signed(MOLDOVA)) for _ in range(MOST)]
    body = {"calendar": "programme", "key": "EAP-PCP"}
    async with untouched(unit):
        refused = await client.post(
            "/v1/calendar-subscriptions", json=body, headers=signed(MOLDOVA)
        )
    assert refused.json()["code"] == "training.too_many_subscriptions"
    path = f"/v1/calendar-subscriptions/{made[0]['id']}/revocation"
    await client.post(path, headers=signed(MOLDOVA))
    await subscribed(client, signed(MOLDOVA))


async def test_address_when_the_days_of_its_event_are_open_then_is_an_empty_calendar(
    client, signed, unit
):
    await known_programme(unit)
    event = await planned(unit, dates=UNKNOWN)
    made = await subscribed(client, signed(MOLDOVA), "event", event.id)
    assert entries(await followed(client, signed, made)) == []
