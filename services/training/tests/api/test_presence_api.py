"""Sessions and presence over HTTP."""

from uuid import uuid4

from make_training import MOLDOVA, OFFICER, endorsed, let_pass, moved, opened
from told import untouched

from training.commands import nominations
from training.domain.presence import Refusal
from training.domain.training_event import EventStatus
from training.queries.events import event as read_event

MORNING = {
    "number": 1,
    "title": "Morning",
    "starts_at": "2026-05-04T09:00:00+02:00",
    "ends_at": "2026-05-04T12:00:00+02:00",
}


def key(headers):
    return headers | {"idempotency-key": str(uuid4())}


async def test_presence_when_walked_through_then_each_step_answers(client, signed, unit):
    event = await opened(unit)
    let_pass(unit, event)
    officer, path = signed(OFFICER), f"/v1/events/{event.id}"
    made = await client.post(f"{path}/sessions", json=MORNING, headers=key(officer))
    assert (made.status_code, made.json()["minutes"]) == (201, 180), made.text
    listed = await client.get(f"{path}/sessions", headers=signed(MOLDOVA))
    assert listed.json() == {"items": [made.json()], "next": None}
    nominee = await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, nominee.id, by=OFFICER)
    await moved(unit, await read_event(unit, event.id, by=OFFICER), EventStatus.IN_PROGRESS)
    scan = {
        "participant_id": str(nominee.participant_id),
        "session": 1,
        "nonce": "door-0001",
        "came_at": "2026-05-04T09:05:00+02:00",
        "left_at": "2026-05-04T12:30:00+02:00",
    }
    recorded = await client.post(f"{path}/attendance", json=scan, headers=key(officer))
    assert (recorded.status_code, recorded.json()["minutes"]) == (201, 175), recorded.text
    again = await client.post(f"{path}/attendance", json=scan, headers=key(officer))
    assert again.json() == recorded.json()
    wrong = scan | {"nonce": "door-0002", "left_at": "2026-05-04T08:00:00+02:00"}
    async with untouched(unit):
        refused = await client.post(f"{path}/attendance", json=wrong, headers=key(officer))
    assert (refused.status_code, refused.json()["reason"]) == (409, "left_before_coming")
    ahead = scan | {"nonce": "door-0003", "left_at": "2026-05-07T12:00:00+02:00"}
    async with untouched(unit):
        refused = await client.post(f"{path}/attendance", json=ahead, headers=key(officer))
    assert (refused.status_code, refused.json()["reason"]) == (409, "not_yet")
    correction = {"nonce": "list-0001", "minutes": 60, "reason": "as the signed list says"}
    corrected = await client.post(
        f"/v1/attendance/{recorded.json()['id']}/corrections",
        json=correction,
        headers=key(officer),
    )
    assert corrected.json()["corrects"] == recorded.json()["id"]
    page = await client.get(f"{path}/attendance", headers=signed(MOLDOVA))
    assert page.json()["items"] == [recorded.json(), corrected.json()]


async def test_refusals_when_listed_then_are_all_named(client, signed):
    answer = await client.get("/v1/codelists/attendance-refusals", headers=signed(MOLDOVA))
    assert {each["code"] for each in answer.json()["items"]} == {each.value for each in Refusal}
