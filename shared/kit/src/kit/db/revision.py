"""Which schema a database has, and which one this code needs; knows no Alembic."""

from importlib.resources import files

from kit.db.engine import Database


class NotReady(RuntimeError):
    """Why a process cannot begin, in one sentence for whoever operates it."""


def head_revision(package: str) -> str:
    """Return the number of the newest revision this code knows, such as `0007`.

    Revision files are called `0007_expand_what.py`, and a revision's id begins with its number.
    """
    versions = files(f"{package}.migrations.versions").iterdir()
    numbers = [entry.name[:4] for entry in versions if entry.name[:4].isdigit()]
    if not numbers:
        raise RuntimeError(f"{package} has no revisions")
    return max(numbers)


async def require_revision(database: Database, package: str) -> str:
    """Return the revision of the database, or raise NotReady if this code needs a newer one.

    A revision this code has never heard of is newer: old code runs on the next schema.
    """
    needed = head_revision(package)
    async with database.driving() as driver:
        exists = await driver.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
        current = exists and await driver.fetchval("SELECT version_num FROM alembic_version")
    if not current or str(current)[:4] < needed:
        raise NotReady(f"the database is at {current}, {package} needs {needed}: migrate it")
    return str(current)
