"""Many claims at once: as computed, by three people, once; jobs that settle what is certified."""

from datetime import date
from decimal import Decimal

import pytest
from people_and_trips import OFFICER, prepare, seat
from sqlalchemy import func, select

from kit.auth import Caller
from kit.db.tables import change
from kit.errors import InvalidInput
from participants.commands import claims, claims_in_bulk, settlement_jobs, trips
from participants.domain.claim import ClaimItem, Decision, ItemKind
from participants.domain.errors import FourEyes
from participants.storage.tables import trip
from participants.storage.tables_claims import claim, claim_item, left_out, settlement
from participants.storage.tables_claims import settlement_job as job

CLERK, CHECKER, PAYER = (
    Caller(f"demo-{name}", name, "PL-MOI", "PL", frozenset({"records:all"}))
    for name in ("clerk", "checker", "payer")
)
DAY = date(2015, 3, 20)


async def funded(unit, *names, **fields):
    opened = [await trips.open_trip_for_seat(unit, seat(name, **fields)) for name in names]
    for each in opened:
        await trips.mark_funded(unit, each.id, revision=1)
    return opened


async def certified(unit, *names):
    await funded(unit, *names)
    await claims_in_bulk.declare_as_computed(unit, "NO-COMP", most=100, by=CLERK)
    await claims_in_bulk.certify_as_computed(unit, "NO-COMP", most=100, by=CHECKER)


async def rows(unit, *columns):
    async with unit.read() as read:
        return [tuple(row) for row in await read.rows(select(*columns).order_by(columns[0]))]


async def told(unit):
    async with unit.read() as read:
        found = await read.rows(select(change.c.type).order_by(change.c.id))
    return [row.type.split(".")[1] for row in found]


async def test_claims_when_declared_in_bulk_then_each_is_what_was_computed_once(unit):
    await prepare(unit)
    await funded(unit, "one", "two", "three")
    await trips.open_trip_for_seat(unit, seat("without funds"))
    declare = claims_in_bulk.declare_as_computed
    assert await declare(unit, "NO-COMP", most=2, by=CLERK) == 2
    assert await declare(unit, "NO-COMP", most=2, by=CLERK) == 1
    assert await declare(unit, "NO-COMP", most=2, by=CLERK) == 0
    assert await declare(unit, "OTHER", most=2, by=CLERK) == 0
    assert (
        await rows(unit, claim.c.declared, claim.c.state) == [(Decimal("60.00"), "submitted")] * 3
    )
    assert await rows(unit, claim_item.c.day, claim_item.c.declared) == [
        *[(date(2015, 3, 2), Decimal("30.00"))] * 3,
        *[(date(2015, 3, 3), Decimal("30.00"))] * 3,
    ]
    assert sorted(await rows(unit, trip.c.state)) == [("claimed",)] * 3 + [("estimated",)]


async def test_claims_when_certified_in_bulk_then_by_somebody_else_and_only_as_computed(unit):
    await prepare(unit)
    opened = await funded(unit, "one", "two", "three")
    less = claims.Asked(
        items=[
            ClaimItem(number=1, day=date(2015, 3, 2), kind=ItemKind.OTHER, declared=Decimal("5.00"))
        ]
    )
    await claims.declare_claim(unit, opened[0].id, less, by=OFFICER)
    await claims_in_bulk.declare_as_computed(unit, "NO-COMP", most=9, by=CLERK)
    with pytest.raises(FourEyes):
        await claims_in_bulk.certify_as_computed(unit, "NO-COMP", most=9, by=CLERK)
    certify = claims_in_bulk.certify_as_computed
    assert await certify(unit, "NO-COMP", most=9, by=CHECKER) == 2
    assert await certify(unit, "NO-COMP", most=9, by=CHECKER) == 0
    assert sorted(await rows(unit, claim.c.state)) == [("certified",)] * 2 + [("submitted",)]
    assert (await told(unit)).count("claim_certified") == 2


async def test_job_when_it_settles_then_each_claim_once_and_what_it_leaves_out_is_said(unit):
    await prepare(unit)
    await certified(unit, "one", "two")
    (again,) = await funded(unit, "three")
    made = await claims.declare_claim(unit, again.id, claims.Asked(items=None), by=PAYER)
    taken = await claims.take_to_check(unit, made.id, override=None, expected=1, by=CHECKER)
    await claims.decide_claim(
        unit,
        made.id,
        [Decision(number=i.number, certified=i.declared) for i in made.items],
        expected=taken.version,
        by=CHECKER,
    )
    ask = settlement_jobs.ask_settlement_job
    await ask(unit, "NO-COMP", payer="PL-BGHQ", override=None, by=PAYER)
    await ask(unit, "NO-COMP", payer="PL-BGHQ", override=None, by=PAYER)
    steps = 0
    while await settlement_jobs.settle_batch(unit, most=2):
        steps += 1
    assert steps == 5  # three claims in two batches and an end, one left out again and an end
    assert await rows(unit, settlement.c.payable) == [(Decimal("60.00"),)] * 2
    assert await rows(unit, job.c.id, job.c.state, job.c.settled, job.c.left_out) == [
        (each[0], "done", settled, 1)
        for each, settled in zip(await rows(unit, job.c.id), (2, 0), strict=True)
    ]
    assert {code for _, code in await rows(unit, left_out.c.claim_id, left_out.c.code)} == {
        "participants.four_eyes"
    }
    assert sorted(await rows(unit, trip.c.state)) == [("settled",)] * 2 + [("verified",)]


async def test_job_when_its_asker_sees_nothing_of_the_programme_then_settles_nothing(unit):
    await prepare(unit)
    await certified(unit, "one")
    foreign = Caller("x", "x", "FR-MOI", "FR", frozenset())
    await settlement_jobs.ask_settlement_job(
        unit, "NO-COMP", payer="FR-MOI", override=None, by=foreign
    )
    while await settlement_jobs.settle_batch(unit):
        pass
    assert await rows(unit, settlement.c.id) == []


async def test_settlements_when_paid_in_cash_then_their_claims_are_paid_and_it_is_told(unit):
    await prepare(unit)
    await certified(unit, "one", "two")
    await funded(unit, "later", first_day=date(2015, 6, 1), last_day=date(2015, 6, 2))
    await claims_in_bulk.declare_as_computed(unit, "NO-COMP", most=9, by=CLERK)
    await claims_in_bulk.certify_as_computed(unit, "NO-COMP", most=9, by=CHECKER)
    await settlement_jobs.ask_settlement_job(
        unit, "NO-COMP", payer="PL-BGHQ", override=None, by=PAYER
    )
    while await settlement_jobs.settle_batch(unit):
        pass
    pay = claims_in_bulk.pay_in_cash
    ended = date(2015, 3, 3)
    with pytest.raises(InvalidInput, match="after it ended"):
        await pay(unit, "NO-COMP", on=date(2015, 3, 2), ended_by=ended, most=9, by=PAYER)
    assert await pay(unit, "NO-COMP", on=DAY, ended_by=ended, most=9, by=PAYER) == 2
    assert await pay(unit, "NO-COMP", on=DAY, ended_by=ended, most=9, by=PAYER) == 0
    assert sorted(await rows(unit, claim.c.state)) == [("certified",)] + [("paid",)] * 2
    assert (await told(unit)).count("settlement_paid") == 2
    async with unit.read() as read:
        sums = select(func.sum(settlement.c.certified)).where(settlement.c.in_cash)
        assert (await read.first(sums)) == (Decimal("120.00"),)
