"""Many rows and many facts at once: copied, in order, and with the transaction or not at all."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select
from toyshop.shop import NameTaken, Toy, ToyMade, make_toy, toy

from kit.db.tables import change
from kit.db.unit import Unit

MANY = 120


def toys(number: int) -> list[Toy]:
    return [Toy(uuid4(), f"toy {n}", 1, 1, frozenset({"everyone"})) for n in range(number)]


def record(each: Toy) -> dict[str, object]:
    return {
        "id": each.id,
        "name": each.name,
        "stock": each.stock,
        "version": each.version,
        "audience": sorted(each.audience),
    }


async def store(unit: Unit, made: list[Toy]) -> None:
    async with unit.begin() as tx:
        await tx.copy(toy, [record(each) for each in made])
        for each in made:
            tx.tell(ToyMade(toy_id=each.id, name=each.name), about=each)


async def test_many_facts_when_told_then_are_logged_in_their_order(fresh_unit: Unit) -> None:
    made = toys(MANY)
    await store(fresh_unit, made)
    async with fresh_unit.read() as read:
        logged = await read.rows(select(change.c.entity_id).order_by(change.c.id))
        rows = await read.first(select(func.count()).select_from(toy))
    assert [row.entity_id for row in logged] == [each.id for each in made]
    assert rows == (MANY,)


async def test_copied_rows_when_one_is_refused_then_nothing_is_written(fresh_unit: Unit) -> None:
    await make_toy(fresh_unit, "toy 7")
    with pytest.raises(NameTaken):
        await store(fresh_unit, toys(MANY))
    async with fresh_unit.read() as read:
        assert await read.first(select(func.count()).select_from(toy)) == (1,)
        assert await read.first(select(func.count()).select_from(change)) == (1,)
