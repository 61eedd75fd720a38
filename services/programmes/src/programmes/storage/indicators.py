"""Rows of indicators and their values."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from kit.db.unit import Tx
from programmes.domain.indicator import Indicator, IndicatorValue, Measure, Period, ValueState
from programmes.domain.programme import Programme
from programmes.domain.source import CountBasis, CountQualifier
from programmes.storage import parts, values
from programmes.storage.rows import in_json, row_of, stored
from programmes.storage.tables_results import indicator, indicator_value

_v = indicator_value.c


async def lock(
    tx: Tx, programme: Programme, code: str, *, expected: int | None = None
) -> Indicator:
    """Return an indicator with its values for change; raises NoSuchPart or StaleVersion."""
    row = await parts.found(tx, indicator, programme.id, expected=expected, code=code)
    reported = select(indicator_value).where(_v.indicator_id == row.id).order_by(_v.id)
    found = (await tx.sql.execute(reported)).all()
    return indicator_from(row, found, programme.code, programme.audience)


def indicator_from(
    row: Row[Any], reported: Sequence[Row[Any]], programme: str, audience: frozenset[str]
) -> Indicator:
    """Return an indicator with its values as a domain value."""
    return Indicator(
        id=row.id,
        version=row.version,
        audience=audience,
        programme=programme,
        code=row.code,
        title=row.title,
        unit=row.unit,
        basis=CountBasis(row.basis),
        baseline=row.baseline,
        target=row.target,
        aggregate_only=row.aggregate_only,
        smallest_cell=row.smallest_cell,
        periods=tuple(_period(each) for each in row.periods),
        values=tuple(_value(each) for each in reported),
        computed_from=row.computed_from,
        source=values.source(row.source),
    )


def _period(it: dict[str, Any]) -> Period:
    target = None if it["target"] is None else Decimal(it["target"])
    return Period(
        it["code"], values.fuzzy(it["begins"]), values.fuzzy(it["ends"]), target, it["locked"]
    )


def _value(row: Row[Any]) -> IndicatorValue:
    measure = Measure(row.value, CountQualifier(row.qualifier), CountBasis(row.basis))
    shares = tuple((name, Decimal(number)) for name, number in row.parts)
    return IndicatorValue(
        id=row.id,
        period=row.period,
        measure=measure,
        state=ValueState(row.state),
        parts=shares,
        note=row.note,
        reason=row.reason,
        source=values.source(row.source),
    )


async def add_value(tx: Tx, it: Indicator, new: IndicatorValue) -> None:
    """Store a reported value."""
    row = row_of(new, indicator_value) | row_of(new.measure, indicator_value)
    row |= {"indicator_id": it.id, "parts": in_json(stored(new.parts))}
    await tx.sql.execute(insert(indicator_value).values(row))


async def save_state(tx: Tx, moved: IndicatorValue) -> None:
    """Store the state of a value; raises PeriodLocked if another one is approved."""
    statement = update(indicator_value).where(_v.id == moved.id)
    await tx.sql.execute(statement.values(state=moved.state, reason=moved.reason))


async def unapproved(tx: Tx, programme_id: UUID) -> tuple[str, ...]:
    """Return the codes of the indicators with a period that has no approved value."""
    i = indicator.c
    chosen = select(i.code, i.periods).where(i.programme_id == programme_id).order_by(i.code)
    rows = (await tx.sql.execute(chosen)).all()
    return tuple(row.code for row in rows if not all(each["locked"] for each in row.periods))
