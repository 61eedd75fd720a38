"""What pytest loads by name: it brings in our fixtures."""

import os

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Load the fixtures, and with them a service's libraries, where tests are run.

    The process that only gives tests to workers would make everybody wait for that.
    """
    distributing = getattr(early_config.known_args_namespace, "numprocesses", None)
    if "PYTEST_XDIST_WORKER" in os.environ or not distributing:
        early_config.pluginmanager.import_plugin("kit.testing.fixtures")
