"""Budgets: four eyes, versions that replace, lines that follow, transfers under the limit."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_programmes import (
    APPROVER,
    MINISTRY,
    OFFICER,
    approved_budget,
    count,
    draft,
    line,
    organisation,
    programme,
    told,
)
from sqlalchemy import select

from kit.errors import StaleVersion
from kit.money import CurrenciesDiffer, Money
from programmes.commands import budgets, ledger, programmes
from programmes.domain import budget, errors
from programmes.domain.costing import FlatRateInvalid, LineCodeTwice
from programmes.domain.financial_report import Funding, HeadingTotals, reports
from programmes.domain.financing import CofinancingSum, FundingKind, FundingSource
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.ledger import EntryKind, OutsideProgramme, Subject, Totals
from programmes.domain.moves import IllegalMove
from programmes.domain.programme import ProgrammeStatus
from programmes.queries import financial
from programmes.storage import tables, tables_money

DAY = date(2015, 1, 1)


def lump(code, amount, category="travel"):
    return {
        "code": code,
        "title": code.title(),
        "category": category,
        "model": "lump_sum",
        "amount": {"amount": amount, "currency": "EUR"},
    }


def eur(amount):
    return Money(Decimal(amount), "EUR")


async def lines(unit):
    c = tables.budget_line.c
    chosen = select(c.code, c.amount, c.approved, c.state).order_by(c.code)
    async with unit.read() as read:
        return [tuple(row) for row in await read.rows(chosen)]


async def statuses(unit):
    c = tables_money.budget.c
    async with unit.read() as read:
        return [row.status for row in await read.rows(select(c.status).order_by(c.number))]


@pytest.fixture
async def planned(unit):
    await programme(unit, start=FuzzyDate.year(2014), end=FuzzyDate.year(2030))
    await organisation(unit, "EC", None)
    await organisation(unit, "PL-MOI", "PL")
    return unit


async def test_approve_when_drafted_by_another_then_lines_follow_and_the_former_is_superseded(
    planned,
):
    await approved_budget(planned, [lump("A", "600.00"), lump("B", "400.00")])
    assert await lines(planned) == [
        ("A", Decimal("600.00"), Decimal("600.00"), "open"),
        ("B", Decimal("400.00"), Decimal("400.00"), "open"),
    ]
    await approved_budget(planned, [lump("B", "300.00"), lump("C", "700.00")])
    assert await statuses(planned) == ["superseded", "approved"]
    assert [row[:2] + row[3:] for row in await lines(planned)] == [
        ("A", Decimal(0), "closed"),
        ("B", Decimal("300.00"), "open"),
        ("C", Decimal("700.00"), "open"),
    ]
    assert "programmes.budget_changed.v1" in await told(planned)


REFUSED = [
    ({"by": OFFICER}, budget.FourEyes),
    ({"by": MINISTRY}, errors.NoSuchProgramme),
    ({"expected": 2}, StaleVersion),
    ({"number": 9}, budget.NoSuchBudget),
    ({"effective_from": date(2040, 1, 1)}, OutsideProgramme),
]


@pytest.mark.parametrize(("how", "refusal"), REFUSED)
async def test_approve_when_refused_then_writes_nothing(planned, how, refusal):
    await draft(planned, [lump("A", "1000.00")])
    before = await told(planned)
    asked = {"number": 1, "effective_from": DAY, "expected": 1, "by": APPROVER} | how
    with pytest.raises(refusal):
        await budgets.approve_budget(
            planned, "P-1", asked.pop("number"), asked.pop("effective_from"), **asked
        )
    assert (await statuses(planned), await told(planned)) == (["draft"], before)
    assert await count(planned, tables.budget_line) == 0


async def test_approve_when_approved_already_or_too_early_then_is_refused(planned):
    await approved_budget(planned, [lump("A", "1000.00")])
    with pytest.raises(IllegalMove):
        await budgets.approve_budget(planned, "P-1", 1, DAY, expected=2, by=APPROVER)
    await draft(planned, [lump("A", "1000.00")])
    early = DAY - timedelta(days=1)
    with pytest.raises(budget.EffectiveTooEarly):
        await budgets.approve_budget(planned, "P-1", 2, early, expected=1, by=APPROVER)
    assert await statuses(planned) == ["approved", "draft"]


async def test_approve_when_the_programme_is_over_then_writes_nothing(planned):
    await draft(planned, [lump("A", "1000.00")])
    end = {"status": ProgrammeStatus.CANCELLED, "expected": 1, "by": OFFICER}
    await programmes.amend_programme(planned, "P-1", lambda about: about, **end)
    before = await told(planned)
    with pytest.raises(errors.ProgrammeOver):
        await budgets.approve_budget(planned, "P-1", 1, DAY, expected=1, by=APPROVER)
    assert (await statuses(planned), await told(planned)) == (["draft"], before)


async def test_approve_when_a_line_would_have_less_than_is_bound_then_writes_nothing(planned):
    await approved_budget(planned, [lump("A", "600.00"), lump("B", "400.00")])
    await _commit(planned, "A", "500.00")
    before = await lines(planned)
    for costs in ([lump("A", "499.99"), lump("B", "500.01")], [lump("B", "1000.00")]):
        made = await draft(planned, costs)
        with pytest.raises(errors.BudgetExceeded) as refused:
            await budgets.approve_budget(planned, "P-1", made.number, DAY, expected=1, by=APPROVER)
        assert refused.value.facts["available"] == {"amount": "100.00", "currency": "EUR"}
    assert await lines(planned) == before
    assert await statuses(planned) == ["approved", "draft", "draft"]


async def _commit(unit, code, amount):
    subject = Subject("training", UUID(int=5))
    return await ledger.book_entry(
        unit,
        "P-1",
        code,
        ledger.Instruction(EntryKind.COMMITTED, subject, eur(amount)),
        by=OFFICER,
    )


BAD = [
    ({"total": "999.99"}, budget.BudgetSum),
    ({"currency": "PLN"}, CurrenciesDiffer),
    ({"lines": [lump("A", "500.00"), lump("A", "500.00")]}, LineCodeTwice),
    (
        {
            "lines": [
                lump("A", "1000.00"),
                {
                    "code": "F",
                    "title": "F",
                    "category": "staff",
                    "model": "flat_rate",
                    "percent": "10",
                    "percent_of": "staff",
                },
            ]
        },
        FlatRateInvalid,
    ),
    (
        {
            "funding_sources": [
                {"funder": "EC", "kind": "grant", "rate": "85"},
                {"funder": "PL-MOI", "kind": "own_public", "rate": "14.99"},
            ]
        },
        CofinancingSum,
    ),
    (
        {
            "funding_sources": [
                {
                    "funder": "EC",
                    "kind": "grant",
                    "amount": {"amount": "999.00", "currency": "EUR"},
                }
            ]
        },
        CofinancingSum,
    ),
    (
        {"funding_sources": [{"funder": "NOBODY", "kind": "grant", "rate": "100"}]},
        errors.NoSuchOrganisation,
    ),
]


@pytest.mark.parametrize(("change", "refusal"), BAD)
async def test_draft_when_it_does_not_add_up_then_writes_nothing(planned, change, refusal):
    before = await told(planned)
    with pytest.raises(refusal):
        await draft(planned, [lump("A", "1000.00")], **change)
    assert await count(planned, tables_money.budget) == 0
    assert await told(planned) == before


@pytest.fixture
async def allotted(planned):
    await approved_budget(
        planned,
        [lump("A", "600.00"), lump("B", "200.00"), lump("E", "400.00", "equipment")],
        total="1200.00",
    )
    return planned


async def transfer(unit, giver, taker, money, by=OFFICER):
    return await budgets.transfer_funds(unit, "P-1", (giver, taker), money, "a reason", by=by)


async def test_transfer_when_the_programme_is_over_then_writes_nothing(allotted):
    end = {"status": ProgrammeStatus.CANCELLED, "expected": 1, "by": OFFICER}
    await programmes.amend_programme(allotted, "P-1", lambda about: about, **end)
    before = await told(allotted)
    with pytest.raises(errors.ProgrammeOver):
        await transfer(allotted, "A", "B", eur("600.00"))
    assert await told(allotted) == before


async def test_transfer_when_inside_the_limit_then_moves_and_the_sum_stays(allotted):
    await transfer(allotted, "A", "B", eur("600.00"))
    await transfer(allotted, "B", "E", eur("100.00"))
    amounts = {row[0]: row[1] for row in await lines(allotted)}
    assert amounts == {"A": Decimal(0), "B": Decimal("700.00"), "E": Decimal("500.00")}
    assert "programmes.funds_transferred.v1" in await told(allotted)


TRANSFERS_REFUSED = [
    ("A", "E", eur("100.01"), budget.AmendmentRequired, OFFICER),
    ("A", "A", eur("1.00"), budget.TransferToItself, OFFICER),
    ("A", "B", eur("0.00"), budget.TransferToItself, OFFICER),
    ("A", "B", eur("600.01"), errors.BudgetExceeded, OFFICER),
    ("A", "X", eur("1.00"), errors.NoSuchBudgetLine, OFFICER),
    ("A", "B", Money(Decimal("1.00"), "PLN"), CurrenciesDiffer, OFFICER),
    ("A", "B", eur("1.00"), errors.NoSuchProgramme, MINISTRY),
]


@pytest.mark.parametrize(("giver", "taker", "money", "refusal", "by"), TRANSFERS_REFUSED)
async def test_transfer_when_refused_then_writes_nothing(
    allotted, giver, taker, money, refusal, by
):
    before = (await lines(allotted), await told(allotted))
    with pytest.raises(refusal):
        await transfer(allotted, giver, taker, money, by)
    assert (await lines(allotted), await told(allotted)) == before
    assert await count(allotted, tables_money.budget_transfer) == 0


async def test_transfer_when_nothing_is_approved_then_is_refused(planned):
    await line(planned)
    with pytest.raises(budget.NoApprovedBudget):
        await transfer(planned, "PER-DIEM", "X", eur("1.00"))


async def test_transfers_when_many_come_at_once_then_together_they_stay_under_the_limit(
    fresh_unit,
):
    await programme(fresh_unit)
    await approved_budget(
        fresh_unit, [lump("A", "400.00"), lump("E", "400.00", "equipment")], total="800.00"
    )
    done = await asyncio.gather(
        *[transfer(fresh_unit, "A", "E", eur("40.00")) for _ in range(4)], return_exceptions=True
    )
    assert sum(isinstance(each, budget.AmendmentRequired) for each in done) == 2
    assert [row[1] for row in await lines(fresh_unit)] == [Decimal("320.00"), Decimal("480.00")]


async def test_report_when_days_pass_then_each_is_answered_from_the_ledger(allotted, clock):
    first = clock.now().date()
    await _commit(allotted, "A", "100.00")
    clock.move(timedelta(days=1))
    await _commit(allotted, "A", "50.00")
    await transfer(allotted, "A", "E", eur("100.00"))

    async def of(as_of):
        _, _, found = await financial.financial_report(allotted, "P-1", as_of, by=OFFICER)
        rows = found[0].headings if found else ()
        return {row.heading: (row.budget, row.totals.committed) for row in rows}

    assert await of(first - timedelta(days=1)) == {}
    assert await of(first) == {
        "equipment": (Decimal(400), Decimal(0)),
        "travel": (Decimal(800), Decimal(100)),
    }
    assert (
        await of(first + timedelta(days=1))
        == await of(None)
        == {
            "equipment": (Decimal(500), Decimal(0)),
            "travel": (Decimal(700), Decimal(150)),
        }
    )


MONEY = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)


@given(st.lists(st.tuples(MONEY, MONEY), min_size=1, max_size=8), st.integers(0, 100))
def test_shares_when_split_over_headings_then_add_up_to_each_and_to_the_total(parts, rate):
    rows = [
        HeadingTotals("EUR", f"h{at}", budgeted, Totals(spent=spent))
        for at, (budgeted, spent) in enumerate(parts)
    ]
    sources = (
        FundingSource("EC", FundingKind.GRANT, rate=Decimal(rate)),
        FundingSource("PL-MOI", FundingKind.OWN_PUBLIC, rate=Decimal(100 - rate)),
    )
    (found,) = reports(rows, Funding(1, "EUR", sources), (None, None), DAY)
    for row in (*found.headings, found.whole):
        assert sum(row.of_budget) == row.budget
        assert sum(row.of_spent) == row.totals.spent
        assert min(*row.of_budget, *row.of_spent) >= 0
    due = found.whole.budget * rate / 100
    assert abs(found.whole.of_budget[0] - due) < Decimal("0.01")
