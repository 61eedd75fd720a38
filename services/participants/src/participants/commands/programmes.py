"""Local copies of what programmes fix for travel."""

from kit.db.unit import Unit
from participants.commands.estimating import estimate_again
from participants.domain.estimate import ProgrammePin
from participants.storage import programmes, trips


async def pin_programme(unit: Unit, pin: ProgrammePin) -> int:
    """Copy a programme's choices and estimate the trips that waited for them; return how many.

    An older version than the one known changes nothing. Calculations already made stay as they
    are: a changed pin never rewrites what was computed.
    """
    async with unit.begin() as tx:
        if not await programmes.put(tx, pin):
            return tx.result(0)
        waiting = await trips.lock_waiting(tx, pin.code)
        return tx.result(len(await estimate_again(tx, waiting)))
