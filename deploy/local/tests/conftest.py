import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.probe import free_port

from .running import Running

DRIVE = Path(__file__).with_name("drive.py")


def _start(home: Path, standins: Path, port: int = 0, **environment: str) -> Running:
    command = (sys.executable, str(DRIVE), str(standins))
    return Running(command, home, port or free_port(), **environment)


@pytest.fixture(scope="session")
def started_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which everything was made and loaded once."""
    folder = tmp_path_factory.mktemp("before")
    running = _start(folder / "home", folder / "standins")
    try:
        running.ready()
        assert running.stop() == 0
    finally:
        running.end()
    return folder / "home"


@pytest.fixture
def home(tmp_path: Path, started_before: Path) -> Path:
    """A folder that was used before, so that the start is quick."""
    subprocess.run(["cp", "-a", started_before, tmp_path / "home"], check=True)
    return tmp_path / "home"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start the real supervisor over stand-ins; whatever it starts ends with the test."""
    started: list[Running] = []

    def start(home: Path = tmp_path / "home", port: int = 0, **environment: str) -> Running:
        started.append(_start(home, tmp_path / "standins", port, **environment))
        return started[-1]

    yield start
    for each in started:
        each.end()
