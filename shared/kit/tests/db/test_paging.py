"""Lists by pages while rows come and go."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from toyshop.shop import toy

from kit.db.paging import Asked, page
from kit.db.unit import Unit
from kit.errors import InvalidInput
from kit.seal import CursorInvalid
from kit.testing.fixtures import CountQueries
from kit.testing.sessions import Savepoints

LIST = select(toy.c.id, toy.c.name, toy.c.stock)
BY = [toy.c.stock, toy.c.id]


async def put(unit: Unit, *rows: tuple[str, int]) -> list[UUID]:
    async with unit.begin() as tx:
        return [
            await tx.sql.scalar(
                insert(toy)
                .values(name=name, stock=stock, version=1, audience=[])
                .returning(toy.c.id)
            )
            for name, stock in rows
        ]


async def take(unit: Unit, toy_id: UUID) -> None:
    async with unit.begin() as tx:
        await tx.sql.execute(delete(toy).where(toy.c.id == toy_id))


async def one_page(unit: Unit, asked: Asked, *, descending: bool = False):
    async with unit.read() as read:
        return await page(read, LIST, by=BY, asked=asked, descending=descending)


@given(
    stocks=st.lists(st.integers(0, 4), min_size=1, max_size=12),
    limit=st.integers(1, 5),
    descending=st.booleans(),
    storm=st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=12),
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_pages_when_rows_come_and_go_then_every_lasting_row_is_seen_once(
    unit: Unit, *, stocks: list[int], limit: int, descending: bool, storm: list[tuple[bool, int]]
) -> None:
    async with unit.begin() as tx:
        await tx.sql.execute(delete(toy))
    lasting = await put(unit, *((f"toy {n}", stock) for n, stock in enumerate(stocks)))
    passing: list[UUID] = []
    seen: list[UUID] = []
    asked: Asked | None = Asked("c", limit=limit)
    while asked is not None:
        found = await one_page(unit, asked, descending=descending)
        seen += [row.id for row in found.items]
        asked = replace(asked, cursor=found.next) if found.next else None
        for number, (adds, stock) in enumerate(storm[:3]):
            if adds:
                passing += await put(unit, (f"new {len(seen)} {number} {len(passing)}", stock))
            elif passing:
                await take(unit, passing.pop())
        storm = storm[3:]
    assert sorted(toy_id for toy_id in seen if toy_id in lasting) == sorted(lasting)
    assert len(seen) == len(set(seen))


async def test_cursor_when_used_for_another_question_then_refused(unit: Unit) -> None:
    await put(unit, ("a", 1), ("b", 1), ("c", 2))
    first = await one_page(unit, Asked("c", limit=1, filters={"kind": "ball"}))
    assert first.next is not None
    same = Asked("c", first.next, 1, {"kind": "ball"})
    assert (await one_page(unit, same)).items[0].name == "b"
    for wrong in (
        replace(same, client="other"),
        replace(same, filters={"kind": "doll"}),
        replace(same, filters={}),
        replace(same, cursor=first.next[:-2]),
    ):
        with pytest.raises(CursorInvalid):
            await one_page(unit, wrong)
    with pytest.raises(CursorInvalid):
        await one_page(unit, same, descending=True)


async def test_limit_when_below_one_then_refused_and_above_200_then_200(unit: Unit) -> None:
    await put(unit, *((f"toy {n}", n) for n in range(203)))
    for limit in (0, -5):
        with pytest.raises(InvalidInput):
            await one_page(unit, Asked("c", limit=limit))
    assert len((await one_page(unit, Asked("c", limit=5000))).items) == 200
    assert len((await one_page(unit, Asked("c"))).items) == 50


async def test_page_when_read_then_it_is_one_statement(
    unit: Unit, count_queries: CountQueries
) -> None:
    await put(unit, ("a", 1), ("b", 1))
    await one_page(unit, Asked("c"))
    async with count_queries(1):
        assert (await one_page(unit, Asked("c"))).next is None


async def test_page_when_there_is_an_index_then_no_sort_is_needed(
    unit: Unit, sessions: Savepoints, count_queries: CountQueries
) -> None:
    ids = await put(unit, ("a", 1), ("b", 1), ("c", 1))
    async with unit.read() as read:
        first = await page(read, LIST, by=[toy.c.id], asked=Asked("c", limit=1))
        async with count_queries(1) as statements:
            await page(read, LIST, by=[toy.c.id], asked=Asked("c", first.next, 1))
        query = statements[-1]
    async with sessions.driving() as driver:
        await driver.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        plan = " ".join(row[0] for row in await driver.fetch("EXPLAIN " + query, ids[0], 2))
    assert "Index Cond: (id >" in plan
    assert "Sort" not in plan
