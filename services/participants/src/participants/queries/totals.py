"""What the trips of programmes add up to, as ready JSON: one statement, per currency.

It adds up the tallies, not the trips: a programme with a million of them is read as fast.
"""

from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Subquery,
    Text,
    bindparam,
    cast,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from kit.auth import Caller
from kit.db.unit import Hot, Unit
from kit.db.visible import visible_to
from participants.domain.claim import ClaimState
from participants.domain.trip import WITH_FUNDS, TripState
from participants.queries.shapes import Json, members
from participants.storage.tables_tally import claim_tally as c
from participants.storage.tables_tally import trip_tally as t

_NOBODY: Final[Json] = literal_column("'{}'::json")
_NOTHING: Final[Json] = literal_column("'[]'::json")
_LIVE: Final = t.c.state != TripState.CANCELLED.value
_FUNDED: Final = or_(*(t.c.state == state.value for state in sorted(WITH_FUNDS)))
_ZERO: Final[Json] = literal_column("0.00")


def _by_state() -> Select[*tuple[Any, ...]]:
    trips = func.sum(t.c.trips)
    synthetic = func.coalesce(func.sum(t.c.trips).filter(t.c.synthetic), 0) > 0
    return (
        select(t.c.programme_code, t.c.state, trips.label("trips"), synthetic.label("synthetic"))
        .where(visible_to(t.c.audience))
        .group_by(t.c.programme_code, t.c.state)
        .having(trips > 0)
    )


def _claimed(*wanted: ColumnElement[bool]) -> Subquery:
    """Add up what was certified, and what of it is paid, of the claims a caller may see."""
    paid = func.sum(c.c.certified).filter(c.c.state == ClaimState.PAID.value)
    sums = select(
        c.c.programme_code.label("code"),
        c.c.currency,
        func.coalesce(func.sum(c.c.certified), _ZERO).label("certified"),
        func.coalesce(paid, _ZERO).label("paid"),
    )
    seen = sums.where(visible_to(c.c.audience), *wanted)
    return seen.group_by(c.c.programme_code, c.c.currency).subquery("claimed")


def _estimated(*wanted: ColumnElement[bool]) -> Subquery:
    """Add up what trips were computed at and what of it has funds, of those a caller may see."""
    trips, funded = func.sum(t.c.trips), func.sum(t.c.estimated).filter(_FUNDED)
    sums = select(
        t.c.programme_code,
        t.c.currency,
        func.sum(t.c.estimated).label("estimated"),
        func.coalesce(funded, _ZERO).label("funded"),
        trips.label("trips"),
    )
    seen = sums.where(visible_to(t.c.audience), _LIVE, t.c.currency.is_not(None), *wanted)
    grouped = seen.group_by(t.c.programme_code, t.c.currency)
    return grouped.having(trips > 0).subquery("estimated")


def _by_currency(trips: Subquery, claims: Subquery) -> Select[*tuple[Any, ...]]:
    """Join sums with sums: joined before they are added up, each trip would add up all claims."""
    alike = (claims.c.code == trips.c.programme_code) & (claims.c.currency == trips.c.currency)
    return select(
        trips.c.programme_code,
        trips.c.currency,
        members(
            currency=trips.c.currency,
            estimated=cast(trips.c.estimated, Text),
            funded=cast(trips.c.funded, Text),
            certified=cast(func.coalesce(claims.c.certified, _ZERO), Text),
            paid=cast(func.coalesce(claims.c.paid, _ZERO), Text),
            trips=trips.c.trips,
        ).label("shown"),
    ).select_from(trips.outerjoin(claims, alike))


def _paid(sums: CTE) -> Select[*tuple[Any, ...]]:
    rows = func.json_agg(aggregate_order_by(sums.c.shown, sums.c.currency))
    return select(func.coalesce(rows, _NOTHING))


def _one() -> Hot:
    code = cast(bindparam("code"), Text)
    states = _by_state().where(t.c.programme_code == code).cte("states")
    claims = _claimed(c.c.programme_code == code)
    sums = _by_currency(_estimated(t.c.programme_code == code), claims).cte("sums")
    counted = func.coalesce(func.json_object_agg(states.c.state, states.c.trips), _NOBODY)
    synthetic = func.coalesce(func.bool_or(states.c.synthetic), false())
    shown = members(
        programme_code=code,
        trips=members(by_state=select(counted).scalar_subquery()),
        per_diem=_paid(sums).scalar_subquery(),
        synthetic=select(synthetic).scalar_subquery(),
    )
    return Hot(select(cast(shown, Text).label("body")))


def _every() -> Hot:
    states, sums = _by_state().cte("states"), _by_currency(_estimated(), _claimed()).cte("sums")
    own = _paid(sums).where(sums.c.programme_code == states.c.programme_code)
    totals = members(
        programme_code=states.c.programme_code,
        trips=members(by_state=func.json_object_agg(states.c.state, states.c.trips)),
        per_diem=own.scalar_subquery(),
        synthetic=func.bool_or(states.c.synthetic),
    )
    code = states.c.programme_code
    each = select(code.label("code"), totals.label("shown")).group_by(code).cte("each")
    shown = func.coalesce(func.json_object_agg(each.c.code, each.c.shown), _NOBODY)
    return Hot(select(cast(shown, Text).label("body")))


_ONE: Final = _one()
_EVERY: Final = _every()


async def programme_totals(unit: Unit, code: str, *, by: Caller) -> str:
    """Return the totals of a programme over the trips the caller may see; zeros if there is none.

    `estimated` adds the latest estimates of trips not cancelled, `funded` those with money;
    `certified` is what checks found right, `paid` what of it is paid.
    """
    async with unit.read() as read:
        row = await read.hot(_ONE, code=code, marks=list(by.audience))
    return str(row["body"]) if row is not None else "{}"


async def portfolio_totals(unit: Unit, *, by: Caller) -> str:
    """Return the totals of every programme with trips the caller may see, by its code."""
    async with unit.read() as read:
        row = await read.hot(_EVERY, marks=list(by.audience))
    return str(row["body"]) if row is not None else "{}"
