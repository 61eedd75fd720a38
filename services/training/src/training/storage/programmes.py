"""The local copies of programmes."""

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from kit.auth import Caller
from kit.db.unit import Hot, Tx
from kit.db.visible import visible_to
from training.domain.errors import UnknownProgramme
from training.domain.programme import STAFF, Programme
from training.storage.tables import programme

_c = programme.c
_copy = select(_c.code, _c.title, _c.status, _c.marks, _c.sequence, _c.starts_on, _c.ends_on).where(
    _c.code == bindparam("code")
)
_seen = _copy.where(visible_to(_c.marks))
_FIND: Final = Hot(_copy)
_FIND_SEEN: Final = Hot(_seen)
_HOLD: Final = Hot(_copy.with_for_update(read=True))
_HOLD_SEEN: Final = Hot(_seen.with_for_update(read=True))
_new = insert(programme)
_PUT: Final = Hot(
    _new.on_conflict_do_update(
        index_elements=["code"],
        set_={each.name: _new.excluded[each.name] for each in _c if each is not _c.code},
    )
)


async def get(tx: Tx, code: str, *, by: Caller) -> Programme:
    """Return what is known of a programme, or raise UnknownProgramme; staff see each."""
    found = await _read(tx, _FIND if STAFF in by.audience else _FIND_SEEN, code, by)
    if found is None:
        raise UnknownProgramme("no programme with this code is known here", programme_code=code)
    return found


async def hold(tx: Tx, code: str, *, by: Caller) -> Programme:
    """Return the same, and keep it as it is until the transaction ends.

    Whatever takes over the audience of a programme needs this: otherwise a record made while
    the audience changes would keep the old one. Hold a programme before locking an event.
    """
    found = await _read(tx, _HOLD if STAFF in by.audience else _HOLD_SEEN, code, by)
    if found is None:
        raise UnknownProgramme("no programme with this code is known here", programme_code=code)
    return found


async def find(tx: Tx, code: str) -> Programme | None:
    """Return what is known of a programme, or None."""
    return await _read(tx, _FIND, code)


async def put(tx: Tx, copy: Programme) -> None:
    """Store a copy in place of the one before it."""
    await tx.hot(
        _PUT,
        code=copy.code,
        title=copy.title,
        status=copy.status,
        marks=sorted(copy.marks),
        sequence=copy.sequence,
        starts_on=copy.earliest,
        ends_on=copy.latest,
    )


async def _read(tx: Tx, statement: Hot, code: str, by: Caller | None = None) -> Programme | None:
    row = await tx.hot(statement, code=code, marks=None if by is None else list(by.audience))
    if row is None:
        return None
    _, title, status, marks, sequence, earliest, latest = row
    return Programme(code, title, status, frozenset(marks), sequence, earliest, latest)
