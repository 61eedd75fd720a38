"""Schema changes with Alembic: what env.py, first revisions and `migrate` need."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Protocol

from alembic import command, context
from alembic.config import Config
from alembic.operations import Operations
from sqlalchemy import DDL, Connection, MetaData, insert, text
from sqlalchemy.exc import DBAPIError

from kit.config import secret
from kit.db.engine import Address
from kit.db.revision import NotReady
from kit.db.tables import KIT, feed

_LOCK: Final = 0x656E74_6D6967
_SEAL_KEY: Final = text(
    "decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')"
)
_GRANTS: Final = (
    "GRANT USAGE ON SCHEMA public TO %(role)s",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %(role)s",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %(role)s",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %(role)s",
    "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO %(role)s",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version, feed FROM %(role)s",
)
_VALUES: Final = "22"  # the class of SQLSTATEs about values
Work = Callable[[Config], object]


class Settings(Protocol):
    """Where the database is, as its owner; `kit.config.ServiceConfig` fits."""

    @property
    def owner_database_url(self) -> str | None:
        """A libpq URL without password."""
        ...

    @property
    def owner_password_file(self) -> Path | None:
        """A file with the password of the owner role, if it has one."""
        ...


def run(metadata: MetaData) -> None:
    """Run the revisions Alembic asked for; the whole content of a service's env.py.

    Each revision is its own transaction. It waits 4 seconds for a lock and works for 5 seconds
    at most, so that a migration gives way to the service instead of stopping it.
    """
    connection: Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


async def upgrade(settings: Settings, *, package: str, to: str = "head") -> None:
    """Bring the database of `package` to a revision; safe when two processes try at once.

    Raise NotReady, in one sentence, when a revision fails: nothing of that one is kept.
    """
    if settings.owner_database_url is None:
        raise NotReady("migrating needs owner_database_url")
    password = secret(settings.owner_password_file)
    address = Address(settings.owner_database_url, password, f"{package} migrate")
    try:
        await upgrade_at(address, package=package, to=to)
    except DBAPIError as error:
        raise NotReady(
            f"a revision failed and nothing of it was kept ({_cause(error)}). What runs now goes"
            " on as before; repair the cause, then migrate again"
        ) from error


def _cause(error: DBAPIError) -> str:
    """Return what the database said, but for complaints about a value: they would quote it."""
    state = str(getattr(error.orig, "sqlstate", ""))
    said = str(error.orig).partition("\n")[0]
    return state if state.startswith(_VALUES) else said


async def upgrade_at(address: Address, *, package: str, to: str = "head") -> None:
    """Bring the database at an address to a revision."""
    await _with_connection(address, lambda config: command.upgrade(config, to), package)


async def check_at(address: Address, *, package: str) -> None:
    """Raise if the tables in the code are not those the revisions make (`alembic check`)."""
    await _with_connection(address, command.check, package)


async def _with_connection(address: Address, work: Work, package: str) -> None:
    engine = address.engine()
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_locked, work, package)
    finally:
        await engine.dispose()


def _locked(connection: Connection, work: Work, package: str) -> None:
    config = _config(package)
    config.attributes["connection"] = connection
    connection.execute(text("SET lock_timeout = '60s'"))
    connection.execute(text("SET statement_timeout = '60s'"))
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
    connection.execute(text("SET lock_timeout = '4s'"))
    connection.execute(text("SET statement_timeout = '5s'"))
    connection.commit()
    work(config)


def _config(package: str) -> Config:
    config = Config()
    config.set_main_option("script_location", f"{package}:migrations")
    config.set_main_option("path_separator", "os")
    return config


def create_kit_tables(op: Operations) -> None:
    """Create the kit's tables and the one row of `feed`; for a service's first revision."""
    connection = op.get_bind()
    KIT.create_all(connection, checkfirst=False)
    values = {"one": 1, "epoch": text("uuidv7()"), "head": 0, "pruned_to": 0, "seal_key": _SEAL_KEY}
    connection.execute(insert(feed).values(values))


def drop_kit_tables(op: Operations) -> None:
    """Drop the kit's tables; for the downgrade of a first revision."""
    KIT.drop_all(op.get_bind(), checkfirst=False)


def grant_runtime(op: Operations, role: str, *, append_only: Iterable[str] = ()) -> None:
    """Let the runtime role read and write rows, of tables now here and of later ones.

    It may not update or delete in append-only tables; of the change log and the feed it may set
    positions and count them. Call it at the end of the first revision; append-only tables made
    later call `keep_append_only`.
    """
    for statement in _GRANTS:
        _grant(op, statement, role=role)
    for table in ("change", *append_only):
        keep_append_only(op, role, table)
    _grant(op, "GRANT UPDATE (position) ON change TO %(role)s", role=role)
    _grant(op, "GRANT UPDATE (head) ON feed TO %(role)s", role=role)


def keep_append_only(op: Operations, role: str, table: str) -> None:
    """Take from the runtime role the right to change or delete rows of a table."""
    _grant(op, "REVOKE UPDATE, DELETE ON %(name)s FROM %(role)s", role=role, name=table)


def _grant(op: Operations, statement: str, **names: str) -> None:
    connection = op.get_bind()
    quote = connection.dialect.identifier_preparer.quote
    quoted = {key: quote(name) for key, name in names.items()}
    connection.execute(DDL(statement, context=quoted))  # type: ignore[no-untyped-call]
