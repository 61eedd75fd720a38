"""Rate sets as ready JSON."""

from typing import Final

from sqlalchemy import Text, bindparam, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from kit.auth import Caller
from kit.db.paging import Asked, Page, page
from kit.db.unit import Hot, Unit
from kit.db.visible import visible
from participants.domain.errors import NoSuchRateSet
from participants.queries import shapes
from participants.queries.persons import Tagged
from participants.storage.tables import allowance_calculation, rate, rate_set, trip

_RATES: Final = (
    select(
        func.coalesce(
            func.json_agg(aggregate_order_by(shapes.RATE, rate.c.country, rate.c.valid_from)),
            literal_column("'[]'::json"),
        )
    )
    .where(rate.c.rate_set == rate_set.c.code)
    .correlate(rate_set)
    .scalar_subquery()
)
_SET: Final = Hot(
    select(
        cast(shapes.members(rate_set=shapes.RATE_SET, rates=_RATES), Text).label("body"),
        shapes.etag(rate_set.c.version).label("tag"),
    ).where(rate_set.c.code == cast(bindparam("code"), Text))
)


async def rate_sets(unit: Unit, asked: Asked, *, scheme: str | None) -> Page[str]:
    """Return a page of the rate sets, by scheme and code; they are public."""
    body = cast(shapes.RATE_SET, Text).label("body")
    statement = select(body, rate_set.c.code)
    if scheme is not None:
        statement = statement.where(rate_set.c.scheme == scheme)
    async with unit.read() as read:
        found = await page(read, statement, by=[rate_set.c.code], asked=asked)
    return found.map(lambda row: str(row[0]))


async def rate_set_with_rates(unit: Unit, code: str) -> Tagged:
    """Return a rate set with every rate in it; raises NoSuchRateSet."""
    async with unit.read() as read:
        row = await read.hot(_SET, code=code)
    if row is None:
        raise NoSuchRateSet("no rate set has this code")
    return row["body"], row["tag"]


async def affected(unit: Unit, code: str, *, by: Caller) -> str:
    """Return as JSON the calculations that used a set, as far as the caller sees their trips.

    Only the newest revision of a trip is still in use: `newest` says which it is.
    """
    c, t = allowance_calculation.c, trip.c
    item = shapes.members(
        trip_id=c.trip_id,
        revision=c.revision,
        newest=c.revision == t.revision,
        ruleset=c.ruleset,
        amount=shapes.members(amount=cast(c.amount, Text), currency=c.currency),
    )
    items = func.json_agg(aggregate_order_by(item, c.trip_id, c.revision))
    used = c.rate_sets.contains([code])
    known = select(rate_set.c.code).where(rate_set.c.code == code)
    found = (
        select(cast(func.coalesce(items, literal_column("'[]'::json")), Text))
        .select_from(allowance_calculation.join(trip, t.id == c.trip_id))
        .where(used, visible(t.audience, by))
    )
    async with unit.read() as read:
        if await read.first(known) is None:
            raise NoSuchRateSet("no rate set has this code")
        row = await read.first(found)
    return f'{{"items":{"[]" if row is None else row[0]}}}'
