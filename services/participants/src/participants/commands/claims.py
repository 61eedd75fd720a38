"""Claims: declared, checked by somebody else, certified with a reason for every deduction."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from participants.commands.telling import claim_certified, claim_moved, trip_moved
from participants.domain.claim import (
    Claim,
    ClaimItem,
    ClaimState,
    Decision,
    OverrideReason,
)
from participants.domain.declaring import as_computed, checked, declared, must_be_over
from participants.domain.errors import ClaimCannotMove
from participants.domain.parked import resolving
from participants.domain.trip import NO_SHOW, Trip, TripState
from participants.storage import claims, identities, persons, trips


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: items in a currency, or as the trip's per diem was computed where None."""

    items: Sequence[ClaimItem] | None
    currency: str | None = None


async def declare_claim(
    unit: Unit, trip_id: UUID, asked: Asked, *, by: Caller, draft: bool = False
) -> Claim:
    """Declare what a trip cost; a day that has an allowance with another claim is refused.

    A draft takes no day and moves no trip until it is submitted.
    Refused: NoSuchTrip, PersonClosed, ClaimInvalid, ClaimCannotMove, ClaimExists, DayAlreadyPaid.
    """
    async with unit.begin() as tx:
        trip = await trips.lock(tx, trip_id, by=by)
        await claims.must_be_free(tx, trip_id)
        items, currency = await _asked(tx, trip, asked)
        claim = declared(
            uuid7(tx.now),
            trip,
            items,
            currency=currency,
            revision=await claims.next_revision(tx, trip_id),
            by=by.subject,
            today=None if draft else home_day(tx.now),
        )
        await persons.lock_number(tx, claim.person_id)
        (await identities.standing(tx, claim.person_id)).must_be_open()
        await claims.add(tx, claim)
        tx.tell(claim_moved(claim), about=claim)
        if not draft:
            await move_trip(tx, trip, TripState.CLAIMED)
        return tx.result(claim)


async def _asked(tx: Tx, trip: Trip, asked: Asked) -> tuple[Sequence[ClaimItem], str]:
    """Return the items and their currency; those of the newest calculation where none are sent."""
    if trip.estimate is None or trip.journey.first_day is None:
        raise ClaimCannotMove("the trip has no per diem yet", state=str(trip.state))
    currency = asked.currency or trip.estimate.currency
    if asked.items is not None:
        return asked.items, currency
    if trip.attendance == NO_SHOW:
        raise ClaimCannotMove("nobody came: declare what was spent by hand", state=NO_SHOW)
    result = (await trips.newest_results(tx, [trip]))[trip.id]
    worth = {} if trip.exchange is None else trip.exchange.worth
    return as_computed(result, trip.estimate, worth, trip.journey.first_day), currency


async def rewrite_draft(
    unit: Unit, claim_id: UUID, asked: Asked, *, expected: int, by: Caller
) -> Claim:
    """Put other items in the place of those of a draft.

    Refused: NoSuchClaim, StaleVersion, ClaimCannotMove, ClaimInvalid.
    """
    async with unit.begin() as tx:
        claim = await claims.lock(tx, claim_id, by=by)
        claim.must_be_at(expected)
        trip = await trips.lock_known(tx, claim.trip_id)
        items, currency = await _asked(tx, trip, asked)
        draft = claim.drafted(checked(trip, items, currency), currency, by.subject)
        await claims.save(tx, draft)
        tx.tell(claim_moved(draft), about=draft)
        return tx.result(draft)


async def submit_claim(unit: Unit, claim_id: UUID, *, expected: int, by: Caller) -> Claim:
    """Stand behind a draft: its days are taken from now on, and its trip is claimed.

    Refused: NoSuchClaim, StaleVersion, ClaimCannotMove, ClaimInvalid, DayAlreadyPaid.
    """
    async with unit.begin() as tx:
        claim = await claims.lock(tx, claim_id, by=by)
        claim.must_be_at(expected)
        submitted = claim.submitted(by.subject)
        trip = await trips.lock_known(tx, claim.trip_id)
        must_be_over(trip, home_day(tx.now))
        checked(trip, claim.items, claim.currency)
        await persons.lock_number(tx, claim.person_id)
        await claims.save(tx, submitted)
        tx.tell(claim_moved(submitted), about=submitted)
        await move_trip(tx, trip, TripState.CLAIMED)
        return tx.result(submitted)


async def withdraw_claim(unit: Unit, claim_id: UUID, *, expected: int, by: Caller) -> Claim:
    """Give up a draft that nobody will submit: its trip can have another claim.

    Refused: NoSuchClaim, StaleVersion, ClaimCannotMove.
    """
    async with unit.begin() as tx:
        claim = await claims.lock(tx, claim_id, by=by)
        claim.must_be_at(expected)
        withdrawn = claim.given_up()
        await claims.save_standing(tx, withdrawn)
        tx.tell(claim_moved(withdrawn), about=withdrawn)
        return tx.result(withdrawn)


async def take_to_check(
    unit: Unit, claim_id: UUID, *, override: OverrideReason | None, expected: int, by: Caller
) -> Claim:
    """Take a claim to check it, or over from a colleague; not who declared it, without a reason.

    Refused: NoSuchClaim, StaleVersion, ClaimCannotMove, FourEyes.
    """
    async with unit.begin() as tx:
        claim = await claims.lock(tx, claim_id, by=by)
        claim.must_be_at(expected)
        checking = claim.under_check(by.subject, override)
        await claims.save(tx, checking)
        tx.tell(claim_moved(checking), about=checking)
        return tx.result(checking)


async def decide_claim(
    unit: Unit, claim_id: UUID, decisions: Sequence[Decision], *, expected: int, by: Caller
) -> Claim:
    """Certify, deduct or park each amount of a claim; programmes hears what may be spent.

    Refused: NoSuchClaim, StaleVersion, ClaimCannotMove, ClaimInvalid, FourEyes.
    """
    async with unit.begin() as tx:
        claim = await claims.lock(tx, claim_id, by=by)
        claim.must_be_at(expected)
        decided = claim.decided(decisions, by.subject)
        await claims.save(tx, decided)
        tx.tell(claim_certified(decided), about=decided)
        if claim.resolves is None:
            rejected = decided.state is ClaimState.REJECTED
            trip = await trips.lock_known(tx, claim.trip_id)
            await move_trip(tx, trip, TripState.RETURNED if rejected else TripState.VERIFIED)
        return tx.result(decided)


async def resolve_parked(
    unit: Unit,
    claim_id: UUID,
    decisions: Sequence[Decision],
    *,
    override: OverrideReason | None,
    expected: int,
    by: Caller,
) -> Claim:
    """Decide what the check of a claim had parked: a new claim, certified or rejected at once.

    The claim that is resolved stays as it was decided. Refused: NoSuchClaim, StaleVersion,
    ClaimCannotMove, ClaimInvalid, FourEyes, ParkedResolved.
    """
    async with unit.begin() as tx:
        former = await claims.lock(tx, claim_id, by=by)
        former.must_be_at(expected)
        await trips.lock_known(tx, former.trip_id)
        made = resolving(
            uuid7(tx.now),
            former,
            decisions,
            revision=await claims.next_revision(tx, former.trip_id),
            by=by.subject,
            override=override,
        )
        await claims.add(tx, made)
        tx.tell(claim_certified(made), about=made)
        return tx.result(made)


async def move_trip(tx: Tx, trip: Trip, state: TripState) -> None:
    """Move a locked trip with its claim, and tell it."""
    moved = trip.after_travel(state)
    await trips.save(tx, moved)
    tx.tell(trip_moved(moved), about=moved)
