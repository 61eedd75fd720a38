import asyncio
import json
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from make_programmes import (
    MINISTRY,
    OFFICER,
    count,
    line,
    partner,
    programme,
    told,
    told_last,
)
from sqlalchemy import select

from kit.money import CurrenciesDiffer, Money
from kit.testing.patience import served
from programmes.commands import budget_lines
from programmes.domain import errors
from programmes.domain.budget_line import CommitmentState, FundsRequest, RefusalReason
from programmes.domain.partner import PartnerRole
from programmes.storage import tables

TRIP = UUID(int=1)


def asking(amount="400.00", revision=1, trip=TRIP, currency="EUR", code="PER-DIEM"):
    return FundsRequest(trip, revision, "P-1", code, Money(Decimal(amount), currency))


async def committed(unit, code="PER-DIEM"):
    columns = tables.budget_line.c
    async with unit.read() as read:
        row = await read.first(select(columns.committed).where(columns.code == code))
    return row.committed


async def states(unit):
    columns = tables.commitment.c
    async with unit.read() as read:
        rows = await read.rows(select(columns.state).order_by(columns.revision, columns.state))
    return [row.state for row in rows]


@pytest.fixture
async def funded(unit):
    await programme(unit)
    await line(unit)
    return unit


async def test_open_budget_line_when_per_diem_then_the_programme_pays_from_it(unit):
    await programme(unit)
    await line(unit)
    assert await told(unit) == [
        "programmes.programme_changed.v1",
        "programmes.budget_line_opened.v1",
        "programmes.programme_changed.v1",
    ]
    assert json.loads((await told_last(unit)).data)["per_diem_budget_line"] == "PER-DIEM"
    with pytest.raises(errors.BudgetLineTaken):
        await line(unit)
    assert await count(unit, tables.budget_line) == 1


async def test_budget_line_when_a_partner_joins_then_it_is_told_to_it(funded):
    await partner(funded, who="MD")
    columns = tables.budget_line.c
    async with funded.read() as read:
        row = await read.first(select(columns.audience, columns.version))
    assert (row.audience, row.version) == (["country:MD", "staff"], 2)


async def test_raise_budget_line_when_open_then_tells_what_is_available(funded):
    await budget_lines.commit_funds(funded, asking())
    more = Money(Decimal("50.00"), "EUR")
    raised = await budget_lines.raise_budget_line(funded, "P-1", "PER-DIEM", more, by=OFFICER)
    assert (raised.amount, raised.available) == (Decimal("1050.00"), Decimal("650.00"))
    fact = json.loads((await told_last(funded)).data)
    assert fact["available"] == {"amount": "650.00", "currency": "EUR"}
    assert fact["raised_by"] == {"amount": "50.00", "currency": "EUR"}


@pytest.mark.parametrize(
    ("code", "currency", "by", "refusal"),
    [
        ("NONE", "EUR", OFFICER, errors.NoSuchBudgetLine),
        ("PER-DIEM", "EUR", MINISTRY, errors.NoSuchBudgetLine),
        ("PER-DIEM", "PLN", OFFICER, CurrenciesDiffer),
    ],
)
async def test_raise_budget_line_when_refused_then_writes_nothing(
    funded, code, currency, by, refusal
):
    before = await told(funded)
    more = Money(Decimal("5.00"), currency)
    with pytest.raises(refusal):
        await budget_lines.raise_budget_line(funded, "P-1", code, more, by=by)
    assert await told(funded) == before


async def test_commit_funds_when_available_then_commits_and_tells_the_staff(funded):
    made = await budget_lines.commit_funds(funded, asking())
    assert made.state is CommitmentState.COMMITTED
    assert await committed(funded) == Decimal("400.00")
    last = await told_last(funded)
    assert (last.type, last.audience) == ("programmes.funds_committed.v1", ["staff"])
    assert json.loads(last.data) == {
        "trip_id": str(TRIP),
        "revision": 1,
        "programme_code": "P-1",
        "budget_line_code": "PER-DIEM",
        "amount": {"amount": "400.00", "currency": "EUR"},
    }


async def test_commit_funds_when_the_same_revision_again_then_changes_nothing(funded):
    first = await budget_lines.commit_funds(funded, asking())
    before = await told(funded)
    again = await budget_lines.commit_funds(funded, asking())
    older = await budget_lines.commit_funds(funded, asking("1.00", revision=0))
    assert first.id == again.id == older.id
    assert (await told(funded), await committed(funded)) == (before, Decimal("400.00"))


@pytest.mark.parametrize("amount", ["100.00", "1000.00"])
async def test_commit_funds_when_revised_then_replaces_the_former_amount(funded, amount):
    await budget_lines.commit_funds(funded, asking())
    await budget_lines.commit_funds(funded, asking(amount, revision=2))
    assert await committed(funded) == Decimal(amount)
    assert await states(funded) == ["replaced", "committed"]


async def test_commit_funds_when_moved_to_another_line_then_frees_the_first(funded):
    await line(funded, code="OTHER")
    await budget_lines.commit_funds(funded, asking())
    await budget_lines.commit_funds(funded, asking("300.00", revision=2, code="OTHER"))
    assert await committed(funded) == 0
    assert await committed(funded, "OTHER") == Decimal("300.00")


async def test_commit_funds_when_too_much_then_is_refused_and_keeps_what_it_has(funded):
    await budget_lines.commit_funds(funded, asking(trip=uuid4()))
    await budget_lines.commit_funds(funded, asking("100.00"))
    refused = await budget_lines.commit_funds(funded, asking("600.01", revision=2))
    assert refused.reason is RefusalReason.BUDGET_EXCEEDED
    assert refused.available == Money(Decimal("600.00"), "EUR")
    assert await committed(funded) == Decimal("500.00")
    last = await told_last(funded)
    assert last.type == "programmes.funds_refused.v1"
    assert json.loads(last.data)["available"] == {"amount": "600.00", "currency": "EUR"}
    assert await states(funded) == ["committed", "committed", "refused"]


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (asking(currency="PLN"), RefusalReason.CURRENCY_DIFFERS),
        (asking(code="NONE"), RefusalReason.NO_SUCH_LINE),
        (asking(code=None), RefusalReason.NO_SUCH_LINE),
    ],
)
async def test_commit_funds_when_there_is_no_such_money_then_says_why(funded, request_, reason):
    refused = await budget_lines.commit_funds(funded, request_)
    assert (refused.state, refused.reason) == (CommitmentState.REFUSED, reason)
    assert await committed(funded) == 0


async def test_commit_funds_when_raised_after_a_refusal_then_a_new_revision_gets_it(funded):
    await budget_lines.commit_funds(funded, asking("1500.00"))
    more = Money(Decimal("500.00"), "EUR")
    await budget_lines.raise_budget_line(funded, "P-1", "PER-DIEM", more, by=OFFICER)
    await budget_lines.commit_funds(funded, asking("1500.00", revision=2))
    assert await committed(funded) == Decimal("1500.00")


async def test_release_funds_when_held_then_frees_and_again_changes_nothing(funded):
    await budget_lines.commit_funds(funded, asking())
    released = await budget_lines.release_funds(funded, TRIP)
    assert released.state is CommitmentState.RELEASED
    assert await committed(funded) == 0
    before = await told(funded)
    assert before[-1] == "programmes.funds_released.v1"
    assert await budget_lines.release_funds(funded, TRIP) is None
    assert await told(funded) == before


async def test_commit_funds_when_200_trips_ask_at_once_then_ends_exactly_at_the_limit(fresh_unit):
    await programme(fresh_unit)
    await line(fresh_unit)
    free = asyncio.Semaphore(4)

    async def ask(trip):
        async with free:
            request = asking("10.00", trip=trip)
            return await served(lambda: budget_lines.commit_funds(fresh_unit, request))

    made = await asyncio.gather(*[ask(uuid4()) for _ in range(200)])
    taken = [each for each in made if each.state is CommitmentState.COMMITTED]
    assert len(taken) == 100
    assert await committed(fresh_unit) == Decimal("1000.00")
    assert sum(each.request.money.amount for each in taken) == Decimal("1000.00")
    left = [each for each in made if each.state is CommitmentState.REFUSED]
    assert {each.reason for each in left} == {RefusalReason.BUDGET_EXCEEDED}


async def test_commit_funds_when_the_same_trip_asks_at_once_then_is_counted_once(fresh_unit):
    await programme(fresh_unit)
    await line(fresh_unit)
    requests = [asking("10.00", revision) for revision in (1, 1, 2, 2)]
    await asyncio.gather(*[budget_lines.commit_funds(fresh_unit, each) for each in requests])
    assert await committed(fresh_unit) == Decimal("10.00")
    assert (await states(fresh_unit)).count("committed") == 1


async def test_lead_when_two_are_added_at_once_then_one_is_refused(fresh_unit):
    await programme(fresh_unit)
    done = await asyncio.gather(
        *[partner(fresh_unit, who=who, role=PartnerRole.LEAD) for who in ("PL", "FR")],
        return_exceptions=True,
    )
    assert sum(isinstance(each, errors.LeadDuplicate) for each in done) == 1
    assert await count(fresh_unit, tables.programme_partner) == 1
