"""Indicators: reporting values, and their review up to approval."""

from collections.abc import Callable
from uuid import UUID

from contracts.programmes.facts import IndicatorValueChanged
from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from programmes.domain.indicator import Indicator, IndicatorValue, ValueState
from programmes.storage import indicators, parts, programmes


def _tell(tx: Tx, it: Indicator, value: IndicatorValue) -> None:
    fact = IndicatorValueChanged(
        programme_code=it.programme,
        indicator_code=it.code,
        value_id=value.id,
        period=value.period,
        state=value.state,
    )
    tx.tell(fact, about=it)


async def report_value(
    unit: Unit, code: str, name: str, make: Callable[[UUID], IndicatorValue], *, by: Caller
) -> Indicator:
    """Report a value for a period, as a draft.

    Refused if the period is unknown, closed or still to come, or if parts are given where none
    may be (INV-40).
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        former = await indicators.lock(tx, programme, name)
        value = make(uuid7(tx.now))
        former.period(value.period).must_have_begun(home_day(tx.now))
        changed = former.reported(value)
        await indicators.add_value(tx, changed, changed.values[-1])
        await parts.save(tx, changed)
        _tell(tx, changed, changed.values[-1])
        return tx.result(changed)


async def move_value(
    unit: Unit,
    code: str,
    name: str,
    value_id: UUID,
    to: ValueState,
    *,
    expected: int,
    by: Caller,
) -> Indicator:
    """Move a value on in its review, decided on the indicator's version.

    Approval closes the period. Refused if the state cannot follow or the period is closed.
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        former = await indicators.lock(tx, programme, name, expected=expected)
        changed = former.with_value_moved(value_id, to)
        await indicators.save_state(tx, changed.value(value_id))
        await parts.save(tx, changed)
        _tell(tx, changed, changed.value(value_id))
        return tx.result(changed)


async def reopen_value(
    unit: Unit,
    code: str,
    name: str,
    value_id: UUID,
    reason: str,
    *,
    expected: int,
    by: Caller,
) -> Indicator:
    """Take an approved value back because it was wrong; its period takes another one.

    It stays on record as returned, with the reason. Refused unless it is approved.
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        former = await indicators.lock(tx, programme, name, expected=expected)
        changed = former.with_value_reopened(value_id, reason)
        await indicators.save_state(tx, changed.value(value_id))
        await parts.save(tx, changed)
        _tell(tx, changed, changed.value(value_id))
        return tx.result(changed)
