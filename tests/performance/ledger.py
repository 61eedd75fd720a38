"""What a long ledger costs: reports, late pages, and many commitments at once on one line.

It has a throw-away database of its own, and speaks to the commands and queries of the programmes
service, so that what it measures is the ledger and nothing around it.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from figures import Figure
from sqlalchemy import Pool, event, func, select, text

from kit.auth import Caller
from kit.clock import SystemClock
from kit.db.engine import Database, Driver
from kit.db.paging import MOST, Asked
from kit.db.unit import Unit
from kit.money import Money
from kit.testing.cluster import Schema, running_cluster
from programmes.api.requests import NewProgramme
from programmes.api.requests_money import NewBudgetLine
from programmes.commands import budget_lines, programmes
from programmes.domain.budget_line import CommitmentState, FundsRequest
from programmes.main import SERVICE
from programmes.queries import financial, money
from programmes.storage.tables import budget_line
from programmes.storage.tables_money import budget_entry

_FEW, _MANY = 100, 100_000
_BATCH = 10_000
_ROUNDS = 60
_ASKING = 200
_AT_ONCE = 32  # what the gateway lets into a service at a time
_BY = Caller(
    "bench",
    "bench",
    "PL-MOI",
    "PL",
    frozenset({"programmes:read", "programmes:write", "records:all"}),
)
_ENTRIES = text("""
WITH numbers AS (SELECT generate_series(:before + 1, :before + :rows) AS n),
line AS (
    UPDATE budget_line SET version = version + :rows, reserved = reserved + :rows * 0.01
    WHERE code = :code RETURNING id, amount
)
INSERT INTO budget_entry (
    id, line_id, line_version, kind, amount, subject_service, subject_id, by, at, more_amount,
    more_reserved, more_committed, more_spent, more_released, line_amount, line_reserved,
    line_committed, line_spent, line_released
)
SELECT uuidv7(), line.id, 1 + n, 'reserved', 0.01, 'bench', uuidv7(), 'bench', now(), 0, 0.01, 0,
    0, 0, line.amount, n * 0.01, 0, 0, 0
FROM numbers, line
""")


def ledger_figures() -> Iterator[Figure]:
    """Measure on a cluster of our own."""
    with running_cluster(f"bench-{os.getpid()}") as cluster:
        schema = Schema("programmes", "programmes", SERVICE.constraints)

        async def measured() -> list[Figure]:
            await cluster.prepare(schema)
            database = await Database.at(await cluster.clone(schema, "bench"), schema.constraints)
            try:
                return await _figures(Unit(database, SystemClock(), actor="bench", cause="bench"))
            finally:
                await database.close()

        yield from asyncio.run(measured())


async def _figures(unit: Unit) -> list[Figure]:
    for code, rows in (("FEW", _FEW), ("MANY", _MANY)):
        await _line(unit, code, "10000.00")
        for before in range(0, rows, _BATCH):
            written = {"code": code, "before": before, "rows": min(_BATCH, rows)}
            async with unit.begin() as tx:
                await tx.sql.execute(_ENTRIES, written)
    return [*await _reports(unit), *await _pages(unit), *await _crowd(unit)]


async def _line(unit: Unit, code: str, amount: str) -> None:
    """Open one line in a programme of its own; both have the same code."""
    new = NewProgramme(code=code, title=code, kind="project", status="active")
    await programmes.register_programme(unit, new.profile(), by=_BY)
    body = {"code": code, "title": code, "category": "travel"}
    line = NewBudgetLine(**body, amount={"amount": amount, "currency": "EUR"})
    await budget_lines.open_budget_line(unit, code, line.line, by=_BY)


async def _reports(unit: Unit) -> list[Figure]:
    today = unit.clock.now().date()

    def asking(code: str, on: date | None) -> Callable[[], Awaitable[object]]:
        return lambda: financial.financial_report(unit, code, on, by=_BY)

    now = await _ratio(asking("MANY", None), asking("FEW", None))
    then = await _ratio(asking("MANY", today), asking("FEW", today))
    title = "financial report, 100,000 entries : 100"
    return [
        Figure(title, now, "x", most=1.5),
        Figure(f"{title}, as of a day", then, "x", most=1.5),
    ]


async def _pages(unit: Unit) -> list[Figure]:
    async def page(cursor: str | None, limit: int) -> str:
        asked = Asked(_BY.client, cursor, limit)
        return await money.entries(unit, asked, "MANY", "MANY", by=_BY)

    cursor = None
    for _ in range((_MANY - MOST) // MOST):
        cursor = (await page(cursor, MOST)).rpartition('"next":')[2].strip('"}')
    late = await _ratio(lambda: page(cursor, 50), lambda: page(None, 50))
    return [Figure("page of the ledger, row 100,000 : row 1", late, "x", most=1.5)]


async def _ratio(
    top: Callable[[], Awaitable[object]], bottom: Callable[[], Awaitable[object]]
) -> float:
    """Time both in turn; what is noisy hits both."""
    found: list[float] = []
    for _ in range(_ROUNDS):
        spent = []
        for ask in (top, bottom):
            started = time.perf_counter()
            await ask()
            spent.append(time.perf_counter() - started)
        found.append(spent[0] / spent[1])
    return statistics.median(found)


async def _crowd(unit: Unit) -> list[Figure]:
    """Have 200 ask for money that is enough for half of them: one by one, then all at once."""
    statements = _Counted()
    for code in ("QUEUE", "CROWD"):
        await _line(unit, code, f"{_ASKING // 2}.00")
    started = statements.start()
    for _ in range(_ASKING):
        await _ask(unit, "QUEUE")
    alone = statements.since(started)
    started = statements.start()
    free = asyncio.Semaphore(_AT_ONCE)
    made = await asyncio.gather(*[_asked(unit, "CROWD", free) for _ in range(_ASKING)])
    crowd = statements.since(started)
    statements.stop()
    wrong = abs(sum(made) - _ASKING // 2) + await _inexact(unit)
    what = "200 commitments on one line"
    return [
        Figure(f"{what}, all at once: wrong by", wrong, "", most=0),
        Figure(f"{what}, statements at once : one by one", crowd[0] / alone[0], "x", most=1.05),
        Figure(f"{what}, time at once : one by one", crowd[1] / alone[1], "x", most=1.5),
    ]


async def _asked(unit: Unit, code: str, free: asyncio.Semaphore) -> bool:
    async with free:
        return await _ask(unit, code)


async def _ask(unit: Unit, code: str) -> bool:
    request = FundsRequest(uuid4(), 1, code, code, Money(Decimal("1.00"), "EUR"))
    return (await budget_lines.commit_funds(unit, request)).state is CommitmentState.COMMITTED


async def _inexact(unit: Unit) -> int:
    """Return how many lines are not the sum of their entries."""
    c, e = budget_line.c, budget_entry.c
    sums = select(func.sum(e.more_committed)).where(e.line_id == c.id).scalar_subquery()
    wrong = select(func.count()).where((c.committed != sums) | (c.committed > c.amount))
    async with unit.read() as read:
        rows = await read.rows(wrong)
    return int(rows[0][0])


class _Counted:
    """Counts the statements of every connection lent, so that a repeated attempt shows."""

    def __init__(self) -> None:
        self._count = 0
        self._known: set[Driver] = set()
        event.listen(Pool, "checkout", self._lent)

    def start(self) -> tuple[int, float]:
        """Return the statements and the time so far."""
        return self._count, time.perf_counter()

    def since(self, start: tuple[int, float]) -> tuple[int, float]:
        """Return the statements and the seconds since then."""
        return self._count - start[0], time.perf_counter() - start[1]

    def stop(self) -> None:
        """Count no more."""
        event.remove(Pool, "checkout", self._lent)
        for driver in self._known:
            driver.remove_query_logger(self._one)

    def _lent(self, adapted: Any, *_: object) -> None:
        driver = adapted.driver_connection
        if driver not in self._known:
            self._known.add(driver)
            driver.add_query_logger(self._one)

    def _one(self, _record: object) -> None:
        self._count += 1
