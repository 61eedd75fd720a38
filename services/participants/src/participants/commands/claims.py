"""Claims: declared, checked by somebody else, certified with a reason for every deduction."""

from collections.abc import Sequence
from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Unit
from kit.ids import uuid7
from participants.commands.telling import claim_certified
from participants.domain.claim import Claim, ClaimItem, Decision, OverrideReason, declared
from participants.domain.trip import HOME_ZONE
from participants.storage import claims, trips


async def declare_claim(
    unit: Unit, trip_id: UUID, items: Sequence[ClaimItem], *, currency: str, by: Caller
) -> Claim:
    """Declare what a trip cost; a day that has an allowance with another claim is refused.

    Refused: NoSuchTrip, ClaimInvalid, ClaimCannotMove, ClaimExists, DayAlreadyPaid.
    """
    async with unit.begin() as tx:
        trip = await trips.lock(tx, trip_id, by=by)
        claim = declared(
            uuid7(tx.now),
            trip,
            items,
            currency=currency,
            revision=await claims.next_revision(tx, trip_id),
            by=by.subject,
            today=tx.now.astimezone(HOME_ZONE).date(),
        )
        await claims.add(tx, claim)
        return tx.result(claim)


async def take_to_check(
    unit: Unit, claim_id: UUID, *, override: OverrideReason | None, expected: int, by: Caller
) -> Claim:
    """Take a claim to check it: whoever declared it cannot, without a documented reason.

    Refused: NoSuchClaim, StaleVersion, ClaimCannotMove, FourEyes.
    """
    async with unit.begin() as tx:
        claim = await claims.lock(tx, claim_id, by=by)
        claim.must_be_at(expected)
        checking = claim.under_check(by.subject, override)
        await claims.save(tx, checking)
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
        return tx.result(decided)
