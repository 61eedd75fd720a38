"""Tables, rules, storage and commands of the toy shop in one file: it is a toy."""

from dataclasses import dataclass, replace
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    MetaData,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    Uuid,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kit.db import tables
from kit.db.unit import Tx, Unit
from kit.errors import DomainError, Kind, StaleVersion
from kit.facts import Fact

metadata = MetaData()
tables.add_to(metadata)


class ToyColumns(TypedColumns):
    id: Named[UUID] = Column(Uuid, server_default=func.uuidv7(), primary_key=True)
    name: Named[str] = Column(Text)
    stock: Named[int]
    version: Named[int]
    audience: Named[list[str]] = Column(ARRAY(Text))


toy = Table(
    "toy",
    metadata,
    ToyColumns,
    CheckConstraint("stock >= 0", name="stock_not_negative"),
    UniqueConstraint("name", name="toy_name_unique"),
    Index("toy_audience", "audience", postgresql_using="gin"),
)


class ReturnedColumns(TypedColumns):
    id: Named[UUID] = Column(Uuid, server_default=func.uuidv7(), primary_key=True)
    toy_id: Named[UUID] = Column(Uuid)


returned = Table("returned", metadata, ReturnedColumns)


class SoldOut(DomainError):
    kind = Kind.CONFLICT
    code = "toyshop.sold_out"
    title = "The toy is sold out"
    advice = "Wait until it is made again."


class NameTaken(DomainError):
    kind = Kind.CONFLICT
    code = "toyshop.name_taken"
    title = "There is a toy of that name"
    advice = "Choose another name."


CONSTRAINTS: dict[str, type[DomainError]] = {
    "stock_not_negative": SoldOut,
    "toy_name_unique": NameTaken,
}


@dataclass(frozen=True, slots=True)
class Toy:
    id: UUID
    name: str
    stock: int
    version: int
    audience: frozenset[str]


class ToyMade(Fact):
    type: ClassVar[str] = "toyshop.toy_made.v1"
    entity: ClassVar[str] = "toy"

    toy_id: UUID
    name: str


class ToySold(Fact):
    type: ClassVar[str] = "toyshop.toy_sold.v1"
    entity: ClassVar[str] = "toy"

    toy_id: UUID
    left: int


class ToyHidden(Fact):
    type: ClassVar[str] = "toyshop.toy_hidden.v1"
    entity: ClassVar[str] = "toy"

    toy_id: UUID


async def lock(tx: Tx, toy_id: UUID) -> Toy:
    row = (await tx.sql.execute(select(toy).where(toy.c.id == toy_id).with_for_update())).one()
    return Toy(row.id, row.name, row.stock, row.version, frozenset(row.audience))


async def save(tx: Tx, changed: Toy) -> Toy:
    saved = await tx.sql.execute(
        update(toy)
        .where(toy.c.id == changed.id, toy.c.version == changed.version)
        .values(
            name=changed.name,
            stock=changed.stock,
            version=changed.version + 1,
            audience=sorted(changed.audience),
        )
    )
    if saved.rowcount != 1:
        raise StaleVersion("the toy has changed")
    return replace(changed, version=changed.version + 1)


async def make_toy(
    unit: Unit, name: str, *, stock: int = 10, audience: frozenset[str] = frozenset({"everyone"})
) -> Toy:
    async with unit.begin() as tx:
        new = insert(toy).values(name=name, stock=stock, version=1, audience=sorted(audience))
        row = (await tx.sql.execute(new.returning(toy.c.id))).one()
        made = Toy(row.id, name, stock, 1, audience)
        tx.tell(ToyMade(toy_id=made.id, name=name), about=made)
        return tx.result(made)


async def sell_toy(unit: Unit, toy_id: UUID, *, pieces: int = 1) -> Toy:
    async with unit.begin() as tx:
        found = await lock(tx, toy_id)
        sold = await save(tx, replace(found, stock=found.stock - pieces))
        tx.tell(ToySold(toy_id=sold.id, left=sold.stock), about=sold)
        return tx.result(sold)


async def hide_toy(unit: Unit, toy_id: UUID, *, audience: frozenset[str]) -> Toy:
    async with unit.begin() as tx:
        found = await lock(tx, toy_id)
        hidden = await save(tx, replace(found, audience=audience))
        tx.tell(ToyHidden(toy_id=hidden.id), about=hidden, lost=found.audience - audience)
        return tx.result(hidden)
