"""Budgets: drafted by one, approved by another, followed by the lines; transfers between lines."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.programmes import facts
from kit.auth import STAFF, Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from kit.money import CurrenciesDiffer, Money
from programmes.commands.claims import book_waiting
from programmes.commands.telling import line_opened, line_raised
from programmes.domain.budget import (
    Allotment,
    AllottedLine,
    BudgetVersion,
    NoApprovedBudget,
)
from programmes.domain.budget_line import BudgetLine, LineState
from programmes.domain.costing import PricedLine
from programmes.domain.errors import BudgetExceeded
from programmes.domain.ledger import Booking, EntryKind, must_be_within
from programmes.domain.programme import Programme
from programmes.domain.transfer import Transfer
from programmes.storage import budget_lines, budgets, ledger, programmes

Draft = Callable[[UUID, Programme, int, str], BudgetVersion]


async def draft_budget(unit: Unit, code: str, make: Draft, *, by: Caller) -> BudgetVersion:
    """Keep a draft that adds up; nothing else changes until somebody else approves it.

    Refused if lines or sources do not add up, a flat rate is not possible, or a funder is unknown.
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        number = await budgets.next_number(tx, programme.id)
        draft = make(uuid7(tx.now), programme, number, eyes(by))
        draft.must_add_up()
        await budgets.must_know(tx, [each.funder for each in draft.sources])
        await budgets.must_know_partners(tx, [each.partner for each in draft.lines])
        await budgets.add(tx, programme.id, draft)
        tx.tell(_changed(draft), about=draft)
        return tx.result(draft)


async def approve_budget(
    unit: Unit, code: str, number: int, effective_from: date, *, expected: int, by: Caller
) -> BudgetVersion:
    """Put a draft in the place of the version approved until now; the lines follow it.

    Refused if it is unknown, changed meanwhile, not a draft, drafted by the same person, takes
    effect before the former version, in the future or after the programme, or gives a line less
    than is bound there; and if the programme is over.
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        programme.must_bind_money()
        draft = await budgets.lock(tx, code, number, by=by, expected=expected)
        last = programme.profile.end.latest
        must_be_within(effective_from, (None, last), home_day(tx.now))
        former = await budgets.approved(tx, code)
        approved = draft.approved(eyes(by), effective_from, replaces=former)
        if former is not None:
            superseded = former.superseded()
            await budgets.save(tx, superseded)
            tx.tell(_changed(superseded), about=superseded)
        await budgets.save(tx, approved)
        tx.tell(_changed(approved), about=approved)
        await _allot(tx, programme, approved, by)
        return tx.result(approved)


async def transfer_funds(
    unit: Unit, code: str, route: tuple[str, str], money: Money, reason: str, *, by: Caller
) -> Transfer:
    """Move money from one line to another of the approved budget.

    Refused without an approved budget, if the programme is over, a line is unknown or has not as
    much free, or a heading would change by more than the contract allows without an amendment.
    """
    giver, taker = route
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        programme.must_bind_money()
        budget = await budgets.approved(tx, code)
        if budget is None:
            raise NoApprovedBudget("no version has been approved yet")
        lines = {each.code: each for each in await budget_lines.of(tx, programme.id)}
        _allotment(budget, lines.values()).transfer(
            giver, taker, money, limit=budget.transfer_limit
        )
        made = Transfer(
            id=uuid7(tx.now),
            version=1,
            audience=frozenset({STAFF}),
            giver=giver,
            taker=taker,
            money=money,
            reason=reason,
            by=by.client,
            at=tx.now,
        )
        await budgets.add_transfer(tx, programme.id, budget.id, made)
        await _change(tx, lines[giver], -money.amount, by)
        await _change(tx, lines[taker], money.amount, by)
        tx.tell(
            facts.FundsTransferred(
                programme_code=code,
                from_line=giver,
                to_line=taker,
                amount=facts.Money(amount=money.amount, currency=money.currency),
            ),
            about=made,
        )
        return tx.result(made)


def _allotment(budget: BudgetVersion, lines: Iterable[BudgetLine]) -> Allotment:
    allotted = [
        AllottedLine(each.code, each.category, each.approved, each.amount, each.totals.bound)
        for each in lines
        if each.approved is not None
    ]
    return Allotment(budget.total.currency, tuple(allotted))


async def _allot(tx: Tx, programme: Programme, budget: BudgetVersion, by: Caller) -> None:
    """Give every line what the budget says; close a line it no longer has, if nothing is bound."""
    lines = {each.code: each for each in await budget_lines.of(tx, programme.id)}
    for priced in budget.priced:
        line = lines.pop(priced.line.code, None)
        if line is None:
            await _open(tx, programme, budget, priced, by)
        else:
            await _follow(tx, replace(line, tolerance=budget.line_tolerance), priced, by)
    for gone in lines.values():
        if gone.approved is not None:
            closed = replace(gone, approved=None, state=LineState.CLOSED)
            await _set(tx, closed, Decimal(0), by)


async def _open(
    tx: Tx, programme: Programme, budget: BudgetVersion, priced: PricedLine, by: Caller
) -> None:
    line = BudgetLine(
        id=uuid7(tx.now),
        version=1,
        audience=programme.audience,
        programme=programme.code,
        code=priced.line.code,
        title=priced.line.title,
        category=priced.line.category,
        amount=priced.amount.amount,
        committed=Decimal(0),
        currency=priced.amount.currency,
        state=LineState.OPEN,
        synthetic=False,
        approved=priced.amount.amount,
        tolerance=budget.line_tolerance,
    )
    await budget_lines.add(tx, programme.id, line, by=by.client)
    tx.tell(line_opened(line), about=line)
    await book_waiting(tx, line)


async def _follow(tx: Tx, line: BudgetLine, priced: PricedLine, by: Caller) -> None:
    if line.currency != priced.amount.currency:
        raise CurrenciesDiffer(f"the line {line.code} is in {line.currency}")
    said = replace(
        line,
        title=priced.line.title,
        category=priced.line.category,
        approved=priced.amount.amount,
        state=LineState.OPEN,
    )
    await _set(tx, said, priced.amount.amount, by)


async def _set(tx: Tx, line: BudgetLine, amount: Decimal, by: Caller) -> None:
    if replace(line, amount=amount).available < 0:
        raise BudgetExceeded(
            f"{line.totals.bound} {line.currency} are bound on the line {line.code}: it cannot get"
            " less, unless some of it is released first",
            available={"amount": f"{line.available:f}", "currency": line.currency},
        )
    more = amount - line.amount
    said = replace(line, version=line.version + 2, amount=amount)
    if more > 0:
        await _book(tx, line, more, by)
        await budget_lines.save(tx, said)
    else:
        # A tolerance that grows makes room before the amount shrinks.
        await budget_lines.save(tx, replace(line, version=line.version + 1))
        await _book(tx, line, more, by)
    await _tell(tx, said, more)


async def _change(tx: Tx, line: BudgetLine, more: Decimal, by: Caller) -> None:
    await _book(tx, line, more, by)
    await _tell(tx, replace(line, version=line.version + 1, amount=line.amount + more), more)


async def _book(tx: Tx, line: BudgetLine, more: Decimal, by: Caller) -> None:
    booked = Booking(uuid7(tx.now), EntryKind.ALLOTTED, abs(more), by.client, allotted=more)
    await ledger.book(tx, line.id, booked)


async def _tell(tx: Tx, line: BudgetLine, more: Decimal) -> None:
    if more > 0:
        tx.tell(line_raised(line, Money(more, line.currency)), about=line)
        await book_waiting(tx, line)
    else:
        tx.tell(line_opened(line), about=line)


def eyes(by: Caller) -> str:
    """Return who acts: the person behind a client, if it names one."""
    return f"{by.client}/{by.subject}"


def _changed(it: BudgetVersion) -> facts.BudgetChanged:
    return facts.BudgetChanged(
        programme_code=it.programme,
        number=it.number,
        status=it.status,
        total=facts.Money(amount=it.total.amount, currency=it.total.currency),
        effective_from=it.effective_from,
    )
