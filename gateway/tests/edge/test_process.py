"""The real process: it starts from the command line, answers, drains and ends."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from gateway.__main__ import main
from gateway.config import SERVICES

from .stage import Neighbour, listening, write_config


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
async def slow() -> AsyncIterator[Neighbour]:
    neighbour = Neighbour("programmes", delay=0.6)
    async with listening(neighbour):
        yield neighbour


def environment(folder: Path, port: int, url: str) -> dict[str, str]:
    config, _ = write_config(folder, {})
    own = {
        "PORT": str(port),
        "KEY_FILE": str(config.key_file),
        "ACCESS_KEY_FILE": str(config.access_key_file),
        "CALLERS_FILE": str(config.callers_file),
        **{f"{name}_URL".upper(): url for name in SERVICES},
    }
    return {**os.environ, **{f"GATEWAY_{name}": value for name, value in own.items()}}


def printed_token(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    main(["token", "demo-officer"])
    return capsys.readouterr().out.strip()


async def started(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                await client.get("/livez")
            except httpx.ConnectError:
                await asyncio.sleep(0.05)
            else:
                return


async def test_run_when_told_to_stop_then_what_has_begun_is_answered(
    tmp_path: Path,
    slow: Neighbour,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = free_port()
    settings = environment(tmp_path, port, slow.url)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "run", env=settings, stdout=asyncio.subprocess.PIPE
    )
    token = printed_token(settings, monkeypatch, capsys)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await started(client)
        begun = asyncio.create_task(client.get("/api/v1/programmes", headers=headers))
        await asyncio.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        assert (await begun).status_code == 200
    written, _ = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == -signal.SIGTERM
    lines = [json.loads(line) for line in written.decode().splitlines()]
    assert {"request", "service", "route", "status", "ms"} <= set(lines[-1])
    assert lines[-1]["client"] == "demo-officer"
    assert token not in written.decode()


def test_run_when_a_key_file_is_gone_then_one_line_says_so(tmp_path: Path) -> None:
    settings = environment(tmp_path, free_port(), "http://127.0.0.1:1")
    gone = Path(settings["GATEWAY_ACCESS_KEY_FILE"])
    gone.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "run"],
        env=settings,
        capture_output=True,
        timeout=20,
        check=False,
    )
    said = json.loads(done.stdout)
    assert (done.returncode, done.stderr, said["event"]) == (1, b"", "stopped")
    assert said["reason"] == f"the key file {gone} cannot be read: No such file or directory"


def test_command_when_unknown_then_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="run"):
        main(["dance"])


def test_config_when_variable_is_missing_or_unknown_then_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(SystemExit, match="GATEWAY_KEY_FILE"):
        main(["--print-config"])
    monkeypatch.setenv("GATEWAY_PROT", "1")
    with pytest.raises(SystemExit, match="GATEWAY_PROT"):
        main(["--print-config"])


def hang_up_while_answered(port: int, token: str) -> None:
    request = f"GET /api/v1/programmes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        client.sendall(request.encode() * 20)


def ignores_broken_pipes(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return bool(int(status.split("SigIgn:")[1].split()[0], 16) >> (signal.SIGPIPE - 1) & 1)


async def test_run_when_clients_hang_up_then_the_process_lives(
    tmp_path: Path,
    slow: Neighbour,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = free_port()
    settings = environment(tmp_path, port, slow.url)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "run", env=settings, stdout=asyncio.subprocess.DEVNULL
    )
    token = printed_token(settings, monkeypatch, capsys)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await started(client)
        for _ in range(50):
            await asyncio.to_thread(hang_up_while_answered, port, token)
        await asyncio.sleep(1)
        assert (await client.get("/livez")).status_code == 200
        assert ignores_broken_pipes(process.pid), "a broken pipe must be an error, not a signal"
    process.terminate()
    await asyncio.wait_for(process.wait(), 20)


async def test_run_when_the_registry_is_unfit_then_ends_with_one_line_that_says_why(
    tmp_path: Path,
) -> None:
    settings = environment(tmp_path, free_port(), "http://127.0.0.1:1")
    (tmp_path / "callers.json").write_text('{"a": {"organisation": "X", "scopes": "all"}}')
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway", "run", env=settings, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    line = json.loads(said)
    assert (process.returncode, line["event"]) == (1, "stopped")
    assert "callers.json: a.scopes: " in line["reason"]
