"""The schema: what the code says, revisions make; up, down and up again."""

import asyncpg
import pytest
from alembic import command

from kit.db import migrations
from kit.db.migrations import check_at, upgrade_at


@pytest.fixture
async def bare(cluster, schema):
    """A clone of the template, seen by its owner."""
    await cluster.prepare(schema)
    name = "participants_migrations"
    await cluster.clone(schema, name)
    yield cluster.address(name, schema.owner)
    await cluster.drop(name)


async def test_tables_when_migrated_then_are_those_of_the_code(bare):
    await check_at(bare, package="participants")


async def test_migrations_when_taken_down_and_up_then_work(bare):
    await migrations._with_connection(
        bare, lambda config: command.downgrade(config, "base"), "participants"
    )
    await upgrade_at(bare, package="participants")
    await check_at(bare, package="participants")


async def test_calculations_and_rates_when_written_then_cannot_be_changed(fresh_database):
    async with fresh_database.driving() as driver:
        for table in ("allowance_calculation", "rate"):
            for statement in ("UPDATE %s SET currency = 'EUR'", "DELETE FROM %s"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await driver.execute(statement % table)
