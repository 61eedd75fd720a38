"""Paying: advances before a trip, settlements after a claim, files that pay many at once."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from kit.auth import STAFF, Caller
from kit.db.unit import Unit
from kit.ids import uuid7
from kit.money import Money
from participants.commands.telling import settlement_paid
from participants.domain.claim import OverrideReason
from participants.domain.errors import NothingToPay, PaymentCannotMove
from participants.domain.settlement import (
    Advance,
    PaymentFile,
    Settlement,
    settled,
)
from participants.domain.trip import TripState
from participants.storage import claims, settlements, trips

IN_ONE_FILE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The organisation that pays, and its account."""

    code: str
    name: str
    iban: str
    bic: str | None


async def ask_advance(unit: Unit, trip_id: UUID, amount: Money, *, by: Caller) -> Advance:
    """Ask for money before a trip, at most what the trip is estimated at.

    Refused: NoSuchTrip, PaymentCannotMove, AdvanceExists.
    """
    async with unit.begin() as tx:
        trip = await trips.lock(tx, trip_id, by=by)
        limit = trip.estimate
        if trip.state is TripState.CANCELLED or limit is None:
            raise PaymentCannotMove("the trip has no per diem", state=str(trip.state))
        if limit.currency != amount.currency or amount.amount > limit.amount:
            raise PaymentCannotMove("more than the estimate of the trip", state=str(trip.state))
        advance = Advance(
            id=uuid7(tx.now),
            version=1,
            audience=trip.audience,
            trip_id=trip.id,
            person_id=trip.person_id,
            amount=amount,
            asked_by=by.subject,
        )
        await settlements.add_advance(tx, advance)
        return tx.result(advance)


async def approve_advance(unit: Unit, advance_id: UUID, *, expected: int, by: Caller) -> Advance:
    """Approve an advance that somebody else asked for.

    Refused: NoSuchAdvance, StaleVersion, PaymentCannotMove, FourEyes.
    """
    async with unit.begin() as tx:
        advance = await settlements.lock_advance(tx, advance_id, by=by)
        advance.must_be_at(expected)
        approved = advance.approved(by.subject)
        await settlements.save_advance(tx, approved)
        return tx.result(approved)


async def pay_advance(
    unit: Unit, advance_id: UUID, *, on: date, expected: int, by: Caller
) -> Advance:
    """Note that an advance was paid out.

    Refused: NoSuchAdvance, StaleVersion, PaymentCannotMove, FourEyes.
    """
    async with unit.begin() as tx:
        advance = await settlements.lock_advance(tx, advance_id, by=by)
        advance.must_be_at(expected)
        paid = advance.paid_out(by.subject, on)
        await settlements.save_advance(tx, paid)
        return tx.result(paid)


async def settle_claim(
    unit: Unit, claim_id: UUID, *, payer: str, override: OverrideReason | None, by: Caller
) -> Settlement:
    """Authorise what a certified claim comes to once its advance is counted.

    Refused: NoSuchClaim, PaymentCannotMove, FourEyes, SettlementExists.
    """
    async with unit.begin() as tx:
        claim = await claims.lock(tx, claim_id, by=by)
        advance = await settlements.advance_of_trip(tx, claim.trip_id)
        settlement = settled(
            uuid7(tx.now), claim, advance, payer=payer, by=by.subject, override=override
        )
        await settlements.add_settlement(tx, settlement)
        if advance is not None and settlement.advanced:
            used = settlement.advanced - settlement.to_return
            await settlements.save_advance(tx, advance.accounted(used))
        return tx.result(settlement)


async def pay_settlement(
    unit: Unit, settlement_id: UUID, *, on: date, expected: int, by: Caller
) -> Settlement:
    """Note that a settlement was paid, or what was too much returned; programmes books it.

    Refused: NoSuchSettlement, NoSuchClaim, StaleVersion, PaymentCannotMove, ClaimCannotMove.
    """
    async with unit.begin() as tx:
        settlement = await settlements.lock_settlement(tx, settlement_id, by=by)
        settlement.must_be_at(expected)
        paid = settlement.paid(on)
        await settlements.save_settlement(tx, paid)
        claim = await claims.lock(tx, settlement.claim_id, by=by)
        await claims.save(tx, claim.paid_off())
        advance = await settlements.advance_of_trip(tx, settlement.trip_id)
        if advance is not None and settlement.to_return:
            await settlements.save_advance(tx, advance.accounted(settlement.to_return))
        tx.tell(settlement_paid(paid, on), about=paid)
        return tx.result(paid)


async def make_payment_file(
    unit: Unit, payer: Payer, *, currency: str, executes_on: date, by: Caller
) -> PaymentFile:
    """Gather what one payer owes in one currency, at most a thousand payments.

    Whoever's account is not known stays settled and waits. Refused: NothingToPay.
    """
    async with unit.begin() as tx:
        found = await settlements.lock_to_pay(tx, payer.code, currency, IN_ONE_FILE, by=by)
        if not found:
            raise NothingToPay("no settlement waits for this payer in this currency")
        file = PaymentFile(
            id=uuid7(tx.now),
            version=1,
            audience=frozenset({STAFF, f"org:{payer.code}"}),
            payer=payer.code,
            payer_name=payer.name,
            payer_iban=payer.iban,
            payer_bic=payer.bic,
            currency=currency,
            payments=len(found),
            total=sum((each.payable for each in found), Decimal("0.00")),
            executes_on=executes_on,
            made_by=by.subject,
            made_at=tx.now,
        )
        await settlements.add_file(tx, file)
        for each in found:
            await settlements.save_settlement(tx, each.in_file(file.id))
        return tx.result(file)
