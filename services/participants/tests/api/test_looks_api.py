"""Every read of a person is in the access log before it is answered, or there is no answer."""

import pytest
import pytest_asyncio
from people_and_trips import MINISTRY, OFFICER, OTHER
from sqlalchemy import select

from kit import log
from kit.auth import Caller
from participants.storage.tables_people import access_log, access_waiting

DPO = Caller(
    "demo-officer",
    "officer",
    "PL-MOI",
    "PL",
    OFFICER.scopes | {"identity:read", "participants:protect"},
)
READS = {
    "/v1/persons/{id}": ("read_person", "record"),
    "/v1/persons": ("list_persons", "record"),
    "/v1/persons/{id}/identity?purpose=travel": ("read_identity", "identity"),
    "/v1/persons/{id}/affiliations?purpose=travel": ("read_affiliations", "affiliations"),
    "/v1/persons/{id}/export?purpose=data_protection": ("export", "everything"),
    "/v1/persons/{id}/access-log": ("read_access_log", "access_log"),
}


async def person(ask, organisation="MD-MIA", name="Example"):
    body = {"organisation": organisation, "country": "MD"}
    new = (await ask(OFFICER, "POST", "/v1/persons", body=body)).json()
    identity = {"family_name": name, "given_names": "Synthetic"}
    path = f"/v1/persons/{new['id']}/identity"
    assert (await ask(OFFICER, "PUT", path, body=identity, match='"v1"')).status_code == 200
    return new["id"]


async def looks(unit):
    async with unit.read() as read:
        return await read.rows(select(*access_log.c).order_by(access_log.c.id))


async def test_person_when_read_in_any_way_then_logged_once_and_waiting_for_a_place(ask, unit):
    person_id = await person(ask)
    for number, (path, (operation, fields)) in enumerate(READS.items(), start=1):
        where, _, query = path.format(id=person_id).partition("?")
        asked = dict([query.split("=")]) if query else {}
        answer = await ask(DPO, "GET", where, case=f"K-{number}", **asked)
        assert answer.status_code == 200, answer.text
        rows = await looks(unit)
        assert len(rows) == number, path
        assert (rows[-1].operation, rows[-1].fields) == (operation, fields)
        assert (str(rows[-1].person_id), rows[-1].case_ref) == (person_id, f"K-{number}")
        assert rows[-1].purpose == asked.get("purpose", "unstated")
    async with unit.read() as read:
        assert len(await read.rows(select(access_waiting.c.look_id))) == len(READS)


async def test_list_when_read_then_each_person_on_the_page_is_logged_and_no_other(ask, unit):
    people = [await person(ask) for _ in range(3)]
    await person(ask, organisation="PL-BGHQ")
    page = await ask(MINISTRY, "GET", "/v1/persons", limit=2, purpose="contact")
    shown = {each["id"] for each in page.json()["items"]}
    assert len(shown & set(people)) == 2
    assert [str(row.person_id) in shown for row in await looks(unit)] == [True, True]
    assert {row.purpose for row in await looks(unit)} == {"contact"}


async def test_duplicates_when_listed_then_both_records_are_logged(ask, unit):
    one, other = await person(ask), await person(ask)
    assert len((await ask(DPO, "GET", "/v1/possible-duplicates")).json()["items"]) == 1
    assert {(str(row.person_id), row.fields) for row in await looks(unit)} == {
        (one, "likeness"),
        (other, "likeness"),
    }


async def test_person_when_known_already_then_304_is_logged_too(ask, client, signed, unit):
    person_id = await person(ask)
    headers = signed(OFFICER) | {"if-none-match": '"v2"'}
    answer = await client.get(f"/v1/persons/{person_id}", headers=headers)
    assert answer.status_code == 304
    assert len(await looks(unit)) == 1


async def test_person_when_not_visible_then_nothing_is_logged(ask, unit):
    person_id = await person(ask)
    assert (await ask(OTHER, "GET", f"/v1/persons/{person_id}")).status_code == 404
    assert (await ask(OTHER, "GET", "/v1/persons")).json()["items"] == []
    assert await looks(unit) == []


@pytest.mark.parametrize("path", ["/v1/persons/{id}", "/v1/persons/{id}/identity"])
async def test_person_when_the_client_hangs_up_then_the_look_is_logged(
    app, process, signed, ask, unit, path
):
    person_id = await person(ask)
    where = path.format(id=person_id)
    scope = {
        "type": "http", "method": "GET", "path": where, "raw_path": where.encode(),
        "query_string": b"purpose=contact", "root_path": "", "scheme": "http",
        "headers": [(k.encode(), v.encode()) for k, v in signed(OFFICER).items()],
    }  # fmt: skip

    async def gone():
        return {"type": "http.disconnect"}

    async def nowhere(_message):
        pass

    app.state.process = process
    await app(scope, gone, nowhere)
    assert [str(row.person_id) for row in await looks(unit)] == [person_id]


@pytest_asyncio.fixture
async def unlogged(fresh_database, cluster, schema):
    """Take from the service the right to write the access log."""
    name = fresh_database.address.url.split("/")[3].split("?")[0]
    owner = await cluster.address(name, schema.owner).connect()
    await owner.execute("REVOKE INSERT ON access_log FROM participants")
    await owner.close()


async def test_person_when_the_look_cannot_be_logged_then_not_answered(
    unlogged, fresh_unit, app, process, client, signed, ask
):
    log.configure("participants")
    process.unit = fresh_unit
    assert app.state.process is process
    person_id = await person(ask, name="Kanarkowski")
    for path in READS:
        answer = await client.get(path.format(id=person_id), headers=signed(DPO))
        assert answer.status_code == 500, path
        assert person_id not in answer.text
        assert "Kanarkowski" not in answer.text
