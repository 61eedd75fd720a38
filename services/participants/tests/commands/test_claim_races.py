"""Claims on real connections: whoever comes second loses, and nothing is paid twice."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from people_and_trips import prepare, seat
from sqlalchemy import func, select

from kit.auth import Caller
from kit.errors import StaleVersion
from kit.money import Money
from kit.testing.patience import served
from participants.commands import (
    advances,
    claims,
    claims_in_bulk,
    payment_files,
    settlement_jobs,
    settlements,
    trips,
)
from participants.domain.claim import ClaimItem, Decision, ItemKind, ReasonCode
from participants.domain.errors import (
    ClaimCannotMove,
    ClaimExists,
    DayAlreadyPaid,
    NothingToPay,
    ParkedResolved,
    SettlementExists,
)
from participants.domain.identity import account
from participants.storage import identities
from participants.storage.safe import Safe
from participants.storage.tables import trip as trip_table
from participants.storage.tables_claims import advance, claim, payment_file, settlement

CLERK, CHECKER, PAYER, OTHER = (
    Caller(f"demo-{name}", name, "PL-MOI", "PL", frozenset({"records:all"}))
    for name in ("clerk", "checker", "payer", "other")
)
AS_COMPUTED = claims.Asked(items=None)


def both(done):
    """What happened to two who came at once: values, and the refusals by type."""
    went = [each for each in done if not isinstance(each, BaseException)]
    return went, [type(each) for each in done if isinstance(each, BaseException)]


async def at_once(*commands):
    return both(await asyncio.gather(*commands, return_exceptions=True))


async def funded(unit, name="one", **fields):
    opened = await trips.open_trip_for_seat(unit, seat(name, **fields))
    return await trips.mark_funded(unit, opened.id, revision=1)


async def certified(unit, *names, parked=False):
    made = []
    for name in names:
        trip = await funded(unit, name)
        declared = await claims.declare_claim(unit, trip.id, AS_COMPUTED, by=CLERK)
        taken = await claims.take_to_check(unit, declared.id, override=None, expected=1, by=CHECKER)
        made.append(await decide(unit, taken, parked=parked))
    return made


async def decide(unit, taken, *, parked=False, by=CHECKER):
    first, *rest = taken.items
    some = (
        Decision(
            number=first.number,
            certified=Decimal(0),
            parked=first.declared,
            reason=ReasonCode.AWAITS_DOCUMENT,
        )
        if parked
        else Decision(number=first.number, certified=first.declared)
    )
    whole = [Decision(number=i.number, certified=i.declared) for i in rest]
    return await claims.decide_claim(unit, taken.id, [some, *whole], expected=taken.version, by=by)


async def count(unit, column, *conditions):
    async with unit.read() as read:
        return (await read.first(select(func.count(column)).where(*conditions)))[0]


async def test_claim_when_raced_at_each_step_then_one_wins_and_money_moves_once(fresh_unit):
    unit = fresh_unit
    await prepare(unit)
    trip = await funded(unit)
    declare = claims.declare_claim
    went, refused = await at_once(
        *(declare(unit, trip.id, AS_COMPUTED, by=by) for by in (CLERK, OTHER))
    )
    assert (len(went), refused) == (1, [ClaimExists])

    (made,) = went
    went, refused = await at_once(
        *(
            claims.take_to_check(unit, made.id, override=None, expected=1, by=by)
            for by in (CHECKER, PAYER)
        )
    )
    assert (len(went), refused) == (1, [StaleVersion])

    (taken,) = went
    checker = replace(CHECKER, subject=taken.checked_by)
    went, refused = await at_once(*(decide(unit, taken, parked=True, by=checker) for _ in "ab"))
    assert (len(went), refused) == (1, [StaleVersion])
    third = replace(PAYER, subject="third")

    (decided,) = went
    settle = [
        settlements.settle_claim(unit, decided.id, payer="PL-MOI", override=None, by=third)
        for _ in "ab"
    ]
    resolution = [
        Decision(number=1, certified=Decimal("30.00"), reason=ReasonCode.DOCUMENT_RECEIVED)
    ]
    resolve = [
        claims.resolve_parked(
            unit, decided.id, resolution, override=None, expected=decided.version, by=third
        )
        for _ in "ab"
    ]
    went, refused = await at_once(*settle, *resolve)
    assert len(went) == 2
    assert set(refused) == {SettlementExists, ParkedResolved}
    assert await count(unit, settlement.c.id) == 1
    assert await count(unit, claim.c.id) == 2
    async with unit.read() as read:
        sums = select(func.sum(claim.c.certified), func.sum(claim.c.parked))
        assert tuple(await read.first(sums)) == (Decimal("60.00"), Decimal("30.00"))

    pay = [
        settlements.pay_settlement(
            unit, each.id, on=date(2026, 3, 2), in_cash=True, expected=1, by=third
        )
        for each in went
        if hasattr(each, "payer")
    ]
    again = settlements.pay_settlement(
        unit,
        next(each.id for each in went if hasattr(each, "payer")),
        on=date(2026, 3, 2),
        in_cash=True,
        expected=1,
        by=third,
    )
    went, refused = await at_once(*pay, again)
    assert (len(went), refused) == (1, [StaleVersion])


async def test_day_when_claimed_with_two_trips_at_once_then_one_allowance(fresh_unit):
    unit = fresh_unit
    await prepare(unit)

    def at(day, hour):
        return datetime(2015, 3, day, hour, tzinfo=UTC)

    one = await funded(unit, "one", departs_at=at(2, 8), returns_at=at(4, 8),
                       first_day=date(2015, 3, 2), last_day=date(2015, 3, 4))  # fmt: skip
    two = await funded(unit, "two", person_id=one.person_id, departs_at=at(4, 12),
                       returns_at=at(6, 8), first_day=date(2015, 3, 4),
                       last_day=date(2015, 3, 6))  # fmt: skip
    shared = claims.Asked(
        items=[
            ClaimItem(
                number=1, day=date(2015, 3, 4), kind=ItemKind.SUBSISTENCE, declared=Decimal("30.00")
            )
        ]
    )
    went, refused = await at_once(
        *(claims.declare_claim(unit, trip.id, shared, by=CLERK) for trip in (one, two))
    )
    assert (len(went), refused) == (1, [DayAlreadyPaid])
    drafts = [
        await claims.declare_claim(unit, trip.id, shared, by=CLERK, draft=True)
        for trip in (one, two)
        if trip.id != went[0].trip_id
    ]
    with pytest.raises(DayAlreadyPaid):
        await claims.submit_claim(unit, drafts[0].id, expected=1, by=CLERK)
    assert await count(unit, claim.c.id, claim.c.state == "submitted") == 1


async def test_trip_when_claimed_and_cancelled_at_once_then_one_of_both(fresh_unit):
    unit = fresh_unit
    await prepare(unit)
    trip = await funded(unit)
    went, refused = await at_once(
        claims.declare_claim(unit, trip.id, AS_COMPUTED, by=CLERK),
        trips.cancel_trip_of_seat(
            unit, trip.nomination_id, event_id=trip.event_id, reason="withdrawn"
        ),
    )
    claimed = await count(unit, claim.c.id)
    assert refused == ([] if claimed else [ClaimCannotMove])
    state = "claimed" if claimed else "cancelled"
    assert await count(unit, trip_table.c.id, trip_table.c.state == state) == 1
    assert len(went) == 2 - len(refused)


async def test_files_and_jobs_when_two_run_at_once_then_nothing_is_paid_or_settled_twice(
    fresh_unit,
):
    unit = fresh_unit
    await prepare(unit)
    names = [f"n{number}" for number in range(9)]
    for name in names:
        await funded(unit, name)
    await claims_in_bulk.declare_as_computed(unit, "NO-COMP", most=99, by=CLERK)
    await claims_in_bulk.certify_as_computed(unit, "NO-COMP", most=99, by=CHECKER)
    for _ in "ab":
        await settlement_jobs.ask_settlement_job(
            unit, "NO-COMP", payer="PL-MOI", override=None, by=PAYER
        )

    async def work():
        while await settlement_jobs.settle_batch(unit, most=2):
            pass

    await asyncio.gather(work(), work(), work())
    assert await count(unit, settlement.c.id) == len(names)
    await with_accounts(unit)
    payer = payment_files.Payer(
        code="PL-MOI", name="Fund", iban="PL61109010140000071219812874", bic=None
    )
    ahead = {"currency": "PLN", "executes_on": date(2026, 3, 9), "by": PAYER}
    make = [served(payment_files.make_payment_file, unit, payer, **ahead) for _ in "ab"]
    went, refused = await at_once(*make)
    assert (len(went), refused) == (1, [NothingToPay])
    assert (went[0].payments, went[0].total) == (9, Decimal("540.00"))
    carried_out = {"on": date(2026, 3, 2), "expected": 1, "by": PAYER}
    pay = [served(payment_files.pay_payment_file, unit, went[0].id, **carried_out) for _ in "ab"]
    went, refused = await at_once(*pay)
    assert (len(went), refused) == (1, [StaleVersion])
    assert await count(unit, claim.c.id, claim.c.state == "paid") == len(names)
    assert await count(unit, payment_file.c.id) == 1


async def test_file_when_carried_out_and_not_at_once_then_each_payment_went_one_way(fresh_unit):
    unit = fresh_unit
    await prepare(unit)
    made = await certified(unit, "one", "two", "three")
    for each in made:
        await settlements.settle_claim(unit, each.id, payer="PL-MOI", override=None, by=PAYER)
    await with_accounts(unit)
    payer = payment_files.Payer(
        code="PL-MOI", name="Fund", iban="PL61109010140000071219812874", bic=None
    )
    file = await payment_files.make_payment_file(
        unit, payer, currency="PLN", executes_on=date(2026, 3, 9), by=PAYER
    )
    async with unit.read() as read:
        one, two, _ = [row.id for row in await read.rows(select(settlement.c.id))]
    day, whole = date(2026, 3, 2), {"expected": 1, "by": PAYER}
    single = {"expected": 2, "by": PAYER}
    await at_once(
        served(payment_files.pay_payment_file, unit, file.id, on=day, **whole),
        served(payment_files.fail_payment_file, unit, file.id, **whole),
        served(settlements.pay_settlement, unit, one, on=day, in_cash=False, **single),
        served(payment_files.fail_payment, unit, one, **single),
        served(payment_files.fail_payment, unit, two, **single),
    )
    async with unit.read() as read:
        rows = await read.rows(select(settlement))
        left = await read.first(select(payment_file))
    inside = [row for row in rows if row.payment_file_id is not None]
    assert (left.payments, left.total) == (len(inside), sum(row.payable for row in inside))
    assert {row.state for row in rows if row.payment_file_id is None} <= {"settled"}
    paid = sum(row.state == "paid" for row in rows)
    assert await count(unit, claim.c.id, claim.c.state == "paid") == paid


@pytest.mark.parametrize("_again", range(3))
async def test_advance_when_paid_while_its_trip_is_settled_then_counted_or_not_paid(
    fresh_unit, _again
):
    unit = fresh_unit
    await prepare(unit)
    trip = await funded(unit)
    asked = await advances.ask_advance(unit, trip.id, Money(Decimal("50.00"), "PLN"), by=CLERK)
    await advances.approve_advance(unit, asked.id, expected=1, by=CHECKER)
    declared = await claims.declare_claim(unit, trip.id, AS_COMPUTED, by=CLERK)
    taken = await claims.take_to_check(unit, declared.id, override=None, expected=1, by=CHECKER)
    await decide(unit, taken)
    day = {"on": date(2026, 3, 2), "expected": 2, "by": PAYER}
    await at_once(
        served(settlements.settle_claim, unit, taken.id, payer="PL-MOI", override=None, by=OTHER),
        served(advances.pay_advance, unit, asked.id, **day),
    )
    async with unit.read() as read:
        made, given = await read.first(select(settlement)), await read.first(select(advance))
    counted = made.advanced == Decimal("50.00")
    assert given.state == ("cleared" if counted else "approved")
    assert made.payable == made.certified - made.advanced


async def with_accounts(unit):
    """Give everybody on record an account."""
    safe = Safe(current="1", keys={"1": b"k" * 32}, index=b"i" * 32)
    async with unit.begin() as tx:
        rows = await tx.sql.execute(select(settlement.c.person_id).distinct())
        for (person_id,) in rows.all():
            key = await identities.made_key(tx, safe, person_id)
            kept = account("Canary", "PL61109010140000071219812874", None)
            await identities.put_account(tx, safe, key, person_id, kept)
