"""All processes together: waiting for signals, one-shot jobs, restarts, the ordered stop."""

import os
import select
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import FrameType

from local.children import Child, Program
from local.trouble import Trouble

_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_SETTLED_S = 60.0


class StopAsked(Exception):
    """The person (or the system) asked Entente to stop."""


class Crew:
    """The processes of one supervisor. `say` tells the person at the terminal."""

    def __init__(self, logs: Path, say: Callable[[str], None]) -> None:
        self._logs = logs
        self._say = say
        self._kept: dict[str, Child] = {}
        self._jobs: list[Child] = []
        self._due: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        self._asked = 0
        self._stopping = False
        self._wake = _wake_up_on_signals(self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number in _STOPS:
            self._asked += 1

    def wait(self, seconds: float) -> None:
        """Sleep until time is over or a signal came; raise StopAsked when asked to stop."""
        if not self._asked:
            ready, _, _ = select.select([self._wake], [], [], seconds)
            if ready:
                os.read(self._wake, 4096)
        if self._asked and not self._stopping:
            raise StopAsked

    def keep(self, program: Program) -> Child:
        """Start a program that is meant to run until the end."""
        child = Child(program, self._logs)
        self._kept[program.name] = child
        return child

    def job(self, program: Program) -> Child:
        """Start a program that does one thing and ends."""
        child = Child(program, self._logs)
        self._jobs.append(child)
        return child

    def forget(self, job: Child) -> None:
        """Stop caring about a job that has ended."""
        self._jobs.remove(job)

    def finish(self, jobs: Sequence[Child], look: Callable[[], None] = lambda: None) -> None:
        """Wait until all jobs ended well; raise Trouble in the words of the first that did not."""
        waiting = list(jobs)
        while waiting:
            for job in [each for each in waiting if each.status is not None]:
                waiting.remove(job)
                self.forget(job)
                if job.status:
                    raise Trouble(f"{job.name} failed: {job.last_words()} (log: {job.log})")
            look()
            self._refuse_early_deaths()
            if waiting:
                self.wait(0.1)

    def until(
        self, done: Callable[[], bool], *, seconds: float, what: str, pause: float = 0.05
    ) -> None:
        """Wait until `done`; raise Trouble when time is over or a process ended meanwhile."""
        limit = time.monotonic() + seconds
        while not done():
            self._refuse_early_deaths()
            if time.monotonic() > limit:
                raise Trouble(f"{what} took longer than {seconds:.0f} s; see {self._logs}.")
            self.wait(pause)

    def _refuse_early_deaths(self) -> None:
        """While starting, a process that ends is a reason to stop and say why."""
        for child in self._kept.values():
            if child.status is not None:
                words = child.last_words()
                raise Trouble(f"{child.name} did not start: {words} (log: {child.log})")

    def mend(self) -> bool:
        """Start again what ended unexpectedly, later each time; say whether anything did."""
        changed = False
        for name, child in list(self._kept.items()):
            if child.status is None:
                if self._failures.get(name) and child.age > _SETTLED_S:
                    del self._failures[name]
            elif name not in self._due:
                self._plan_restart(name, child)
            elif time.monotonic() >= self._due[name]:
                del self._due[name]
                self.keep(child.program)
                changed = True
        return changed

    def _plan_restart(self, name: str, child: Child) -> None:
        count = self._failures.get(name, 0)
        delay = _BACK_OFF_S[min(count, len(_BACK_OFF_S) - 1)]
        self._failures[name] = count + 1
        self._due[name] = time.monotonic() + delay
        child.kill_group()
        self._say(f"{name} ended ({child.ending()}); starting it again in {delay:g} s")

    def pids(self) -> dict[str, int]:
        """Process ids of what is meant to run, by name."""
        return {name: child.pid for name, child in self._kept.items()}

    def stop(self, order: Iterable[Sequence[str]]) -> None:
        """Stop everything: jobs first, then group after group; a second Ctrl-C makes it short."""
        self._stopping = True
        patience = self._asked
        self._end(self._jobs, patience)
        for group in order:
            self._end([self._kept[name] for name in group if name in self._kept], patience)
        self._end(list(self._kept.values()), patience)

    def _end(self, children: Sequence[Child], asked: int) -> None:
        for child in children:
            child.send(child.program.stop_signal)
        limit = max((child.program.patience_s for child in children), default=0.0)
        self._await_ends(children, limit, asked)
        for child in children:
            child.send(child.program.kill_signal)
        self._await_ends(children, 5.0, asked + 1)
        for child in children:
            child.send(signal.SIGKILL)
            child.kill_group()

    def _await_ends(self, children: Sequence[Child], seconds: float, asked: int) -> None:
        limit = time.monotonic() + seconds
        while any(child.status is None for child in children):
            if time.monotonic() > limit or self._asked > asked:
                return
            time.sleep(0.02)


def _wake_up_on_signals(handler: Callable[[int, FrameType | None], None]) -> int:
    """Have every signal we care about end a wait; returns what to wait on."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in (*_STOPS, signal.SIGCHLD):
        signal.signal(number, handler)
    return reader
