"""Which database and which application the tests of this service use."""

import pytest
from loading import fill, unit_of

from kit.db.engine import Database
from kit.testing.cluster import Schema, apart
from training.main import SERVICE


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema("training", "training", SERVICE.constraints)


@pytest.fixture(scope="session")
def app():
    return SERVICE.app()


@pytest.fixture(scope="session")
async def loaded(cluster, schema):
    """What was loaded once for all workers; tests only read it."""
    database = await Database.at(apart(cluster.filled(schema, fill)), schema.constraints)
    yield unit_of(database)
    await database.close()
