"""Transactions, reads and refusals."""

import asyncio
import contextlib
from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.exc import DBAPIError
from toyshop.shop import NameTaken, SoldOut, hide_toy, make_toy, sell_toy, toy

from kit.auth import Caller
from kit.db.engine import POOL_SIZE, Address, Database
from kit.db.migrations import check_at
from kit.db.tables import change
from kit.db.unit import Hot, Unit
from kit.db.visible import visible, visible_to
from kit.errors import Unavailable
from kit.testing.cluster import apart
from kit.testing.fixtures import CountQueries

_BY_ID = Hot(select(toy.c.name, toy.c.stock).where(toy.c.id == bindparam("id")))


_SLOW_PID = "SELECT pg_backend_pid() FROM pg_sleep(0.1)"


async def changes(unit: Unit) -> list[tuple[str, int]]:
    async with unit.read() as read:
        return [
            (row.type, row.entity_version)
            for row in await read.rows(select(change).order_by(change.c.id))
        ]


def test_schema_when_compared_with_the_code_then_nothing_differs(cluster, worker_database) -> None:
    name = worker_database.url.split("/")[3].split("?")[0]
    apart(check_at(cluster.address(name, "toyshop_owner"), package="toyshop"))


async def test_command_when_it_commits_then_its_change_is_logged(unit: Unit) -> None:
    made = await make_toy(unit.on_behalf("client-1", cause="request-1"), "ball")
    async with unit.read() as read:
        row = await read.first(select(change))
    assert row is not None
    assert (row.entity_id, row.entity_version, row.position) == (made.id, 1, None)
    assert (row.actor, row.cause, row.audience) == ("client-1", "request-1", ["everyone"])
    assert row.fact_id.version == 7


async def test_command_when_it_is_refused_then_nothing_is_written(unit: Unit) -> None:
    made = await make_toy(unit, "ball", stock=1)
    with pytest.raises(SoldOut):
        await sell_toy(unit, made.id, pieces=2)
    assert await changes(unit) == [("toyshop.toy_made.v1", 1)]
    async with unit.read() as read:
        row = await read.hot(_BY_ID, id=made.id)
    assert row is not None
    assert row["stock"] == 1


async def test_unique_constraint_when_broken_then_its_refusal_is_raised(unit: Unit) -> None:
    await make_toy(unit, "ball")
    with pytest.raises(NameTaken):
        await make_toy(unit, "ball")
    assert len(await changes(unit)) == 1


async def test_hot_read_when_the_id_is_unknown_then_none(unit: Unit) -> None:
    async with unit.read() as read:
        assert await read.hot(_BY_ID, id=uuid4()) is None


async def test_hot_read_when_called_wrongly_then_it_is_an_error_of_ours(unit: Unit) -> None:
    for wrong in ({"id": "no uuid"}, {}):
        with pytest.raises((KeyError, asyncpg.DataError)):
            async with unit.read() as read:
                await read.hot(_BY_ID, **wrong)


async def test_reads_when_counted_then_each_is_one_statement(
    unit: Unit, count_queries: CountQueries
) -> None:
    made = await make_toy(unit, "ball")
    async with count_queries(2), unit.read() as read:
        assert await read.hot(_BY_ID, id=made.id)
        assert await read.first(select(toy.c.id)) == (made.id,)
    with pytest.raises(pytest.fail.Exception, match="1 statements, not 0"):
        async with count_queries(0), unit.read() as read:
            await read.rows(select(toy.c.id))


async def test_reading_when_it_tries_to_write_then_it_is_refused(fresh_unit: Unit) -> None:
    with pytest.raises(DBAPIError):
        async with fresh_unit.read() as read:
            await read.rows(text("INSERT INTO inbox VALUES ('x', uuidv7(), now()) RETURNING 1"))


async def test_connection_when_it_has_read_then_it_can_write_again(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    for number in range(7):
        async with fresh_unit.read() as read:
            assert len(await read.rows(select(toy.c.id))) == number
        await make_toy(fresh_unit, f"toy {number}")
    assert fresh_database.engine.pool.checkedin() == 1


async def test_reading_when_others_commit_meanwhile_then_it_sees_one_state(
    fresh_unit: Unit,
) -> None:
    async with fresh_unit.read() as read:
        before = await read.rows(select(toy.c.id))
        await make_toy(fresh_unit, "ball")
        assert await read.rows(select(toy.c.id)) == before == []


async def test_transaction_when_cancelled_then_nothing_is_written_and_the_pool_is_whole(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    async def slow() -> None:
        async with fresh_unit.begin() as tx:
            await tx.sql.execute(toy.insert().values(name="x", stock=1, version=1, audience=[]))
            await tx.sql.execute(text("SELECT pg_sleep(4)"))

    async def given_up() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await slow()

    await asyncio.gather(*(given_up() for _ in range(8)))
    async with asyncio.timeout(5):
        await asyncio.gather(*(make_toy(fresh_unit, f"toy {number}") for number in range(5)))
    assert fresh_database.engine.pool.checkedout() == 0
    assert len(await changes(fresh_unit)) == 5


async def test_schema_when_changed_under_a_running_service_then_it_recovers(
    fresh_unit: Unit, fresh_database: Database, cluster
) -> None:
    made = await make_toy(fresh_unit, "ball")
    every = Hot(select(text("*")).select_from(toy).where(toy.c.id == bindparam("id")))
    query = select(text("*")).select_from(toy)
    async with fresh_unit.read() as read:
        await read.hot(every, id=made.id)
        await read.rows(query)
    name = fresh_database.address.url.split("/")[3].split("?")[0]
    session = await cluster.address(name, "toyshop_owner").connect()
    await session.execute("ALTER TABLE toy ADD COLUMN colour text")
    await session.close()
    for _ in range(2):
        with contextlib.suppress(Unavailable):
            async with fresh_unit.read() as read:
                await read.hot(every, id=made.id)
                await read.rows(query)
    await sell_toy(fresh_unit, made.id)
    async with fresh_unit.read() as read:
        assert await read.hot(every, id=made.id)
        assert len(await read.rows(query)) == 1


def test_hot_when_values_would_be_spelled_out_then_refused_where_it_is_made() -> None:
    with pytest.raises(TypeError, match="any_"):
        Hot(select(toy.c.name).where(toy.c.stock.in_([1, 2])))


async def test_runtime_role_when_it_rewrites_the_log_then_it_is_refused(fresh_unit: Unit) -> None:
    await make_toy(fresh_unit, "ball")
    for statement in (
        "UPDATE change SET data = '{}'",
        "DELETE FROM change",
        "UPDATE feed SET epoch = uuidv7()",
        "DELETE FROM feed",
        "CREATE TABLE loot (id int)",
        "DELETE FROM returned",
        "UPDATE alembic_version SET version_num = '1'",
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with fresh_unit.begin() as tx:
                await tx.sql.execute(text(statement))
    async with fresh_unit.begin() as tx:
        await tx.sql.execute(text("INSERT INTO returned (toy_id) VALUES (uuidv7())"))


async def test_lock_when_held_by_another_then_unavailable_soon(
    fresh_unit: Unit,
) -> None:
    made = await make_toy(fresh_unit, "ball")
    async with fresh_unit.begin() as tx:
        await tx.sql.execute(select(toy).where(toy.c.id == made.id).with_for_update())
        with pytest.raises(Unavailable):
            async with asyncio.timeout(4):
                await sell_toy(fresh_unit, made.id)
    assert len(await changes(fresh_unit)) == 1


async def test_error_when_passed_over_then_nothing_is_said_to_be_done(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    async def pass_over() -> None:
        async with fresh_unit.begin() as tx:
            await tx.sql.execute(toy.delete())
            with contextlib.suppress(DBAPIError):
                await tx.sql.execute(text("SELECT 1 / 0"))

    made = await make_toy(fresh_unit, "ball")
    with pytest.raises(RuntimeError, match="passed over"):
        await pass_over()
    await sell_toy(fresh_unit, made.id)
    assert fresh_database.engine.pool.checkedout() == 0


async def test_pool_when_exhausted_then_unavailable(
    fresh_unit: Unit, monkeypatch: pytest.MonkeyPatch, fresh_database: Database
) -> None:
    monkeypatch.setattr(fresh_database.engine.sync_engine.pool, "_timeout", 0.1)
    held = asyncio.Event()

    async def hold() -> None:
        async with fresh_unit.begin() as tx:
            await tx.sql.execute(text("SELECT 1"))
            await held.wait()

    holders = [asyncio.create_task(hold()) for _ in range(5)]
    await asyncio.sleep(0.1)
    with pytest.raises(Unavailable):
        await make_toy(fresh_unit, "ball")
    held.set()
    await asyncio.gather(*holders)
    await make_toy(fresh_unit, "ball")


async def test_connection_when_lost_at_commit_then_unavailable(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    async def lose() -> None:
        async with fresh_unit.begin() as tx:
            backend = await tx.sql.scalar(select(func.pg_backend_pid()))
            async with fresh_database.driving() as other:
                await other.execute("SELECT pg_terminate_backend($1)", backend)

    with pytest.raises(Unavailable):
        await lose()
    await make_toy(fresh_unit, "ball")


async def test_drivers_when_a_query_is_given_up_or_a_session_ends_then_all_can_be_lent_again(
    fresh_database: Database,
) -> None:
    async def asked(statement: str) -> int:
        async with fresh_database.driving() as driver:
            return await driver.fetchval(statement)

    async def backends() -> set[int]:
        return set(await asyncio.gather(*(asked(_SLOW_PID) for _ in range(POOL_SIZE))))

    first = await backends()
    assert len(first) == POOL_SIZE
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asked("SELECT pg_sleep(30)"), 0.1)
    with pytest.raises(asyncpg.DivisionByZeroError):
        await asked("SELECT 1 / 0")
    assert len(await backends()) == POOL_SIZE
    ended = first.pop()
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError):
        await asked(f"SELECT pg_terminate_backend({ended}), pg_sleep(0.2)")
    again = {ended}
    async with asyncio.timeout(20):
        while ended in again:
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError):
                again = await backends()
    assert len(again) == POOL_SIZE


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.DiskFullError,
        asyncpg.PostgresIOError,
        asyncpg.OutOfMemoryError,
        asyncpg.InvalidPasswordError,
        asyncpg.ObjectNotInPrerequisiteStateError,
    ],
)
async def test_trouble_of_the_database_when_a_write_meets_it_then_unavailable(
    fresh_unit: Unit, error: type[asyncpg.PostgresError]
) -> None:
    raising = f"DO $$ BEGIN RAISE 'no' USING ERRCODE = '{error.sqlstate}'; END $$"
    with pytest.raises(Unavailable, match=error.__name__):
        async with fresh_unit.begin() as tx:
            await tx.sql.execute(text(raising))
    await make_toy(fresh_unit, "ball")


async def test_database_when_it_takes_no_writes_then_unavailable_until_it_does(
    fresh_unit: Unit, fresh_database: Database
) -> None:
    url = f"{fresh_database.address.url}&default_transaction_read_only=on"
    frozen = await Database.at(replace(fresh_database.address, url=url))
    with pytest.raises(Unavailable, match="ReadOnlySQLTransactionError"):
        await make_toy(Unit(frozen, fresh_unit.clock), "ball")
    await frozen.close()


async def test_database_when_away_then_unavailable(clock, tmp_path) -> None:
    gone = await Database.at(Address(f"postgresql://toyshop@/toyshop?host={tmp_path}"))
    with pytest.raises(Unavailable):
        await make_toy(Unit(gone, clock), "ball")
    await gone.close()


def caller(organisation: str) -> Caller:
    return Caller("c", "s", organisation, "PL", frozenset())


async def test_visible_when_marks_are_missing_then_the_record_is_not_there(unit: Unit) -> None:
    made = await make_toy(unit, "ball", audience=frozenset({"org:MD-MIA"}))
    hot = Hot(select(toy.c.id).where(toy.c.id == bindparam("id"), visible_to(toy.c.audience)))
    async with unit.read() as read:
        for organisation, seen in (("MD-MIA", 1), ("FR-MOI", 0)):
            asking = caller(organisation)
            rows = await read.rows(select(toy.c.id).where(visible(toy.c.audience, asking)))
            raw = await read.hot_rows(hot, id=made.id, marks=list(asking.audience))
            assert (len(rows), len(raw)) == (seen, seen)


async def test_versions_when_told_then_ids_follow_them(unit: Unit) -> None:
    made = await make_toy(unit, "ball")
    await sell_toy(unit, made.id)
    await hide_toy(unit, made.id, audience=frozenset({"org:PL-MOI"}))
    assert [version for _, version in await changes(unit)] == [1, 2, 3]


async def test_ids_when_made_by_the_database_then_they_are_uuid7(unit: Unit) -> None:
    assert isinstance((await make_toy(unit, "ball")).id, UUID)
