import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kit.testing.cluster import quick_folder
from local.probe import free_port

from .running import Running

# Not below pytest's own folder: every pytest that starts closes that one to other users, and
# PostgreSQL under root is another user.
_PREFIX = "entente-system-"
DRIVE = Path(__file__).with_name("drive.py")


def _start(home: Path, standins: Path, port: int = 0, **environment: str) -> Running:
    command = (sys.executable, str(DRIVE), str(standins))
    return Running(command, home, port or free_port(), **environment)


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder for the whole session."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=quick_folder()) as folder:
        yield Path(folder)


@pytest.fixture
def folder(place: Path) -> Path:
    """A folder for one test."""
    return Path(tempfile.mkdtemp(dir=place))


@pytest.fixture(scope="module")
def system(place: Path) -> Iterator[Running]:
    """The whole system in processes of its own, as `make run` starts it, with its data."""
    home = place / "a home"
    running = Running((sys.executable, "-m", "local"), home, free_port())
    try:
        yield running.ready(900)
    finally:
        running.end()


@pytest.fixture(scope="session")
def started_before(place: Path) -> Path:
    """A folder in which everything was made and loaded once."""
    folder = place / "before"
    running = _start(folder / "home", folder / "standins")
    try:
        running.ready()
        assert running.stop() == 0
    finally:
        running.end()
    return folder / "home"


@pytest.fixture
def home(folder: Path, started_before: Path) -> Path:
    """A folder that was used before, so that the start is quick."""
    subprocess.run(["cp", "-a", started_before, folder / "home"], check=True)
    return folder / "home"


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Running]]:
    """Start the real supervisor over stand-ins; whatever it starts ends with the test."""
    started: list[Running] = []

    def start(home: Path = folder / "home", port: int = 0, **environment: str) -> Running:
        started.append(_start(home, folder / "standins", port, **environment))
        return started[-1]

    yield start
    for each in started:
        each.end()
