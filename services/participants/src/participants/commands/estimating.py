"""Estimating trips inside a command's transaction: one look at each programme and each rate book.

Not a command itself: whoever opened the transaction locked the trips.
"""

from collections.abc import Iterable, Sequence

from kit.db.unit import Tx
from kit.money import Money
from participants.commands.telling import per_diem_estimated, trip_waits
from participants.domain.estimate import (
    Calculation,
    CannotEstimate,
    ProgrammePin,
    estimate,
    facts_for,
    ruleset_for,
)
from participants.domain.exchange import CannotConvert, in_one_currency
from participants.domain.rates import RateBook
from participants.domain.trip import NO_BUDGET_HOLDS, Reason, Trip, TripState
from participants.storage import programmes, rates, trips

_AWAY = Reason("trip_overlaps", "The person already has a trip at that time.")
_TOO_MUCH = Reason("sum_too_large", "The per diem adds up to more than any budget line can hold.")


class Shelf:
    """What was read for estimates in this transaction; both are the same for many trips."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._pins: dict[str, ProgrammePin | None] = {}
        self._books: dict[tuple[tuple[str, ...], frozenset[str]], RateBook] = {}

    async def pin(self, code: str) -> ProgrammePin | None:
        """Return the pin of a programme, or None while it is not known here."""
        if code not in self._pins:
            self._pins[code] = await programmes.find(self._tx, code)
        return self._pins[code]

    async def book(self, schemes: tuple[str, ...], countries: frozenset[str]) -> RateBook:
        """Return the rates of some schemes that concern some countries."""
        key = (schemes, countries)
        if key not in self._books:
            self._books[key] = await rates.book(self._tx, schemes, countries)
        return self._books[key]


async def estimated(tx: Tx, shelf: Shelf, trip: Trip) -> tuple[Trip, Calculation | None]:
    """Return the trip with a calculation whose funds are asked for, or waiting, with the reason.

    Tells PerDiemEstimated or TripWaits; the caller stores the trip, then the calculation.
    """
    if await trips.is_away(tx, trip):
        return _waits(tx, trip, TripState.OVERLAPPING, _AWAY), None
    pin = await shelf.pin(trip.programme_code)
    try:
        ruleset = ruleset_for(trip, pin)
        book = await shelf.book(ruleset.schemes, ruleset.countries(facts_for(trip)))
        calculation = estimate(trip, pin, book)
    except CannotEstimate as wait:
        return _waits(tx, trip, wait.state, wait.reason), None
    totals = calculation.result.totals
    try:
        total = in_one_currency(totals, calculation.pin.exchange_rule, trip.exchange)
    except CannotConvert as wait:
        reason = Reason(wait.code, wait.text)
        return _waits(tx, trip, TripState.NEEDS_RATE, reason, totals), None
    if total.amount >= NO_BUDGET_HOLDS:
        return _waits(tx, trip, TripState.NEEDS_FACTS, _TOO_MUCH, totals), None
    return _estimated(tx, trip, pin, calculation, total), calculation


def _estimated(
    tx: Tx, trip: Trip, pin: ProgrammePin | None, calculation: Calculation, total: Money
) -> Trip:
    ready = trip.estimated(
        total,
        ruleset=calculation.ruleset.code,
        budget_line_code=_line(trip, pin),
        totals=calculation.result.totals,
    )
    tx.tell(per_diem_estimated(ready, total), about=ready)
    return ready


def _line(trip: Trip, pin: ProgrammePin | None) -> str | None:
    """Return the line that pays: the trip's own, or the programme's where there is no such line."""
    of_programme = None if pin is None else pin.budget_line_code
    unknown = trip.reason is not None and trip.reason.code == "no_such_line"
    if unknown and of_programme is not None:
        return of_programme
    return trip.budget_line_code or of_programme


def _waits(
    tx: Tx, trip: Trip, state: TripState, reason: Reason, totals: Sequence[Money] = ()
) -> Trip:
    """Return the waiting trip; one that waits for the same thing already stays as it is."""
    if (trip.state, trip.reason, trip.totals) == (state, reason, tuple(totals)):
        return trip
    waiting = trip.waiting(state, reason, totals)
    tx.tell(trip_waits(waiting), about=waiting)
    return waiting


async def estimate_again(tx: Tx, locked: Iterable[Trip]) -> Sequence[Trip]:
    """Estimate trips that are stored and locked, each as its next version and revision."""
    shelf = Shelf(tx)
    made: list[tuple[Trip, Calculation]] = []
    changed: list[Trip] = []
    for trip in locked:
        ready, calculation = await estimated(tx, shelf, trip)
        changed.append(ready)
        if ready is not trip:
            await trips.save(tx, ready)
        if calculation is not None:
            made.append((ready, calculation))
    await rates.add_calculations(tx, made)
    return changed
