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


async def test_report_tells_of_each_known_nominee_where_it_stands(client, signed, unit):
    event, ministry = await opened(unit), signed(MOLDOVA)
    items = [item(event, number) for number in range(2)]
    made = (await client.post(PATH, json={"items": items}, headers=ministry)).json()["items"]
    assert [each["nomination_status"] for each in made] == ["submitted"] * 2
    await client.post(
        f"/v1/nominations/{made[0]['id']}/withdrawal",
        json={"reason": "sent by mistake"},
        headers=ministry | {"if-match": '"v1"', "idempotency-key": "w"},
    )
    otherwise = items[0] | {"source_version": 2, "unit_code": "UNIT-2"}
    swapped = items[1] | {"source_version": 2, "participant_id": items[0]["participant_id"]}
    async with untouched(unit):
        again = await client.post(PATH, json={"items": items}, headers=ministry)
        bad = {"items": [otherwise, swapped, item(event, 7, event_id=str(uuid4()))]}
        refused = await client.post(f"{PATH}?mode=partial", json=bad, headers=ministry)
    assert [standing(each) for each in again.json()["items"]] == [
        ("unchanged", made[0]["id"], "withdrawn"),
        ("unchanged", made[1]["id"], "submitted"),
    ]
    assert [standing(each) for each in refused.json()["items"]] == [
        ("refused", made[0]["id"], "withdrawn"),
        ("refused", made[1]["id"], "submitted"),
        ("refused", None, None),
    ]


def standing(told):
    return told["status"], told["id"], told["nomination_status"]


async def test_report_on_what_is_not_kept_names_no_records(client, signed, unit):
    event, ministry = await opened(unit), signed(MOLDOVA)
    good, bad = item(event, 1), item(event, 2, event_id=str(uuid4()))
    async with untouched(unit):
        checked = await client.post(
            f"{PATH}?validate_only=true", json={"items": [good]}, headers=ministry
        )
        refused = await client.post(PATH, json={"items": [good, bad]}, headers=ministry)
    for answer in (checked, refused):
        assert standing(answer.json()["items"][0]) == ("created", None, None), answer.text


async def test_item_when_sent_without_its_version_then_an_older_one_is_still_stale(
    client, signed, unit
):
    event, ministry = await opened(unit), signed(MOLDOVA)
    fifth = item(event, 1, source_version=5, unit_code="UNIT-5")
    unversioned = {name: each for name, each in fifth.items() if name != "source_version"}
    second = fifth | {"source_version": 2, "unit_code": "UNIT-2"}
    told = []
    for each in (fifth, unversioned, unversioned | {"unit_code": "UNIT-6"}, second):
        answer = await client.post(PATH, json={"items": [each]}, headers=ministry)
        told.append(answer.json()["items"][0]["status"])
    assert told[2:] == ["updated", "stale"], told
    found = await client.get("/v1/nominations?external_id=MD-1", headers=ministry)
    assert found.json()["items"][0]["unit_code"] == "UNIT-6"


async def test_item_when_its_overlap_reason_is_put_right_then_that_is_stored(client, signed, unit):
    event, ministry = await opened(unit), signed(MOLDOVA)
    first = item(event, 1, overlap_reason="speaks at bothh")
    second = first | {"source_version": 2, "overlap_reason": "speaks at both"}
    third = first | {"source_version": 3, "overlap_reason": None}
    for each in (first, second, third):
        await client.post(PATH, json={"items": [each]}, headers=ministry)
    found = await client.get("/v1/nominations?external_id=MD-1", headers=ministry)
    assert found.json()["items"][0]["overlap_reason"] == "speaks at both"


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
