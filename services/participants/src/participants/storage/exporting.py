"""Everything held about a person, table by table, with what is sealed opened.

Which tables that are follows from their foreign keys: what refers to a person, and what refers to
such a row, is in the export. A new table is covered by being declared.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    LargeBinary,
    RowMapping,
    Select,
    Table,
    Uuid,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import Range

from kit.db import tables as kit
from kit.db.unit import Tx
from participants.storage import tables as own
from participants.storage import tables_people as people
from participants.storage.safe import PersonKey, Place
from participants.storage.schema import metadata

WITHHELD: Final = {
    people.person_key: "the key itself opens nothing for its person, and everything for a thief",
    people.dedupe_key: "keyed hashes of the name, which the identity shows in clear",
}


def _refer_to_person() -> dict[Table, Sequence[Column[Any]]]:
    """Tables with a row per person, by their foreign keys; the access log keeps none."""
    found: dict[Table, Sequence[Column[Any]]] = {own.person: [own.person.c.id]}
    for table in metadata.sorted_tables:
        columns = [each.parent for each in table.foreign_keys if each.column is own.person.c.id]
        if columns and table not in WITHHELD:
            found[table] = columns
    return found | {people.access_log: [people.access_log.c.person_id]}


def _refer_to_those() -> dict[Table, Sequence[Column[Any]]]:
    """Tables whose rows are part of a row about a person, such as items of a claim."""
    about = set(ABOUT) - {own.person}
    found = {}
    for table in set(metadata.sorted_tables) - set(ABOUT) - set(WITHHELD):
        columns = [each.parent for each in table.foreign_keys if each.column.table in about]
        if columns:
            found[table] = columns
    return dict(sorted(found.items(), key=lambda item: item[0].name))


ABOUT: Final = _refer_to_person()
PARTS: Final = _refer_to_those()


async def everything(
    tx: Tx, keys: Mapping[UUID, PersonKey | None]
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows about a person's records by table; hashes for searching are left out."""
    ids = list(keys)
    wanted = [(table, _about(table, ids)) for table in ABOUT]
    wanted += parts(ids)
    found: dict[str, list[dict[str, Any]]] = {}
    for table, condition in wanted:
        rows = (await tx.sql.execute(select(*table.c).where(condition))).mappings()
        found[table.name] = [_opened(table, row, keys) for row in rows]
    return found | await _named(tx, ids)


def parts(ids: Sequence[UUID]) -> list[tuple[Table, ColumnElement[bool]]]:
    """Return the stores whose rows are part of what is about a person, and which rows those are.

    Facts are among them: those about the person, and about their trips, claims and so on.
    """
    found = [(table, _part(columns, ids)) for table, columns in PARTS.items()]
    return [*found, (kit.change, kit.change.c.entity_id.in_(_records(ids)))]


def _about(table: Table, ids: Sequence[UUID]) -> ColumnElement[bool]:
    return or_(*(column.in_(ids) for column in ABOUT[table]))


def _part(columns: Sequence[Column[Any]], ids: Sequence[UUID]) -> ColumnElement[bool]:
    return or_(*(column.in_(_parents(column, ids)) for column in columns))


def _parents(column: Column[Any], ids: Sequence[UUID]) -> Select[Any]:
    (key,) = column.foreign_keys
    table = key.column.table
    if not isinstance(table, Table):
        raise TypeError("a foreign key leads to a table")
    return select(key.column).where(_about(table, ids))


def _records(ids: Sequence[UUID]) -> Any:  # noqa: ANN401 (a query of ids)
    """Ids of everything that facts may be about: the persons, their trips, claims and so on."""
    tables = [table for table in ABOUT if "id" in table.c and isinstance(table.c.id.type, Uuid)]
    return union(*(select(table.c.id).where(_about(table, ids)) for table in tables))


async def _named(tx: Tx, ids: Sequence[UUID]) -> dict[str, list[dict[str, Any]]]:
    """Answers kept for repetitions and facts that wait for somebody, where they name a person."""
    answers, parked = kit.idempotency.c, kit.parked_fact.c
    body = func.convert_from(answers.body, "UTF8")
    said = func.concat(answers.headers, body)
    kept = select(
        answers.client, answers.key, answers.status, answers.at, body.label("body")
    ).where(_holds(said, ids))
    waiting = select(parked.source, parked.type, parked.at, parked.envelope).where(
        _holds(parked.envelope, ids)
    )
    return {"idempotency": await _rows(tx, kept), "parked_fact": await _rows(tx, waiting)}


def _holds(text: Any, ids: Sequence[UUID]) -> ColumnElement[bool]:  # noqa: ANN401 (an expression)
    return or_(*(func.strpos(text, str(each)) > 0 for each in ids))


async def _rows(tx: Tx, statement: Executable) -> list[dict[str, Any]]:
    rows = (await tx.sql.execute(statement)).mappings()
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _opened(table: Table, row: RowMapping, keys: Mapping[UUID, PersonKey | None]) -> dict[str, Any]:
    shown = {}
    for column in table.c:
        if column.name.endswith(("_index", "person_number")):
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
    if isinstance(value, dict):
        return json.loads(json.dumps(value, default=str))
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Range):
        return [_plain(value.lower), _plain(value.upper)]
    return str(value)
