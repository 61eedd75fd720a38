"""Local copies of what programmes fixed, and seats released before their trip."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from kit.db.unit import Tx
from participants.domain.estimate import ProgrammePin
from participants.domain.per_diem import Counting, Pin
from participants.storage.tables import programme_pin as t
from participants.storage.tables import released_seat

_PIN: Final = select(*t.c).where(t.c.code == bindparam("of_code"))


async def find(tx: Tx, code: str) -> ProgrammePin | None:
    """Return the pin of a programme, or None while it is not known here."""
    row = (await tx.sql.execute(_PIN, {"of_code": code})).mappings().first()
    if row is None:
        return None
    return ProgrammePin(
        code=row["code"],
        sequence=row["sequence"],
        status=row["status"],
        domestic=row["domestic"],
        abroad=row["abroad"],
        budget_line_code=row["budget_line_code"],
        choices=Pin(
            counting=Counting(row["counting"]),
            contract_concluded_on=row["contract_concluded_on"],
            rate_list=row["rate_list"],
        ),
    )


async def put(tx: Tx, pin: ProgrammePin) -> bool:
    """Store a pin unless a later one is known; tell whether it was stored."""
    values = {
        "code": pin.code,
        "sequence": pin.sequence,
        "status": pin.status,
        "domestic": pin.domestic,
        "abroad": pin.abroad,
        "budget_line_code": pin.budget_line_code,
        "contract_concluded_on": pin.choices.contract_concluded_on,
        "rate_list": pin.choices.rate_list,
        "counting": pin.choices.counting.value,
    }
    statement = insert(t).values(values)
    newer = statement.on_conflict_do_update(
        index_elements=[t.c.code], set_=values, where=t.c.sequence < pin.sequence
    ).returning(t.c.code)
    return (await tx.sql.execute(newer)).first() is not None


async def note_released_seat(tx: Tx, nomination_id: UUID, event_id: UUID, reason: str) -> None:
    """Remember that no trip will be opened for a nomination."""
    values = {
        "nomination_id": nomination_id,
        "event_id": event_id,
        "reason": reason,
        "at": tx.now,
    }
    await tx.sql.execute(insert(released_seat).values(values).on_conflict_do_nothing())
