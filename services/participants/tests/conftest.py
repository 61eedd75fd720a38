"""Which database and which application the tests of this service work on."""

import pytest

from kit.testing.cluster import Schema
from participants.storage.constraints import CONSTRAINTS


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema("participants", "participants", CONSTRAINTS)
