"""Each service runs with itself, kit and contracts; the gateway runs without a database library."""

import json
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .source import SERVICES, SOURCES

_OURS = ("kit", "contracts")
_PATIENCE_S = 300.0  # a busy machine is no failure
_PROGRAM = Path(__file__).with_name("alone.py")


def _asked_for(name: str, extras: frozenset[str], seen: set[tuple[str, str]]) -> Iterator[str]:
    """Names of all distributions that installing `name` brings, as pip would find them."""
    yield canonicalize_name(name)
    for line in requires(name) or ():
        need = Requirement(line)
        wanted = need.marker is None or any(
            need.marker.evaluate({"extra": extra}) for extra in (*extras, "")
        )
        key = (canonicalize_name(need.name), ",".join(sorted(need.extras)))
        if wanted and key not in seen:
            seen.add(key)
            yield from _asked_for(need.name, frozenset(need.extras), seen)


@cache
def _owners() -> Mapping[str, list[str]]:
    """Which distributions bring a module: all that is installed is read once."""
    return packages_distributions()


def _absent(package: str) -> list[str]:
    asked = set(_asked_for(f"entente-{package}", frozenset(), set()))
    return sorted(
        module
        for module, owners in _owners().items()
        if not asked & {canonicalize_name(owner) for owner in owners}
    )


def _start(package: str, *, absent: list[str], using: tuple[str, ...]) -> subprocess.Popen[str]:
    order = {
        "package": package,
        "sources": [str(SOURCES[name].parent) for name in using],
        "libraries": sysconfig.get_path("purelib"),
        "absent": absent,
    }
    # Isolated, and without the site module: the links of the shared environment are not followed.
    command = [sys.executable, "-I", "-S", str(_PROGRAM), json.dumps(order)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def started() -> Iterator[dict[str, subprocess.Popen[str]]]:
    """All at once: each start takes about a second."""
    processes = {
        name: _start(name, absent=_absent(name), using=(name, *_OURS))
        for name in (*SERVICES, "gateway")
    }
    yield processes
    for process in processes.values():
        process.communicate(timeout=_PATIENCE_S)


@pytest.mark.parametrize("package", [*SERVICES, "gateway"])
def test_package_when_alone_with_what_it_declares_imports_whole(package, started):
    out, err = started[package].communicate(timeout=_PATIENCE_S)
    assert started[package].returncode == 0, err
    assert int(out) > 3


def test_gateway_when_it_declares_its_needs_asks_for_no_database():
    assert {"sqlalchemy", "asyncpg", "alembic"} <= set(_absent("gateway"))


def test_check_when_a_neighbour_is_imported_fails(tmp_path):
    planted = tmp_path / "training"
    planted.mkdir()
    (planted / "__init__.py").write_text("import programmes\n", encoding="utf-8")
    order = {"package": "training", "sources": [str(tmp_path)], "libraries": "", "absent": []}
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(_PROGRAM), json.dumps(order)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "No module named 'programmes'" in done.stderr


def test_check_when_an_undeclared_library_is_imported_fails(tmp_path):
    planted = tmp_path / "gateway"
    planted.mkdir()
    (planted / "__init__.py").write_text("import sqlalchemy\n", encoding="utf-8")
    order = {
        "package": "gateway",
        "sources": [str(tmp_path)],
        "libraries": sysconfig.get_path("purelib"),
        "absent": _absent("gateway"),
    }
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(_PROGRAM), json.dumps(order)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "was not asked for" in done.stderr
