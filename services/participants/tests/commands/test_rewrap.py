"""A new version of the wrapping key: taken up in steps, while people are read and written."""

from types import SimpleNamespace

import pytest
from people_and_trips import OFFICER

from kit.config import BadConfigError
from participants.commands.identities import keep_identity, rewrap_keys
from participants.commands.looking import look_at_identity
from participants.commands.people import register_person
from participants.config import Config
from participants.domain.access import CLEAR, Look, Purpose
from participants.domain.identity import Identity
from participants.operating import TASKS
from participants.storage.safe import Safe, Unreadable

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
