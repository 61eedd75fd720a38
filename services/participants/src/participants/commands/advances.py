"""Money given before a trip: asked for, approved and paid out by three people, or refused.

What is not counted in a settlement, as where the trip is cancelled, is returned here.
"""

from datetime import date
from uuid import UUID

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from kit.money import Money
from participants.commands.telling import advance_moved
from participants.domain.settlement import (
    Advance,
    asked_advance,
    must_be_wanted,
    must_have_been,
)
from participants.storage import identities, persons, settlements, trips


async def ask_advance(unit: Unit, trip_id: UUID, amount: Money, *, by: Caller) -> Advance:
    """Ask for money before a trip, at most what is committed for it.

    Refused: NoSuchTrip, PersonClosed, PaymentCannotMove, AdvanceExists, InvalidInput.
    """
    async with unit.begin() as tx:
        trip = await trips.lock(tx, trip_id, by=by)
        advance = asked_advance(uuid7(tx.now), trip, amount, by.subject)
        await persons.lock_number(tx, advance.person_id)
        (await identities.standing(tx, advance.person_id)).must_be_open()
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
        must_be_wanted(await trips.lock_known(tx, advance.trip_id))
        approved = advance.approved(by.subject)
        await store_advance(tx, approved)
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
        must_be_wanted(await trips.lock_known(tx, advance.trip_id))
        paid = advance.paid_out(by.subject, on)
        await store_advance(tx, paid)
        return tx.result(paid)


async def refuse_advance(unit: Unit, advance_id: UUID, *, expected: int, by: Caller) -> Advance:
    """Note that an advance is not given, whether it was approved or not.

    Refused: NoSuchAdvance, StaleVersion, PaymentCannotMove.
    """
    async with unit.begin() as tx:
        advance = await settlements.lock_advance(tx, advance_id, by=by)
        advance.must_be_at(expected)
        refused = advance.refused()
        await store_advance(tx, refused)
        return tx.result(refused)


async def return_advance(
    unit: Unit, advance_id: UUID, *, on: date, expected: int, by: Caller
) -> Advance:
    """Note that the traveller gave back an advance of which no settlement counts anything.

    Refused: NoSuchAdvance, StaleVersion, PaymentCannotMove, InvalidInput.
    """
    async with unit.begin() as tx:
        advance = await settlements.lock_advance(tx, advance_id, by=by)
        advance.must_be_at(expected)
        must_have_been(on, home_day(tx.now))
        returned = advance.returned(on)
        await store_advance(tx, returned)
        return tx.result(returned)


async def store_advance(tx: Tx, moved: Advance) -> None:
    """Store an advance that moved, and tell of it."""
    await settlements.save_advance(tx, moved)
    tx.tell(advance_moved(moved), about=moved)
