"""The ledger: every total is the sum of its entries, and no order of commands exceeds a line."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from ledger_sums import eur, proven, totals
from make_programmes import MINISTRY, OFFICER, count, line, programme, told, told_last
from sqlalchemy import select, text

from kit.errors import DomainError
from kit.money import CurrenciesDiffer, Money
from kit.testing.patience import served
from programmes.commands import budget_lines, ledger, programmes
from programmes.domain import errors
from programmes.domain.budget_line import FundsRequest
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.ledger import (
    AmountNotPositive,
    EntryKind,
    LedgerExceeded,
    OutsideProgramme,
    Subject,
    SubjectFollowed,
)
from programmes.domain.programme import ProgrammeStatus
from programmes.storage.tables_money import budget_entry

TRIP = UUID(int=1)
STUDY = Subject("training", UUID(int=2))


def asked(kind, amount, subject=STUDY, **more):
    return ledger.Instruction(EntryKind(kind), subject, eur(amount), **more)


async def book(unit, kind, amount, subject=STUDY, code="PER-DIEM", **more):
    instruction = asked(kind, amount, subject, **more)
    return await ledger.book_entry(unit, "P-1", code, instruction, by=OFFICER)


async def commit(unit, amount, revision=1, trip=TRIP, code="PER-DIEM"):
    return await budget_lines.commit_funds(
        unit, FundsRequest(trip, revision, "P-1", code, eur(amount))
    )


@pytest.fixture
async def funded(unit):
    await programme(unit, start=FuzzyDate.year(2014), end=FuzzyDate.year(2030))
    await line(unit)
    return unit


async def test_cost_when_it_is_past_midnight_in_warsaw_then_is_of_that_day(funded):
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    funded.clock.move(late - funded.clock.now())
    await book(funded, "committed", "2.00")
    await book(funded, "spent", "1.00", spent_on=date(2026, 11, 22))
    with pytest.raises(OutsideProgramme):
        await book(funded, "spent", "1.00", spent_on=date(2026, 11, 23))


async def test_entries_when_money_goes_all_its_ways_then_totals_are_their_sums(funded):
    await book(funded, "reserved", "300.00")
    await book(funded, "committed", "250.00")
    await book(funded, "spent", "100.00")
    await book(funded, "spending_reversed", "40.00")
    await book(funded, "released", "90.00")
    assert await totals(funded) == tuple(map(Decimal, ("1000", "0", "150", "60", "90")))
    await budget_lines.raise_budget_line(funded, "P-1", "PER-DIEM", eur("5.00"), by=OFFICER)
    assert (await totals(funded))[0] == Decimal("1005.00")
    assert await proven(funded)
    assert await count(funded, budget_entry) == 7
    fact = await told_last(funded)
    assert fact.type == "programmes.budget_line_raised.v1"


async def test_book_entry_when_booked_then_the_staff_is_told(funded):
    booked = await book(funded, "committed", "10.00")
    fact = await told_last(funded)
    assert (fact.type, fact.audience) == ("programmes.entry_booked.v1", ["staff"])
    assert booked.booking.by == "demo-officer"


async def test_commit_funds_when_estimated_revised_moved_and_cancelled_then_each_step_is_a_row(
    funded,
):
    await line(funded, code="OTHER")
    await commit(funded, "400.00")
    await commit(funded, "250.00", 2)
    await commit(funded, "0.00", 3)
    await commit(funded, "300.00", 4)
    await commit(funded, "310.00", 5, code="OTHER")
    await budget_lines.release_funds(funded, TRIP)
    assert await totals(funded) == tuple(map(Decimal, ("1000", "0", "0", "0", "700")))
    assert await totals(funded, "OTHER") == tuple(map(Decimal, ("1000", "0", "0", "0", "310")))
    assert await proven(funded)


async def test_spending_when_part_of_a_trip_is_paid_then_only_the_rest_is_freed(funded):
    trip = Subject("participants", TRIP)
    await commit(funded, "400.00")
    await book(funded, "spent", "150.00", trip, spent_on=date(2014, 5, 1))
    await commit(funded, "100.00", 2)
    assert await totals(funded) == tuple(map(Decimal, ("1000", "0", "0", "150", "250")))
    await budget_lines.release_funds(funded, TRIP)
    assert (await totals(funded))[3] == Decimal("150.00")
    assert await proven(funded)


TRIP_SUBJECT = Subject("participants", TRIP)
REFUSED = [
    (asked("reserved", "1000.01"), errors.BudgetExceeded, {}),
    (asked("committed", "1000.01"), errors.BudgetExceeded, {}),
    (asked("spent", "0.01"), LedgerExceeded, {}),
    (asked("spending_reversed", "0.01"), LedgerExceeded, {}),
    (asked("released", "0.01"), LedgerExceeded, {}),
    (asked("reserved", "0.00"), AmountNotPositive, {}),
    (asked("reserved", "-1.00"), AmountNotPositive, {}),
    (asked("committed", "1.00", TRIP_SUBJECT), SubjectFollowed, {}),
    (asked("released", "1.00", TRIP_SUBJECT), SubjectFollowed, {}),
    (asked("spent", "1.00", spent_on=date(2013, 12, 31)), OutsideProgramme, {}),
    (asked("spent", "1.00", spent_on=date(2031, 1, 1)), OutsideProgramme, {}),
    (asked("reserved", "1.00"), errors.NoSuchBudgetLine, {"by": MINISTRY}),
    (
        ledger.Instruction(EntryKind.RESERVED, STUDY, Money(Decimal("1.00"), "PLN")),
        CurrenciesDiffer,
        {},
    ),
]


@pytest.mark.parametrize(("instruction", "refusal", "how"), REFUSED)
async def test_book_entry_when_refused_then_writes_nothing(funded, instruction, refusal, how):
    before = await told(funded)
    with pytest.raises(refusal):
        await ledger.book_entry(funded, "P-1", "PER-DIEM", instruction, **{"by": OFFICER, **how})
    assert (await count(funded, budget_entry), await told(funded)) == (1, before)
    assert await totals(funded) == tuple(map(Decimal, ("1000", "0", "0", "0", "0")))


async def test_commitments_when_200_come_at_once_then_rows_and_totals_are_exact(fresh_unit):
    await programme(fresh_unit)
    await line(fresh_unit)
    free = asyncio.Semaphore(4)

    async def ask(number):
        async with free:
            if number % 2:
                trip = uuid4()
                return await served(lambda: commit(fresh_unit, "10.00", trip=trip))
            subject = Subject("training", uuid4())
            try:
                return await served(lambda: book(fresh_unit, "committed", "10.00", subject))
            except DomainError as refusal:
                return refusal

    made = await asyncio.gather(*[ask(number) for number in range(200)])
    assert (await totals(fresh_unit))[2] == Decimal("1000.00")
    assert await count(fresh_unit, budget_entry) == 101
    assert await proven(fresh_unit)
    refused = [each for each in made if isinstance(each, DomainError)]
    assert all(isinstance(each, errors.BudgetExceeded) for each in refused)


async def test_spending_when_recorded_twice_at_once_then_never_more_than_is_committed(fresh_unit):
    await programme(fresh_unit)
    await line(fresh_unit)
    await book(fresh_unit, "committed", "10.00")
    done = await asyncio.gather(
        *[book(fresh_unit, "spent", "10.00") for _ in range(4)], return_exceptions=True
    )
    assert sum(isinstance(each, LedgerExceeded) for each in done) == 3
    assert await totals(fresh_unit) == tuple(map(Decimal, ("1000", "0", "0", "10", "0")))
    assert await proven(fresh_unit)


async def test_entry_when_the_service_would_change_or_delete_it_then_may_not(sessions):
    privileges = select(
        *(
            text(f"has_table_privilege(current_user, 'budget_entry', '{what}')")
            for what in ("UPDATE", "DELETE")
        )
    )
    async with sessions.reading() as connection:
        assert tuple((await connection.execute(privileges)).one()) == (False, False)


async def test_entry_when_later_clock_runs_back_then_rows_stay_in_order(funded, clock):
    await book(funded, "reserved", "1.00")
    clock.move(timedelta(days=-1000))
    await book(funded, "reserved", "1.00")
    async with funded.read() as read:
        rows = await read.rows(select(budget_entry.c.at).order_by(budget_entry.c.line_version))
    assert [row.at for row in rows] == sorted(row.at for row in rows)


ENDINGS = [
    (ProgrammeStatus.COMPLETED, ProgrammeStatus.CLOSED),
    (ProgrammeStatus.APPROVED, ProgrammeStatus.CANCELLED),
]


@pytest.mark.parametrize(("last", "over"), ENDINGS)
async def test_money_when_the_programme_is_over_then_none_is_bound_and_no_line_opened(
    unit, last, over
):
    await programme(unit, status=last)
    await line(unit)
    end = {"status": over, "expected": 2, "by": OFFICER}
    await programmes.amend_programme(unit, "P-1", lambda about: about, **end)
    assert "programmes.budget_line_opened.v1" in (await told(unit))[-2:]
    before = await told(unit)
    with pytest.raises(errors.BudgetLineClosed):
        await book(unit, "reserved", "1.00")
    with pytest.raises(errors.BudgetLineClosed):
        await budget_lines.raise_budget_line(unit, "P-1", "PER-DIEM", eur("5.00"), by=OFFICER)
    with pytest.raises(errors.ProgrammeOver):
        await line(unit, code="LATE")
    assert await told(unit) == before
    assert (await commit(unit, "1.00")).reason == "line_closed"
    assert (await totals(unit))[1:] == (0, 0, 0, 0)


async def test_money_when_the_programme_is_cancelled_then_what_is_bound_is_given_back(unit):
    await programme(unit, status=ProgrammeStatus.APPROVED)
    await line(unit)
    await book(unit, "reserved", "300.00")
    await commit(unit, "100.00")
    end = {"status": ProgrammeStatus.CANCELLED, "expected": 2, "by": OFFICER}
    await programmes.amend_programme(unit, "P-1", lambda about: about, **end)
    await book(unit, "released", "300.00")
    await budget_lines.release_funds(unit, TRIP)
    assert (await totals(unit))[1:3] == (0, 0)
    assert await proven(unit)
