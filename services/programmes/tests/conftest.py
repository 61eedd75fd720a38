"""Which database and which application the tests of this service use."""

import pytest

from kit.clock import SystemClock
from kit.db.engine import Database
from kit.db.unit import Unit
from kit.testing.cluster import Schema, apart
from programmes.load import load
from programmes.main import SERVICE


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema("programmes", "programmes", SERVICE.constraints)


@pytest.fixture(scope="session")
def app():
    return SERVICE.app()


@pytest.fixture(scope="session")
def loaded_address(cluster, schema):
    """Load the data once for all workers; tests only read it."""

    async def fill(address):
        database = await Database.at(address, schema.constraints)
        await load(Unit(database, SystemClock()), None)
        await database.close()

    return apart(cluster.filled(schema, fill))


@pytest.fixture(scope="session")
async def loaded(loaded_address, schema):
    database = await Database.at(loaded_address, schema.constraints)
    yield Unit(database, SystemClock())
    await database.close()
