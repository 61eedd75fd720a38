"""Possible duplicates: proposed in any alphabet, decided by somebody, merged with history."""

import claim_steps
from people_and_trips import MINISTRY, OFFICER, prepare
from sqlalchemy import select

from kit.auth import Caller
from kit.db.tables import change
from participants.storage import tables
from participants.storage.tables_claims import advance as advance_table
from participants.storage.tables_claims import claim as claim_table
from participants.storage.tables_claims import settlement as settlement_table
from participants.storage.tables_people import person_merge

DPO = Caller(
    "demo-officer",
    "officer",
    "PL-MOI",
    "PL",
    OFFICER.scopes | {"identity:read", "participants:protect"},
)
PATH = "/v1/possible-duplicates"


async def person(ask, family, given, organisation="MD-MIA", country="MD", **fields):
    new = {"organisation": organisation, "country": country}
    person_id = (await ask(DPO, "POST", "/v1/persons", body=new)).json()["id"]
    body = {"family_name": family, "given_names": given} | fields
    path = f"/v1/persons/{person_id}/identity"
    assert (await ask(DPO, "PUT", path, body=body, match='"v1"')).status_code == 200
    return person_id


async def trip(ask, person_id, first, last):
    body = {
        "person_id": person_id,
        "programme_code": "NO-COMP",
        "destination": {"country": "PL"},
        "first_day": first,
        "last_day": last,
    }
    answer = await ask(OFFICER, "POST", "/v1/trips", body=body)
    assert answer.status_code == 201
    return answer.json()


async def proposals(ask, **query):
    return (await ask(DPO, "GET", PATH, **query)).json()["items"]


async def decide(ask, proposal, verdict, survivor=None):
    path, body = f"{PATH}/{proposal['id']}/decision", {"verdict": verdict, "survivor": survivor}
    return await ask(DPO, "POST", path, body=body, match=proposal["etag"])


async def test_people_when_names_are_alike_in_other_alphabets_then_proposed_not_merged(ask):
    one = await person(ask, "Коваленко", "Сергій")
    two = await person(ask, "Kovalenko", "Serhii", organisation="PL-BGHQ")
    three = await person(ask, "Kovalenko", "Sergey")
    await person(ask, "Maisuradze", "Giorgi")
    found = await proposals(ask)
    assert {frozenset((each["one"], each["other"])) for each in found} == {
        frozenset(pair) for pair in ((one, two), (one, three), (two, three))
    }
    assert {tuple(each["grounds"]) for each in found} == {("sound",), ("sound", "spelling")}
    for person_id in (one, two, three):
        assert (await ask(DPO, "GET", f"/v1/persons/{person_id}")).json()["etag"] == '"v2"'


async def test_people_when_born_on_other_days_then_not_proposed(ask):
    await person(ask, "Popa", "Ion", birth_date="1980-01-01")
    await person(ask, "Popa", "Ion", birth_date="1981-01-01")
    assert await proposals(ask) == []
    await person(ask, "Popa", "Ion", birth_date="1981-01-01")
    (found,) = await proposals(ask)
    assert found["grounds"] == ["born", "sound", "spelling"]


async def document(ask, person_id, number, match='"v2"', kind="passport"):
    path = f"/v1/persons/{person_id}/documents/{kind}"
    body = {"number": number, "issuer": "MD"}
    assert (await ask(DPO, "PUT", path, body=body, match=match)).status_code == 200


async def test_people_when_their_documents_have_one_number_then_proposed_under_any_name(ask):
    maiden = await person(ask, "Popa", "Ana", birth_date="1980-01-01")
    married = await person(ask, "Ursu", "Ana", birth_date="1980-01-10")
    another = await person(ask, "Rusu", "Ana")
    await document(ask, maiden, "A 123456")
    await document(ask, another, "B 123456")
    assert await proposals(ask) == []
    await document(ask, married, "a123456", kind="service_passport")
    (found,) = await proposals(ask)
    assert {found["one"], found["other"]} == {maiden, married}
    assert found["grounds"] == ["document"]


async def test_duplicates_when_asked_without_scope_then_refused(ask):
    assert (await ask(MINISTRY, "GET", PATH)).status_code == 403


async def test_pair_when_found_different_then_stays_apart_and_is_not_proposed_again(ask):
    await person(ask, "Popa", "Ion")
    other = await person(ask, "Popa", "Ion")
    (found,) = await proposals(ask)
    done = await decide(ask, found, "different_people")
    assert (done.status_code, done.json()["state"]) == (201, "dismissed")
    assert (await decide(ask, done.json(), "same_person", other)).json()["code"] == (
        "participants.proposal_decided"
    )
    again = {"family_name": "POPA", "given_names": "Ion"}
    await ask(DPO, "PUT", f"/v1/persons/{other}/identity", body=again, match='"v2"')
    assert await proposals(ask, state="proposed") == []


async def reopen(ask, proposal):
    path = f"{PATH}/{proposal['id']}/reopening"
    return await ask(DPO, "POST", path, match=proposal["etag"])


async def test_pair_when_held_apart_by_mistake_then_decided_again(ask):
    stays = await person(ask, "Popa", "Ion")
    await person(ask, "Popa", "Ion")
    (found,) = await proposals(ask)
    early = await reopen(ask, found)
    assert (early.json()["code"], early.json()["state"]) == (
        "participants.not_held_apart",
        "proposed",
    )
    apart = (await decide(ask, found, "different_people")).json()
    again = await reopen(ask, apart)
    assert (again.status_code, again.json()["state"], again.json()["decided_by"]) == (
        201,
        "proposed",
        None,
    )
    assert (await reopen(ask, apart)).status_code == 412
    assert (await decide(ask, again.json(), "same_person", stays)).json()["state"] == "merged"


async def test_pair_when_the_wrong_record_stayed_then_parted_and_merged_the_other_way(ask, unit):
    await prepare(unit)
    right, wrong = await person(ask, "Popa", "Ion"), await person(ask, "Popa", "Ion")
    went = await trip(ask, wrong, "2026-06-04", "2026-06-05")
    (found,) = await proposals(ask)
    merged = (await decide(ask, found, "same_person", wrong)).json()
    assert (await reopen(ask, merged)).json()["state"] == "merged"
    parted = (await undo(ask, merged)).json()
    again = (await reopen(ask, parted)).json()
    assert (await decide(ask, again, "same_person", right)).status_code == 201
    assert await trips_of(ask, right) == {went["id"]}


async def test_pair_when_merged_then_trips_move_and_history_stays(ask, unit):
    await prepare(unit)
    stays, gone = await person(ask, "Popa", "Ion"), await person(ask, "Popa", "Ion")
    kept = await trip(ask, stays, "2026-05-04", "2026-05-05")
    moved = await trip(ask, gone, "2026-06-04", "2026-06-05")
    (found,) = await proposals(ask)
    assert (await decide(ask, found, "same_person")).status_code == 400
    done = await decide(ask, found, "same_person", stays)
    assert (done.status_code, done.json()["decided_by"]) == (201, "officer")
    listed = (await ask(OFFICER, "GET", "/v1/trips", person_id=stays)).json()["items"]
    assert {each["id"] for each in listed} == {kept["id"], moved["id"]}
    async with unit.read() as read:
        (row,) = await read.rows(select(*person_merge.c))
    assert [str(each) for each in (row.survivor, row.merged, *row.trips)] == [
        stays,
        gone,
        moved["id"],
    ]
    closed = await ask(
        DPO,
        "PUT",
        f"/v1/persons/{gone}/identity",
        body={"family_name": "Popa", "given_names": "Ion"},
        match='"v3"',
    )
    assert (closed.status_code, closed.json()["merged_into"]) == (409, stays)
    sent = kept | {"person_id": gone}
    body = {name: sent[name] for name in ("person_id", "programme_code", "destination")}
    body |= {"first_day": "2026-08-04", "last_day": "2026-08-05"}
    away = await ask(OFFICER, "POST", "/v1/trips", body=body)
    assert (away.status_code, away.json()["merged_into"]) == (409, stays)


async def test_pair_when_both_travel_at_once_then_not_merged_and_nothing_moves(ask, unit):
    await prepare(unit)
    stays, gone = await person(ask, "Popa", "Ion"), await person(ask, "Popa", "Ion")
    for each in (stays, gone):
        await trip(ask, each, "2026-05-04", "2026-05-05")
    (found,) = await proposals(ask)
    refused = await decide(ask, found, "same_person", stays)
    assert (refused.status_code, refused.json()["code"]) == (409, "participants.trip_overlaps")
    assert (await proposals(ask))[0]["state"] == "proposed"
    assert len((await ask(OFFICER, "GET", "/v1/trips", person_id=stays)).json()["items"]) == 1


async def undo(ask, proposal, etag=None):
    path = f"{PATH}/{proposal['id']}/undoing"
    return await ask(DPO, "POST", path, match=etag or proposal["etag"])


async def trips_of(ask, person_id):
    listed = (await ask(OFFICER, "GET", "/v1/trips", person_id=person_id)).json()["items"]
    return {each["id"] for each in listed}


async def test_merge_when_undone_then_what_it_moved_goes_back_and_the_rest_stays(ask, unit):
    await prepare(unit)
    stays, gone = await person(ask, "Popa", "Ion"), await person(ask, "Popa", "Ion")
    moved = await trip(ask, gone, "2026-06-04", "2026-06-05")
    (found,) = await proposals(ask)
    assert (await undo(ask, found)).json()["reason"] == "not_merged"
    merged = (await decide(ask, found, "same_person", stays)).json()
    since = await trip(ask, stays, "2026-07-04", "2026-07-05")
    done = await undo(ask, merged)
    assert (done.status_code, done.json()["state"]) == (201, "dismissed")
    assert await trips_of(ask, gone) == {moved["id"]}
    assert await trips_of(ask, stays) == {since["id"]}
    again = {"family_name": "Popa", "given_names": "Ion"}
    tag = (await ask(DPO, "GET", f"/v1/persons/{gone}")).json()["etag"]
    kept = await ask(DPO, "PUT", f"/v1/persons/{gone}/identity", body=again, match=tag)
    assert kept.status_code == 200
    assert (await undo(ask, done.json())).json()["reason"] == "not_merged"
    async with unit.read() as read:
        told = [row.type for row in await read.rows(select(change.c.type).order_by(change.c.id))]
    assert told.index("participants.person_merged.v1") < told.index(
        "participants.person_merge_undone.v1"
    )


async def test_merge_and_its_undoing_tell_of_every_record_that_they_write(ask, unit):
    await prepare(unit)
    stays, gone = [await person(ask, "Popa", "Ion", country="PL") for _ in range(2)]
    claim = await claim_steps.certified(ask, unit, "45.00", person_id=gone)
    assert (await claim_steps.settle(ask, claim["id"])).status_code == 201
    ahead = await claim_steps.trip(ask, unit, gone, "2026-02-23", "2026-02-25")
    asked = {"trip_id": ahead["id"], "amount": {"amount": "10.00", "currency": "PLN"}}
    advance = (await ask(OFFICER, "POST", "/v1/advances", body=asked)).json()
    path = f"/v1/advances/{advance['id']}/refusal"
    await ask(claim_steps.VERIFIER, "POST", path, match=advance["etag"])
    (found,) = await proposals(ask)
    merged = (await decide(ask, found, "same_person", stays)).json()
    for _ in ("merged", "undone"):
        told = await versions(unit, select(change.c.entity_id, change.c.entity_version))
        for table in (tables.person, tables.trip, advance_table, claim_table, settlement_table):
            stands = await versions(unit, select(table.c.id, table.c.version))
            assert len(stands) > 0
            assert {record: told[record] for record in stands} == stands, table.name
        await undo(ask, merged)


async def versions(unit, statement):
    """The newest version of each record."""
    found = {}
    async with unit.read() as read:
        for record, version in await read.rows(statement):
            found[record] = max(version, found.get(record, 0))
    return found


async def test_merge_when_others_followed_then_the_last_is_undone_first(ask, unit):
    await prepare(unit)
    one, two, three = [await person(ask, "Popa", "Ion") for _ in range(3)]
    moved = await trip(ask, one, "2026-02-04", "2026-02-05")
    found = await proposals(ask)

    def of(*pair):
        return next(each for each in found if {each["one"], each["other"]} == set(pair))

    first = (await decide(ask, of(one, two), "same_person", two)).json()
    second = (await decide(ask, of(two, three), "same_person", three)).json()
    refused = await undo(ask, first)
    assert (refused.status_code, refused.json()["reason"]) == (409, "merged_again")
    assert (await undo(ask, second)).status_code == 201
    assert await trips_of(ask, two) == {moved["id"]}
    assert (await undo(ask, first)).status_code == 201
    assert await trips_of(ask, one) == {moved["id"]}
    third = (await decide(ask, of(one, three), "same_person", three)).json()
    path = f"/v1/persons/{three}/erasure"
    tag = (await ask(DPO, "GET", f"/v1/persons/{three}")).json()["etag"]
    erased = await ask(DPO, "POST", path, body={"ground": "subject_request"}, match=tag)
    assert erased.status_code == 201, erased.text
    async with unit.read() as read:
        told = await read.rows(select(change.c.type, change.c.entity_id).order_by(change.c.id))
    gone = [str(row.entity_id) for row in told if row.type == "participants.person_erased.v1"]
    assert gone == [three, one]
    assert (await undo(ask, third)).json()["code"] == "participants.no_such_proposal"


async def test_record_when_merged_or_erased_then_says_so_as_far_as_the_caller_sees(ask):
    gone = await person(ask, "Popa", "Ion")
    stays = await person(ask, "Popa", "Ion", organisation="PL-BGHQ")
    path = f"/v1/persons/{gone}"

    async def shown(by, path=path):
        found = (await ask(by, "GET", path)).json()
        return found["standing"], found["merged_into"]

    assert await shown(DPO) == ("open", None)
    (found,) = await proposals(ask)
    assert (await decide(ask, found, "same_person", stays)).status_code == 201
    assert await shown(DPO) == ("merged", stays)
    assert await shown(MINISTRY) == ("merged", None)
    assert await shown(DPO, f"/v1/persons/{stays}") == ("open", None)
    listed = (await ask(MINISTRY, "GET", "/v1/persons")).json()["items"]
    assert listed == [(await ask(MINISTRY, "GET", path)).json()]
    query = {"name": "Ion Popa"}
    sought = await ask(DPO, "POST", "/v1/person-searches", body=query, purpose="contact")
    assert {each["id"]: each["merged_into"] for each in sought.json()["items"]} == {
        gone: stays,
        stays: None,
    }
    before = (await ask(DPO, "GET", path)).headers["etag"]
    tag = (await ask(DPO, "GET", f"/v1/persons/{stays}")).headers["etag"]
    body = {"ground": "subject_request"}
    erasure = await ask(DPO, "POST", f"/v1/persons/{stays}/erasure", body=body, match=tag)
    assert erasure.status_code == 201
    assert await shown(MINISTRY) == ("erased", None)
    assert await shown(DPO) == ("erased", stays)
    assert (await ask(DPO, "GET", path)).headers["etag"] != before
