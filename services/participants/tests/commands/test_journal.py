"""After a restore: who had been erased since the backup is erased again; exports are whole."""

import json
from datetime import UTC, datetime
from uuid import uuid4

from people_and_trips import OFFICER, prepare
from sqlalchemy import select

from participants.commands.identities import keep_identity
from participants.commands.people import register_person
from participants.commands.protection import erase_again, erase_person, export_person, hold_person
from participants.domain.access import Look, Purpose
from participants.domain.erasure import Erased, ErasureGround, HoldGround
from participants.domain.identity import Identity
from participants.operating import TASKS
from participants.storage.tables_people import identity, person_key

KNOWN = Identity(family_name="Example", given_names="Synthetic")
LOOK = Look(OFFICER, Purpose.DATA_PROTECTION)


async def person(unit, safe):
    new = await register_person(
        unit, organisation="MD-MIA", country="MD", unit_code=None, role="participant", by=OFFICER
    )
    await keep_identity(unit, safe, new.id, KNOWN, expected=1, by=OFFICER)
    return new.id


async def kept(unit):
    async with unit.read() as read:
        known = await read.rows(select(identity.c.person_id))
        keys = await read.rows(select(person_key.c.person_id))
    return {row[0] for row in known} | {row[0] for row in keys}


async def test_journal_when_played_after_a_restore_then_exactly_those_are_erased_again(
    unit, safe, tmp_path, capsys
):
    before, since, stays = [await person(unit, safe) for _ in range(3)]
    await erase_person(unit, before, ground=ErasureGround.SUBJECT_REQUEST, expected=2, by=OFFICER)
    await hold_person(unit, since, ground=HoldGround.AUDIT, expected=2, by=OFFICER)
    assert await TASKS["erasures"](unit, None, []) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert set(json.loads(line)) == {"person_id", "ground", "at"}
    path = tmp_path / "journal"
    lost = json.loads(line) | {"person_id": str(since)}
    never = json.loads(line) | {"person_id": str(uuid4())}
    path.write_text("\n".join([line, json.dumps(lost), json.dumps(never), ""]), encoding="utf-8")
    assert await TASKS["erase-again"](unit, None, [str(path)]) == 0
    assert capsys.readouterr().out == "3 in the journal, 1 erased again\n"
    assert await kept(unit) == {stays}
    path.write_text("no journal", encoding="utf-8")
    assert await TASKS["erase-again"](unit, None, [str(path)]) == 1
    assert await kept(unit) == {stays}


async def test_person_when_erased_again_twice_then_the_second_does_nothing(unit, safe):
    person_id = await person(unit, safe)
    told = Erased(person_id, ErasureGround.RETENTION, datetime(2026, 1, 1, tzinfo=UTC))
    assert await erase_again(unit, told, OFFICER) is True
    assert await erase_again(unit, told, OFFICER) is False


async def test_export_when_made_then_parts_facts_and_kept_answers_are_in_it(unit, safe, ask):
    await prepare(unit)
    person_id = await person(unit, safe)
    body = {
        "person_id": str(person_id), "programme_code": "NO-COMP",
        "destination": {"country": "PL"}, "first_day": "2026-05-04", "last_day": "2026-05-07",
    }  # fmt: skip
    assert (await ask(OFFICER, "POST", "/v1/trips", body=body)).status_code == 201
    stores = (await export_person(unit, safe, person_id, LOOK)).stores
    assert [row["family_name"] for row in stores["identity"]] == ["Example"]
    assert len(stores["trip"]) == 1
    assert {"allowance_calculation", "claim_item"} <= set(stores)
    assert {row["entity"] for row in stores["change"]} == {"person", "trip"}
    (answer,) = stores["idempotency"]
    assert json.loads(answer["body"])["person_id"] == str(person_id)
    assert json.loads(json.dumps(stores)) == stores
    assert not [name for name in stores if name in {"person_key", "dedupe_key"}]
