"""How tests are spread over workers: one by one, but those of the real system stay together."""

from typing import Any

import pytest
from typing_extensions import override
from xdist.scheduler.loadscope import LoadScopeScheduling

_TOGETHER = "tests/system/test_system.py"


class Scheduling(LoadScopeScheduling):
    """The real system is started once, by one worker; the largest group goes first."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return file if file == _TOGETHER else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling | None:
    return Scheduling(config, log) if config.getvalue("dist") == "load" else None
