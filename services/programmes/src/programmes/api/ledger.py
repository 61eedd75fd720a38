"""Routes of the ledger: what was booked on a line, and booking more."""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import StringConstraints

from kit.db.paging import Asked
from kit.money import CurrenciesDiffer, MoneyScale
from kit.once import Once
from kit.problems import problems
from kit.reply import Listing
from kit.route import StrictRoute
from kit.seal import CursorInvalid
from kit.wire import Ref, Request
from programmes.api import wire_money as wire
from programmes.api.amounts import MoneyDay, MoneyIn
from programmes.api.examples import shown
from programmes.api.exports import FILES, Format, Formatted, given
from programmes.api.words import Line
from programmes.commands import ledger as commands
from programmes.context import (
    Cursor,
    Limit,
    LineCode,
    ProgrammeCode,
    Reader,
    UnitDep,
    Writer,
)
from programmes.domain import errors, ledger
from programmes.queries import money

router = APIRouter(
    prefix="/v1/programmes/{code}/budget-lines/{line}/entries",
    route_class=StrictRoute,
    tags=["ledger"],
)
ServiceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,29}$")]


class SubjectIn(Request):
    """What the money is for: a record of a service, such as a trip of participants."""

    service: ServiceName
    id: Ref


class NewEntry(Request):
    """Money to move; `spent_on` is the day a cost arose, for `spent` and `spending_reversed`."""

    model_config = shown(
        kind="spent",
        subject={"service": "participants", "id": "01980000-0000-7000-8000-000000000000"},
        amount={"amount": "120.00", "currency": "EUR"},
        spent_on="2015-03-17",
        reference="Invoice 12",
    )

    kind: Literal["reserved", "committed", "spent", "released", "spending_reversed"]
    subject: SubjectIn
    amount: MoneyIn
    spent_on: MoneyDay | None = None
    reference: Line | None = None

    def instruction(self) -> commands.Instruction:
        """Return what the command is told."""
        return commands.Instruction(
            kind=ledger.EntryKind(self.kind),
            subject=ledger.Subject(self.subject.service, self.subject.id),
            money=self.amount.money(),
            spent_on=self.spent_on,
            reference=self.reference,
        )


@router.get(
    "",
    operation_id="list_entries",
    response_model=Listing[wire.Entry],
    responses=FILES | problems(errors.NoSuchBudgetLine, CursorInvalid),
)
async def list_entries(
    code: ProgrammeCode,
    line: LineCode,
    caller: Reader,
    unit: UnitDep,
    *,
    form: Formatted = Format.JSON,
    after: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """List what was booked on a line, oldest first, with its totals after each entry."""
    asked = Asked(caller.client, after, limit, {"programme": code, "line": line})
    fetch = partial(money.entries, unit, code=code, line=line, by=caller)
    return await given(fetch, asked, form, f"entries-{code}-{line}")


@router.post(
    "",
    status_code=201,
    operation_id="book_entry",
    response_model=wire.BookedEntry,
    responses=problems(
        errors.NoSuchBudgetLine,
        errors.BudgetLineClosed,
        errors.BudgetExceeded,
        ledger.LedgerExceeded,
        ledger.SubjectFollowed,
        ledger.AmountNotPositive,
        ledger.OutsideProgramme,
        CurrenciesDiffer,
        MoneyScale,
    ),
)
async def book_entry(
    code: ProgrammeCode, line: LineCode, new: NewEntry, caller: Writer, once: Once
) -> Response:
    """Reserve, commit, spend, release, or take spending back; entries are never changed."""
    return await once(
        lambda unit: commands.book_entry(unit, code, line, new.instruction(), by=caller),
        wire.BookedEntry.of,
    )
