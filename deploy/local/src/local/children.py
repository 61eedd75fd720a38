"""One process: how it is started, tied to the life of the supervisor, and stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local.forked import Forked, fork
from local.settings import ROOT
from local.trouble import sentence_in, told

_SET_PARENT_DEATH_SIGNAL = 1
_OURS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE)
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `user` is the uid and gid it runs as, or None for our own.

    `module` is the command after `python -m` where it is one of ours: it can be forked.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: tuple[int, int] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    orphan_signal: signal.Signals = signal.SIGKILL
    patience_s: float = 10.0
    module: tuple[str, ...] = ()


class Child:
    """A started program. Its output goes to its own log file."""

    def __init__(self, program: Program, logs: Path) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log"
        self.begun = time.monotonic()
        try:
            with self.log.open("ab") as output:
                self._output_from = output.tell()
                self._process = _start(program, output.fileno())
        except OSError as error:
            raise told(error, f"start {program.name}") from error
        self.pid = self._process.pid

    @property
    def name(self) -> str:
        """Name of the program."""
        return self.program.name

    @property
    def status(self) -> int | None:
        """Exit status, negative for a signal; None while the process lives."""
        return self._process.poll()

    @property
    def age(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.begun

    def output(self) -> str:
        """Return what this process, not an earlier one of the same name, has written."""
        try:
            with self.log.open("rb") as file:
                file.seek(self._output_from)
                return file.read().decode(errors="replace")
        except OSError:
            return ""

    def last_words(self) -> str:
        """Return the line of its output that best says why it ended."""
        return sentence_in(self.output()[-20_000:])

    def ending(self) -> str:
        """How it ended: `exit status 1` or `signal KILL`."""
        status = self.status
        if status is not None and status < 0:
            return f"signal {signal.Signals(-status).name.removeprefix('SIG')}"
        return f"exit status {status}"

    def send(self, sign: signal.Signals) -> None:
        """Send a signal to the process, if it still lives."""
        if self.status is None:
            self._process.send_signal(sign)

    def kill_group(self) -> None:
        """Kill whatever the process has left behind in its own process group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


def _start(program: Program, output: int) -> subprocess.Popen[bytes] | Forked:
    tie = _tied_to(os.getpid(), program.orphan_signal)
    if program.module:
        return fork(program.module, dict(program.environment), output, tie)
    uid, gid = program.user or (None, None)
    return subprocess.Popen(
        program.command,
        cwd=ROOT if program.user is None else "/",
        env=dict(program.environment) or None,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        preexec_fn=tie,  # noqa: PLW1509 - one thread
    )


def _tied_to(parent: int, sign: signal.Signals) -> Callable[[], None]:
    """Return what a new process does first: it dies with the supervisor, however that ends."""

    def tie() -> None:
        for each in _OURS:
            signal.signal(each, signal.SIG_DFL)
        if _libc is not None:
            _libc.prctl(_SET_PARENT_DEATH_SIGNAL, int(sign), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return tie


def die_with_make(environment: Mapping[str, str]) -> None:
    """Stop when the `make` that started us is gone, even if it was killed."""
    if _libc is not None and "MAKELEVEL" in environment:
        _libc.prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGTERM), 0, 0, 0)
