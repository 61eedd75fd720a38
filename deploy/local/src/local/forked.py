"""Our own Python processes, forked from one that has loaded what they have in common.

Four processes load the same libraries. Forked after that, they share the memory of those and start
in a fraction of the time. The supervisor has one thread and no event loop, so forking it is safe.
"""

import gc
import importlib
import os
import runpy
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from setproctitle import setproctitle

_IN_COMMON = ("kit.service", "kit.http")
_FIRST_OWN_FD = 3
_FAILED = 70


class Forked:
    """A forked process, with the part of subprocess.Popen's interface that is used here."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal; None while the process lives."""
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def send_signal(self, sign: signal.Signals) -> None:
        """Send a signal, unless the process is known to have ended."""
        if self.poll() is None:
            os.kill(self.pid, sign)


def load_what_is_common() -> None:
    """Load the libraries that all processes use, once; they stay out of garbage collections."""
    for name in _IN_COMMON:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def fork(
    module: Sequence[str], environment: dict[str, str], output: int, tie: Callable[[], None]
) -> Forked:
    """Run `python -m module…` in a new process with its own session, output and environment."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return Forked(pid)
    try:
        _become(module, environment, output, tie)
    finally:
        traceback.print_exc()
        os._exit(_FAILED)


def _become(
    module: Sequence[str], environment: dict[str, str], output: int, tie: Callable[[], None]
) -> NoReturn:
    os.setsid()
    signal.set_wakeup_fd(-1)
    tie()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    _attach(output)
    setproctitle(f"{sys.executable} -m {' '.join(module)}")  # before the environment is replaced
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
    sys.argv = [module[0], *module[1:]]
    os._exit(_outcome(module[0]))


def _attach(output: int) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    highest = max(int(fd.name) for fd in Path("/dev/fd").iterdir())
    os.closerange(_FIRST_OWN_FD, highest + 1)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", closefd=False)


def _outcome(module: str) -> int:
    """Run the module to its end and return its exit status; what it does not catch goes on."""
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as leaving:
        if leaving.code is None or isinstance(leaving.code, int):
            return leaving.code or 0
        sys.stderr.write(f"{leaving.code}\n")
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
