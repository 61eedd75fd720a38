"""Cooperation over HTTP: keys, versions, transitions, visibility, and what is computed."""

import itertools
from datetime import date

import pytest
from make_programmes import MINISTRY, OFFICER, SERBIA, WRITING_MINISTRY, count, programme, told

from programmes.storage import tables_cooperation, tables_results

_keys = itertools.count()
URL = "/v1/programmes/P-1"
BEGUN = {"country": "BY", "valid_from": {"edtf": "2014-03", "text": "March 2014"}}
SUSPENDED = {
    "decided_by": "Project Manager",
    "text": "the implementation was suspended",
    "effects": [{"country": "BY", "status": "suspended"}],
}


def key():
    return {"idempotency-key": f"cooperation-{next(_keys)}"}


@pytest.fixture
def officer(signed):
    return signed(OFFICER)


@pytest.fixture
def posted(client, officer):
    async def post(path, body, status=201):
        made = await client.post(f"{URL}{path}", json=body, headers=officer | key())
        assert made.status_code == status, made.text
        return made

    return post


async def test_decision_when_repeated_with_its_key_then_is_recorded_once(
    client, officer, unit, posted
):
    await programme(unit)
    await posted("/participation", BEGUN)
    headers = officer | key()
    first = await client.post(f"{URL}/decisions", json=SUSPENDED, headers=headers)
    again = await client.post(f"{URL}/decisions", json=SUSPENDED, headers=headers)
    assert (first.status_code, again.content) == (201, first.content)
    other = await client.post(
        f"{URL}/decisions", json={**SUSPENDED, "text": "another"}, headers=headers
    )
    assert other.status_code == 422
    assert await count(unit, tables_cooperation.participation_status) == 2
    (listed,) = (await client.get(f"{URL}/decisions", headers=officer)).json()["items"]
    assert listed == first.json()


async def test_participation_when_read_as_of_a_day_then_the_undated_row_counts_from_the_first(
    client, officer, unit, posted
):
    await programme(unit)
    await posted("/participation", BEGUN)
    await posted("/decisions", SUSPENDED)
    shown = (await client.get(f"{URL}/participation/BY?as_of=2014-12-01", headers=officer)).json()
    assert (shown["current"]["rule"], shown["certainty"]) == ("PS-2", "date_unknown")
    assert [row["seq"] for row in shown["rows"]] == [1, 2]
    nobody = (await client.get(f"{URL}/participation/UA", headers=officer)).json()
    assert (nobody["current"], nobody["rows"]) == (None, [])
    wrong = await client.get(f"{URL}/participation/BY?as_of=yesterday", headers=officer)
    assert wrong.status_code == 400


@pytest.mark.parametrize(
    "body", [{"country": "BY"}, {"country": "by", "on": "2015-06-01"}, {"on": "2015-06-01"}]
)
async def test_eligibility_when_the_question_is_not_whole_then_is_refused(
    client, officer, unit, body
):
    await programme(unit)
    refused = await client.post(f"{URL}/eligibility-checks", json=body, headers=officer)
    assert (refused.status_code, refused.json()["code"]) == (400, "kit.invalid_input")


async def test_eligibility_when_programme_is_unseen_then_is_unknown(client, signed, unit):
    await programme(unit)
    question = {"country": "BY", "on": "2015-06-01"}
    for code in ("P-1", "NO-SUCH"):
        refused = await client.post(
            f"/v1/programmes/{code}/eligibility-checks", json=question, headers=signed(SERBIA)
        )
        assert refused.json()["code"] == "programmes.no_such_programme"


async def test_writes_when_programme_is_unseen_then_nothing_is_written(client, signed, unit):
    await programme(unit)
    before = await told(unit)
    for path, body in (
        ("/participation", BEGUN),
        ("/decisions", SUSPENDED),
        ("/components", {"code": "C1", "title": "Bilateral"}),
        ("/governance", {"code": "SC", "name": "SC", "kind": "steering_committee"}),
        ("/deliverables", {"kind": "film", "title": "Films"}),
        ("/action-plans", {"country": "MD"}),
    ):
        refused = await client.post(
            f"{URL}{path}", json=body, headers=signed(WRITING_MINISTRY) | key()
        )
        assert refused.json()["code"] == "programmes.no_such_programme", path
    for path, body in (
        ("/action-plans/MD", {}),
        ("/action-plans/MD/actions/1", {"area": "a", "title": "A"}),
    ):
        headers = signed(WRITING_MINISTRY) | {"if-match": '"v1"'}
        refused = await client.put(f"{URL}{path}", json=body, headers=headers)
        assert refused.json()["code"] == "programmes.no_such_programme", path
    assert await told(unit) == before


async def test_transitions_when_asked_then_say_what_is_allowed_and_why_not_the_rest(
    client, officer, unit, posted
):
    await programme(unit, contract_concluded_on=date(2015, 1, 1))
    shown = (await client.get(f"{URL}/transitions", headers=officer)).json()
    ways = {each["to"]: each for each in shown["items"]}
    assert shown["present"] == "approved"
    assert ways["cancelled"]["allowed"]
    assert ways["contracted"]["why_not"] == "nobody leads or coordinates the programme"
    assert "does not lead to closed" in ways["closed"]["why_not"]
    await posted("/partners", {"country": "MD", "role": "lead"})
    led = (await client.get(f"{URL}/transitions", headers=officer)).json()["items"]
    assert next(each for each in led if each["to"] == "contracted")["allowed"]


async def test_plan_when_moved_then_needs_the_version_it_was_decided_on(
    client, officer, unit, posted
):
    await programme(unit)
    await posted("/action-plans", {"country": "MD", "planned_action_count": 27})
    url = f"{URL}/action-plans/MD"
    read = await client.get(url, headers=officer)
    assert (read.headers["etag"], read.json()["counts"]["planned"]) == ('"v1"', 27)
    body = {"to": "agreed"}
    for headers, status in ((officer, 428), (officer | {"if-match": '"v7"'}, 412)):
        refused = await client.post(f"{url}/transitions", json=body, headers=headers)
        assert refused.status_code == status
    moved = await client.post(
        f"{url}/transitions", json=body, headers=officer | {"if-match": '"v1"'}
    )
    assert (moved.status_code, moved.json()["status"]) == (200, "agreed")
    ways = (await client.get(f"{url}/transitions", headers=officer)).json()
    assert [each["to"] for each in ways["items"] if each["allowed"]] == ["in_force"]
    unknown = await client.get(f"{URL}/action-plans/UA", headers=officer)
    assert unknown.json()["code"] == "programmes.no_such_part"


async def test_draft_plan_when_it_is_wrong_then_is_put_right_until_it_is_agreed(
    client, officer, unit, posted
):
    await programme(unit)
    await posted("/action-plans", {"country": "MD", "planned_action_count": 72})
    url, action = f"{URL}/action-plans/MD", {"area": "borders", "title": "Study visit"}
    refused = await posted("/action-plans/MD/actions", {"number": 1, **action}, 400)
    assert refused.json()["code"] == "programmes.no_such_area"
    before = await told(unit)

    async def put(path, body, version, status=200):
        headers = officer if version is None else officer | {"if-match": f'"v{version}"'}
        answer = await client.put(f"{url}{path}", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    areas = [{"topic": "borders", "title": "Borders"}, {"topic": "asylum", "title": "Asylum"}]
    right = {"planned_action_count": 27, "areas": areas}
    await put("", right, None, 428)
    await put("", right, 2, 412)
    await put("", {"areas": areas * 2}, 1, 400)
    assert await told(unit) == before
    said = await put("", right, 1)
    assert (said["counts"]["planned"], len(said["areas"]), said["version"]) == (27, 2, 2)
    for number, follows in ((1, None), (2, 1)):
        new = {"number": number, **action, "participants": 10, "follow_up_of": follows}
        await posted("/action-plans/MD/actions", new)
    before = await told(unit)
    wrong = [("area", "none"), ("follow_up_of", 2), ("follow_up_of", 1), ("follow_up_of", 9)]
    for name, value in wrong:
        told_why = await put("/actions/1", {**action, name: value}, 4, 400)
        assert told_why["code"] == "programmes.no_such_area"
    await put("", {"areas": areas[1:]}, 4, 400)
    await put("/actions/3", action, 4, 404)
    assert await told(unit) == before
    await put("/actions/1", {"area": "asylum", "title": "Workshop"}, 4)
    listed = (await client.get(f"{url}/actions", headers=officer)).json()["items"]
    shown = [
        (it["number"], it["area"], it["title"], it["planned"]["participants"]) for it in listed
    ]
    assert shown == [(1, "asylum", "Workshop", None), (2, "borders", "Study visit", 10)]
    assert (await told(unit))[len(before) :] == ["programmes.action_plan_changed.v1"]
    agree = officer | {"if-match": '"v5"'}
    await client.post(f"{url}/transitions", json={"to": "agreed"}, headers=agree)
    for path, body in (("", right), ("/actions/1", action)):
        assert (await put(path, body, 6, 409))["code"] == "programmes.plan_closed"


async def test_action_when_it_stands_somewhere_then_a_correction_leaves_it_there(
    client, officer, unit, posted
):
    await programme(unit)
    areas = [{"topic": "borders", "title": "Borders"}]
    await posted("/action-plans", {"country": "MD", "areas": areas})
    action = {"area": "borders", "title": "Study visit"}
    await posted("/action-plans/MD/actions", {"number": 1, **action})
    url = f"{URL}/action-plans/MD/actions/1"
    cancelled = {"to": "cancelled", "reason": "no money"}
    await client.post(f"{url}/transitions", json=cancelled, headers=officer | {"if-match": '"v2"'})
    await client.put(url, json=action, headers=officer | {"if-match": '"v3"'})
    (listed,) = (await client.get(f"{URL}/action-plans/MD/actions", headers=officer)).json()[
        "items"
    ]
    assert (listed["status"], listed["closing_reason"]) == ("cancelled", "no money")


async def test_plan_when_its_edition_was_replaced_then_no_tag_of_the_former_fits_the_next(
    client, officer, unit, posted
):
    await programme(unit)
    areas = [{"topic": "borders", "title": "Borders"}]
    await posted("/action-plans", {"country": "MD", "areas": areas})
    await posted("/action-plans/MD/actions", {"number": 1, "area": "borders", "title": "Study"})
    url, tags = f"{URL}/action-plans/MD", ['"v1"']

    async def moved(path, to, tag, status=200):
        answer = await client.post(
            f"{url}{path}/transitions", json={"to": to}, headers=officer | {"if-match": tag}
        )
        assert answer.status_code == status, answer.text
        return answer

    for to in ("agreed", "in_force", "revised"):
        tags.append((await client.get(url, headers=officer)).headers["etag"])
        await moved("", to, tags[-1])
    listed = (await client.get(f"{URL}/action-plans", headers=officer)).json()["items"]
    tags.append(f'"v{listed[0]["version"]}"')
    for tag in tags:
        read = await client.get(url, headers=officer | {"if-none-match": tag})
        assert (read.status_code, read.json()["edition"]) == (200, 2)
        await moved("/actions/1", "cancelled", tag, 412)
    await moved("/actions/1", "cancelled", read.headers["etag"])


async def test_meeting_when_its_ways_are_asked_then_held_and_cancelled_are_open(
    client, officer, unit, posted
):
    await programme(unit)
    await posted("/governance", {"code": "SC", "name": "SC", "kind": "steering_committee"})
    made = (
        await posted("/governance/meetings", {"body": "SC", "on": {"edtf": "2014-10-16"}})
    ).json()
    url = f"{URL}/governance/meetings/{made['id']}/transitions"
    ways = (await client.get(url, headers=officer)).json()
    assert {each["to"] for each in ways["items"] if each["allowed"]} == {"held", "cancelled"}
    held = await client.post(url, json={"to": "held"}, headers=officer | {"if-match": '"v1"'})
    assert (held.status_code, held.headers["etag"]) == (200, '"v2"')


async def test_indicator_when_approved_then_is_shown_beside_what_is_computed(
    client, officer, unit, posted
):
    await programme(unit)
    new = {
        "code": "trainings",
        "title": "Trainings",
        "unit": "trainings",
        "basis": "events",
        "periods": [{"code": "P1"}],
        "computed_from": "trainings_held",
    }
    await posted("/indicators", new)
    value = {"period": "P1", "value": "22", "qualifier": "exact", "basis": "events"}
    parts = [{"name": "MD", "value": "3"}, {"name": "UA", "value": "19"}]
    made = (await posted("/indicators/trainings/values", {**value, "parts": parts})).json()
    assert [part["value"] for part in made["values"][0]["parts"]] == [None, None]
    url = f"{URL}/indicators/trainings"
    moving = f"{url}/values/{made['values'][0]['id']}/transitions"
    for version, to in ((2, "pending"), (3, "approved")):
        moved = await client.post(
            moving, json={"to": to}, headers=officer | {"if-match": f'"v{version}"'}
        )
        assert moved.status_code == 200, moved.text
    (compared,) = (await client.get(url, headers=officer)).json()["compared"]
    assert (compared["reported"]["value"], compared["computed"]) == ("22", None)
    assert compared["computed_reason"] == "not_told_yet"
    ways = (await client.get(moving, headers=officer)).json()
    assert not any(each["allowed"] for each in ways["items"])
    closed = await posted("/indicators/trainings/values", value, 409)
    assert closed.json()["code"] == "programmes.period_locked"
    assert await count(unit, tables_results.indicator_value) == 1


async def test_ministry_when_it_takes_part_then_reads_what_belarus_was_told(
    client, signed, loaded, process
):
    process.unit = loaded
    shown = await client.get("/v1/programmes/EAP-PCP/participation/BY", headers=signed(MINISTRY))
    assert shown.json()["current"]["status"] == "readmitted_partial"
    hidden = await client.get("/v1/programmes/NO-COMP/indicators", headers=signed(MINISTRY))
    assert hidden.status_code == 404


TWO_AREAS = [{"topic": "dp", "title": "a"}, {"topic": "dp", "title": "b"}]
INDICATOR = {"code": "i", "title": "I", "unit": "u", "basis": "persons"}
BACKWARDS = {"code": "P1", "begins": {"edtf": "2016"}, "ends": {"edtf": "2015"}}
UNASKED = [
    ("/action-plans", {"country": "MD", "areas": TWO_AREAS}, "programmes.area_twice"),
    ("/indicators", {**INDICATOR, "periods": [{"code": "P1"}] * 2}, "programmes.period_invalid"),
    ("/indicators", {**INDICATOR, "periods": [BACKWARDS]}, "programmes.period_invalid"),
    (
        "/indicators",
        {**INDICATOR, "periods": [{"code": "P1"}], "computed_from": "bets_lost"},
        "programmes.figure_unknown",
    ),
    (
        "/indicators",
        {**INDICATOR, "periods": [{"code": "P1"}], "target": "1.23456"},
        "kit.invalid_input",
    ),
    ("/relations", {"type": "sibling", "to": "P-2", "additional": True},
     "programmes.additional_misplaced"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "code"), UNASKED)
async def test_body_when_it_cannot_be_then_is_refused_and_nothing_is_written(
    client, officer, unit, path, body, code
):
    await programme(unit)
    before = await told(unit)
    refused = await client.post(f"{URL}{path}", json=body, headers=officer | key())
    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert await told(unit) == before


async def test_path_when_it_names_nothing_in_the_plan_then_is_unknown(
    client, officer, unit, posted
):
    await programme(unit)
    await posted("/action-plans", {"country": "MD"})
    plan = f"{URL}/action-plans/MD"
    versioned = officer | {"if-match": '"v1"'}
    for asked in (
        client.get(f"{plan}/actions/9/transitions", headers=officer),
        client.post(f"{plan}/actions/9/transitions", json={"to": "scheduled"}, headers=versioned),
        client.post(f"{plan}/areas/none/completion", headers=versioned),
        client.get(f"{plan}/areas/none", headers=officer),
    ):
        answer = await asked
        assert (answer.status_code, answer.json()["code"]) == (404, "programmes.no_such_part")
