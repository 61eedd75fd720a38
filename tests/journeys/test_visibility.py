"""A ministry sees its own, and what it may not see does not exist: byte for byte."""

import re
from uuid import uuid4

from . import steps

_REQUEST_ID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _without_request_id(answer) -> tuple[int, bytes, set[str]]:
    return answer.status_code, _REQUEST_ID.sub(b"?", answer.content), set(answer.headers)


async def _someone_elses_trip(world) -> dict[str, str]:
    """The officer's own ministry sends somebody to the same event."""
    event = await steps.plan_event(world.officer)
    nomination = await steps.nominate(world.officer, event)
    await steps.seat(world.officer, nomination)
    await world.settle()
    trip = await steps.trip_of(world.officer, nomination)
    return {
        "nominations": nomination["id"],
        "trips": trip["id"],
        "persons": trip["person_id"],
    }


async def test_record_when_another_country_sends_the_person_is_like_an_unknown_one(world):
    await steps.open_programme(world.officer, funds="5000.00")
    await world.settle()
    hidden = await _someone_elses_trip(world)
    for collection, record in hidden.items():
        shown = await world.officer.get(f"/v1/{collection}/{record}")
        assert shown.status_code == 200, collection
        refused = await world.ministry.get(f"/v1/{collection}/{record}")
        unknown = await world.ministry.get(f"/v1/{collection}/{uuid4()}")
        assert refused.status_code == 404, collection
        assert _without_request_id(refused) == _without_request_id(unknown)


async def test_lists_and_changes_when_the_ministry_asks_hold_its_own_only(world):
    await steps.open_programme(world.officer, funds="5000.00")
    await world.settle()
    hidden = await _someone_elses_trip(world)
    event = await steps.plan_event(world.officer)
    own = await steps.nominate(world.ministry, event)
    await steps.seat(world.officer, own)
    await world.settle()

    seen = await steps.trips(world.ministry)
    assert [trip["nomination_id"] for trip in seen] == [own["id"]]
    assert len(await steps.trips(world.officer)) == 2
    changes = (await steps.get(world.ministry, "/v1/changes", limit=200))["items"]
    subjects = {change["subject"] for change in changes}
    assert own["id"] in subjects
    assert not subjects & set(hidden.values())


async def test_programme_when_the_ministry_takes_no_part_is_like_an_unknown_one(world):
    await steps.create(
        world.officer, "/v1/programmes", code="EX-OTHER", title="Example of another",
        kind="programme", status="active",
    )  # fmt: skip
    await world.settle()
    for path in ("/v1/programmes/{}", "/v1/programmes/{}/overview", "/v1/views/programmes/{}"):
        refused = await world.ministry.get(path.format("EX-OTHER"))
        unknown = await world.ministry.get(path.format("EX-NOBODY"))
        assert refused.status_code == 404, path
        assert refused.content.replace(b"EX-OTHER", b"EX-NOBODY").count(b"EX-NOBODY") == (
            unknown.content.count(b"EX-NOBODY")
        )
        mine = _without_request_id(refused)
        assert mine == _without_request_id(unknown)
    listed = await steps.get(world.ministry, "/v1/programmes")
    assert listed["items"] == []


async def test_programme_when_the_ministry_leaves_it_goes_out_of_scope_and_out_of_sight(world):
    await steps.open_programme(world.officer, funds="1000.00")
    await world.settle()
    path = f"/v1/programmes/{steps.PROGRAMME}"
    assert (await world.ministry.get(path)).status_code == 200
    start = await steps.get(world.ministry, "/v1/changes", limit=200)
    partners = (await steps.get(world.officer, f"{path}/partners"))["items"]
    mine = next(each for each in partners if each["organisation"] == "MD-MIA")

    ended = await world.officer.post(
        f"{path}/partners/{mine['id']}/end",
        json={"on": {"edtf": "2026-03"}},
        headers={"if-match": f'"v{mine["version"]}"'},
    )
    assert ended.status_code == 200, ended.text
    await world.settle()

    assert (await world.ministry.get(path)).status_code == 404
    page = await steps.get(world.ministry, "/v1/changes", after=start["next"])
    assert page["items"]
    assert {each["op"] for each in page["items"]} == {"out_of_scope"}
    assert not any("data" in each for each in page["items"])


async def test_ops_when_they_ask_for_records_lack_the_scope(world):
    for path in ("/v1/programmes", "/v1/trips", "/v1/views/portfolio", "/v1/changes"):
        refused = await world.callers["ops"].get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "kit.scope_missing")


async def test_inner_paths_when_asked_at_the_gateway_are_not_there(world):
    for caller in world.callers.values():
        assert (await caller.get("/internal/feed")).status_code == 404
        assert (await caller.get("/v1/../internal/feed")).status_code == 404
