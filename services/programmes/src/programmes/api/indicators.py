"""Routes of indicators: values reported and reviewed, computed ones beside them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from kit.errors import StaleVersion
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, answer
from kit.route import StrictRoute
from programmes.api import requests_results as bodies
from programmes.api import wire_results as wire
from programmes.api.wire_cooperation import Transitions
from programmes.commands import indicators as commands
from programmes.commands import parts
from programmes.context import ProgrammeCode, Reader, UnitDep, Writer
from programmes.domain import errors
from programmes.domain.component import NoSuchPart, PartTaken
from programmes.domain.counted import FigureUnknown
from programmes.domain.indicator import (
    VALUE_MOVES,
    NoSuchPeriod,
    NoSuchValue,
    PeriodInvalid,
    PeriodLocked,
    PeriodNotBegun,
    ValueInvalid,
    ValueNotApproved,
    VictimDataForbidden,
)
from programmes.domain.moves import IllegalMove
from programmes.queries import counted
from programmes.queries import results as queries

router = APIRouter(
    prefix="/v1/programmes/{code}/indicators", route_class=StrictRoute, tags=["indicators"]
)
IndicatorCode = Annotated[
    str, Path(max_length=60, description="Code of an indicator.", examples=["trainings"])
]


@router.get(
    "",
    operation_id="list_indicators",
    response_model=wire.Indicators,
    responses=problems(errors.NoSuchProgramme),
)
async def list_indicators(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """List the indicators: approved values beside what records add up to."""
    found = await queries.indicators(unit, code, by=caller)
    known = await counted.in_periods(unit, code, found)
    items = [wire.Indicator.found(each, known[each.code]) for each in found]
    return answer(wire.Indicators(items=items, next=None))


@router.post(
    "",
    status_code=201,
    operation_id="add_indicator",
    response_model=wire.Indicator,
    responses=problems(
        errors.NoSuchProgramme, PartTaken, errors.DatesInvalid, FigureUnknown, PeriodInvalid
    ),
)
async def add_indicator(
    code: ProgrammeCode, new: bodies.NewIndicator, caller: Writer, once: Once
) -> Response:
    """Record what is measured, and for which periods."""
    return await once(
        lambda unit: parts.add_part(unit, code, new.indicator, by=caller), wire.Indicator.of
    )


@router.get(
    "/{indicator}",
    operation_id="indicator",
    response_model=wire.Indicator,
    responses=problems(errors.NoSuchProgramme, NoSuchPart),
)
async def indicator(
    code: ProgrammeCode, indicator: IndicatorCode, caller: Reader, unit: UnitDep
) -> Response:
    """Read an indicator: reported values, and what records add up to beside the approved one."""
    found = await queries.indicator_of(unit, code, indicator, by=caller)
    known = await counted.in_periods(unit, code, [found])
    return answer(wire.Indicator.found(found, known[found.code]), version=found.version)


@router.post(
    "/{indicator}/values",
    status_code=201,
    operation_id="report_indicator_value",
    response_model=wire.Indicator,
    responses=problems(
        errors.NoSuchProgramme,
        NoSuchPart,
        NoSuchPeriod,
        PeriodLocked,
        PeriodNotBegun,
        ValueInvalid,
        VictimDataForbidden,
    ),
)
async def report_value(
    code: ProgrammeCode,
    indicator: IndicatorCode,
    new: bodies.NewValue,
    caller: Writer,
    once: Once,
) -> Response:
    """Report a value for a period, as a draft; a closed period takes none."""
    return await once(
        lambda unit: commands.report_value(unit, code, indicator, new.reported, by=caller),
        wire.Indicator.of,
    )


@router.get(
    "/{indicator}/values/{value_id}/transitions",
    operation_id="indicator_value_transitions",
    response_model=Transitions,
    responses=problems(errors.NoSuchProgramme, NoSuchPart, NoSuchValue),
)
async def value_transitions(
    code: ProgrammeCode,
    indicator: IndicatorCode,
    value_id: UUID,
    caller: Reader,
    unit: UnitDep,
) -> Response:
    """Say which states the value may move to, and why not to the others."""
    found = await queries.indicator_of(unit, code, indicator, by=caller)
    present = found.value(value_id).state
    return answer(Transitions.of(present, VALUE_MOVES.ways(present)))


@router.post(
    "/{indicator}/values/{value_id}/transitions",
    operation_id="move_indicator_value",
    response_model=wire.Indicator,
    responses=problems(
        errors.NoSuchProgramme,
        NoSuchPart,
        NoSuchValue,
        NoSuchPeriod,
        PeriodLocked,
        IllegalMove,
        StaleVersion,
        PreconditionRequired,
    ),
)
async def move_value(
    code: ProgrammeCode,
    indicator: IndicatorCode,
    value_id: UUID,
    move: bodies.ValueMove,
    *,
    caller: Writer,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Move a value on in its review, quoting the indicator's ETag; approval closes the period."""
    moved = await commands.move_value(
        unit, code, indicator, value_id, move.to, expected=expected, by=caller
    )
    return answer(wire.Indicator.of(moved), version=moved.version)


@router.post(
    "/{indicator}/values/{value_id}/reopening",
    operation_id="reopen_indicator_value",
    response_model=wire.Indicator,
    responses=problems(
        errors.NoSuchProgramme,
        NoSuchPart,
        NoSuchValue,
        ValueNotApproved,
        StaleVersion,
        PreconditionRequired,
    ),
)
async def reopen_value(
    code: ProgrammeCode,
    indicator: IndicatorCode,
    value_id: UUID,
    body: bodies.ValueReopening,
    *,
    caller: Writer,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Take an approved value back because it was wrong, quoting the indicator's ETag.

    It stays on record as returned, with the reason; its period takes another value.
    """
    reopened = await commands.reopen_value(
        unit, code, indicator, value_id, body.reason, expected=expected, by=caller
    )
    return answer(wire.Indicator.of(reopened), version=reopened.version)
