"""Events and series over HTTP."""

from uuid import uuid4

import pytest
from make_training import GEORGIA, MOLDOVA, OFFICER, known_programme, opened, planned
from told import untouched

NOWHERE_ID = "01980000-0000-7000-8000-000000000001"
NEW = {
    "reference": "WORKSHOP-1",
    "programme_code": "EAP-PCP",
    "kind": "workshop",
    "title": "Workshop",
    "dates": {"from": "2015-05-01", "to": "2015-05-31", "precision": "approx",
              "text": "end of May 2015", "edtf": "2015-05~"},
    "place": {"city": "Chisinau", "country": "MD", "precision": "city"},
    "travel": {"departs_at": "2015-05-20T06:00:00+03:00", "returns_at": "2015-05-22T20:00:00Z"},
    "capacity": 20,
}  # fmt: skip


def key(headers, value=None):
    return headers | {"idempotency-key": value or str(uuid4())}


async def listed(client, headers, query=""):
    answer = await client.get(f"/v1/events{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return [each["reference"] for each in answer.json()["items"]]


async def test_event_when_created_then_read_back_by_its_location(client, signed, unit):
    await known_programme(unit)
    created = await client.post("/v1/events", json=NEW, headers=key(signed(OFFICER)))
    assert created.status_code == 201, created.text
    assert created.headers["etag"] == '"v1"'
    read = await client.get(created.headers["location"], headers=signed(MOLDOVA))
    assert read.json() == created.json()
    assert read.json()["dates"] == NEW["dates"]
    assert read.json()["travel"]["departs_at"] == "2015-05-20T03:00:00Z"
    assert (read.json()["status"], read.json()["taken"]) == ("draft", 0)
    fresh = signed(MOLDOVA) | {"if-none-match": read.headers["etag"]}
    assert (await client.get(created.headers["location"], headers=fresh)).status_code == 304


async def test_event_when_created_twice_with_one_key_then_exists_once(client, signed, unit):
    await known_programme(unit)
    headers = key(signed(OFFICER))
    first = await client.post("/v1/events", json=NEW, headers=headers)
    async with untouched(unit):
        again = await client.post("/v1/events", json=NEW, headers=headers)
        other = await client.post("/v1/events", json=NEW | {"title": "X"}, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "party"}, 400, "kit.invalid_input"),
        ({"name": "x"}, 400, "kit.invalid_input"),
        ({"zone": "Europe/Nowhere"}, 400, "kit.invalid_input"),
        ({"zone": "../../etc/passwd"}, 400, "kit.invalid_input"),
        ({"capacity": 0}, 400, "kit.invalid_input"),
        ({"countries": ["md"]}, 400, "kit.invalid_input"),
        ({"dates": {"precision": "day"}}, 400, "training.dates_invalid"),
        ({"place": {"country": "MD", "precision": "city"}}, 400, "training.plan_invalid"),
        ({"programme_code": "NO-SUCH"}, 409, "training.unknown_programme"),
        ({"series_id": NOWHERE_ID}, 404, "training.no_such_series"),
        ({"follow_up_of": NOWHERE_ID}, 404, "training.no_such_event"),
        ({"reference": "STUDY-TOUR-1"}, 409, "training.reference_taken"),
    ],
)
async def test_event_when_it_cannot_be_then_is_refused(client, signed, unit, change, status, code):
    await known_programme(unit)
    await planned(unit)
    async with untouched(unit):
        refused = await client.post("/v1/events", json=NEW | change, headers=key(signed(OFFICER)))
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/events"),
        ("POST", "/v1/event-series"),
        ("POST", "/v1/headcount-reports"),
        ("POST", f"/v1/events/{NOWHERE_ID}/transitions"),
        ("POST", f"/v1/nominations/{NOWHERE_ID}/acceptance"),
        ("POST", f"/v1/nominations/{NOWHERE_ID}/confirmation"),
        ("POST", f"/v1/nominations/{NOWHERE_ID}/attendance"),
    ],
)
async def test_write_when_the_caller_is_not_host_then_is_forbidden(client, signed, method, path):
    refused = await client.request(method, path, json={}, headers=key(signed(MOLDOVA)))
    assert (refused.status_code, refused.json()["code"]) == (403, "kit.scope_missing")


async def test_event_when_invisible_then_is_answered_like_unknown(client, signed, unit):
    await known_programme(unit)
    event = await planned(unit)
    request_id = {"entente-request-id": "01980000-0000-7000-8000-000000000000"}
    for path in ("", "/nominations"):
        invisible = await client.get(
            f"/v1/events/{event.id}{path}", headers=signed(GEORGIA) | request_id
        )
        unknown = await client.get(
            f"/v1/events/{uuid4()}{path}", headers=signed(GEORGIA) | request_id
        )
        assert (invisible.status_code, unknown.status_code) == (404, 404)
        assert invisible.content == unknown.content
    assert await listed(client, signed(GEORGIA)) == []


async def test_step_when_taken_then_needs_the_version_it_was_decided_on(client, signed, unit):
    await known_programme(unit)
    event = await planned(unit)
    path, body = f"/v1/events/{event.id}/transitions", {"to": "announced"}
    officer = signed(OFFICER)
    async with untouched(unit):
        without = await client.post(path, json=body, headers=officer)
        stale = await client.post(path, json=body, headers=officer | {"if-match": '"v7"'})
    assert (without.status_code, stale.status_code) == (428, 412)
    moved = await client.post(path, json=body, headers=officer | {"if-match": '"v1"'})
    assert (moved.status_code, moved.json()["status"]) == (200, "announced")
    assert moved.headers["etag"] == '"v2"'


async def test_step_when_not_allowed_then_says_which_are(client, signed, unit):
    await known_programme(unit)
    event = await planned(unit)
    refused = await client.post(
        f"/v1/events/{event.id}/transitions",
        json={"to": "completed"},
        headers=signed(OFFICER) | {"if-match": '"v1"'},
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "training.event_step_not_allowed")
    assert refused.json()["allowed"] == ["announced", "cancelled", "postponed"]


async def test_step_when_cancelling_without_reason_then_is_refused(client, signed, unit):
    event = await opened(unit)
    path = f"/v1/events/{event.id}/transitions"
    headers = signed(OFFICER) | {"if-match": f'"v{event.version}"'}
    async with untouched(unit):
        refused = await client.post(path, json={"to": "cancelled"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "training.reason_required")
    done = await client.post(path, json={"to": "cancelled", "reason": "late"}, headers=headers)
    assert (done.json()["status"], done.json()["reason"]) == ("cancelled", "late")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?from=2015-05-01&to=2015-05-31", True),
        ("?from=2015-05-31", True),
        ("?to=2015-05-01", True),
        ("?from=2015-06-01", False),
        ("?to=2015-04-30", False),
        ("?country=MD", True),
        ("?country=GE", False),
        ("?kind=workshop&programme=EAP-PCP&status=draft", True),
        ("?kind=conference", False),
        ("?topic=data-protection", False),
        (f"?follow_up_of={NOWHERE_ID}", False),
    ],
)
async def test_events_when_filtered_then_fuzzy_dates_count_as_words_allow(
    client, signed, unit, query, found
):
    await known_programme(unit)
    await client.post("/v1/events", json=NEW, headers=key(signed(OFFICER)))
    unknown = NEW | {"reference": "SOME-DAY", "dates": {"precision": "unknown"},
                     "kind": "lecture", "place": None, "travel": None}  # fmt: skip
    await client.post("/v1/events", json=unknown, headers=key(signed(OFFICER)))
    references = await listed(client, signed(MOLDOVA), query)
    assert ("WORKSHOP-1" in references) is found
    assert ("SOME-DAY" in references) is False


@pytest.mark.parametrize("query", ["?page=2", "?from=yesterday", "?limit=0", "?after=x", "?kind=x"])
async def test_events_when_asked_wrongly_then_refused(client, signed, query):
    refused = await client.get(f"/v1/events{query}", headers=signed(MOLDOVA))
    assert refused.status_code == 400


async def test_events_when_paged_then_each_is_on_one_page(client, signed, unit, count_queries):
    await known_programme(unit)
    dates = [NEW["dates"], {"precision": "unknown"}, {**NEW["dates"], "from": "2015-04-01"}]
    for number in range(5):
        new = NEW | {"reference": f"E-{number}", "dates": dates[number % 3], "travel": None}
        await client.post("/v1/events", json=new, headers=key(signed(OFFICER)))
    seen, cursor = [], ""
    while cursor is not None:
        answer = await client.get(f"/v1/events?limit=2{cursor}", headers=signed(MOLDOVA))
        seen += [each["reference"] for each in answer.json()["items"]]
        cursor = answer.json()["next"] and f"&after={answer.json()['next']}"
    assert sorted(seen) == [f"E-{number}" for number in range(5)]
    assert seen[0] == "E-2"
    assert set(seen[-2:]) == {"E-1", "E-4"}
    async with count_queries(1):
        await client.get("/v1/events", headers=signed(MOLDOVA))


async def test_series_when_created_then_is_listed_and_read(client, signed, unit):
    await known_programme(unit)
    new = {
        "reference": "SERIES-1",
        "programme_code": "EAP-PCP",
        "kind": "training",
        "title": "Trainings",
        "held_count": {"value": 22, "qualifier": "exact", "basis": "events"},
        "distinct_places": {"value": 21, "qualifier": "exact", "basis": "places"},
        "sources": [{"document": "mswia-no-comp", "locator": "Trainings and workshops"}],
    }
    async with untouched(unit):
        wrong = new | {"distinct_places": new["held_count"] | {"value": 23}}
        refused = await client.post("/v1/event-series", json=wrong, headers=key(signed(OFFICER)))
    assert refused.json()["code"] == "training.count_inconsistent"
    created = await client.post("/v1/event-series", json=new, headers=key(signed(OFFICER)))
    assert created.status_code == 201, created.text
    read = await client.get(created.headers["location"], headers=signed(MOLDOVA))
    assert read.json()["held_count"] == new["held_count"]
    for query, number in (("?programme=EAP-PCP&kind=training", 1), ("?kind=workshop", 0)):
        answer = await client.get(f"/v1/event-series{query}", headers=signed(MOLDOVA))
        assert len(answer.json()["items"]) == number
    hidden = await client.get(created.headers["location"], headers=signed(GEORGIA))
    assert (hidden.status_code, hidden.json()["code"]) == (404, "training.no_such_series")


async def test_kinds_when_listed_then_have_polish_names(client, signed):
    answer = await client.get("/v1/codelists/event-kinds", headers=signed(MOLDOVA))
    labels = {each["code"]: each["label"] for each in answer.json()["items"]}
    assert labels["study_visit"] == {"en": "study visit", "pl": "wizyta studyjna"}
    assert len(labels) == 17


@pytest.mark.parametrize("year", ["0202", "1899", "2200", "9999"])
async def test_event_when_its_year_is_a_slip_then_is_refused(client, signed, unit, year):
    await known_programme(unit)
    days = {"from": f"{year}-05-04", "to": f"{year}-05-06", "precision": "day"}
    async with untouched(unit):
        refused = await client.post(
            "/v1/events", json=NEW | {"dates": days}, headers=key(signed(OFFICER))
        )
    found = [each["pointer"] for each in refused.json()["errors"]]
    assert (refused.status_code, found) == (400, ["/dates/from", "/dates/to"])
