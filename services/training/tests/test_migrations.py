"""The schema: what the code says, revisions make; up, down and up again."""

import asyncpg
import pytest
from alembic import command

from kit.db import migrations
from kit.db.migrations import check_at, upgrade_at
from kit.db.revision import head_revision


async def test_tables_when_migrated_then_are_those_of_the_code(owner_address):
    await check_at(owner_address, package="training")


async def test_migrations_when_taken_down_and_up_then_work(owner_address):
    await migrations._with_connection(
        owner_address, lambda config: command.downgrade(config, "base"), "training"
    )
    await upgrade_at(owner_address, package="training")
    await check_at(owner_address, package="training")


def test_head_when_asked_for_then_is_the_only_one():
    assert head_revision("training") == "0011"


async def test_constraints_when_mapped_then_exist(schema, sessions):
    async with sessions.driving() as driver:
        rows = await driver.fetch(
            "SELECT conname AS name FROM pg_constraint"
            " UNION SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
        )
    assert set(schema.constraints) <= {row["name"] for row in rows}


async def test_attendance_when_written_then_cannot_be_changed(fresh_database):
    async with fresh_database.driving() as driver:
        for statement in (
            "UPDATE attendance SET minutes = 1",
            "DELETE FROM attendance",
            "UPDATE attendance_correction SET reason = ''",
            "DELETE FROM attendance_correction",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await driver.execute(statement)
