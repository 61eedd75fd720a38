"""Spending of trips: certified claims are committed, paid ones spent, what is left is freed."""

import asyncio
import json
from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID, uuid4

import pytest
from ledger_sums import eur, proven, totals
from make_programmes import MINISTRY, OFFICER, approved_budget, line, programme, told, told_last
from sqlalchemy import select

from kit.errors import StaleVersion
from kit.money import CurrenciesDiffer, Money
from kit.testing.patience import served
from programmes.commands import budget_lines, budgets, claims, programmes
from programmes.domain import errors
from programmes.domain.budget_line import COMMITMENT_AUDIENCE, CommitmentState, FundsRequest
from programmes.domain.claim import Claim, ClaimNotWaiting, ClaimState, NoSuchClaim, Payment
from programmes.domain.programme import ProgrammeStatus
from programmes.domain.readiness import NotSettled
from programmes.storage import commitments, tables
from programmes.storage.tables_money import budget_entry

TRIP, OTHER = UUID(int=1), UUID(int=2)
PAID_ON = date(2015, 3, 17)


def claim(amount, number=1, *, code="PER-DIEM", trip=TRIP, parked="0.00", currency="EUR", **more):
    return Claim(
        id=UUID(int=number),
        version=1,
        audience=COMMITMENT_AUDIENCE,
        trip_id=trip,
        programme="P-1",
        line=code,
        revision=number,
        certified=Money(Decimal(amount), currency),
        parked=Decimal(parked),
        **more,
    )


async def estimate(unit, amount, revision=1, trip=TRIP):
    request = FundsRequest(trip, revision, "P-1", "PER-DIEM", eur(amount))
    return await budget_lines.commit_funds(unit, request)


async def certify(unit, *args, **how):
    return await claims.certify_claim(unit, claim(*args, **how))


async def pay(unit, amount, number=1, **how):
    payment = Payment(UUID(int=100 + number), Decimal(amount), PAID_ON)
    return await claims.pay_claim(unit, claim(amount, number, payment=payment, **how))


async def stands(unit, code="PER-DIEM"):
    """Return what is committed, spent and released, and prove the ledger."""
    assert await proven(unit)
    return [f"{amount:.0f}" for amount in (await totals(unit, code))[2:]]


async def commitment_states(unit):
    c = tables.commitment.c
    async with unit.read() as read:
        return [row.state for row in await read.rows(select(c.state).order_by(c.id))]


async def booked(unit):
    c = budget_entry.c
    async with unit.read() as read:
        chosen = select(c.kind, c.amount, c.spent_on).order_by(c.line_version)
        return [(row.kind, f"{row.amount:.0f}", row.spent_on) for row in await read.rows(chosen)]


@pytest.fixture
async def funded(unit):
    await programme(unit)
    await line(unit)
    return unit


async def test_claim_when_certified_and_paid_then_estimate_becomes_spending_and_the_rest_is_free(
    funded,
):
    await estimate(funded, "300.00")
    certified = await certify(funded, "250.00")
    assert certified.state is ClaimState.COVERED
    assert await stands(funded) == ["250", "0", "50"]
    assert (await told_last(funded)).type == "programmes.entry_booked.v1"
    paid = await pay(funded, "250.00")
    assert (paid.state, paid.version) == (ClaimState.SPENT, 2)
    assert await stands(funded) == ["0", "250", "50"]
    last = await told_last(funded)
    told_entry = json.loads(last.data)
    assert last.audience == ["staff"]
    assert (told_entry["kind"], told_entry["spent_on"]) == ("spent", "2015-03-17")
    assert told_entry["subject_id"] == str(TRIP)
    before = await told(funded)
    assert await certify(funded, "250.00") == await pay(funded, "250.00")
    assert (await told(funded), await stands(funded)) == (before, ["0", "250", "50"])
    assert await commitment_states(funded) == [CommitmentState.SPENT]
    assert await booked(funded) == [
        ("allotted", "1000", None),
        ("committed", "300", None),
        ("released", "50", None),
        ("spent", "250", PAID_ON),
    ]


async def test_claim_when_it_certifies_more_than_the_estimate_then_the_difference_is_committed(
    funded,
):
    await estimate(funded, "100.00")
    await certify(funded, "120.00", parked="30.00")
    assert await stands(funded) == ["150", "0", "0"]
    await pay(funded, "120.00")
    assert await stands(funded) == ["30", "120", "0"]
    assert await commitment_states(funded) == [CommitmentState.COMMITTED]
    await certify(funded, "10.00", 2, resolves=UUID(int=1))
    assert await stands(funded) == ["10", "120", "20"]
    await pay(funded, "10.00", 2)
    assert await stands(funded) == ["0", "130", "20"]
    assert await commitment_states(funded) == [CommitmentState.SPENT]


async def test_claim_when_rejected_then_all_is_free_and_a_new_one_commits_again(funded):
    await estimate(funded, "100.00")
    await certify(funded, "0.00")
    assert await stands(funded) == ["0", "0", "100"]
    assert await commitment_states(funded) == [CommitmentState.RELEASED]
    await certify(funded, "40.00", 2)
    assert await stands(funded) == ["40", "0", "100"]


async def reopen(unit, number=1):
    return await claims.reopen_claim(unit, UUID(int=number), TRIP)


async def test_claim_when_reopened_then_its_money_is_kept_and_booked_as_it_is_certified_again(
    funded,
):
    await estimate(funded, "300.00")
    await certify(funded, "250.00", parked="20.00")
    assert (await reopen(funded)).state is ClaimState.REOPENED
    before = await told(funded)
    assert (await reopen(funded)).version == 2
    assert (await told(funded), await stands(funded)) == (before, ["270", "0", "30"])
    again = await certify(funded, "120.00")
    assert (again.state, again.version, again.parked) == (ClaimState.COVERED, 3, Decimal(0))
    assert await stands(funded) == ["120", "0", "180"]
    await reopen(funded)
    await certify(funded, "130.00")
    await pay(funded, "130.00")
    assert (await reopen(funded)).state is ClaimState.SPENT
    assert await stands(funded) == ["0", "130", "180"]
    assert await reopen(funded, 7) is None


async def test_claim_when_reopened_and_then_rejected_then_all_is_free(funded):
    await estimate(funded, "100.00")
    await certify(funded, "100.00")
    await reopen(funded)
    await certify(funded, "0.00")
    assert await stands(funded) == ["0", "0", "100"]
    assert await commitment_states(funded) == [CommitmentState.RELEASED]


async def test_claim_when_it_waited_and_is_reopened_then_a_raise_books_nothing_for_it(funded):
    await estimate(funded, "100.00")
    assert (await certify(funded, "1200.00")).state is ClaimState.WAITING
    assert (await reopen(funded)).state is ClaimState.REOPENED
    await budget_lines.raise_budget_line(funded, "P-1", "PER-DIEM", eur("500.00"), by=OFFICER)
    assert await stands(funded) == ["100", "0", "0"]
    await certify(funded, "90.00")
    assert await stands(funded) == ["90", "0", "10"]


async def test_claim_when_an_officer_had_booked_it_elsewhere_then_it_stays_there_once_reopened(
    funded,
):
    await line(funded, code="OTHER")
    await certify(funded, "70.00", code="NO-SUCH")
    booked_there = await claims.book_claim(
        funded, "P-1", UUID(int=1), "OTHER", expected=1, by=OFFICER
    )
    assert booked_there.line == "OTHER"
    await reopen(funded)
    again = await certify(funded, "60.00", code="NO-SUCH")
    assert (again.line, again.state) == ("OTHER", ClaimState.COVERED)
    assert await stands(funded, "OTHER") == ["60", "0", "10"]


async def test_estimate_when_a_claim_was_certified_then_comes_too_late(funded):
    await estimate(funded, "100.00")
    await certify(funded, "80.00")
    before = await told(funded)
    assert (await estimate(funded, "500.00", 2)).request.revision == 1
    assert (await told(funded), await stands(funded)) == (before, ["80", "0", "20"])


async def test_payment_when_nothing_was_heard_of_the_claim_then_is_committed_and_spent(funded):
    await pay(funded, "70.00")
    assert await stands(funded) == ["0", "70", "0"]
    assert [kind for kind, _, _ in await booked(funded)] == ["allotted", "committed", "spent"]


WAITS = [
    (claim("1000.01"), "budget_exceeded", {"amount": "1000.00", "currency": "EUR"}),
    (claim("10.00", currency="PLN"), "currency_differs", {"amount": "1000.00", "currency": "EUR"}),
    (claim("10.00", code="NONE"), "no_such_line", None),
    (claim("10.00", code=None), "no_such_line", None),
]


@pytest.mark.parametrize(("asked", "reason", "available"), WAITS)
async def test_claim_when_its_line_cannot_take_it_then_waits_and_that_is_told(
    funded, asked, reason, available
):
    await estimate(funded, "5.00")
    waiting = await claims.certify_claim(funded, asked)
    assert (waiting.state, waiting.reason) == (ClaimState.WAITING, reason)
    assert await stands(funded) == ["5", "0", "0"]
    last = await told_last(funded)
    fact = json.loads(last.data)
    assert (last.type, last.audience) == ("programmes.spending_waits.v1", ["staff"])
    assert (fact["reason"], fact["paid_on"]) == (reason, None)
    assert fact["available"] == (available and available | {"amount": "995.00"})


async def test_claim_when_paid_while_it_waits_then_is_booked_once_the_line_is_raised(funded):
    await certify(funded, "1000.00", trip=OTHER)
    await certify(funded, "100.00", 2)
    await pay(funded, "100.00", 2)
    last = await told_last(funded)
    assert (last.type, json.loads(last.data)["paid_on"]) == (
        "programmes.spending_waits.v1",
        "2015-03-17",
    )
    await budget_lines.raise_budget_line(funded, "P-1", "PER-DIEM", eur("99.99"), by=OFFICER)
    assert await stands(funded) == ["1000", "0", "0"]
    await budget_lines.raise_budget_line(funded, "P-1", "PER-DIEM", eur("0.01"), by=OFFICER)
    assert await stands(funded) == ["1000", "100", "0"]


async def test_claim_when_it_waits_for_a_line_then_is_booked_when_the_line_opens(funded):
    await certify(funded, "10.00", code="LATER")
    await certify(funded, "20.00", 2, code="PLANNED", trip=OTHER)
    await line(funded, code="LATER")
    assert await stands(funded, "LATER") == ["10", "0", "0"]
    await approved_budget(
        funded,
        [
            {
                "code": "PLANNED",
                "title": "Travel",
                "category": "travel",
                "model": "lump_sum",
                "amount": {"amount": "1000.00", "currency": "EUR"},
            }
        ],
    )
    assert await stands(funded, "PLANNED") == ["20", "0", "0"]


async def test_book_claim_when_an_officer_names_a_line_then_the_first_line_is_freed(funded):
    await line(funded, code="ZLOTY", currency="PLN")
    await estimate(funded, "50.00")
    await certify(funded, "200.00", currency="PLN")
    await pay(funded, "210.00", currency="PLN")
    assert await stands(funded) == ["50", "0", "0"]
    book = {"code": "P-1", "claim_id": UUID(int=1), "by": OFFICER}
    done = await claims.book_claim(funded, line="ZLOTY", expected=2, **book)
    assert (done.state, done.version, done.line) == (ClaimState.SPENT, 3, "ZLOTY")
    assert await stands(funded, "ZLOTY") == ["0", "210", "0"]
    assert await stands(funded) == ["0", "0", "50"]
    with pytest.raises(ClaimNotWaiting):
        await claims.book_claim(funded, line="ZLOTY", expected=3, **book)


async def test_programme_when_a_claim_waits_for_money_then_is_not_closed(unit):
    await programme(unit, status=ProgrammeStatus.COMPLETED)
    await certify(unit, "10.00", code=None)
    close = {"status": ProgrammeStatus.CLOSED, "expected": 1, "by": OFFICER}
    with pytest.raises(NotSettled) as refused:
        await programmes.amend_programme(unit, "P-1", lambda about: about, **close)
    assert refused.value.facts["claims"] == 1


async def test_claim_when_the_programme_was_cancelled_then_what_is_committed_pays_it(funded):
    await estimate(funded, "50.00")
    end = {"status": ProgrammeStatus.CANCELLED, "expected": 2, "by": OFFICER}
    await programmes.amend_programme(funded, "P-1", lambda about: about, **end)
    await certify(funded, "40.00")
    await pay(funded, "40.00")
    assert await stands(funded) == ["0", "40", "10"]


REFUSED = [
    ({"line": "NONE"}, errors.NoSuchBudgetLine),
    ({"line": "ZLOTY"}, CurrenciesDiffer),
    ({"line": "SMALL"}, errors.BudgetExceeded),
    ({"line": "CLOSED"}, errors.BudgetLineClosed),
    ({"expected": 2}, StaleVersion),
    ({"by": MINISTRY}, NoSuchClaim),
    ({"code": "P-2"}, NoSuchClaim),
    ({"claim_id": UUID(int=9)}, NoSuchClaim),
]


async def test_book_claim_when_refused_then_writes_nothing(funded):
    await line(funded, code="ZLOTY", currency="PLN")
    await line(funded, code="SMALL", amount="9.99")
    await programme(funded, "P-2")
    cost = {
        "title": "Travel",
        "category": "travel",
        "model": "lump_sum",
        "amount": {"amount": "1000.00", "currency": "EUR"},
    }
    for code in ("CLOSED", "OPEN"):
        await approved_budget(funded, [cost | {"code": code}])
    await certify(funded, "10.00", code=None)
    before = await told(funded)
    usual = {"code": "P-1", "claim_id": UUID(int=1), "line": "PER-DIEM", "expected": 1}
    for how, refusal in REFUSED:
        with pytest.raises(refusal):
            await claims.book_claim(funded, **({"by": OFFICER} | usual | how))
    assert await told(funded) == before
    assert await stands(funded) == ["0", "0", "0"]


async def test_claims_when_many_are_certified_and_paid_at_once_then_never_more_than_the_line(
    fresh_unit,
):
    await programme(fresh_unit)
    await line(fresh_unit, amount="250.00")
    free = asyncio.Semaphore(4)

    async def go(number):
        trip = uuid4()
        async with free:
            await served(lambda: estimate(fresh_unit, "12.00", trip=trip))
            await served(lambda: certify(fresh_unit, "10.00", number, trip=trip))
            return await served(lambda: pay(fresh_unit, "10.00", number, trip=trip))

    made = await asyncio.gather(*[go(number) for number in range(1, 31)])
    assert sum(each.state is ClaimState.SPENT for each in made) == 25
    assert (await totals(fresh_unit))[:4] == (250, 0, 0, 250)
    assert await proven(fresh_unit)


async def test_claim_when_certified_while_its_line_is_raised_then_never_waits_forever(fresh_unit):
    await programme(fresh_unit)
    await line(fresh_unit, amount="0.00")
    more = ("P-1", "PER-DIEM", eur("10.00"))
    raised = partial(budget_lines.raise_budget_line, fresh_unit, *more, by=OFFICER)
    certified = [partial(certify, fresh_unit, "10.00", n, trip=uuid4()) for n in range(1, 5)]
    sends = [each for pair in zip([raised] * 4, certified, strict=True) for each in pair]
    await asyncio.gather(*map(served, sends))
    assert (await totals(fresh_unit))[2] == Decimal("40.00")
    assert await proven(fresh_unit)


async def test_transfer_when_a_claim_waits_for_the_taker_then_is_booked(funded):
    amount = {"amount": "500.00", "currency": "EUR"}
    costs = [
        {"title": code, "category": "travel", "model": "lump_sum", "amount": amount, "code": code}
        for code in ("GIVER", "TAKER")
    ]
    await approved_budget(funded, costs)
    await certify(funded, "600.00", code="TAKER")
    route, why = ("GIVER", "TAKER"), "A claim waits"
    await budgets.transfer_funds(funded, "P-1", route, eur("100.00"), why, by=OFFICER)
    assert await stands(funded, "TAKER") == ["600", "0", "0"]


async def test_line_when_raised_while_somebody_keeps_a_trip_then_leaves_its_claim_to_them(
    fresh_unit,
):
    await programme(fresh_unit)
    await line(fresh_unit, amount="0.00")
    await certify(fresh_unit, "10.00")
    async with fresh_unit.begin() as tx:
        await commitments.serialise(tx, TRIP)
        more = (fresh_unit, "P-1", "PER-DIEM", eur("10.00"))
        await served(lambda: budget_lines.raise_budget_line(*more, by=OFFICER))
    assert (await totals(fresh_unit))[2] == 0
    await budget_lines.raise_budget_line(*more[:3], eur("0.00"), by=OFFICER)
    assert (await totals(fresh_unit))[2] == 10
