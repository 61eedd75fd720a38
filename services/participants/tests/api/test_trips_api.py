"""Trips and persons over HTTP: codes, scopes, ETags, visibility, paging."""

import json
from uuid import uuid4

import pytest
from people_and_trips import MINISTRY, OFFICER, OTHER, number, pin, prepare
from people_and_trips import seat as make_seat

from kit.auth import Caller
from participants.commands import programmes, trips

NEW_TRIP = {
    "programme_code": "NO-COMP",
    "destination": {"country": "MD", "city": "Chisinau"},
    "departs_at": "2026-05-04T08:00:00+02:00",
    "returns_at": "2026-05-07T20:00:00+03:00",
}
PERSON = {"organisation": "MD-MIA", "country": "MD", "unit_code": "U-1", "role": "expert"}


async def registered(ask, **fields):
    answer = await ask(OFFICER, "POST", "/v1/persons", body=PERSON | fields)
    assert answer.status_code == 201, answer.text
    return answer


async def test_person_when_registered_then_can_be_read_as_answered(ask):
    created = await registered(ask)
    assert created.headers["location"] == f"/v1/persons/{created.json()['id']}"
    read = await ask(MINISTRY, "GET", created.headers["location"])
    assert (read.status_code, read.json()) == (200, created.json())
    assert read.headers["etag"] == created.headers["etag"] == created.json()["etag"] == '"v1"'
    assert read.json()["public_ref"].startswith("P-")


async def test_person_when_names_or_victims_are_sent_then_refused(ask, unit):
    for body, code in (
        (PERSON | {"name": "x"}, "kit.unknown_field"),
        (PERSON | {"role": "victim"}, "participants.victim_data_forbidden"),
        (PERSON | {"role": "king"}, "participants.person_invalid"),
    ):
        answer = await ask(OFFICER, "POST", "/v1/persons", body=body)
        assert answer.status_code == 400
        codes = [answer.json()["code"], *(e["code"] for e in answer.json()["errors"])]
        assert code in codes
    assert (await ask(OFFICER, "GET", "/v1/persons")).json()["items"] == []


async def test_person_when_another_organisation_registers_them_then_refused(ask):
    answer = await ask(OTHER, "POST", "/v1/persons", body=PERSON)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/organisation"


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/v1/trips", "participants:read"),
        ("GET", f"/v1/trips/{number('nobody')}", "participants:read"),
        ("POST", "/v1/trips", "participants:write"),
        ("POST", f"/v1/trips/{number('nobody')}/cancellation", "participants:write"),
        ("POST", f"/v1/trips/{number('nobody')}/estimates", "participants:write"),
        ("GET", "/v1/persons", "participants:read"),
        ("POST", "/v1/persons", "participants:write"),
        ("GET", "/v1/rate-sets", "participants:read"),
        ("GET", "/v1/programme-totals/X", "participants:read"),
        ("GET", "/v1/portfolio-totals", "participants:read"),
        ("POST", "/v1/per-diem/simulations", "participants:read"),
        ("GET", "/v1/changes", "changes:read"),
        ("GET", "/internal/feed", "internal:feed"),
    ],
)
async def test_route_when_scope_is_missing_then_403_before_anything_else(ask, method, path, scope):
    nobody = Caller("nobody", "nobody", "XX", "XX", frozenset())
    answer = await ask(nobody, method, path)
    assert (answer.status_code, answer.json()["code"]) == (403, "kit.scope_missing")
    assert scope in answer.json()["detail"]


async def test_trip_when_opened_then_read_shows_what_was_answered(ask, unit):
    await prepare(unit)
    person = (await registered(ask)).json()
    body = NEW_TRIP | {"person_id": person["id"]}
    created = await ask(OFFICER, "POST", "/v1/trips", body=body)
    assert created.status_code == 201, created.text
    shown = created.json()
    assert shown["first_day"] == "2026-05-04"
    assert (shown["state"], shown["estimate"]) == ("needs_ruleset", None)
    assert shown["reason"]["code"] == "country_not_covered"
    read = await ask(OFFICER, "GET", f"/v1/trips/{shown['id']}")
    assert read.json() == shown
    known = await ask(OFFICER, "GET", f"/v1/trips/{shown['id']}")
    assert known.headers["etag"] == '"v2"'
    listed = await ask(MINISTRY, "GET", "/v1/trips", programme="NO-COMP")
    assert listed.json() == {"items": [shown], "next": None}


async def test_trip_when_request_is_repeated_then_there_is_one_trip(ask, unit):
    await prepare(unit)
    person = (await registered(ask)).json()
    body = NEW_TRIP | {"person_id": person["id"]}
    first = await ask(OFFICER, "POST", "/v1/trips", body=body, key="same")
    second = await ask(OFFICER, "POST", "/v1/trips", body=body, key="same")
    assert second.content == first.content
    assert second.headers["idempotency-replayed"] == "true"
    overlapping = await ask(OFFICER, "POST", "/v1/trips", body=body, key="other")
    assert overlapping.json()["code"] == "participants.trip_overlaps"
    assert len((await ask(OFFICER, "GET", "/v1/trips")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"departs_at": None, "returns_at": None}, ["/first_day", "/last_day"]),
        ({"first_day": "2026-05-04"}, ["/first_day"]),
        ({"departs_at": "2026-05-04T08:00:00"}, ["/departs_at"]),
        ({"returns_at": "9999-05-04T08:00:00Z"}, ["/returns_at"]),
        ({"destination": {"country": "Moldova"}}, ["/destination/country"]),
        ({"returns_at": "2026-05-01T08:00:00Z"}, ["/returns_at"]),
    ],
)
async def test_trip_when_its_time_is_wrong_then_fields_are_named_and_nothing_is_saved(
    ask, change, pointers
):
    body = NEW_TRIP | {"person_id": str(uuid4())} | change
    answer = await ask(OFFICER, "POST", "/v1/trips", body=body)
    assert answer.status_code == 400, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == pointers
    assert (await ask(OFFICER, "GET", "/v1/trips")).json()["items"] == []


async def test_trip_when_another_organisation_asks_then_404_like_an_unknown_one(ask, unit):
    await prepare(unit)
    trip = await trips.open_trip_for_seat(unit, make_seat())

    def without_id(answer):
        return {**answer.json(), "instance": "", "trace_id": ""}

    for method, path, extra in (
        ("GET", "/v1/trips/{}", {}),
        ("GET", "/v1/trips/{}/per-diem", {}),
        (
            "POST",
            "/v1/trips/{}/cancellation",
            {"body": {"reason": "other"}, "match": '"v2"'},
        ),
        ("POST", "/v1/trips/{}/estimates", {"match": '"v2"'}),
    ):
        hidden = await ask(MINISTRY, method, path.format(trip.id), **extra)
        unknown = await ask(MINISTRY, method, path.format(uuid4()), **extra)
        assert hidden.status_code == unknown.status_code == 404
        assert without_id(hidden) == without_id(unknown)
        assert str(trip.id) not in hidden.text
    assert (await ask(MINISTRY, "GET", "/v1/trips")).json()["items"] == []


async def test_cancellation_when_etag_is_missing_stale_or_right_then_428_412_201(ask, unit):
    await prepare(unit)
    trip = await trips.open_trip_for_seat(unit, make_seat())
    path = f"/v1/trips/{trip.id}/cancellation"
    body = {"reason": "no_longer_travels"}
    assert (await ask(OFFICER, "POST", path, body=body)).status_code == 428
    assert (await ask(OFFICER, "POST", path, body=body, match='"v1"')).status_code == 412
    free = {"reason": "John is ill"}
    assert (await ask(OFFICER, "POST", path, body=free, match='"v2"')).status_code == 400
    ended = await ask(OFFICER, "POST", path, body=body, match='"v2"')
    assert (ended.status_code, ended.json()["state"]) == (201, "cancelled")
    again = await ask(OFFICER, "POST", path, body=body, match='"v3"')
    assert (again.status_code, again.json()["state"]) == (409, "cancelled")


async def test_per_diem_when_read_then_every_line_is_explained_and_revisions_stay(ask, unit):
    await prepare(unit)
    trip = await trips.open_trip_for_seat(unit, make_seat())
    path = f"/v1/trips/{trip.id}"
    first = await ask(OFFICER, "GET", f"{path}/per-diem")
    shown = first.json()
    assert (shown["trip_id"], shown["revision"]) == (str(trip.id), 1)
    assert [line["amount"]["amount"] for line in shown["per_diem"]["lines"]] == ["30.00", "30.00"]
    assert shown["per_diem"]["lines"][0]["rules"][0]["reference"] == "Dz.U. 2013 poz. 167 s.7(2)"
    assert "doba" in shown["per_diem"]["lines"][0]["text"]["pl"].lower()
    assert shown["per_diem"]["assumptions"][0]["en"].startswith("Times of departure")
    again = await ask(OFFICER, "POST", f"{path}/estimates", match='"v2"')
    assert (again.status_code, again.json()["revision"]) == (201, 2)
    old = await ask(OFFICER, "GET", f"{path}/per-diem", revision=1)
    assert old.json() == shown | {"current": False}
    latest = (await ask(OFFICER, "GET", f"{path}/per-diem")).json()
    assert (latest["current"], latest["trip_state"]) == (True, "estimated")
    await programmes.pin_programme(unit, pin(sequence=2, domestic=None))
    waits = await ask(OFFICER, "POST", f"{path}/estimates", match='"v3"')
    assert waits.json()["state"] == "needs_ruleset"
    former = await ask(OFFICER, "GET", f"{path}/per-diem")
    assert former.json() == latest | {"current": False, "trip_state": "needs_ruleset"}
    assert former.headers["etag"] not in {first.headers["etag"], old.headers["etag"]}
    none = await ask(OFFICER, "GET", f"{path}/per-diem", revision=7)
    assert none.json()["code"] == "participants.no_estimate"


async def test_trips_when_listed_by_pages_then_each_is_on_one_page(ask, unit, count_queries):
    await prepare(unit)
    for name in "abcde":
        await trips.open_trip_for_seat(unit, make_seat(name))
    seen, after = [], None
    while True:
        query = {"limit": 2} | ({} if after is None else {"after": after})
        async with count_queries(2 if after is None else 1):
            page = (await ask(OFFICER, "GET", "/v1/trips", state="estimated", **query)).json()
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5
    first = (await ask(OFFICER, "GET", "/v1/trips", limit=2)).json()["next"]
    stolen = await ask(MINISTRY, "GET", "/v1/trips", limit=2, after=first)
    assert stolen.status_code == 400
    assert (await ask(OFFICER, "GET", "/v1/trips", colour="red")).status_code == 400
    by_event = await ask(OFFICER, "GET", "/v1/trips", event_id=str(number("event")))
    assert len(by_event.json()["items"]) == 5
    other = await ask(OFFICER, "GET", "/v1/trips", event_id=str(uuid4()))
    assert other.json()["items"] == []


async def test_totals_when_asked_then_add_by_state_and_currency_what_the_caller_sees(ask, unit):
    await prepare(unit, pin(), pin("EAP", rate_list="EU-EXT-2024-11-08"))
    own = await trips.open_trip_for_seat(unit, make_seat("a"))
    await trips.open_trip_for_seat(unit, make_seat("b"))
    await trips.mark_funded(unit, own.id, revision=1)
    abroad = make_seat(
        "c", programme_code="EAP", organisation="MD-MIA", country="MD", synthetic=False
    )
    await trips.open_trip_for_seat(unit, abroad)
    totals = await ask(OFFICER, "GET", "/v1/programme-totals/NO-COMP")
    assert totals.json() == {
        "programme_code": "NO-COMP",
        "trips": {"by_state": {"estimated": 1, "funded": 1}},
        "per_diem": [
            {
                "currency": "PLN",
                "estimated": "120.00",
                "funded": "60.00",
                "certified": "0.00",
                "paid": "0.00",
                "trips": 2,
            },
        ],
        "synthetic": True,
    }
    nothing = (await ask(MINISTRY, "GET", "/v1/programme-totals/NO-COMP")).json()
    assert nothing == {
        "programme_code": "NO-COMP",
        "trips": {"by_state": {}},
        "per_diem": [],
        "synthetic": False,
    }
    every = (await ask(OFFICER, "GET", "/v1/portfolio-totals")).json()
    assert every["NO-COMP"] == totals.json()
    assert every["EAP"]["per_diem"] == [
        {
            "currency": "EUR",
            "estimated": "183.00",
            "funded": "0.00",
            "certified": "0.00",
            "paid": "0.00",
            "trips": 1,
        }
    ]
    assert list((await ask(MINISTRY, "GET", "/v1/portfolio-totals")).json()) == ["EAP"]


async def test_reads_when_known_then_304(ask, client, signed, unit):
    await prepare(unit)
    trip = await trips.open_trip_for_seat(unit, make_seat())
    for path in (
        f"/v1/trips/{trip.id}",
        "/v1/programme-totals/NO-COMP",
        "/v1/rate-sets/PL-DOM-2023",
    ):
        first = await ask(OFFICER, "GET", path)
        assert first.status_code == 200
        headers = signed(OFFICER) | {"if-none-match": first.headers["etag"]}
        assert (await client.get(path, headers=headers)).status_code == 304


async def test_rate_sets_when_read_then_tell_source_confidence_and_what_is_not_held(ask, unit):
    await prepare(unit)
    sets = (await ask(MINISTRY, "GET", "/v1/rate-sets", limit=200)).json()["items"]
    by_code = {each["code"]: each for each in sets}
    assert by_code["EU-EXT-2022-07-25"]["completeness"] == "none"
    assert by_code["PL-DOM-DRAFT-2026"]["status"] == "draft"
    whole = (await ask(MINISTRY, "GET", "/v1/rate-sets/EU-EXT-2013-07-05")).json()
    assert whole["rate_set"] == by_code["EU-EXT-2013-07-05"]
    rates = {rate["country"]: rate for rate in whole["rates"]}
    assert rates["PL"]["allowance"] == "217.00"
    assert "MD" not in rates
    assert rates["PL"]["confidence"].startswith("copy of the official page")
    missing = await ask(MINISTRY, "GET", "/v1/rate-sets/NONE")
    assert missing.json()["code"] == "participants.no_such_rate_set"


async def test_facts_when_told_then_only_staff_and_the_sender_may_read_them(
    fresh_unit, fresh_database
):
    await prepare(fresh_unit)
    await trips.open_trip_for_seat(fresh_unit, make_seat())
    async with fresh_database.driving() as driver:
        rows = await driver.fetch("SELECT entity, audience, data FROM change ORDER BY id")
    for row in rows:
        mine = ["everyone"] if row["entity"] == "rate_set" else ["org:PL-BGHQ", "staff"]
        assert row["audience"] == mine
        assert "name" not in json.loads(row["data"])
