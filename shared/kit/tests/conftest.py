"""The toy service on which the kit's database parts are tested."""

import sys
from pathlib import Path

import pytest

from kit.testing.cluster import Schema

sys.path.insert(0, str(Path(__file__).parent))

from toyshop.shop import CONSTRAINTS


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema("toyshop", package="toyshop", constraints=CONSTRAINTS)
