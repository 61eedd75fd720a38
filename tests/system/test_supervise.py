"""The supervisor over stand-ins: what starts, what is said, what is left behind (nothing)."""

import json
import os
import signal
import socket
import stat
from pathlib import Path

import pytest

from local.logs import rotate
from local.stack import STOP_ORDER

pytestmark = pytest.mark.system
NAMES = {name for group in STOP_ORDER for name in group}


def titles(running):
    shown = (Path(f"/proc/{pid}/cmdline").read_bytes() for pid in running.run["processes"].values())
    return {"-m" + title.rstrip(b"\0").decode().rpartition(" -m")[2] for title in shown}


def test_run_when_stopped_with_ctrl_c_leaves_no_process(start):
    running = start().ready()
    assert stat.S_IMODE((running.home / "run.json").stat().st_mode) == 0o600
    everybody = {"officer", "approver", "ministry", "verifier", "payer", "ops"}
    assert set(running.run["tokens"]) == everybody
    assert set(running.run["processes"]) == NAMES
    assert {running.process.pid, *running.run["processes"].values()} <= set(running.left())
    assert titles(running) >= {f"-m {name} run" for name in NAMES - {"postgres"}}
    gateway = running.run["gateway_url"]
    running.until(lambda: "gateway | warning: stand-in gateway is up" in running.said)
    assert f"{gateway}/docs" in running.said
    assert f'curl -s -H "Authorization: Bearer a-token" {gateway}/api/v1/views' in running.said
    assert "loading the data of training" in running.said

    assert running.stop(signal.SIGINT) == 0
    assert running.left() == []
    assert not (running.home / "run.json").exists()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGHUP])
def test_run_when_told_to_end_leaves_no_process(start, home, sign):
    running = start().ready()
    assert running.stop(sign) == 0
    assert running.left() == []
    assert not {"loading", "migrating", "making"} & set(running.said.split())


def test_keys_when_made_are_private(home):
    keys = [path for path in (home / "keys").rglob("*") if path.is_file()]
    assert len(keys) == 15
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    for public in ("trusted", "retired", "callers"):
        assert '"d"' not in (home / f"keys/{public}.json").read_text(encoding="utf-8")


def test_supervisor_when_killed_takes_all_with_it_and_starts_again(start, home):
    running = start().ready()
    running.stop(signal.SIGKILL)
    running.until(lambda: running.left() == [])
    again = start().ready()
    assert again.stop() == 0
    assert again.left() == []


def test_processes_when_killed_are_started_again(start, home):
    running = start().ready()
    before = running.run["processes"]
    for name, pid in before.items():
        os.kill(pid, signal.SIGKILL)
        running.until(lambda n=name: running.run["processes"][n] != before[n])
        assert f"{name} ended (signal KILL); starting it again in 0.2 s" in running.said
    assert running.stop() == 0
    assert running.left() == []


def test_run_file_when_it_cannot_be_written_then_all_goes_on_until_it_can(start, home):
    running = start().ready()
    before = running.run["processes"]["training"]
    in_the_way = home / ".run.json.new"
    in_the_way.mkdir()
    os.kill(before, signal.SIGKILL)
    running.until(lambda: "could not write" in running.said)
    assert running.run["processes"]["training"] == before
    in_the_way.rmdir()
    running.until(lambda: running.run["processes"]["training"] != before)
    assert running.said.count("could not write") == 1
    assert running.stop() == 0


def test_log_when_there_is_no_room_to_keep_it_then_it_is_cut(tmp_path):
    log = tmp_path / "training.log"
    log.write_text("a line", encoding="utf-8")
    (tmp_path / "training.log.1").symlink_to("/dev/full")
    rotate(log)
    assert log.read_bytes() == b""
    assert not (tmp_path / "training.log.1").is_symlink()


def test_second_run_in_the_same_folder_gets_one_sentence(start, home):
    first = start().ready()
    second = start()
    assert second.process.wait(60) == 1
    assert second.said == (
        f"entente: Entente is already running in {first.home} (process {first.process.pid},"
        f" {first.run['gateway_url']}); stop it there first.\n"
    )
    assert first.run


def test_port_when_taken_gets_one_sentence(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        running = start(port=port)
        assert running.process.wait(60) == 1
    assert running.said.startswith(f"entente: Port {port} is in use by another program; choose")
    assert running.said.count("\n") == 1


@pytest.mark.parametrize("port", ["0", "65536", "8080x", "-1", "٣"])
def test_port_when_no_port_gets_one_sentence(start, port):
    running = start(ENTENTE_PORT=port, port=port)
    assert running.process.wait(60) == 1
    assert running.said.startswith("entente: ENTENTE_PORT must be a whole number from 1 to 65535")
    assert running.said.count("\n") == 1


def test_home_when_a_file_gets_one_sentence(start, folder):
    (folder / "home").write_text("not a folder", encoding="utf-8")
    running = start()
    assert running.process.wait(60) == 1
    assert running.said.startswith("entente: A file is in the place of a folder: could not make")
    assert running.said.count("\n") == 1
    assert (folder / "home").read_text(encoding="utf-8") == "not a folder"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("data", None, "is a file; move it away"),
        ("data/PG_VERSION", "16\n", "was written by PostgreSQL 16"),
        ("data/notes.txt", "mine", "holds no PostgreSQL data"),
    ],
)
def test_data_folder_when_broken_gets_one_sentence(start, folder, name, content, says):
    path = folder / "home" / "postgres" / name
    path.parent.mkdir(parents=True)
    path.write_text(content or "", encoding="utf-8")
    running = start()
    assert running.process.wait(60) == 1
    sentence = running.said.splitlines()[-1]
    assert sentence.startswith("entente: ")
    assert says in sentence
    assert "Traceback" not in running.said
    assert running.left() == []
    assert path.read_text(encoding="utf-8") == (content or "")


@pytest.mark.parametrize(
    ("task", "due"),
    [
        ("training migrate", "migrations"),
        ("participants load", "participants data"),
        ("gateway run", None),
    ],
)
def test_start_when_a_part_fails_says_why_and_leaves_no_process(start, home, task, due):
    state = home / "postgres/state.json"
    done = json.loads(state.read_text(encoding="utf-8"))
    assert due is None or done.pop(due)
    state.write_text(json.dumps(done), encoding="utf-8")
    running = start(STANDIN_FAILS=task)
    assert running.process.wait(60) == 1
    sentence = running.said.splitlines()[-1]
    assert sentence.startswith(f"entente: {task.split()[0]}")
    assert "the stand-in was told to fail" in sentence
    assert "Traceback" not in running.said
    assert running.left() == []


def test_folder_with_spaces_and_a_long_name_works(start, folder):
    running = start(home=folder / "a folder of Łódź" / ("long" * 30)).ready()
    assert " " not in running.run["databases"]["training"]
    assert running.stop() == 0
    assert running.left() == []
    assert not (running.home / "sockets").exists()
    assert not (running.home / "sockets").is_symlink()
