"""Persons as rows."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from participants.domain.errors import NoSuchPerson
from participants.domain.person import Person, PersonOrigin, PersonRole
from participants.storage.tables import person as t

_NUMBER: Final = Hot(select(t.c.number).where(t.c.id == bindparam("id")).with_for_update())
_ADD: Final = Hot(
    insert(t)
    .values({each.name: bindparam(each.name) for each in t.c if each is not t.c.number})
    .returning(t.c.number)
)


async def lock(tx: Tx, person_id: UUID, *, by: Caller) -> tuple[Person, int]:
    """Lock and return a person that the caller may see, with their number, or NoSuchPerson.

    Trips of one person are opened one after another under this lock.
    """
    statement = select(*t.c).where(t.c.id == person_id, visible(t.c.audience, by))
    row = (await tx.sql.execute(statement.with_for_update())).mappings().first()
    if row is None:
        raise NoSuchPerson("there is no such person")
    return from_row(row), row["number"]


async def lock_number(tx: Tx, person_id: UUID) -> int:
    """Lock a person that is known and return their number: their claims come one by one."""
    (row,) = await tx.hot_rows(_NUMBER, id=person_id)
    return int(row["number"])


async def lock_known(tx: Tx, ids: Iterable[UUID]) -> list[Person]:
    """Lock and return records that are known, one after another in the order given."""
    lock = select(*t.c).where(t.c.id == bindparam("of_id")).with_for_update()
    rows = [(await tx.sql.execute(lock, {"of_id": each})).mappings().one() for each in ids]
    return [from_row(row) for row in rows]


async def lock_or_add(tx: Tx, person: Person) -> tuple[int, bool]:
    """Lock the person with this id, adding them if unknown; return their number, and if added."""
    known = await tx.hot(_NUMBER, id=person.id)
    if known is not None:
        return known["number"], False
    (added,) = await tx.hot_rows(_ADD, **values(person))
    return added["number"], True


async def add(tx: Tx, person: Person) -> None:
    """Store a new person."""
    await tx.hot(_ADD, **values(person))


async def save(tx: Tx, changed: Person) -> None:
    """Store the next version of a person, or raise StaleVersion."""
    former = (t.c.id == changed.id) & (t.c.version == changed.version - 1)
    sender = ("version", "audience", "organisation", "country", "unit_code")
    new = {name: value for name, value in values(changed).items() if name in sender}
    statement = update(t).where(former).values(new)
    if (await tx.sql.execute(statement)).rowcount != 1:
        raise StaleVersion("the person has changed meanwhile")


async def add_missing(tx: Tx, persons: Iterable[Person]) -> set[UUID]:
    """Store those not yet known, in one statement; return their ids."""
    statement = insert(t).values([values(person) for person in persons])
    added = statement.on_conflict_do_nothing(index_elements=[t.c.id]).returning(t.c.id)
    return set((await tx.sql.execute(added)).scalars())


def values(person: Person) -> dict[str, Any]:
    """Return the columns of a person."""
    return {
        "id": person.id,
        "version": person.version,
        "audience": sorted(person.audience),
        "public_ref": person.public_ref,
        "role": person.role.value,
        "organisation": person.organisation,
        "country": person.country,
        "unit_code": person.unit_code,
        "origin": person.origin.value,
        "synthetic": person.synthetic,
    }


def from_row(row: ByName) -> Person:
    """Return the person of a row with every column."""
    return Person(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        public_ref=row["public_ref"],
        role=PersonRole(row["role"]),
        organisation=row["organisation"],
        country=row["country"],
        unit_code=row["unit_code"],
        origin=PersonOrigin(row["origin"]),
        synthetic=row["synthetic"],
    )
