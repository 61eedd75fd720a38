"""How tests are spread over workers: file by file, those that share a long setup together."""

from typing import Any

import pytest
from typing_extensions import override
from xdist.scheduler.loadscope import LoadScopeScheduling

_TOGETHER = ("tests/system/test_system.py", "tests/architecture/")
_LONG = ("tests/system/", "tests/journeys/")


class Scheduling(LoadScopeScheduling):
    """What takes long to set up is set up once, by one worker; the largest group goes first."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((each for each in _TOGETHER if nodeid.startswith(each)), file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: otherwise one worker waits for the other at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    return Scheduling(config, log) if config.getvalue("dist") == "load" else None
