"""The life of Entente on one machine: start in order, watch, stop in order."""

import os
import time
from pathlib import Path

from local import probe
from local.crew import Crew, StopAsked
from local.files import folder, lock, read_json, write_private
from local.logs import Tails, rotate
from local.progress import Progress
from local.settings import SERVICES, Settings
from local.stack import STOP_ORDER, Stack
from local.startup import Startup
from local.token_supply import TokenSupply
from local.trouble import Trouble, told

_WATCH_S = 0.5
_SPACE_NEEDED = 300_000_000
_SAMPLE = "/api/v1/views/programmes/NO-COMP"


def run(settings: Settings, progress: Progress) -> None:
    """Start, watch until asked to stop, stop; raise Trouble where something is in the way."""
    begun = time.monotonic()
    os.umask(0o077)
    _check_place(settings)
    crew = Crew(folder(settings.logs), progress.say)
    tails = Tails(settings.logs, progress.say)
    stack = Stack.plan(settings)
    supervisor = Supervisor(settings, stack, crew, tails, progress)
    try:
        _start_logs_anew(settings.logs)
        supervisor.start(begun)
        supervisor.watch()
    except StopAsked:
        progress.say("Stopping …")
    finally:
        supervisor.stop()
    progress.say("Stopped; no process is left.")


def _check_place(settings: Settings) -> None:
    """Refuse what cannot work before anything is started."""
    folder(settings.home, mode=0o711)
    if lock(settings.home / "lock") is None:
        running = read_json(settings.run_file)
        where = f" (process {running['pid']}, {running['gateway_url']})" if running else ""
        raise Trouble(f"Entente is already running in {settings.home}{where}; stop it there first.")
    settings.run_file.unlink(missing_ok=True)
    if why := probe.refusal(settings.port):
        raise Trouble(f"{why}; choose another: ENTENTE_PORT={_other(settings.port)} make run")
    space = os.statvfs(settings.home)
    if space.f_bavail * space.f_frsize < _SPACE_NEEDED:
        needed = f"{_SPACE_NEEDED // 1_000_000} MB"
        raise Trouble(f"The disk is (almost) full: {settings.home} needs {needed} of free space.")


def _other(port: int) -> int:
    """Return the next port that is free, for the advice."""
    return next(p for p in range(max(port, 8080) + 1, 65536) if not probe.refusal(p))


def _start_logs_anew(logs: Path) -> None:
    for log in logs.glob("*.log"):
        rotate(log)


class Supervisor:
    """Watches a started installation and stops it."""

    def __init__(
        self, settings: Settings, stack: Stack, crew: Crew, tails: Tails, progress: Progress
    ) -> None:
        self._settings = settings
        self._stack = stack
        self._crew = crew
        self._tails = tails
        self._progress = progress
        self._tokens = TokenSupply(settings, stack, crew)
        self._is_news = False

    def start(self, begun: float) -> None:
        """Bring everything up and tell the person and scripts where it is."""
        startup = Startup(self._settings, self._stack, self._crew, self._tails, self._progress)
        startup.run(meanwhile=self._tokens.renew)
        self._crew.until(self._tokens.arrived, seconds=60, what="Making tokens")
        self._write_run_file()
        self._announce(time.monotonic() - begun)

    def watch(self) -> None:
        """Mend what breaks, show warnings, renew tokens; ends only by StopAsked.

        What cannot be done now, because the disk is full, is tried again: it is said once.
        """
        said = ""
        while True:
            self._crew.wait(_WATCH_S)
            why = self._trouble_of_a_round()
            if why not in {said, ""}:
                self._progress.say(f"{why} Trying again until it works.")
            said = why

    def _trouble_of_a_round(self) -> str:
        try:
            self._tails.relay()
            self._is_news |= self._crew.mend()
            self._tokens.renew_in_time()
            self._is_news |= self._tokens.arrived()
            if self._is_news:
                self._write_run_file()
                self._is_news = False
        except Trouble as trouble:
            return str(trouble)
        except OSError as error:
            return str(told(error, "go on"))
        return ""

    def stop(self) -> None:
        """Stop gateway, services and PostgreSQL, in this order; leave only data behind."""
        self._settings.run_file.unlink(missing_ok=True)
        self._crew.stop(STOP_ORDER)
        self._tokens.forget()
        self._stack.cluster.remove_sockets()

    def _write_run_file(self) -> None:
        write_private(
            self._settings.run_file,
            {
                "gateway_url": self._stack.url("gateway"),
                "docs_url": f"{self._stack.url('gateway')}/docs",
                "tokens": self._tokens.latest,
                "pid": os.getpid(),
                "services": {name: self._stack.url(name) for name in SERVICES},
                "processes": self._crew.pids(),
                "databases": {name: self._stack.cluster.url(name, name) for name in SERVICES},
            },
        )

    def _announce(self, took: float) -> None:
        gateway = self._stack.url("gateway")
        token = self._tokens.latest["officer"]
        self._progress.say(
            f"\nEntente is ready ({took:.1f} s). Stop it with Ctrl-C; data stays in"
            f" {self._settings.home}.\n\n"
            f"  documentation  {gateway}/docs\n"
            f"  all tokens     {self._settings.run_file}\n"
            f"  officer token  {token}\n\n"
            f'curl -s -H "Authorization: Bearer {token}" {gateway}{_SAMPLE}\n'
        )
