"""Jobs over HTTP: accepted at once, followed as they go on, seen by nobody else."""

from uuid import uuid4

from make_training import GEORGIA, MOLDOVA, opened
from told import untouched

from training.commands.jobs import work_on_next

PATH = "/v1/nominations:batch"
LATER = {"prefer": "respond-async"}


def items(event, number, **changes):
    return [
        {"external_id": f"MD-{n}", "event_id": str(event.id), "participant_id": str(uuid4())}
        | changes
        for n in range(number)
    ]


def told(response):
    """The events of a stream: id, kind."""
    lines = [line.split(": ", 1) for line in response.text.splitlines() if ": " in line]
    found = [value for name, value in lines if name in {"id", "event"}]
    return list(zip(found[::2], found[1::2], strict=True))


async def test_job_when_accepted_is_carried_out_and_reported(client, signed, unit):
    event = await opened(unit)
    ministry, body = signed(MOLDOVA), {"items": items(event, 501)}
    accepted = await client.post(PATH, json=body, headers=ministry)
    assert accepted.status_code == 202, accepted.text
    path, job = accepted.headers["location"], accepted.json()
    assert (job["state"], job["progress"]) == ("queued", {"done": 0, "total": 501})
    async with untouched(unit):
        again = await client.post(PATH, json=body, headers=ministry)
        early = await client.get(f"{path}/report", headers=ministry)
    assert again.json()["id"] == job["id"]
    assert (early.status_code, early.json()["code"]) == (409, "training.job_unfinished")
    assert await work_on_next(unit)
    assert not await work_on_next(unit)
    done = (await client.get(path, headers=ministry)).json()
    assert (done["state"], done["stored"], done["error"]) == ("succeeded", True, None)
    assert (done["progress"], done["stats"]["created"]) == ({"done": 501, "total": 501}, 501)
    report = (await client.get(done["report_url"].removeprefix("/api"), headers=ministry)).json()
    assert [each["index"] for each in report["items"]] == list(range(501))
    third = await client.post(PATH, json=body, headers=ministry)
    assert third.json()["id"] != job["id"]
    assert await work_on_next(unit)
    listed = (await client.get("/v1/jobs", headers=ministry)).json()["items"]
    assert [each["stats"]["unchanged"] for each in listed] == [501, 0]


async def test_job_when_asked_for_then_is_refused_or_partial_like_a_request(client, signed, unit):
    event = await opened(unit)
    headers = signed(MOLDOVA) | LATER
    body = {"items": [*items(event, 2), *items(event, 1, external_id="!"), *items(event, 1)]}
    results = {}
    for mode in ("atomic", "partial"):
        accepted = await client.post(f"{PATH}?mode={mode}", json=body, headers=headers)
        assert accepted.headers["preference-applied"] == "respond-async"
        assert await work_on_next(unit)
        results[mode] = (await client.get(accepted.headers["location"], headers=headers)).json()
    atomic, partial = results["atomic"], results["partial"]
    assert (atomic["state"], atomic["stored"]) == ("failed", False)
    assert atomic["error"]["code"] == "training.batch_refused"
    assert (partial["state"], partial["stored"]) == ("succeeded", True)
    assert partial["stats"] | {"created": 2, "refused": 2} == partial["stats"]
    assert atomic["stats"]["refused"] == 2
    same = await client.post(f"{PATH}?mode=partial", json=body, headers=signed(MOLDOVA))
    assert same.json()["stats"]["unchanged"] == 2


async def test_job_when_followed_tells_its_end_once(client, signed, unit):
    event = await opened(unit)
    ministry = signed(MOLDOVA)
    accepted = await client.post(PATH, json={"items": items(event, 2)}, headers=ministry | LATER)
    assert await work_on_next(unit)
    path = f"{accepted.headers['location']}/events"
    stream = await client.get(path, headers=ministry)
    assert stream.headers["content-type"].startswith("text/event-stream")
    [(last, kind)] = told(stream)
    assert kind == "end"
    behind = await client.get(path, headers=ministry | {"last-event-id": "1"})
    assert told(behind) == [(last, "end")]
    over = await client.get(path, headers=ministry | {"last-event-id": last})
    assert (over.status_code, over.content) == (204, b"")
    odd = await client.get(path, headers=ministry | {"last-event-id": "-1"})
    assert told(odd) == [(last, "end")]


async def test_job_when_somebody_elses_is_like_none(client, signed, unit):
    event = await opened(unit)
    accepted = await client.post(
        PATH, json={"items": items(event, 1)}, headers=signed(MOLDOVA) | LATER
    )
    path = accepted.headers["location"]
    for suffix in ("", "/report", "/events"):
        foreign = await client.get(f"{path}{suffix}", headers=signed(GEORGIA))
        unknown = await client.get(f"/v1/jobs/{uuid4()}{suffix}", headers=signed(GEORGIA))
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        mine, own = ("trace_id", "instance"), foreign.json()
        assert {k: v for k, v in unknown.json().items() if k not in mine} == {
            k: v for k, v in own.items() if k not in mine
        }
    assert (await client.get("/v1/jobs", headers=signed(GEORGIA))).json()["items"] == []
