"""A certified claim taken back before it is paid, to be checked again."""

from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Tx, Unit
from participants.commands.advances import store_advance
from participants.commands.claims import move_trip
from participants.commands.telling import claim_reopened, settlement_moved
from participants.domain.claim import Claim, OverrideReason, ReopenReason
from participants.domain.settlement import Settlement
from participants.domain.trip import TripState
from participants.storage import claims, settlements, trips


async def reopen_claim(
    unit: Unit,
    claim_id: UUID,
    *,
    reason: ReopenReason,
    override: OverrideReason | None,
    expected: int,
    by: Caller,
) -> Claim:
    """Take back the decision about a claim that is not paid; its settlement is withdrawn.

    Its days stay taken and its money stays set aside until it is decided again. Refused:
    NoSuchClaim, StaleVersion, ClaimCannotMove, ParkedResolved, FourEyes, PaymentCannotMove once
    it is in a payment file.
    """
    async with unit.begin() as tx:
        settlement = await settlements.lock_of_claim(tx, claim_id)
        claim = await claims.lock(tx, claim_id, by=by)
        claim.must_be_at(expected)
        await settlements.must_still_be(tx, claim_id, settlement)
        await claims.must_be_unresolved(tx, claim_id)
        reopened = claim.reopened(reason, by.subject, override)
        await claims.save_decided(tx, [reopened])
        tx.tell(claim_reopened(reopened), about=reopened)
        if settlement is not None:
            await _withdraw(tx, settlement)
        if claim.resolves is None:
            await move_trip(tx, await trips.lock_known(tx, claim.trip_id), TripState.CLAIMED)
        return tx.result(reopened)


async def _withdraw(tx: Tx, settlement: Settlement) -> None:
    withdrawn = settlement.withdrawn()
    await settlements.save_settlements(tx, [withdrawn])
    tx.tell(settlement_moved(withdrawn), about=withdrawn)
    advance = (await settlements.advances_of(tx, [settlement.trip_id])).get(settlement.trip_id)
    if advance is not None and settlement.advanced:
        open_again = advance.given_back(settlement.advanced - settlement.to_return)
        await store_advance(tx, open_again)
