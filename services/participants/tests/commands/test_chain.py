"""The access log as it stands in the database: one chain, only ever longer, tampering shows."""

import asyncio
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from joserfc.jwk import OKPKey
from people_and_trips import OFFICER

from kit.auth import StatementVerifier, TokenSigner, new_key
from participants.commands.chain import AnchorsReplaced, link_looks, sign_head
from participants.domain.access import FieldClass, Look, Purpose
from participants.operating import verify_access_log
from participants.queries.chain import inspect_chain
from participants.storage import access
from participants.storage.notary import Notary

OLD_KEY, KEY, FOREIGN = (new_key(name) for name in ("participants", "participants", "training"))


def notary(key, *public):
    signer = TokenSigner(OKPKey.import_key(key[0]))
    return Notary(signer, StatementVerifier({"keys": [each[1] for each in (key, *public)]}))


NOTARY = notary(KEY)
CONFIG = SimpleNamespace(notary=NOTARY)
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
    assert await verify_access_log(fresh_unit, CONFIG, []) == 0
    said = capsys.readouterr().out
    assert said.startswith("0 heads signed, up to place 0\nwhole: 5 looks, head 5:")
    head = said.split()[-1]
    await owner.execute("CREATE TABLE kept_log AS TABLE access_log")
    await owner.execute("CREATE TABLE kept_link AS TABLE access_link")
    for statement, says in TAMPERED.items():
        await owner.execute(statement)
        assert await verify_access_log(fresh_unit, CONFIG, ["--head", head]) == 1, statement
        assert capsys.readouterr().out == f"broken: {says}\n", statement
        await owner.execute(_RESTORED)
        assert await verify_access_log(fresh_unit, CONFIG, ["--head", head]) == 0
        capsys.readouterr()


async def test_log_when_the_service_itself_would_rewrite_it_then_refused(fresh_database):
    async with fresh_database.driving() as driver:
        for statement in (
            "UPDATE access_log SET subject = 'nobody'",
            "UPDATE access_link SET look_id = 1",
            "UPDATE access_anchor SET place = 1",
            "DELETE FROM access_anchor",
            "DELETE FROM access_log",
            "DELETE FROM access_link",
            "TRUNCATE access_log",
            "TRUNCATE access_link",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await driver.execute(statement)


# Whoever may do anything to the tables gives every look its place anew, as the service would.
_REPLACED = """
UPDATE access_log SET subject = 'nobody' WHERE id = 1;
DELETE FROM access_link;
INSERT INTO access_waiting SELECT id FROM access_log;
"""


async def signed(unit, looks):
    await look_at(unit, people=looks)
    await link_looks(unit)
    return await sign_head(unit, NOTARY)


async def test_head_when_signed_then_a_log_replaced_as_a_whole_shows_and_is_not_signed_again(
    fresh_unit, owner, capsys, tmp_path
):
    assert await sign_head(fresh_unit, NOTARY) is None
    first, second = await signed(fresh_unit, 2), await signed(fresh_unit, 3)
    assert [each.number for each in (first, second)] == [1, 2]
    assert await sign_head(fresh_unit, NOTARY) is None
    kept = tmp_path / "anchors.txt"
    kept.write_text(f"{first.statement}\n{second.statement}\n", encoding="utf-8")
    verify = partial(verify_access_log, fresh_unit, CONFIG)
    assert await verify(["--anchors", str(kept)]) == 0
    assert capsys.readouterr().out.startswith("2 heads signed, up to place 5\nwhole: 5 looks")
    await owner.execute(_REPLACED)
    await link_looks(fresh_unit)
    assert await verify([]) == 1
    assert "place 2 has another hash than was noted: the log was replaced" in (
        capsys.readouterr().out
    )
    with pytest.raises(AnchorsReplaced, match="place 5"):
        await sign_head(fresh_unit, NOTARY)
    await owner.execute("DELETE FROM access_anchor WHERE number = 1")
    assert await verify([]) == 1
    assert "anchor 1 is missing" in capsys.readouterr().out
    await owner.execute("DELETE FROM access_anchor")
    assert (await sign_head(fresh_unit, NOTARY)).number == 1
    assert await verify([]) == 0
    capsys.readouterr()
    assert await verify(["--anchors", str(kept)]) == 1
    assert "anchor 1 was kept elsewhere and is not on record" in capsys.readouterr().out


async def test_head_when_signed_by_another_key_then_refused_unless_that_key_is_named(unit, capsys):
    await look_at(unit)
    await link_looks(unit)
    assert (await sign_head(unit, notary(OLD_KEY))).number == 1
    assert await verify_access_log(unit, CONFIG, []) == 1
    assert capsys.readouterr().out == "broken: anchor 1: it was not signed by participants\n"
    with pytest.raises(AnchorsReplaced):
        await sign_head(unit, notary(KEY, FOREIGN))
    both = SimpleNamespace(notary=notary(KEY, OLD_KEY))
    assert await verify_access_log(unit, both, []) == 0
    await look_at(unit)
    await link_looks(unit)
    assert (await sign_head(unit, notary(KEY, OLD_KEY))).number == 2
