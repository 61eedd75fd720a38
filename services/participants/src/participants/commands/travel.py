"""How a trip went, and what its currencies are worth: recorded by a clerk, then computed again."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.errors import Violation
from participants.commands.estimating import estimate_again
from participants.commands.telling import trip_waits
from participants.domain.errors import TripFactsRefused, TripOverlaps
from participants.domain.estimate import CannotEstimate, ruleset_for
from participants.domain.exchange import Exchange
from participants.domain.per_diem import TripFacts
from participants.domain.snapshot import canonical
from participants.domain.trip import Journey, Trip, must_be_open
from participants.storage import programmes, trips


async def record_travel(
    unit: Unit,
    trip_id: UUID,
    facts: TripFacts,
    found: Sequence[Violation],
    *,
    expected: int,
    by: Caller,
) -> Trip:
    """Record how a trip went, in place of what was told before, and compute it again.

    `found` is what is wrong with its times already. Refused: NoSuchTrip, StaleVersion,
    TripFactsRefused with every violation, TripEndsBeforeItStarts, TripOverlaps, TripCannotMove.
    """
    async with unit.begin() as tx:
        trip = await trips.lock(tx, trip_id, by=by)
        trip.must_be_at(expected)
        must_be_open(trip)
        known = _whole(trip, facts)
        await _must_fit(tx, trip, known, found)
        told = trip.told(_journey(known), canonical(known))
        if await trips.is_away(tx, told):
            raise TripOverlaps("the person has another trip at that time")
        return tx.result(await _computed(tx, told))


async def record_exchange(
    unit: Unit, trip_id: UUID, exchange: Exchange, *, expected: int, by: Caller
) -> Trip:
    """Record the rates that convert a trip's currencies, and compute it again.

    Refused: NoSuchTrip, StaleVersion, TripFactsRefused, TripCannotMove.
    """
    async with unit.begin() as tx:
        trip = await trips.lock(tx, trip_id, by=by)
        trip.must_be_at(expected)
        must_be_open(trip)
        wrong = list(exchange.violations(home_day(tx.now)))
        if wrong:
            raise TripFactsRefused("the rates cannot be these", errors=wrong)
        return tx.result(await _computed(tx, replace(trip, exchange=exchange)))


def _whole(trip: Trip, facts: TripFacts) -> TripFacts:
    """Return the facts with the planned destination where they name none."""
    if facts.country:
        return facts
    country, town = trip.journey.country or "", trip.journey.city
    abroad = facts.abroad and facts.abroad.placed(country, town)
    return replace(facts, country=country, place=town, abroad=abroad)


def _journey(facts: TripFacts) -> Journey:
    return Journey(
        country=facts.country,
        city=facts.place,
        first_day=facts.first_day,
        last_day=facts.last_day,
        departs_at=facts.departs_at,
        returns_at=facts.returns_at,
    )


async def _must_fit(tx: Tx, trip: Trip, facts: TripFacts, found: Sequence[Violation]) -> None:
    """Raise TripFactsRefused for what contradicts the ruleset the programme pinned, if any."""
    wrong = list(found)
    try:
        pin = await programmes.find(tx, trip.programme_code)
        gone = replace(trip, journey=replace(trip.journey, country=facts.country or None))
        wrong += ruleset_for(gone, pin).violations(facts)
    except CannotEstimate:
        pass
    if wrong:
        raise TripFactsRefused("the trip cannot have gone like this", errors=wrong)


async def _computed(tx: Tx, told: Trip) -> Trip:
    """Estimate a trip again; what was told is kept also where it goes on waiting."""
    (ready,) = await estimate_again(tx, [told])
    if ready.version > told.version:
        return ready
    kept = replace(told, version=told.version + 1)
    await trips.save(tx, kept)
    tx.tell(trip_waits(kept), about=kept)
    return kept
