"""Settling claims one by one, and noting that money moved."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from participants.commands.advances import store_advance
from participants.commands.telling import (
    claim_moved,
    settlement_moved,
    settlement_paid,
    trip_moved,
)
from participants.domain.claim import OverrideReason
from participants.domain.settlement import (
    Advance,
    Settlement,
    must_follow,
    must_follow_file,
    must_have_been,
    settled,
)
from participants.domain.trip import TripState
from participants.storage import claims, settlements, trips


async def settle_claim(
    unit: Unit, claim_id: UUID, *, payer: str, override: OverrideReason | None, by: Caller
) -> Settlement:
    """Authorise what a certified claim comes to once its advance is counted.

    Refused: NoSuchClaim, PaymentCannotMove, FourEyes, SettlementExists.
    """
    async with unit.begin() as tx:
        claim = await claims.lock(tx, claim_id, by=by)
        former = None if claim.resolves is None else claim.resolves
        formers = await claims.states_of(tx, [] if former is None else [former])
        await settlements.must_be_unsettled(tx, claim_id)
        advances = await settlements.advances_of(tx, [claim.trip_id])
        settlement = settled(
            uuid7(tx.now),
            claim,
            advances.get(claim.trip_id),
            payer=payer,
            by=by.subject,
            override=override,
            former=None if former is None else formers.get(former),
        )
        await store_settled(tx, [settlement], advances)
        return tx.result(settlement)


async def store_settled(
    tx: Tx, made: Sequence[Settlement], advances: Mapping[UUID, Advance]
) -> None:
    """Store settlements, account for their advances and move their trips; all is told."""
    await settlements.add_settlements(tx, made)
    for each in made:
        tx.tell(settlement_moved(each), about=each)
        advance = advances.get(each.trip_id)
        if advance is not None and each.advanced:
            used = advance.accounted(each.advanced - each.to_return)
            await store_advance(tx, used)
    for trip in await trips.lock_in_state(tx, [each.trip_id for each in made], TripState.VERIFIED):
        moved = trip.after_travel(TripState.SETTLED)
        await trips.save(tx, moved)
        tx.tell(trip_moved(moved), about=moved)


async def pay_settlement(
    unit: Unit, settlement_id: UUID, *, on: date, in_cash: bool, expected: int, by: Caller
) -> Settlement:
    """Note that a settlement was paid, or what was too much returned; programmes books it.

    Refused: NoSuchSettlement, StaleVersion, PaymentCannotMove, ClaimCannotMove, InvalidInput.
    """
    async with unit.begin() as tx:
        settlement = await settlements.lock_settlement(tx, settlement_id, by=by)
        settlement.must_be_at(expected)
        must_have_been(on, home_day(tx.now))
        paid = settlement.paid(on, in_cash=in_cash)
        await store_paid(tx, [paid], on)
        return tx.result(paid)


async def store_paid(tx: Tx, paid: Sequence[Settlement], on: date) -> None:
    """Store settlements that are paid together with their claims and advances, and tell programmes.

    Refused: InvalidInput where one of their trips ended, or their file was made, after the day.
    """
    must_follow(on, await settlements.last_return(tx, [each.trip_id for each in paid]))
    files = {each.payment_file_id for each in paid if each.payment_file_id is not None}
    made_at = await settlements.files_made_at(tx, sorted(files)) if files else None
    must_follow_file(on, None if made_at is None else home_day(made_at))
    await settlements.save_settlements(tx, paid)
    for each in paid:
        tx.tell(settlement_paid(each, on), about=each)
    locked = await claims.lock_known(tx, [each.claim_id for each in paid])
    for claim in locked:
        closed = claim.paid_off()
        await claims.save_standing(tx, closed)
        tx.tell(claim_moved(closed), about=closed)
    await _take_back(tx, [each for each in paid if each.to_return], on)


async def _take_back(tx: Tx, paid: Sequence[Settlement], on: date) -> None:
    advances = await settlements.advances_of(tx, [each.trip_id for each in paid]) if paid else {}
    for each in paid:
        cleared = advances[each.trip_id].accounted(each.to_return, returned_on=on)
        await store_advance(tx, cleared)
