"""What a start makes anew, and what it refuses to make anew."""

from types import SimpleNamespace

import pytest

from local import keys
from local.files import read_json, write_private
from local.progress import Progress
from local.settings import Settings
from local.startup import Startup
from local.trouble import Trouble


class Crew:
    def __init__(self) -> None:
        self.started: list[str] = []

    def job(self, program):
        self.started.append(program)
        return program

    def finish(self, jobs) -> None:
        del jobs


@pytest.fixture
def startup(tmp_path):
    (tmp_path / "keys").mkdir()
    cluster = SimpleNamespace(state_file=tmp_path / "state.json", is_new=False)
    stack = SimpleNamespace(cluster=cluster, tool=lambda name, *_words: name)
    return Startup(Settings(home=tmp_path, port=8080), stack, Crew(), None, Progress())


def made(startup) -> int:
    startup._make_keys()
    return len(startup._crew.started)


def test_keys_when_made_by_an_older_version_are_completed_once(startup, tmp_path):
    for name in ("callers", "encryption"):
        write_private(tmp_path / "keys" / f"{name}.json", {"a": 1})
    assert [made(startup), made(startup)] == [1, 1]


def test_key_of_people_when_gone_is_not_replaced(startup, tmp_path):
    write_private(tmp_path / "state.json", {"keys": "made before"})
    with pytest.raises(Trouble, match=r"encryption\.json is gone.*put the file back"):
        startup._make_keys()
    assert startup._crew.started == []


def test_key_of_participants_when_made_anew_leaves_its_public_half_to_old_statements(tmp_path):
    keys.make(tmp_path)
    first = read_json(tmp_path / "trusted.json")["keys"]
    for name in ("participants", "gateway"):
        (tmp_path / f"{name}.json").unlink()
        keys.make(tmp_path)
    signed = [each for each in first if each["kid"] == "participants"]
    assert read_json(tmp_path / "retired.json")["keys"] == signed
    assert not any(each in read_json(tmp_path / "trusted.json")["keys"] for each in signed)


def test_registry_when_keys_are_made_again_keeps_clients_that_were_added(tmp_path):
    registry, added = tmp_path / "callers.json", {"organisation": "GE-MIA", "scopes": []}
    keys.make(tmp_path)
    demo = read_json(registry)
    write_private(registry, demo | {"ministry-ge": added, "demo-ops": {"organisation": "X"}})
    keys.make(tmp_path)
    assert read_json(registry) == demo | {"ministry-ge": added}


def test_registry_when_it_cannot_be_read_is_not_made_anew(tmp_path):
    keys.make(tmp_path)
    registry = tmp_path / "callers.json"
    broken = registry.read_text(encoding="utf-8").rstrip().removesuffix("}") + ","
    registry.write_text(broken, encoding="utf-8")
    with pytest.raises(Trouble, match=r"callers\.json is no JSON object.*put it right"):
        keys.make(tmp_path)
    assert registry.read_text(encoding="utf-8") == broken
