import os

import pytest
from alembic import command
from sqlalchemy import text

from kit.db import migrations
from kit.db.engine import Address
from kit.db.migrations import check_at, upgrade_at
from kit.testing.cluster import Cluster, Schema


@pytest.fixture
async def owner(cluster: Cluster, schema: Schema):
    await cluster.prepare(schema)
    name = f"migrated_{schema.name}_{os.getpid()}"
    await cluster.clone(schema, name)
    yield cluster.address(name, schema.owner)
    await cluster.drop(name)


async def tables_of(address: Address):
    driver = await address.connect()
    try:
        rows = await driver.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row[0] for row in rows} - {"alembic_version"}
    finally:
        await driver.close()


async def test_tables_when_migrated_to_head_then_are_those_in_the_code(owner):
    await check_at(owner, package="programmes")


async def test_migrations_when_taken_down_and_up_then_work(owner):
    await migrations._with_connection(
        owner, lambda config: command.downgrade(config, "base"), "programmes"
    )
    assert await tables_of(owner) == set()
    await upgrade_at(owner, package="programmes")
    await check_at(owner, package="programmes")


async def test_runtime_role_when_it_would_rewrite_the_change_log_then_may_not(sessions):
    async with sessions.reading() as connection:
        allowed = await connection.scalar(
            text("SELECT has_table_privilege(current_user, 'change', 'UPDATE')")
        )
    assert allowed is False
