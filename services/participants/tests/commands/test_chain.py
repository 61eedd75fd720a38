"""The access log as it stands in the database: one chain, only ever longer, tampering shows."""

import asyncio
from contextlib import suppress
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from people_and_trips import OFFICER

from participants.commands.chain import link_looks
from participants.domain.access import FieldClass, Look, Purpose
from participants.operating import verify_access_log
from participants.queries.chain import inspect_chain
from participants.storage import access

LOOK = Look(OFFICER, Purpose.CONTACT, "K-1")


async def look_at(unit, people=1):
    async with unit.begin() as tx:
        await access.note(
            tx, LOOK, [uuid4() for _ in range(people)], FieldClass.MASKED, operation="read"
        )


async def test_looks_when_linked_by_many_at_once_then_one_chain_without_gaps(fresh_unit):
    async def reader():
        for _ in range(4):
            await look_at(fresh_unit)
            await link_looks(fresh_unit, most=2)

    await asyncio.gather(*(reader() for _ in range(4)))
    while await link_looks(fresh_unit, most=3):
        pass
    found = await inspect_chain(fresh_unit)
    assert (found.broken, found.looks, found.head.place) == (None, 16, 16)


async def test_look_when_not_committed_yet_then_it_gets_its_place_later(fresh_unit):
    async with fresh_unit.begin() as slow:
        await access.note(slow, LOOK, [uuid4()], FieldClass.MASKED, operation="slow")
        await look_at(fresh_unit)
        assert await link_looks(fresh_unit) == 1
    assert await link_looks(fresh_unit) == 1
    found = await inspect_chain(fresh_unit)
    assert (found.broken, found.looks) == (None, 2)


async def test_look_when_rolled_back_then_it_waits_for_no_place(unit):
    with suppress(LookupError):
        async with unit.begin() as tx:
            await access.note(tx, LOOK, [uuid4()], FieldClass.MASKED, operation="read")
            raise LookupError
    assert await link_looks(unit) == 0


@pytest_asyncio.fixture
async def owner(fresh_database, cluster, schema):
    """A connection of the owner of the tables, who may do anything to them."""
    name = fresh_database.address.url.split("/")[3].split("?")[0]
    connection = await cluster.address(name, schema.owner).connect()
    yield connection
    await connection.close()


_ADDED = (
    "INSERT INTO access_log (at, person_id, client, subject, organisation, operation, fields,"
    " purpose) SELECT at, person_id, client, subject, organisation, operation, fields, purpose"
    " FROM access_log WHERE id = 1"
)
TAMPERED = {
    "UPDATE access_log SET subject = 'nobody' WHERE id = 2": "place 2: look 2 was changed",
    "UPDATE access_log SET at = at - interval '1 day' WHERE id = 3": "place 3: look 3 was changed",
    "DELETE FROM access_log WHERE id = 4": "place 4: look 4 is gone",
    "DELETE FROM access_link WHERE place = 3": "place 3 is missing",
    "UPDATE access_link SET hash = sha256('x') WHERE place = 2": "place 2: look 2 was changed",
    "UPDATE access_link SET former = sha256('x') WHERE place = 3":
        "place 3 does not follow the one before",
    "UPDATE access_link SET look_id = 6 WHERE place = 4; UPDATE access_link SET look_id = 4 WHERE"
    " place = 5": "place 4: look 6 is gone",
    "DELETE FROM access_log WHERE id = 5; DELETE FROM access_link WHERE place = 5":
        "place 5 and all after it are missing",
    "DELETE FROM access_log; DELETE FROM access_link": "place 1 and all after it are missing",
    _ADDED: "look 6 is in the log and was never given a place",
}  # fmt: skip
_RESTORED = """
DELETE FROM access_log; DELETE FROM access_link;
INSERT INTO access_log OVERRIDING SYSTEM VALUE SELECT * FROM kept_log;
INSERT INTO access_link SELECT * FROM kept_link;
"""


async def test_log_when_the_owner_tampers_then_verification_says_where(fresh_unit, owner, capsys):
    await look_at(fresh_unit, people=5)
    assert await link_looks(fresh_unit) == 5
    assert await verify_access_log(fresh_unit, None, []) == 0
    said = capsys.readouterr().out
    assert said.startswith("whole: 5 looks, head 5:")
    head = said.split()[-1]
    await owner.execute("CREATE TABLE kept_log AS TABLE access_log")
    await owner.execute("CREATE TABLE kept_link AS TABLE access_link")
    for statement, says in TAMPERED.items():
        await owner.execute(statement)
        assert await verify_access_log(fresh_unit, None, ["--head", head]) == 1, statement
        assert capsys.readouterr().out == f"broken: {says}\n", statement
        await owner.execute(_RESTORED)
        assert await verify_access_log(fresh_unit, None, ["--head", head]) == 0
        capsys.readouterr()


async def test_log_when_the_service_itself_would_rewrite_it_then_refused(fresh_database):
    async with fresh_database.driving() as driver:
        for statement in (
            "UPDATE access_log SET subject = 'nobody'",
            "UPDATE access_link SET look_id = 1",
            "DELETE FROM access_log",
            "DELETE FROM access_link",
            "TRUNCATE access_log",
            "TRUNCATE access_link",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await driver.execute(statement)
