"""Tallies: whatever is written to trips and claims, by whatever statement, they add up to it."""

import asyncio
from decimal import Decimal

from people_and_trips import number, pin, prepare, seat
from sqlalchemy import delete, func, select, text, update

from kit.testing.patience import served
from participants.commands import trips
from participants.commands.tallying import sum_tallies_up
from participants.storage.tables import trip
from participants.storage.tables_claims import claim
from participants.storage.tables_tally import claim_tally, trip_tally


async def rows(unit, table, statement):
    async with unit.begin() as tx:
        return {tuple(row) for row in await tx.sql.execute(statement.select_from(table))}


def summed(t, currency, number, amount, *more):
    """The sums of a table, grouped as totals are; without those of nothing."""
    kept = [t.c.programme_code, func.array_to_string(t.c.audience, " "), t.c.state, currency, *more]
    count = func.sum(number) if number is not None else func.count()
    return (
        select(*kept, count, func.coalesce(func.sum(amount), 0)).group_by(*kept).having(count > 0)
    )


async def told(unit):
    """What the tallies say of trips and claims, beside what the tables say."""
    t, c = trip_tally.c, claim_tally.c
    kept = await rows(
        unit, trip_tally, summed(trip_tally, t.currency, t.trips, t.estimated, t.synthetic)
    )
    there = await rows(
        unit,
        trip,
        summed(trip, trip.c.estimate_currency, None, trip.c.estimate_amount, trip.c.synthetic),
    )
    claims = await rows(unit, claim_tally, summed(claim_tally, c.currency, c.claims, c.certified))
    found = await rows(unit, claim, summed(claim, claim.c.currency, None, claim.c.certified))
    return kept | claims, there | found


async def agreed(unit):
    kept, there = await told(unit)
    assert kept == there
    return kept


CLAIM = text(
    "INSERT INTO claim (version, audience, trip_id, person_id, person_number, programme_code,"
    " revision, state, currency, declared, certified, deducted, parked, declared_by, checked_by,"
    " synthetic) SELECT 1, audience, id, person_id, person_number, programme_code, 1, 'certified',"
    " 'PLN', 10, 7.50, 2.50, 0, 'one', 'two', true FROM trip"
)


async def test_tallies_when_rows_are_written_in_any_way_then_add_up_to_them(unit):
    await prepare(unit, pin())
    for name in "abcd":
        await trips.open_trip_for_seat(unit, seat(name))
    before = await agreed(unit)
    assert sum(row[-2] for row in before) == 4
    statements = (
        CLAIM,
        update(trip).values(reason="the same state and money"),
        update(trip).where(trip.c.id.in_(select(trip.c.id).limit(2))).values(state="cancelled"),
        update(trip).values(audience=["staff"], estimate_amount=Decimal("0.01")),
        update(trip).values(estimate_amount=None, estimate_currency=None),
        update(claim).values(certified=None, deducted=None, parked=None, state="declared"),
        delete(claim).where(claim.c.trip_id.in_(select(trip.c.id).limit(3))),
    )
    for statement in statements:
        async with unit.begin() as tx:
            await tx.sql.execute(statement)
        await agreed(unit)
    assert await sum_tallies_up(unit) > 0
    kept = await agreed(unit)
    async with unit.begin() as tx:
        left = (await tx.sql.execute(select(func.count()).select_from(trip_tally))).scalar_one()
    assert left == len([row for row in kept if row[0] == "NO-COMP"]) - 1


async def test_tallies_when_summed_up_while_others_write_then_lose_nothing(fresh_unit):
    await prepare(fresh_unit, pin())

    async def write(writer):
        for n in range(6):
            made = await trips.open_trip_for_seat(fresh_unit, seat(f"{writer}-{n}"))
            assert made.nomination_id == number(f"nomination {writer}-{n}")

    async def sum_up():
        for _ in range(8):
            await served(lambda: sum_tallies_up(fresh_unit, most=5))

    await asyncio.gather(*(write(each) for each in "abc"), sum_up(), sum_up())
    kept = await agreed(fresh_unit)
    assert sum(row[-2] for row in kept) == 18
