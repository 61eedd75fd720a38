"""A supervisor in a process of its own, and everything it has started."""

import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

MARK = "STARTED_BY_TEST"


class Running:
    """One run of the supervisor: `say` is all it has written so far."""

    def __init__(self, command: Sequence[str], home: Path, port: int, **more: str) -> None:
        self.home = home
        self.mark = uuid.uuid4().hex
        home.parent.mkdir(parents=True, exist_ok=True)
        self._out = home.parent / f"out-{self.mark}.txt"
        environment = {
            **os.environ,
            **more,
            "ENTENTE_HOME": str(home),
            "ENTENTE_PORT": str(port),
            MARK: self.mark,
        }
        with self._out.open("wb") as out:
            self.process = subprocess.Popen(
                command, env=environment, stdout=out, stderr=subprocess.STDOUT
            )

    @property
    def said(self) -> str:
        return self._out.read_text(encoding="utf-8")

    @property
    def run(self) -> dict[str, Any]:
        """What the run file says, if it is about this run."""
        with suppress(OSError, ValueError):
            said = json.loads((self.home / "run.json").read_text(encoding="utf-8"))
            return said if said["pid"] == self.process.pid else {}
        return {}

    def ready(self, seconds: float = 900) -> "Running":
        self.until(lambda: bool(self.run) or self.process.poll() is not None, seconds)
        assert self.run, self.said
        return self

    def until(self, true: Callable[[], bool], seconds: float = 60, every: float = 0.05) -> None:
        limit = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < limit, f"{self.said}\nstill running: {self.left()}"
            time.sleep(every)

    def stop(self, sign: int = signal.SIGINT, seconds: float = 60) -> int:
        self.process.send_signal(sign)
        return self.process.wait(seconds)

    def left(self) -> list[int]:
        """Processes that carry our mark in their environment, or write to our logs.

        A process that has changed its title may have given up its environment for it.
        """
        mark, logs = f"{MARK}={self.mark}".encode(), f"{self.home.resolve()}/logs/"
        return [pid for pid in _pids() if mark in _environ(pid) or _output(pid).startswith(logs)]

    def end(self) -> None:
        """Whatever the test did: leave nothing behind."""
        for pid in self.left():
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(60)


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _environ(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def _output(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/fd/1").readlink())
    except OSError:
        return ""
