"""What the records of training add up to, figure by figure."""

from decimal import Decimal

from sqlalchemy import func, select

from kit.db.unit import Unit
from programmes.domain.indicator import Measure
from programmes.domain.source import CountBasis, CountQualifier
from programmes.storage.tables_results import training_count


async def measures(unit: Unit, code: str) -> dict[str, Measure]:
    """Return what is counted for a programme, by the name of the figure; nothing synthetic is."""
    c = training_count.c
    chosen = (
        select(c.figure, func.sum(c.value).label("value"), func.max(c.basis).label("basis"))
        .where(c.programme_code == code, ~c.synthetic)
        .group_by(c.figure)
    )
    async with unit.read() as read:
        rows = await read.rows(chosen)
    return {
        row.figure: Measure(Decimal(row.value), CountQualifier.EXACT, CountBasis(row.basis))
        for row in rows
    }
