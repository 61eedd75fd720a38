"""Persons, under their pseudonyms, as ready JSON."""

from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, select

from kit.auth import Caller
from kit.db.paging import Asked, Page, page
from kit.db.unit import Hot, Unit
from kit.db.visible import visible, visible_to
from participants.domain.errors import NoSuchPerson
from participants.queries import shapes
from participants.storage.tables import person as t

Tagged = tuple[str, str]
"""JSON text and its ETag."""

_PERSON: Final = Hot(
    select(
        cast(shapes.person_seen(visible_to), Text).label("body"),
        shapes.etag(t.c.version).label("tag"),
    ).where(t.c.id == bindparam("id"), visible_to(t.c.audience))
)


async def person(unit: Unit, person_id: UUID, *, by: Caller) -> Tagged:
    """Return a person; raises NoSuchPerson if unknown or not visible."""
    async with unit.read() as read:
        row = await read.hot(_PERSON, id=person_id, marks=list(by.audience))
    if row is None:
        raise NoSuchPerson("there is no such person")
    return row["body"], row["tag"]


async def persons(
    unit: Unit, asked: Asked, *, organisation: str | None, by: Caller
) -> Page[tuple[str, UUID]]:
    """Return a page of the persons the caller may see, JSON and id, the first known first."""
    body = cast(shapes.person_seen(partial(visible, caller=by)), Text)
    statement = select(body, t.c.id).where(visible(t.c.audience, by))
    if organisation is not None:
        statement = statement.where(t.c.organisation == organisation)
    async with unit.read() as read:
        found = await page(read, statement, by=[t.c.id], asked=asked)
    return found.map(lambda row: (str(row[0]), row[1]))
