"""Taking back what was recorded of a programme by mistake."""

from dataclasses import replace
from uuid import UUID

from kit.auth import STAFF, Caller
from kit.db.unit import Unit
from kit.ids import uuid7
from programmes.commands.partners import partner_ended
from programmes.commands.telling import save_and_tell
from programmes.domain.figures import assess
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.withdrawal import Withdrawal, WithdrawnPart
from programmes.storage import figures, partners, programmes, withdrawals


async def withdraw(
    unit: Unit, code: str, part: WithdrawnPart, part_id: UUID, reason: str, *, by: Caller
) -> Withdrawal:
    """Take a row back; a party or a country without another one no longer sees the programme.

    Doubts about figures, and what is derived from them, are computed anew. What the row said is
    kept for the staff. Refused: NoSuchProgramme, NoSuchPart.
    """
    async with unit.begin() as tx:
        former = await programmes.lock(tx, code, by=by)
        present = await partners.of(tx, former)
        gone = await withdrawals.take(tx, former.id, part, part_id)
        if part is WithdrawnPart.BUDGET_FIGURE:
            await figures.save_all(tx, former.id, assess(await figures.of(tx, former.id)))
        saved = await save_and_tell(tx, former, [each for each in present if each.id != part_id])
        for each in present:
            if each.id == part_id:
                left = replace(each, version=each.version + 1, valid_to=FuzzyDate.unknown())
                partner_ended(tx, left, former, saved)
        new = Withdrawal(
            uuid7(tx.now), 1, frozenset({STAFF}), part, gone, reason, by.client, tx.now
        )
        await withdrawals.keep(tx, former.id, new)
        return tx.result(new)
