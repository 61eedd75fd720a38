"""The running system as the bench sees it: started by `make run`, read from run.json and /proc."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from kit.auth import Caller

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
VIEW = "/api/v1/views/programmes/NO-COMP"
OFFICER = Caller(
    client="demo-officer",
    subject="demo-officer",
    organisation="PL-MOI",
    country="PL",
    scopes=frozenset(
        {"programmes:read", "training:read", "participants:read", "changes:read", "records:all"}
    ),
)


class CannotMeasure(Exception):
    """The system did not start, or answers something else than expected."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A running Entente."""

    url: str
    token: str
    processes: list[psutil.Process]
    given: dict[str, str]

    def get(self, path: str) -> bytes:
        """Return the body of a successful GET at the gateway, or raise CannotMeasure."""
        return fetch(self.url + path, {"Authorization": f"Bearer {self.token}"})

    def setting(self, name: str) -> str:
        """Return a setting that one of the processes was given."""
        if name not in self.given:
            raise CannotMeasure(f"run.json does not tell the setting {name}")
        return self.given[name]

    def settings(self, prefix: str) -> dict[str, str]:
        """Return every setting with this prefix."""
        return {name: value for name, value in self.given.items() if name.startswith(prefix)}


def _given(home: Path, run: dict[str, dict[str, str]]) -> dict[str, str]:
    """Settings as the supervisor gives them; a process that changed its title hides its own."""
    keys = home / "keys"
    programmes = {
        "PORT": "0",
        "DATABASE_URL": run["databases"]["programmes"],
        "KEY_FILE": str(keys / "programmes.json"),
        "TRUSTED_KEYS_FILE": str(keys / "trusted.json"),
        "PARTICIPANTS_URL": run["services"]["participants"],
        "TRAINING_URL": run["services"]["training"],
    }
    return {
        "GATEWAY_KEY_FILE": str(keys / "gateway.json"),
        "TRAINING_DATABASE_URL": run["databases"]["training"],
        **{f"GATEWAY_{name.upper()}_URL": url for name, url in run["services"].items()},
        **{f"PROGRAMMES_{name}": value for name, value in programmes.items()},
    }


def fetch(url: str, headers: dict[str, str]) -> bytes:
    """Return the body of a successful GET, or raise CannotMeasure."""
    try:
        response = httpx.get(url, headers=headers, timeout=10)
        response.raise_for_status()
    except httpx.HTTPError as error:
        raise CannotMeasure(f"{url}: {error}") from error
    return response.content


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(
    home: Path, *, folder: Path = ROOT, limit_s: float = 120
) -> Iterator[tuple[Stack, float]]:
    """Start the system with `make run`; give it and the seconds until its view answered."""
    environment = os.environ | {"ENTENTE_HOME": str(home), "ENTENTE_PORT": str(free_port())}
    (home / "run.json").unlink(missing_ok=True)
    started = time.perf_counter()
    process = subprocess.Popen(
        ["make", "run"], cwd=folder, env=environment, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        stack = _wait(process, home, started + limit_s)
        yield stack, time.perf_counter() - started
    finally:
        _stop(process)


def _wait(process: subprocess.Popen[str], home: Path, until: float) -> Stack:
    while time.perf_counter() < until:
        if process.poll() is not None:
            said = process.stderr.read() if process.stderr else ""
            raise CannotMeasure(f"`make run` ended with {process.returncode}: {said[-2000:]}")
        try:
            stack = found(home, psutil.Process(process.pid))
            stack.get(VIEW)
        except (CannotMeasure, OSError, ValueError):
            time.sleep(0.05)
        else:
            return stack
    raise CannotMeasure("`make run` did not become ready")


def _stop(process: subprocess.Popen[str]) -> None:
    """End it as Ctrl-C does: the whole foreground group gets the signal."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)


def found(home: Path, top: psutil.Process | None = None) -> Stack:
    """Read what run.json says; take the processes below `top`, or those that know this home."""
    run = json.loads((home / "run.json").read_text(encoding="utf-8"))
    processes = [top, *top.children(recursive=True)] if top else list(_knowing(home))
    token = run["tokens"]["officer"]
    return Stack(run["gateway_url"].rstrip("/"), token, processes, _given(home, run))


def _knowing(home: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), *process.environ().values()]
        except psutil.Error:
            continue
        if any(str(home.resolve()) in word for word in words) and process.pid != os.getpid():
            yield process


@contextmanager
def baseline(kind: str, environment: dict[str, str]) -> Iterator[str]:
    """Run one of the baselines under uvicorn; give its address."""
    port = free_port()
    command = [sys.executable, str(HERE / "baselines.py"), kind, str(port)]
    process = subprocess.Popen(command, env=os.environ | environment)
    try:
        listening(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def listening(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise CannotMeasure("a baseline did not start")


@contextmanager
def copied(target: Path) -> Iterator[Path]:
    """Give a fresh copy of what is committed, as a clone would be."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(target)], check=True)
    try:
        yield target
    finally:
        shutil.rmtree(target, ignore_errors=True)
