"""What pytest loads by name: it brings in our fixtures."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures, and with them a service's libraries, where tests are run.

    The process that only gives tests to workers would make everybody wait for that.
    """
    is_worker = hasattr(config, "workerinput")
    if is_worker or not config.getoption("numprocesses", None):
        config.pluginmanager.import_plugin("kit.testing.fixtures")
