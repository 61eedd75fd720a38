"""Everything held about a person, table by table, with what is sealed opened."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, LargeBinary, RowMapping, Table, or_, select
from sqlalchemy.dialects.postgresql import Range

from kit.db.unit import Tx
from participants.storage import tables as own
from participants.storage import tables_claims as money
from participants.storage import tables_people as people
from participants.storage.safe import PersonKey, Place

_ABOUT: Final[dict[Table, Sequence[Column[Any]]]] = {
    own.person: [own.person.c.id],
    people.person_standing: [people.person_standing.c.person_id],
    people.identity: [people.identity.c.person_id],
    people.identity_document: [people.identity_document.c.person_id],
    people.bank_account: [people.bank_account.c.person_id],
    people.affiliation: [people.affiliation.c.person_id],
    own.trip: [own.trip.c.person_id],
    money.claim: [money.claim.c.person_id],
    money.advance: [money.advance.c.person_id],
    money.settlement: [money.settlement.c.person_id],
    people.duplicate_proposal: [
        people.duplicate_proposal.c.one,
        people.duplicate_proposal.c.other,
    ],
    people.person_merge: [people.person_merge.c.survivor, people.person_merge.c.merged],
    people.access_log: [people.access_log.c.person_id],
    people.erasure_certificate: [people.erasure_certificate.c.person_id],
}


async def everything(
    tx: Tx, keys: Mapping[UUID, PersonKey | None]
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows about a person's records by table; hashes for searching are left out.

    Calculations and items are part of trips and claims, and read there.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for table, columns in _ABOUT.items():
        about = or_(*(column.in_(list(keys)) for column in columns))
        rows = (await tx.sql.execute(select(*table.c).where(about))).mappings()
        found[table.name] = [_opened(table, row, keys) for row in rows]
    return found


def _opened(table: Table, row: RowMapping, keys: Mapping[UUID, PersonKey | None]) -> dict[str, Any]:
    shown = {}
    for column in table.c:
        if column.name.endswith(("_index", "person_number")) or column.name == "number_index":
            continue
        value = row[column.name]
        if isinstance(column.type, LargeBinary):
            key = keys.get(row["person_id"])
            place = Place(table.name, column.name, row.get("id") or row["person_id"])
            value = None if value is None or key is None else key.open(value, place)
        shown[column.name] = _plain(value)
    return shown


def _plain(value: Any) -> Any:  # noqa: ANN401 (a column of any type, a JSON value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Range):
        return [_plain(value.lower), _plain(value.upper)]
    return str(value)
