"""Migrating, and refusing to run on a schema that is too old."""

from types import SimpleNamespace

import pytest
from toyshop import migrating

from kit.db.engine import Address, Database
from kit.db.migrations import upgrade
from kit.db.readiness import let_in
from kit.db.revision import NotReady, head_revision, require_revision
from kit.testing.cluster import Cluster, Schema, apart
from kit.testing.fixtures import Fork


async def owner_does(cluster: Cluster, database: Database, statement: str) -> None:
    name = database.address.url.split("/")[3].split("?")[0]
    session = await cluster.address(name, "toyshop_owner").connect()
    await session.execute(statement)
    await session.close()


async def test_revision_when_current_or_newer_then_accepted(
    fresh_database: Database, cluster: Cluster
) -> None:
    assert await require_revision(fresh_database, "toyshop") == head_revision("toyshop") == "0002"
    await owner_does(cluster, fresh_database, "UPDATE alembic_version SET version_num = '9999'")
    assert await require_revision(fresh_database, "toyshop") == "9999"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE alembic_version SET version_num = '0001'", "DROP TABLE alembic_version"],
    ids=["older", "never migrated"],
)
async def test_revision_when_older_then_refused(
    fresh_database: Database, cluster: Cluster, statement: str
) -> None:
    await owner_does(cluster, fresh_database, statement)
    with pytest.raises(RuntimeError, match="migrate it"):
        await require_revision(fresh_database, "toyshop")


async def test_migrating_when_a_revision_fails_then_one_sentence_and_nothing_kept(
    fresh_database: Database, cluster: Cluster, schema: Schema
) -> None:
    await owner_does(cluster, fresh_database, "UPDATE alembic_version SET version_num = '0001'")
    name = fresh_database.address.url.split("/")[3].split("?")[0]
    settings = SimpleNamespace(
        owner_database_url=cluster.address(name, schema.owner).url, owner_password_file=None
    )
    with pytest.raises(NotReady, match=r"nothing of it was kept \(.*already exists\)"):
        await upgrade(settings, package="toyshop")
    async with fresh_database.driving() as driver:
        assert await driver.fetchval("SELECT version_num FROM alembic_version") == "0001"


async def test_database_when_it_is_not_there_or_refuses_then_one_sentence(cluster: Cluster) -> None:
    with pytest.raises(NotReady, match="has not answered for 0 s"):
        await let_in(Address("postgresql://nobody@127.0.0.1:1/nothing"), seconds=0)
    with pytest.raises(NotReady, match="refuses this role"):
        await let_in(cluster.address("no_such_database"))
    await let_in(cluster.address("postgres"))


async def test_migrating_when_two_processes_try_at_once_then_both_succeed(
    cluster: Cluster, schema: Schema, fresh_database: Database, fork: Fork
) -> None:
    statement = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    await owner_does(cluster, fresh_database, statement)
    name = fresh_database.address.url.split("/")[3].split("?")[0]
    url = cluster.address(name, schema.owner).url
    both = [await fork(migrating.main, url) for _ in range(2)]
    assert [await process.wait() for process in both] == [0, 0]
    assert await require_revision(fresh_database, "toyshop") == "0002"


def test_template_when_prepared_again_then_it_is_kept(cluster: Cluster, schema: Schema) -> None:
    apart(cluster.prepare(schema))
    apart(cluster.prepare(schema))
