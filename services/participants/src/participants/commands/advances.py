"""Money given before a trip: asked for, approved and paid out by three people."""

from datetime import date
from uuid import UUID

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Unit
from kit.ids import uuid7
from kit.money import Money
from participants.commands.telling import advance_moved
from participants.domain.settlement import Advance, asked_advance, must_have_been
from participants.storage import settlements, trips


async def ask_advance(unit: Unit, trip_id: UUID, amount: Money, *, by: Caller) -> Advance:
    """Ask for money before a trip, at most what is committed for it.

    Refused: NoSuchTrip, PaymentCannotMove, AdvanceExists, InvalidInput.
    """
    async with unit.begin() as tx:
        trip = await trips.lock(tx, trip_id, by=by)
        advance = asked_advance(uuid7(tx.now), trip, amount, by.subject)
        await settlements.add_advance(tx, advance)
        tx.tell(advance_moved(advance), about=advance)
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
        tx.tell(advance_moved(approved), about=approved)
        return tx.result(approved)


async def pay_advance(
    unit: Unit, advance_id: UUID, *, on: date, expected: int, by: Caller
) -> Advance:
    """Note that an advance was paid out.

    Refused: NoSuchAdvance, StaleVersion, PaymentCannotMove, FourEyes, InvalidInput.
    """
    async with unit.begin() as tx:
        advance = await settlements.lock_advance(tx, advance_id, by=by)
        advance.must_be_at(expected)
        must_have_been(on, home_day(tx.now))
        paid = advance.paid_out(by.subject, on)
        await settlements.save_advance(tx, paid)
        tx.tell(advance_moved(paid), about=paid)
        return tx.result(paid)
