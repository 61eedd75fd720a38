"""Where the money of lines stands, and the proof that it is the sum of the ledger."""

from decimal import Decimal

from sqlalchemy import func, select

from kit.money import Money
from programmes.storage import tables
from programmes.storage.tables_money import budget_entry

TOTALS = ("amount", "reserved", "committed", "spent", "released")


def eur(amount):
    return Money(Decimal(amount), "EUR")


async def totals(unit, code="PER-DIEM"):
    c = tables.budget_line.c
    async with unit.read() as read:
        row = await read.first(select(*(c[name] for name in TOTALS)).where(c.code == code))
    return tuple(row)


async def proven(unit):
    """Say whether every line equals the sum of its entries and each entry the sum until it."""
    e, c = budget_entry.c, tables.budget_line.c
    sums = [func.sum(e[f"more_{name}"]).label(name) for name in TOTALS]
    added = select(e.line_id, *sums).group_by(e.line_id).subquery()
    of_line = select(*(c[name] == added.c[name] for name in TOTALS)).join(
        added, added.c.line_id == c.id
    )
    until = [
        func.sum(e[f"more_{name}"]).over(partition_by=e.line_id, order_by=e.line_version)
        == e[f"line_{name}"]
        for name in TOTALS
    ]
    async with unit.read() as read:
        rows = [*await read.rows(of_line), *await read.rows(select(*until))]
        lines = await read.first(select(func.count()).select_from(tables.budget_line))
    return len(rows) >= lines[0] and all(all(row) for row in rows)
