"""The local copies of programmes."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert

from kit.auth import Caller
from kit.db.unit import Tx
from kit.db.visible import visible
from training.domain.errors import UnknownProgramme
from training.domain.programme import STAFF, Programme
from training.storage.tables import programme


async def get(tx: Tx, code: str, *, by: Caller) -> Programme:
    """Return what is known of a programme, or raise UnknownProgramme; staff see each."""
    found = await _read(tx, _seen(code, by=by))
    if found is None:
        raise UnknownProgramme("no programme with this code is known here", programme_code=code)
    return found


async def hold(tx: Tx, code: str, *, by: Caller) -> Programme:
    """Return the same, and keep it as it is until the transaction ends.

    Whatever takes over the audience of a programme needs this: otherwise a record made while
    the audience changes would keep the old one. Hold a programme before locking an event.
    """
    found = await _read(tx, _seen(code, by=by), held=True)
    if found is None:
        raise UnknownProgramme("no programme with this code is known here", programme_code=code)
    return found


async def find(tx: Tx, code: str) -> Programme | None:
    """Return what is known of a programme, or None."""
    return await _read(tx, [programme.c.code == code])


async def put(tx: Tx, copy: Programme) -> None:
    """Store a copy in place of the one before it."""
    values: dict[str, Any] = {
        "title": copy.title,
        "status": copy.status,
        "marks": sorted(copy.marks),
        "sequence": copy.sequence,
        "starts_on": copy.earliest,
        "ends_on": copy.latest,
    }
    statement = insert(programme).values(code=copy.code, **values)
    await tx.sql.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values))


def _seen(code: str, *, by: Caller) -> list[ColumnElement[bool]]:
    seen = [] if STAFF in by.audience else [visible(programme.c.marks, by)]
    return [programme.c.code == code, *seen]


async def _read(
    tx: Tx, conditions: list[ColumnElement[bool]], *, held: bool = False
) -> Programme | None:
    statement = select(
        programme.c.code,
        programme.c.title,
        programme.c.status,
        programme.c.marks,
        programme.c.sequence,
        programme.c.starts_on,
        programme.c.ends_on,
    ).where(*conditions)
    if held:
        statement = statement.with_for_update(read=True)
    row = (await tx.sql.execute(statement)).first()
    if row is None:
        return None
    code, title, status, marks, sequence, earliest, latest = row
    return Programme(code, title, status, frozenset(marks), sequence, earliest, latest)
