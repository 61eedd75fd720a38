"""How a run of all tests is quick: its order over workers, and what no garbage is looked for in.

Tests are given out file by file, those that share a long setup together.
"""

import gc
from collections.abc import Generator
from typing import Any

import pytest
from typing_extensions import override
from xdist.scheduler.loadscope import LoadScopeScheduling

_TOGETHER = ("tests/system/test_system.py", "tests/architecture/")
_LONG = (
    "tests/system/",
    "tests/architecture/",
    "tests/journeys/",
    "services/programmes/tests/queries/test_data.py",
    "services/training/tests/commands/test_jobs.py",
    "services/training/tests/test_load.py",
)


class Scheduling(LoadScopeScheduling):
    """What takes long to set up is set up once, by one worker."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((each for each in _TOGETHER if nodeid.startswith(each)), file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: otherwise one worker waits for the other at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


def pytest_configure(config: pytest.Config) -> None:
    """Keep that order: by number of tests, files of few but long tests would come last."""
    config.option.loadscopereorder = False


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    return Scheduling(config, log) if config.getvalue("dist") == "load" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while modules are loaded and tests are found: all of it stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end: every module and every test."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """Look once for what the tests left behind; pytest looks ten times, through all that stays."""
    gc.collect()
    gc.freeze()
