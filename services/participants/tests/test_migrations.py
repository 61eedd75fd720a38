"""The schema: what the code says, revisions make; up, down and up again."""

import asyncpg
import pytest
from alembic import command

from kit.db import migrations
from kit.db.migrations import check_at, upgrade_at


async def test_tables_when_migrated_then_are_those_of_the_code(owner_address):
    await check_at(owner_address, package="participants")


async def test_migrations_when_taken_down_and_up_then_work(owner_address):
    await migrations._with_connection(
        owner_address, lambda config: command.downgrade(config, "base"), "participants"
    )
    await upgrade_at(owner_address, package="participants")
    await check_at(owner_address, package="participants")


async def test_calculations_and_rates_when_written_then_cannot_be_changed(fresh_database):
    async with fresh_database.driving() as driver:
        for table in ("allowance_calculation", "rate"):
            for statement in ("UPDATE %s SET currency = 'EUR'", "DELETE FROM %s"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await driver.execute(statement % table)


async def test_victim_when_written_past_the_code_then_refused_by_the_table(fresh_database):
    row = (
        "INSERT INTO person (version, audience, public_ref, role, organisation, country, origin,"
        " synthetic) VALUES (1, '{}', 'P-X', $1, 'MD-MIA', 'MD', 'registration', true)"
    )
    async with fresh_database.driving() as driver:
        for role in ("victim", "Victim", ""):
            with pytest.raises(asyncpg.CheckViolationError, match="person_is_no_victim"):
                await driver.execute(row, role)
        await driver.execute(row, "participant")
