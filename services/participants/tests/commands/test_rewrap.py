"""Other keys, to wrap and to index: taken up in steps, while people are read, found, written."""

from types import SimpleNamespace

import pytest
from people_and_trips import OFFICER
from sqlalchemy import select

from kit.config import BadConfigError
from participants.commands.identities import keep_document, keep_identity
from participants.commands.looking import find_people, look_at_identity
from participants.commands.people import register_person
from participants.commands.rekeying import reindex, rewrap_keys
from participants.config import Config
from participants.domain.access import CLEAR, Look, Purpose
from participants.domain.identity import DocumentKind, Identity, IdentityDocument
from participants.operating import TASKS
from participants.storage.safe import Blinds, Safe, Unreadable
from participants.storage.tables_people import dedupe_key, duplicate_proposal, identity

READER = Look(
    OFFICER.__class__("c", "s", "PL-MOI", "PL", OFFICER.scopes | {CLEAR}), Purpose.CONTACT
)
KNOWN = Identity(family_name="Example", given_names="Synthetic")


def safe(current, *versions):
    keys = {version: version.encode() * 32 for version in versions}
    return Safe(current=current, keys=keys, index=b"i" * 32)


OLD, BOTH, NEW = safe("1", "1"), safe("2", "1", "2"), safe("2", "2")


async def person(unit, kept_with):
    new = await register_person(
        unit, organisation="MD-MIA", country="MD", unit_code=None, role="participant", by=OFFICER
    )
    await keep_identity(unit, kept_with, new.id, KNOWN, expected=1, by=OFFICER)
    return new.id


async def names(unit, by, people):
    found = [await look_at_identity(unit, by, each, READER) for each in people]
    return {each.identity.family_name for each in found}


async def rewrap(unit, by, *arguments):
    return await TASKS["rewrap-keys"](unit, SimpleNamespace(safe=by), arguments)


async def test_keys_when_rewrapped_in_steps_then_readable_throughout_and_old_key_can_go(
    unit, capsys
):
    people = [await person(unit, OLD) for _ in range(3)]
    assert await rewrap_keys(unit, BOTH, most=1) == 1
    assert await names(unit, BOTH, people) == {"Example"}
    people.append(await person(unit, BOTH))
    with pytest.raises(Unreadable):
        await names(unit, NEW, people)
    assert await rewrap(unit, BOTH, "--batch", "1") == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "version 1 is not needed any more: remove it from the key file"
    )
    assert await names(unit, NEW, people) == {"Example"}
    with pytest.raises(Unreadable):
        await names(unit, OLD, people[:1])
    assert await rewrap(unit, NEW) == 0


async def test_keys_when_the_old_version_is_gone_too_early_then_said_and_others_go_on(unit, capsys):
    lost, kept = await person(unit, OLD), await person(unit, safe("3", "3"))
    assert await rewrap(unit, safe("2", "2", "3")) == 1
    assert capsys.readouterr().out.splitlines() == [
        "1 keys wrapped with version 2",
        "version 3 is not needed any more: remove it from the key file",
        "1 keys are still wrapped with version 1, which is not in the key file",
    ]
    assert await names(unit, NEW, [kept]) == {"Example"}
    with pytest.raises(Unreadable, match="no key of version 1"):
        await names(unit, NEW, [lost])
    assert await names(unit, BOTH, [lost]) == {"Example"}


def indexed(current, *versions):
    keys = {version: version.encode() * 32 for version in versions}
    return Safe(current="1", keys={"1": b"1" * 32}, index=Blinds(current, keys))


FIRST, BEFORE, AFTER, LAST = (
    indexed("1", "1"),
    indexed("1", "1", "2"),
    indexed("2", "1", "2"),
    indexed("2", "2"),
)
PASSPORT = IdentityDocument(kind=DocumentKind.PASSPORT, number="AB 12345", issuer="MD")


async def found(unit, by, **sought):
    wanted = {"name": None, "email": None, "document_number": None} | sought
    return {each.person.id for each in await find_people(unit, by, look=READER, **wanted)}


async def rekey(unit, by, *arguments):
    return await TASKS["rekey-index"](unit, SimpleNamespace(safe=by), arguments)


async def rows(unit, *columns):
    async with unit.read() as read:
        return [tuple(row) for row in await read.rows(select(*columns).order_by(*columns))]


async def test_indexes_when_made_anew_in_steps_then_everybody_is_found_throughout(unit, capsys):
    people = {await person(unit, FIRST) for _ in range(2)}
    assert await found(unit, BEFORE, name="EXAMPLE Synthetic") == people
    assert await found(unit, AFTER, name="EXAMPLE Synthetic") == people
    people.add(await person(unit, AFTER))
    assert len(await rows(unit, duplicate_proposal.c.id)) == 3
    assert await reindex(unit, AFTER, most=1) == 1
    late = min(people)
    await keep_document(unit, BEFORE, late, PASSPORT, expected=2, by=OFFICER)
    for by in (BEFORE, AFTER):
        assert await found(unit, by, name="Synthetic Example") == people
        assert await found(unit, by, document_number="ab12345") == {late}
    assert await rekey(unit, AFTER, "--batch", "1") == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "index version 1 is not needed any more: remove it from the key file"
    )
    assert await found(unit, LAST, name="Synthetic Example") == people
    assert await found(unit, LAST, document_number="AB12345") == {late}
    assert len({index for (index,) in await rows(unit, identity.c.name_index)}) == 1
    assert {version for (version,) in await rows(unit, dedupe_key.c.version)} == {"1", "2"}
    assert await rekey(unit, LAST) == 0
    assert {version for (version,) in await rows(unit, dedupe_key.c.version)} == {"2"}


async def test_indexes_when_the_data_key_is_missing_then_said_and_nothing_is_forgotten(
    unit, capsys
):
    elsewhere = Safe(current="9", keys={"9": b"9" * 32}, index=b"1" * 32)
    lost = await person(unit, elsewhere)
    assert await rekey(unit, AFTER) == 1
    assert capsys.readouterr().out == "1 persons are still indexed with version 1\n"
    assert await found(unit, AFTER, name="Synthetic Example") == {lost}


SETTINGS = {
    "database_url": "postgresql:///unused",
    "key_file": "unused.json",
    "trusted_keys_file": "unused.json",
}


@pytest.mark.parametrize(
    ("content", "env", "says"),
    [
        (None, "local", "the key file cannot be read (No such file or directory)"),
        ("", "local", "the key file holds no key ring"),
        ("[]", "local", "the key file holds no key ring"),
        ('{"current": "1", "keys": {"1": "eA=="}, "index": "eA=="}', "local", "no key ring"),
        ("absent", "production", "no key file is configured, so people cannot be kept or read"),
    ],
)
def test_start_when_the_key_file_is_missing_or_wrong_then_one_sentence(
    tmp_path, content, env, says
):
    path = tmp_path / "encryption.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    named = {} if content == "absent" else {"key_encryption_file": path}
    with pytest.raises(BadConfigError) as refused:
        Config(env=env, **SETTINGS, **named).must_serve()
    said = str(refused.value)
    assert said.startswith("PARTICIPANTS_KEY_ENCRYPTION_FILE: ")
    assert says in said
    assert str(tmp_path) not in said


def test_start_when_nothing_is_configured_locally_then_served_without_people():
    Config(**SETTINGS).must_serve()
