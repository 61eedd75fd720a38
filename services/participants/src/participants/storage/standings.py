"""What became of a record, beside its row: it is open, was merged into another one, or erased."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, case, func, literal_column, select

from participants.storage.tables import person
from participants.storage.tables_people import person_standing

Sees = Callable[[Column[Any]], ColumnElement[bool]]
"""The condition that a caller may see a record with this audience."""
_of = person_standing.c
_OPEN: ColumnElement[str] = literal_column("'open'")
_MERGED: ColumnElement[str] = literal_column("'merged'")
_ERASED: ColumnElement[str] = literal_column("'erased'")


def standing() -> ColumnElement[str]:
    """Return the standing of the person in the row; a record merged and erased is erased."""
    said = case((_of.erased_at.is_not(None), _ERASED), (_of.merged_into.is_not(None), _MERGED))
    found = select(said).where(_of.person_id == person.c.id)
    return func.coalesce(found.scalar_subquery(), _OPEN)


def merged_into(sees: Sees) -> ColumnElement[UUID | None]:
    """Return into which record the person in the row was merged, null unless the caller sees it."""
    stays = person.alias("stays")
    found = (
        select(_of.merged_into)
        .join(stays, stays.c.id == _of.merged_into)
        .where(_of.person_id == person.c.id, sees(stays.c.audience))
        .correlate(person)
    )
    return found.scalar_subquery()
