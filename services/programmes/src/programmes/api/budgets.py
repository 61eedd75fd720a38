"""Routes of budgets: versions, who pays, what for, transfers, the financial report."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from kit.db.paging import Asked
from kit.errors import StaleVersion
from kit.money import CurrenciesDiffer, MoneyScale
from kit.once import Once
from kit.problems import PreconditionRequired, problems
from kit.reply import IfMatch, Listing, answer, etag, unless_known
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from programmes.api import requests_money as requests
from programmes.api import wire_money as money
from programmes.api.amounts import MoneyDay
from programmes.api.exports import FILES, Format, Formatted, filed, given, listed
from programmes.api.wire_cooperation import Transitions
from programmes.commands import budgets as commands
from programmes.commands import funding
from programmes.context import Cursor, Limit, ProgrammeCode, Reader, UnitDep, Writer
from programmes.domain import budget, costing, errors, financing
from programmes.domain.ledger import OutsideProgramme
from programmes.domain.moves import IllegalMove
from programmes.queries import budgets as queries
from programmes.queries import financial

router = APIRouter(prefix="/v1/programmes/{code}", route_class=StrictRoute, tags=["budgets"])
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of a version.")]
AsOf = Annotated[
    MoneyDay | None, Query(description="As it stood at the end of this day; now if left out.")
]
_ADDS_UP = (
    costing.CostInvalid,
    costing.FlatRateInvalid,
    costing.LineCodeTwice,
    budget.BudgetSum,
    financing.CofinancingSum,
    financing.FundingSourceDuplicate,
    financing.AmountNegative,
    CurrenciesDiffer,
    MoneyScale,
)


@router.get(
    "/financial-report",
    operation_id="financial_report",
    response_model=money.FinancialReport,
    responses=FILES | problems(errors.NoSuchProgramme),
)
async def financial_report(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    as_of: AsOf = None,
    form: Formatted = Format.JSON,
) -> Response:
    """Read budget, committed, spent, remaining and shares by heading, per currency."""
    on, paying, reports = await financial.financial_report(unit, code, as_of, by=caller)
    report = money.FinancialReport(
        programme_code=code,
        as_of=on,
        budget=paying and paying.number,
        currencies=[money.CurrencyReport.of(each) for each in reports],
    )
    return answer(report) if form is Format.JSON else filed(report.rows(), form, f"report-{code}")


@router.get(
    "/roll-up",
    operation_id="roll_up",
    response_model=money.RollUp,
    responses=problems(errors.NoSuchProgramme),
)
async def roll_up(code: ProgrammeCode, caller: Reader, unit: UnitDep) -> Response:
    """Add up a programme and all below it, each line once, per currency."""
    return answer(money.RollUp.of(await financial.rolled_up(unit, code, by=caller)))


@router.get(
    "/funding-sources",
    operation_id="list_funding_sources",
    response_model=Listing[money.FundingSource],
    responses=FILES | problems(errors.NoSuchProgramme),
)
async def list_funding_sources(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    as_of: AsOf = None,
    form: Formatted = Format.JSON,
) -> Response:
    """List who pays: as sources state it, then by the budget in effect."""
    return listed(
        await queries.paying(unit, code, as_of, by=caller), form, f"funding-sources-{code}"
    )


@router.post(
    "/funding-sources",
    status_code=201,
    operation_id="state_funding",
    response_model=money.FundingSource,
    responses=problems(
        errors.NoSuchProgramme,
        errors.NoSuchOrganisation,
        financing.FundingSourceDuplicate,
        MoneyScale,
    ),
)
async def state_funding(
    code: ProgrammeCode, new: requests.NewFunding, caller: Writer, once: Once
) -> Response:
    """Keep that a source says who pays; what it does not state stays `not_stated`."""
    return await once(
        lambda unit: funding.state_funding(unit, code, new.funding(), by=caller),
        money.FundingSource.of,
    )


@router.get(
    "/budget/lines",
    operation_id="list_budget_costs",
    response_model=Listing[money.BudgetCost],
    responses=FILES | problems(errors.NoSuchProgramme),
)
async def list_budget_costs(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    as_of: AsOf = None,
    form: Formatted = Format.JSON,
) -> Response:
    """List what is paid for: the lines of the budget in effect, then what sources state."""
    return listed(await queries.costs(unit, code, as_of, by=caller), form, f"budget-lines-{code}")


@router.post(
    "/budget/lines",
    status_code=201,
    operation_id="state_budget_line",
    response_model=money.StatedLine,
    responses=problems(errors.NoSuchProgramme, costing.LineCodeTwice),
)
async def state_budget_line(
    code: ProgrammeCode, new: requests.NewStatedLine, caller: Writer, once: Once
) -> Response:
    """Keep that a source says what money is spent on, without an amount."""
    return await once(
        lambda unit: funding.state_line(unit, code, new.stated(), by=caller),
        money.StatedLine.of,
    )


@router.get(
    "/budgets",
    operation_id="list_budgets",
    response_model=Listing[money.BudgetBrief],
    responses=FILES | problems(errors.NoSuchProgramme, CursorInvalid),
)
async def list_budgets(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    *,
    form: Formatted = Format.JSON,
    after: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List the versions of the budget, first to last."""
    asked = Asked(caller.client, after, limit, {"programme": code})
    fetch = partial(queries.versions, unit, code=code, by=caller)
    return await given(fetch, asked, form, f"budgets-{code}")


@router.post(
    "/budgets",
    status_code=201,
    operation_id="draft_budget",
    response_model=money.BudgetBrief,
    responses=problems(errors.NoSuchProgramme, errors.NoSuchOrganisation, *_ADDS_UP),
)
async def draft_budget(
    code: ProgrammeCode, new: requests.NewBudget, caller: Writer, once: Once
) -> Response:
    """Draft a version whose lines and sources add up; somebody else approves it."""
    return await once(
        lambda unit: commands.draft_budget(unit, code, new.version, by=caller),
        money.BudgetBrief.of,
        location=lambda made: f"/v1/programmes/{code}/budgets/{made.number}",
    )


@router.get(
    "/budgets/{number}",
    operation_id="budget",
    response_model=money.Budget,
    responses=problems(budget.NoSuchBudget),
)
async def read_budget(
    request: Request, code: ProgrammeCode, number: Number, caller: Reader, unit: UnitDep
) -> Response:
    """Read a version with its lines and who pays."""
    body, version = await queries.version(unit, code, number, by=caller)
    return unless_known(request, body.encode(), etag(version))


@router.get(
    "/budgets/{number}/transitions",
    operation_id="budget_transitions",
    response_model=Transitions,
    responses=problems(budget.NoSuchBudget),
)
async def budget_transitions(
    code: ProgrammeCode, number: Number, caller: Reader, unit: UnitDep
) -> Response:
    """Say what may become of a version by you, and why nothing else."""
    body, _ = await queries.version(unit, code, number, by=caller)
    present = money.Budget.model_validate_json(body)
    ways = budget.budget_ways(
        present.status, drafted_by=present.drafted_by, by=commands.eyes(caller)
    )
    return answer(Transitions.of(present.status, ways))


@router.post(
    "/budgets/{number}/approval",
    operation_id="approve_budget",
    response_model=money.BudgetBrief,
    responses=problems(
        errors.NoSuchProgramme,
        errors.ProgrammeOver,
        budget.NoSuchBudget,
        budget.FourEyes,
        budget.EffectiveTooEarly,
        errors.BudgetExceeded,
        errors.BudgetLineTaken,
        IllegalMove,
        OutsideProgramme,
        StaleVersion,
        PreconditionRequired,
        *_ADDS_UP,
    ),
)
async def approve_budget(
    code: ProgrammeCode,
    number: Number,
    body: requests.Approval,
    caller: Writer,
    *,
    unit: UnitDep,
    expected: IfMatch,
) -> Response:
    """Approve a draft of somebody else; it supersedes the version approved until now."""
    approved = await commands.approve_budget(
        unit, code, number, body.effective_from, expected=expected, by=caller
    )
    return answer(money.BudgetBrief.of(approved), version=approved.version)


@router.get(
    "/transfers",
    operation_id="list_transfers",
    response_model=Listing[money.Transfer],
    responses=FILES | problems(errors.NoSuchProgramme, CursorInvalid),
)
async def list_transfers(
    code: ProgrammeCode,
    caller: Reader,
    unit: UnitDep,
    *,
    form: Formatted = Format.JSON,
    after: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List the transfers between lines, oldest first."""
    asked = Asked(caller.client, after, limit, {"programme": code})
    fetch = partial(queries.transfers, unit, code=code, by=caller)
    return await given(fetch, asked, form, f"transfers-{code}")


@router.post(
    "/transfers",
    status_code=201,
    operation_id="transfer_funds",
    response_model=money.Transfer,
    responses=problems(
        errors.NoSuchProgramme,
        errors.ProgrammeOver,
        errors.NoSuchBudgetLine,
        errors.BudgetExceeded,
        budget.NoApprovedBudget,
        budget.AmendmentRequired,
        budget.TransferToItself,
        financing.AmountNegative,
        CurrenciesDiffer,
        MoneyScale,
    ),
)
async def transfer_funds(
    code: ProgrammeCode, new: requests.NewTransfer, caller: Writer, once: Once
) -> Response:
    """Move money between lines; above the limit of the contract an amendment is required."""
    return await once(
        lambda unit: commands.transfer_funds(
            unit, code, (new.giver, new.taker), new.amount.money(), new.reason, by=caller
        ),
        money.Transfer.of,
    )
