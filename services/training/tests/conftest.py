"""Which database and which application the tests of this service use."""

import pytest

from kit.testing.cluster import Schema
from training.main import SERVICE


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema("training", "training", SERVICE.constraints)


@pytest.fixture(scope="session")
def app():
    return SERVICE.app()
