from alembic import command
from sqlalchemy import text

from kit.db import migrations
from kit.db.engine import Address
from kit.db.migrations import check_at, upgrade_at


async def tables_of(address: Address):
    driver = await address.connect()
    try:
        rows = await driver.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row[0] for row in rows} - {"alembic_version"}
    finally:
        await driver.close()


async def test_tables_when_migrated_to_head_then_are_those_in_the_code(owner_address):
    await check_at(owner_address, package="programmes")


async def test_migrations_when_taken_down_and_up_then_work(owner_address):
    await migrations._with_connection(
        owner_address, lambda config: command.downgrade(config, "base"), "programmes"
    )
    assert await tables_of(owner_address) == set()
    await upgrade_at(owner_address, package="programmes")
    await check_at(owner_address, package="programmes")


async def test_runtime_role_when_it_would_rewrite_the_change_log_then_may_not(sessions):
    async with sessions.reading() as connection:
        allowed = await connection.scalar(
            text("SELECT has_table_privilege(current_user, 'change', 'UPDATE')")
        )
    assert allowed is False


_LINE = """
INSERT INTO programme (
    version, audience, updated_at, code, title, title_qualifier, kind, status, starts, ends,
    rulesets, objectives, target_groups, counts, citations
) VALUES (1, '{staff}', now(), 'OLD', 'Old', 'published', 'project', 'active', '{}', '{}', '{}',
    '[]', '{}', '[]', '{}');
INSERT INTO budget_line (
    version, audience, updated_at, programme_id, code, title, category, amount, committed,
    currency, state, synthetic
) SELECT 3, '{staff}', now(), id, 'L', 'Line', 'travel', 100, 30, 'EUR', 'open', false
FROM programme WHERE code = 'OLD';
INSERT INTO commitment (
    version, audience, updated_at, trip_id, revision, programme_code, line_code, line_id, amount,
    currency, state
) SELECT 1, '{staff}', now(), uuidv7(), 1, 'OLD', 'L', id, each, 'EUR', 'committed'
FROM budget_line, unnest(ARRAY[10, 20]) AS each WHERE code = 'L';
INSERT INTO training_count (
    record_id, programme_code, figure, value, basis, sequence, synthetic
) SELECT uuidv7(), 'OLD', 'study_visits_held', each, 'events', 3, false
FROM unnest(ARRAY[0, 1]) AS each;
"""
_ENTRIES = """
SELECT kind, sum(more_amount) AS amount, sum(more_committed) AS committed,
    max(line_committed) AS stands
FROM budget_entry JOIN budget_line AS line ON line.id = line_id
WHERE line.code = 'L' GROUP BY kind ORDER BY kind
"""


_EVENTS = "SELECT kind, status, sequence FROM told_event ORDER BY status"


async def test_rows_when_older_than_the_ledger_and_what_training_tells_then_both_take_them_over(
    owner_address,
):
    await migrations._with_connection(
        owner_address,
        lambda config: command.downgrade(config, "0002_expand_cooperation"),
        "programmes",
    )
    driver = await owner_address.connect()
    try:
        await driver.execute(_LINE)
        await upgrade_at(owner_address, package="programmes")
        rows = [tuple(row) for row in await driver.fetch(_ENTRIES)]
        events = [tuple(row) for row in await driver.fetch(_EVENTS)]
    finally:
        await driver.close()
    assert rows == [("allotted", 100, 0, 0), ("committed", 0, 30, 30)]
    assert events == [("study_visit", "announced", 3), ("study_visit", "completed", 3)]
