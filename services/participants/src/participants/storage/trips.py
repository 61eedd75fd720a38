"""Trips as rows."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Uuid,
    any_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from kit.auth import Caller
from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from kit.db.visible import visible, visible_to
from kit.errors import StaleVersion
from kit.money import Money
from participants.domain.claim import VOID
from participants.domain.errors import NoSuchTrip
from participants.domain.exchange import as_json, from_json
from participants.domain.snapshot import money_of
from participants.domain.trip import NO_SHOW, Journey, Reason, Trip, TripState
from participants.storage.tables import allowance_calculation, released_seat
from participants.storage.tables import trip as t
from participants.storage.tables_claims import claim

c = allowance_calculation.c
_NOT_TAKING_TIME = (literal(TripState.CANCELLED.value), literal(TripState.OVERLAPPING.value))
_NOT_COMPUTED = (literal(TripState.NEEDS_RULESET.value), literal(TripState.NEEDS_RATE.value))


def _locking(*conditions: ColumnElement[bool]) -> Hot:
    return Hot(select(*t.c).where(*conditions).order_by(t.c.id).with_for_update())


_in_programme = t.c.programme_code == bindparam("programme")
_LOCK_SEEN: Final = _locking(t.c.id == bindparam("id"), visible_to(t.c.audience))
_LOCK_KNOWN: Final = _locking(t.c.id == bindparam("id"))
_LOCK_OF_NOMINATION: Final = _locking(t.c.nomination_id == bindparam("nomination"))
_LOCK_WAITING: Final = _locking(
    _in_programme,
    t.c.state.in_(_NOT_COMPUTED)
    | (t.c.state == TripState.NEEDS_FUNDS.value) & (t.c.reason_code == "no_such_line"),
)
_LOCK_WITHOUT_FUNDS: Final = _locking(
    _in_programme,
    t.c.budget_line_code == bindparam("line"),
    t.c.state == TripState.NEEDS_FUNDS.value,
)
_LOCK_OVERLAPPING: Final = _locking(
    t.c.person_id == bindparam("person"), t.c.state == TripState.OVERLAPPING.value
)
_LOCK_IN_STATE: Final = _locking(
    t.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))), t.c.state == bindparam("state")
)
_SETTLED: Final = Hot(
    select(
        exists().where(t.c.nomination_id == bindparam("nomination")),
        exists().where(released_seat.c.nomination_id == bindparam("nomination")),
    )
)
_begins, _ends = (bindparam(name, type_=DateTime(timezone=True)) for name in ("begins", "ends"))
_during = func.tstzrange(_begins, _ends)
_new: dict[str, Any] = {each.name: bindparam(each.name, type_=each.type) for each in t.c}
_new["during"] = case((_begins.is_not(None), _during))
_ADD: Final = Hot(insert(t).values(_new))
_SAVE: Final = Hot(
    update(t)
    .where(t.c.id == _new["id"], t.c.version == _new["version"] - 1)
    .values({name: value for name, value in _new.items() if name != "person_number"})
    .returning(t.c.id)
)
_MOVED: Final = (
    update(t)
    .where(t.c.id == bindparam("of_id"), t.c.version == bindparam("former"))
    .values(version=bindparam("next"), state=bindparam("to"))
)
_AWAY: Final = Hot(
    select(t.c.id)
    .where(
        t.c.person_id == bindparam("person"),
        t.c.id != bindparam("id"),
        t.c.state.not_in(_NOT_TAKING_TIME),
        t.c.during.overlaps(_during),
    )
    .limit(1)
)


async def lock(tx: Tx, trip_id: UUID, *, by: Caller) -> Trip:
    """Lock and return a trip that the caller may see, or raise NoSuchTrip."""
    found = await _locked(tx, _LOCK_SEEN, id=trip_id, marks=list(by.audience))
    if not found:
        raise NoSuchTrip("there is no such trip")
    return found[0]


async def lock_known(tx: Tx, trip_id: UUID) -> Trip:
    """Lock and return a trip that another service names, or raise NoSuchTrip."""
    found = await _locked(tx, _LOCK_KNOWN, id=trip_id)
    if not found:
        raise NoSuchTrip("a fact names a trip that is not known here")
    return found[0]


async def is_settled(tx: Tx, nomination_id: UUID) -> bool:
    """Tell whether a nomination has its trip, or lost its seat before one was opened."""
    (row,) = await tx.hot_rows(_SETTLED, nomination=nomination_id)
    return any(row)


async def lock_of_nomination(tx: Tx, nomination_id: UUID) -> Trip | None:
    """Lock and return the trip opened for a nomination, or None."""
    found = await _locked(tx, _LOCK_OF_NOMINATION, nomination=nomination_id)
    return found[0] if found else None


async def lock_waiting(tx: Tx, programme_code: str) -> Sequence[Trip]:
    """Lock and return the trips that a change of their programme may set going again."""
    return await _locked(tx, _LOCK_WAITING, programme=programme_code)


async def lock_without_funds(tx: Tx, programme_code: str, line: str) -> Sequence[Trip]:
    """Lock and return the trips that wait for money of a budget line, the oldest first."""
    return await _locked(tx, _LOCK_WITHOUT_FUNDS, programme=programme_code, line=line)


async def lock_overlapping(tx: Tx, person_id: UUID) -> Sequence[Trip]:
    """Lock and return the trips of a person that wait for another one to end."""
    return await _locked(tx, _LOCK_OVERLAPPING, person=person_id)


async def not_over(tx: Tx, people: Sequence[UUID], today: date) -> Sequence[Trip]:
    """Return the trips of some records that are not over on a day."""
    statement = select(*t.c).where(
        t.c.person_id.in_(people),
        t.c.state != TripState.CANCELLED.value,
        t.c.last_day.is_(None) | (t.c.last_day >= today),
    )
    rows = (await tx.sql.execute(statement.order_by(t.c.id))).mappings()
    return [trip for row in rows if (trip := from_row(row)).is_ahead(today)]


async def known(tx: Tx, ids: Sequence[UUID]) -> Sequence[Trip]:
    """Return trips by their ids."""
    statement = select(*t.c).where(t.c.id.in_(ids)).order_by(t.c.id)
    return [from_row(row) for row in (await tx.sql.execute(statement)).mappings()]


async def lock_in_state(tx: Tx, ids: Sequence[UUID], state: TripState) -> Sequence[Trip]:
    """Lock and return those of some trips that are in a state."""
    return await _locked(tx, _LOCK_IN_STATE, ids=list(ids), state=state.value)


async def is_away(tx: Tx, trip: Trip) -> bool:
    """Tell whether the person has another trip at the time of this one."""
    span = trip.journey.during
    if span is None:
        return False
    begins, ends = span
    other = await tx.hot(_AWAY, person=trip.person_id, id=trip.id, begins=begins, ends=ends)
    return other is not None


async def add(tx: Tx, trip: Trip, *, person_number: int) -> None:
    """Store a new trip; one at the same time as another breaks `trip_overlaps`."""
    await tx.hot(_ADD, **_values(trip), person_number=person_number)


async def save_locked(tx: Tx, changed: Sequence[Trip]) -> None:
    """Store the next versions of trips that this transaction has locked."""
    rows = [
        {"of_id": trip.id, "former": trip.version - 1, "next": trip.version, "to": trip.state.value}
        for trip in changed
    ]
    if rows:
        await tx.sql.execute(_MOVED, rows)


async def save(tx: Tx, changed: Trip) -> None:
    """Store the next version of a trip, or raise StaleVersion."""
    if await tx.hot(_SAVE, **_values(changed)) is None:
        raise StaleVersion("the trip has changed meanwhile")


async def newest_results(tx: Tx, of: Sequence[Trip]) -> dict[UUID, str]:
    """Return the explained results of the newest calculations of trips, as canonical JSON."""
    newest = (c.trip_id == t.c.id) & (c.revision == t.c.revision)
    joined = select(c.trip_id, c.result).join(t, newest)
    rows = await tx.sql.execute(joined.where(t.c.id.in_([trip.id for trip in of])))
    return {row.trip_id: row.result for row in rows}


async def lock_claimable(
    tx: Tx, programme_code: str, today: date, most: int, *, by: Caller
) -> Sequence[Trip]:
    """Lock trips of a programme that are over and have money, but no claim; at most so many."""
    live = (claim.c.trip_id == t.c.id) & claim.c.state.not_in(VOID)
    due = (
        select(*t.c)
        .where(
            t.c.programme_code == programme_code,
            t.c.state == TripState.FUNDED.value,
            t.c.last_day <= today,
            t.c.estimate_amount > 0,
            t.c.attendance.is_distinct_from(NO_SHOW),
            ~exists().where(live),
            visible(t.c.audience, by),
        )
        .order_by(t.c.id)
        .limit(most)
    )
    rows = (await tx.sql.execute(due.with_for_update())).mappings()
    return [from_row(row) for row in rows]


async def _locked(tx: Tx, statement: Hot, **wanted: object) -> Sequence[Trip]:
    return [from_row(row) for row in await tx.hot_rows(statement, **wanted)]


def _values(trip: Trip) -> dict[str, Any]:
    journey = trip.journey
    begins, ends = journey.during or (None, None)
    return {
        "id": trip.id,
        "version": trip.version,
        "audience": sorted(trip.audience),
        "person_id": trip.person_id,
        "nomination_id": trip.nomination_id,
        "event_id": trip.event_id,
        "programme_code": trip.programme_code,
        "organisation": trip.organisation,
        "country": trip.country,
        "destination_country": journey.country,
        "destination_city": journey.city,
        "first_day": journey.first_day,
        "last_day": journey.last_day,
        "departs_at": journey.departs_at,
        "returns_at": journey.returns_at,
        "begins": begins,
        "ends": ends,
        "budget_line_code": trip.budget_line_code,
        "synthetic": trip.synthetic,
        **_standing(trip),
    }


def _standing(trip: Trip) -> dict[str, Any]:
    reason, estimate, available = trip.reason, trip.estimate, trip.available
    return {
        "state": trip.state.value,
        "reason_code": None if reason is None else reason.code,
        "reason": None if reason is None else reason.text,
        "ruleset": trip.ruleset,
        "revision": trip.revision,
        "estimate_amount": None if estimate is None else estimate.amount,
        "estimate_currency": None if estimate is None else estimate.currency,
        "available_amount": None if available is None else available.amount,
        "available_currency": None if available is None else available.currency,
        "totals": json.dumps(
            [{"amount": f"{each.amount:f}", "currency": each.currency} for each in trip.totals]
        ),
        "exchange": None if trip.exchange is None else json.dumps(as_json(trip.exchange)),
        "travel_facts": trip.travel_facts,
        "attendance": trip.attendance,
    }


def from_row(row: ByName) -> Trip:
    """Return the trip of a row with every column."""
    reason = row["reason_code"]
    return Trip(
        id=row["id"],
        version=row["version"],
        audience=frozenset(row["audience"]),
        person_id=row["person_id"],
        nomination_id=row["nomination_id"],
        event_id=row["event_id"],
        programme_code=row["programme_code"],
        organisation=row["organisation"],
        country=row["country"],
        journey=Journey(
            country=row["destination_country"],
            city=row["destination_city"],
            first_day=row["first_day"],
            last_day=row["last_day"],
            departs_at=row["departs_at"],
            returns_at=row["returns_at"],
        ),
        budget_line_code=row["budget_line_code"],
        synthetic=row["synthetic"],
        state=TripState(row["state"]),
        reason=None if reason is None else Reason(reason, row["reason"] or ""),
        ruleset=row["ruleset"],
        revision=row["revision"],
        estimate=money_of(row["estimate_amount"], row["estimate_currency"]),
        available=money_of(row["available_amount"], row["available_currency"]),
        totals=tuple(
            Money(Decimal(each["amount"]), each["currency"]) for each in row["totals"] or ()
        ),
        exchange=from_json(row["exchange"]),
        travel_facts=row["travel_facts"],
        attendance=row["attendance"],
    )
