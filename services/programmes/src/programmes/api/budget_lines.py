"""Routes of budget lines: what they hold, what is committed, and raising them."""

from functools import partial

from fastapi import APIRouter, Response

from kit.db.paging import Asked
from kit.money import CurrenciesDiffer
from kit.once import Once
from kit.problems import problems
from kit.reply import Listing
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from programmes.api import wire
from programmes.api.exports import FILES, Format, Formatted, given, listed
from programmes.api.requests_money import NewBudgetLine, Raise
from programmes.commands import budget_lines as commands
from programmes.context import (
    Cursor,
    Limit,
    LineCode,
    ProgrammeCode,
    Reader,
    UnitDep,
    Writer,
)
from programmes.domain import errors
from programmes.domain.financing import AmountNegative, AmountTooLarge
from programmes.queries import lists, parts

router = APIRouter(
    prefix="/v1/programmes/{code}/budget-lines", route_class=StrictRoute, tags=["budget lines"]
)


@router.get(
    "",
    operation_id="list_budget_lines",
    response_model=Listing[wire.BudgetLine],
    responses=FILES | problems(errors.NoSuchProgramme),
)
async def list_budget_lines(
    code: ProgrammeCode, caller: Reader, unit: UnitDep, form: Formatted = Format.JSON
) -> Response:
    """List the lines with their amount, what is committed and what is available."""
    return listed(await parts.lines(unit, code, by=caller), form, f"lines-{code}")


@router.post(
    "",
    status_code=201,
    operation_id="open_budget_line",
    response_model=wire.BudgetLine,
    responses=problems(
        errors.NoSuchProgramme, errors.ProgrammeOver, errors.BudgetLineTaken, AmountNegative
    ),
)
async def open_budget_line(
    code: ProgrammeCode, new: NewBudgetLine, caller: Writer, once: Once
) -> Response:
    """Open a line for commitments; the first of category `per_diem` pays the per diems."""
    return await once(
        lambda unit: commands.open_budget_line(unit, code, new.line, by=caller),
        wire.BudgetLine.of,
    )


@router.post(
    "/{line}/raises",
    status_code=201,
    operation_id="raise_budget_line",
    response_model=wire.BudgetLine,
    responses=problems(
        errors.NoSuchBudgetLine,
        errors.BudgetLineClosed,
        CurrenciesDiffer,
        AmountNegative,
        AmountTooLarge,
    ),
)
async def raise_budget_line(
    code: ProgrammeCode, line: LineCode, more: Raise, caller: Writer, once: Once
) -> Response:
    """Give a line more money; trips that wait for funds on it ask again."""
    return await once(
        lambda unit: commands.raise_budget_line(unit, code, line, more.amount.money(), by=caller),
        wire.BudgetLine.of,
    )


@router.get(
    "/{line}/commitments",
    operation_id="list_commitments",
    response_model=Listing[wire.Commitment],
    responses=FILES | problems(errors.NoSuchBudgetLine, CursorInvalid),
)
async def list_commitments(
    code: ProgrammeCode,
    line: LineCode,
    caller: Reader,
    unit: UnitDep,
    *,
    form: Formatted = Format.JSON,
    after: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List what became of each request for money on the line, refused ones too, oldest first."""
    asked = Asked(caller.client, after, limit, {"programme": code, "line": line})
    fetch = partial(lists.commitments, unit, code=code, line=line, by=caller)
    return await given(fetch, asked, form, f"commitments-{code}-{line}")
