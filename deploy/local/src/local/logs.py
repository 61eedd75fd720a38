"""Log files: only warnings and errors reach the terminal; files do not grow without end."""

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_NOTABLE = re.compile(rb'^.*"level": ?"(?:warning|error|critical)".*$', re.MULTILINE)
_LARGEST = 20_000_000
_QUIET_S = 60.0
_WIDTH = 160
_LEFT_OUT = {"level", "timestamp", "service", "event", "request", "stack", "trace"}


class Tails:
    """Follows the logs of all processes; the same warning is shown once a minute."""

    def __init__(self, logs: Path, say: Callable[[str], None]) -> None:
        self._logs = logs
        self._say = say
        self._read: dict[str, int] = {}
        self._shown: dict[str, float] = {}

    def begin(self, name: str) -> None:
        """Follow the log of `name` from its present end."""
        path = self._path(name)
        self._read[name] = path.stat().st_size if path.exists() else 0

    def relay(self) -> None:
        """Show what is notable since the last time; cut files that have grown too large."""
        for name in self._read:
            for line in self._notable(name):
                self._show(name, line)

    def _path(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _notable(self, name: str) -> Iterator[bytes]:
        try:
            with self._path(name).open("rb") as file:
                file.seek(self._read[name])
                new = file.read()
        except OSError:
            return
        whole = new[: new.rfind(b"\n") + 1]
        self._read[name] += len(whole)
        yield from _NOTABLE.findall(whole)
        if self._read[name] > _LARGEST:
            rotate(self._path(name))
            self._read[name] = 0

    def _show(self, name: str, line: bytes) -> None:
        said = _told(line)
        now = time.monotonic()
        if now - self._shown.get(f"{name} {said}", -_QUIET_S) >= _QUIET_S:
            self._shown[f"{name} {said}"] = now
            self._say(f"{name} | {said}")


def _told(line: bytes) -> str:
    """One JSON log line in words: the event, then what is said about it."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line.decode(errors="replace")[:_WIDTH]
    facts = " ".join(f"{key}={value}" for key, value in entry.items() if key not in _LEFT_OUT)
    return f"{entry['level']}: {entry.get('event', '')} {facts}".strip()[:_WIDTH]


def rotate(path: Path) -> None:
    """Keep the last full file as `<name>.log.1`; the writer goes on at the start of an empty one.

    Children hold the file open in append mode, so cutting it is enough. Where there is no room for
    the full file, it is given up: that makes some.
    """
    kept = path.with_name(f"{path.name}.1")
    try:
        shutil.copyfile(path, kept)
    except OSError:
        kept.unlink(missing_ok=True)
    os.truncate(path, 0)


def last_line(path: Path) -> str:
    """Return the last whole line of a log, or nothing."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 2000))
            lines = file.read().decode(errors="replace").split("\n")[:-1]
    except OSError:
        return ""
    return lines[-1].strip()[:_WIDTH] if lines else ""
