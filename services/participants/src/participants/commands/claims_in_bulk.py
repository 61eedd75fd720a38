"""Many claims at once, for trips that went as they were computed: declared, certified, paid.

Each step is one transaction over at most so many records; who takes a step is told by the caller,
and the four eyes hold as for a single claim. A step that is repeated finds nothing left to do.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Unit
from kit.ids import uuid7
from participants.commands.settlements import store_paid
from participants.commands.telling import claim_certified, claim_moved, trip_moved
from participants.domain.claim import Claim, Decision
from participants.domain.declaring import as_computed, declared
from participants.domain.errors import ClaimCannotMove
from participants.domain.settlement import must_have_been
from participants.domain.trip import Trip, TripState
from participants.storage import claims, settlements, trips


async def declare_as_computed(unit: Unit, programme_code: str, *, most: int, by: Caller) -> int:
    """Declare for trips that are over what they were computed at; return how many.

    Only trips of the programme with money and without a claim. Refused: DayAlreadyPaid, and then
    for all of them.
    """
    async with unit.begin() as tx:
        today = home_day(tx.now)
        over = await trips.lock_claimable(tx, programme_code, today, most, by=by)
        results = await trips.newest_results(tx, over)
        revisions = await claims.next_revisions(tx, [trip.id for trip in over])
        made = [_declared(tx.now, trip, results, revisions, by) for trip in over]
        await claims.add_all(tx, made)
        claimed = [trip.after_travel(TripState.CLAIMED) for trip in over]
        await trips.save_locked(tx, claimed)
        for claim, trip in zip(made, claimed, strict=True):
            tx.tell(claim_moved(claim), about=claim)
            tx.tell(trip_moved(trip), about=trip)
        return tx.result(len(made))


def _declared(
    now: datetime,
    trip: Trip,
    results: Mapping[UUID, str],
    revisions: Mapping[UUID, int],
    by: Caller,
) -> Claim:
    if trip.estimate is None or trip.journey.first_day is None:
        raise ClaimCannotMove("the trip has no per diem yet", state=str(trip.state))
    worth = {} if trip.exchange is None else trip.exchange.worth
    return declared(
        uuid7(now),
        trip,
        as_computed(results[trip.id], trip.estimate, worth, trip.journey.first_day),
        currency=trip.estimate.currency,
        revision=revisions.get(trip.id, 1),
        by=by.subject,
        today=home_day(now),
    )


async def certify_as_computed(unit: Unit, programme_code: str, *, most: int, by: Caller) -> int:
    """Check and certify in full claims that ask what was computed; return how many.

    Refused: FourEyes, where the caller declared one of them.
    """
    async with unit.begin() as tx:
        found = await claims.lock_as_computed(tx, programme_code, most, by=by)
        decided = []
        for claim in found:
            checking = claim.under_check(by.subject, None)
            tx.tell(claim_moved(checking), about=checking)
            whole = [Decision(number=i.number, certified=i.declared) for i in claim.items]
            decided.append(checking.decided(whole, by.subject))
            tx.tell(claim_certified(decided[-1]), about=decided[-1])
        await claims.save_decided(tx, decided)
        of = [claim.trip_id for claim in decided]
        claimed = await trips.lock_in_state(tx, of, TripState.CLAIMED)
        verified = [trip.after_travel(TripState.VERIFIED) for trip in claimed]
        await trips.save_locked(tx, verified)
        for trip in verified:
            tx.tell(trip_moved(trip), about=trip)
        return tx.result(len(decided))


async def pay_in_cash(
    unit: Unit, programme_code: str, *, on: date, ended_by: date, most: int, by: Caller
) -> int:
    """Note that settlements of trips that ended by a day were paid in cash; return how many.

    Refused: InvalidInput.
    """
    async with unit.begin() as tx:
        must_have_been(on, home_day(tx.now))
        found = await settlements.lock_settled(tx, programme_code, ended_by, most, by=by)
        await store_paid(tx, [each.paid(on, in_cash=True) for each in found], on)
        return tx.result(len(found))
