"""Quotas, rejection and replacement over HTTP."""

from uuid import uuid4

from make_training import MOLDOVA, OFFICER, endorsed, opened
from told import untouched

from training.commands import nominations


def key(headers):
    return headers | {"idempotency-key": str(uuid4())}


async def test_quotas_when_put_then_are_read_with_what_is_taken(client, signed, unit):
    event = await opened(unit)
    path, officer = f"/v1/events/{event.id}/quotas", signed(OFFICER)
    wanted = {"quotas": [{"dimension": "country", "key": "MD", "seats": 1}]}
    tag = (await client.get(path, headers=officer)).headers["etag"]
    async with untouched(unit):
        without = await client.put(path, json=wanted, headers=officer)
        for dimension, name in (("country", "Moldova"), ("role", "Speaker"), ("unit", "a b")):
            odd = {"quotas": [{"dimension": dimension, "key": name, "seats": 1}]}
            refused = await client.put(path, json=odd, headers=officer | {"if-match": tag})
            [error] = refused.json()["errors"]
            assert (error["code"], error["pointer"]) == ("kit.quota_key", "/quotas/0")
        over = {"quotas": [{"dimension": "role", "key": "participant", "seats": 3}]}
        refused = await client.put(path, json=over, headers=officer | {"if-match": tag})
    assert (without.status_code, refused.status_code) == (428, 400)
    put = await client.put(path, json=wanted, headers=officer | {"if-match": tag})
    assert put.status_code == 200, put.text
    nominee = await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, nominee.id, by=OFFICER)
    read = await client.get(path, headers=signed(MOLDOVA))
    assert read.json()["quotas"] == [{"dimension": "country", "key": "MD", "seats": 1, "taken": 1}]


async def test_seat_when_replaced_then_the_chain_is_read(client, signed, unit):
    event = await opened(unit)
    first, second = await endorsed(unit, event.id), await endorsed(unit, event.id)
    await nominations.confirm_seat(unit, first.id, by=OFFICER)
    new = {"participant_id": str(uuid4()), "reason": "ill"}
    path = f"/v1/nominations/{first.id}"
    made = await client.post(f"{path}/replacement", json=new, headers=key(signed(MOLDOVA)))
    assert (made.status_code, made.json()["replaces"]) == (201, str(first.id)), made.text
    chain = await client.get(f"{path}/chain", headers=signed(MOLDOVA))
    assert [each["status"] for each in chain.json()["items"]] == ["replaced", "confirmed"]
    declined = await client.post(
        f"/v1/nominations/{second.id}/rejection",
        json={"reason": "another topic"},
        headers=key(signed(OFFICER)),
    )
    assert (declined.status_code, declined.json()["status"]) == (201, "rejected")
