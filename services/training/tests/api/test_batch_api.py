"""Many nominations at once, as JSON and CSV: all or nothing, or all that can be."""

from uuid import uuid4

import pytest
from make_training import MOLDOVA, opened
from told import facts, untouched

PATH = "/v1/nominations:batch"


def item(event, number, **changes):
    return {
        "external_id": f"MD-{number}",
        "event_id": str(event.id),
        "participant_id": str(uuid4()),
        "unit_code": "UNIT-1",
        "source_version": 1,
    } | changes


def csv(headers):
    return headers | {"content-type": "text/csv; charset=utf-8"}


def rows(items):
    return "\n".join([",".join(items[0]), *(",".join(map(str, i.values())) for i in items)])


async def test_batch_when_sent_twice_then_is_one_nomination_each(client, signed, unit):
    event = await opened(unit)
    items = [item(event, number) for number in range(5)]
    ministry = signed(MOLDOVA)
    made = await client.post(PATH, json={"items": items}, headers=ministry)
    assert made.status_code == 200, made.text
    assert made.json()["stats"]["created"] == 5
    told = [each for each in await facts(unit) if each["data"].get("status") == "submitted"]
    assert len(told) == 5
    async with untouched(unit):
        again = await client.post(PATH, content=rows(items), headers=csv(ministry))
    assert again.json()["stats"]["unchanged"] == 5, again.text
    assert [i["id"] for i in again.json()["items"]] == [i["id"] for i in made.json()["items"]]
    newer = [items[0] | {"source_version": 2, "unit_code": "UNIT-2"}]
    changed = await client.post(PATH, json={"items": newer}, headers=ministry)
    assert changed.json()["stats"]["updated"] == 1
    async with untouched(unit):
        older = await client.post(PATH, json={"items": items[:1]}, headers=ministry)
        other = [items[1] | {"unit_code": "UNIT-9"}]
        conflict = await client.post(PATH, json={"items": other}, headers=ministry)
    assert older.json()["stats"]["stale"] == 1
    assert conflict.json()["items"][0]["errors"][0]["code"] == "training.item_conflict"


async def test_batch_when_somebody_stands_for_one_event_then_only_that_pair_is_refused(
    client, signed, unit
):
    one, other = await opened(unit), await opened(unit, reference="OTHER")
    ministry, items = signed(MOLDOVA), [item(one, number) for number in range(4)]
    await client.post(PATH, json={"items": items[:2]}, headers=ministry)
    known = [{**each, "external_id": f"again-{n}"} for n, each in enumerate(items)]
    elsewhere = {**item(other, 9), "participant_id": items[0]["participant_id"]}
    answer = await client.post(
        f"{PATH}?mode=partial", json={"items": [*known, elsewhere]}, headers=ministry
    )
    told = [(i["status"], [e["code"] for e in i["errors"]]) for i in answer.json()["items"]]
    taken, made = ("refused", ["training.nomination_exists"]), ("created", [])
    assert told == [taken, taken, made, made, made]


async def test_batch_when_one_item_is_bad_then_is_atomic_or_partial(client, signed, unit):
    event = await opened(unit)
    good, unknown = item(event, 1), item(event, 2, event_id=str(uuid4()))
    broken = item(event, 3, participant_id="Jan", overlap_reason="a.b@example.org")
    twice = item(event, 1)
    body = {"items": [good, unknown, broken, twice]}
    async with untouched(unit):
        refused = await client.post(PATH, json=body, headers=signed(MOLDOVA))
        checked = await client.post(
            f"{PATH}?mode=partial&validate_only=true", json=body, headers=signed(MOLDOVA)
        )
    assert (refused.status_code, refused.json()["code"]) == (400, "training.batch_refused")
    codes = [[error["code"] for error in each["errors"]] for each in refused.json()["items"]]
    assert codes == [
        [],
        ["training.no_such_event"],
        ["kit.format", "kit.pii_in_free_text"],
        ["training.item_conflict"],
    ]
    kept = await client.post(f"{PATH}?mode=partial", json=body, headers=signed(MOLDOVA))
    assert (checked.status_code, kept.status_code) == (207, 207)
    assert kept.json()["stats"] == checked.json()["stats"]
    assert kept.json()["stats"]["created"] == 1
    assert (checked.json()["stored"], kept.json()["stored"]) == (False, True)


async def test_item_when_refused_then_is_told_as_any_other_body_is(client, signed, unit):
    event, ministry = await opened(unit), signed(MOLDOVA)
    odd = item(event, 1, participant_id="Jan") | {"a/b": 1}
    batch = await client.post(f"{PATH}?mode=partial", json={"items": [odd]}, headers=ministry)
    alone = {"event_id": str(event.id), "participant_id": "Jan", "a/b": 1}
    single = await client.post(
        "/v1/nominations", json=alone, headers=ministry | {"idempotency-key": "1"}
    )
    said = [(e["pointer"], e["code"], e["detail"]) for e in batch.json()["items"][0]["errors"]]
    assert [
        (f"/items/0{e['pointer']}", e["code"], e["message"]) for e in single.json()["errors"]
    ] == said
    assert {code for _, code, _ in said} == {"kit.format", "kit.unknown_field"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"external_id;event_id\n1;2", "kit.csv_delimiter"),
        (b"external_id,event_id\nexternal_id,event_id", "kit.csv_second_header"),
        (b"external_id,name\n1,2", "kit.csv_header"),
        (b"external_id,event_id\n=1+1,2", "kit.csv_formula"),
        (b"external_id,event_id\n1,\x00", "kit.hidden_character"),
        (b"external_id,event_id\n\xff,2", "kit.not_utf8"),
        (b"external_id,event_id\n1,2,3", "kit.csv_cells"),
        (b'external_id,event_id\n"1,2', "kit.not_csv"),
        (b"external_id,event_id\n", "kit.item_count"),
        (b"external_id,event_id\n" + b"1,2\n" * 5001, "kit.item_count"),
    ],
)
async def test_csv_when_it_cannot_be_read_then_is_refused_whole(
    client, signed, unit, content, code
):
    async with untouched(unit):
        refused = await client.post(PATH, content=content, headers=csv(signed(MOLDOVA)))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, code)
