"""Local copies of what programmes fixed, and seats released before their trip."""

from dataclasses import asdict
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from kit.db.rows import ByName
from kit.db.unit import Hot, Tx
from participants.domain.choices import (
    Counting,
    DomesticLegs,
    ExchangeRule,
    Pin,
    SeveralCountries,
)
from participants.domain.estimate import ProgrammePin
from participants.storage.tables import programme_pin as t
from participants.storage.tables import released_seat

_PIN: Final = Hot(select(*t.c).where(t.c.code == bindparam("code")))
_PUT: Final = insert(t)
_PUT_NEWER: Final = Hot(
    _PUT.on_conflict_do_update(
        index_elements=[t.c.code],
        set_={each.name: _PUT.excluded[each.name] for each in t.c},
        where=t.c.sequence < _PUT.excluded.sequence,
    ).returning(t.c.code)
)


async def find(tx: Tx, code: str) -> ProgrammePin | None:
    """Return the pin of a programme, or None while it is not known here."""
    row = await tx.hot(_PIN, code=code)
    if row is None:
        return None
    return ProgrammePin(
        code=row["code"],
        sequence=row["sequence"],
        status=row["status"],
        domestic=row["domestic"],
        abroad=row["abroad"],
        budget_line_code=row["budget_line_code"],
        choices=_choices(row),
    )


def _choices(row: ByName) -> Pin:
    rule = row["exchange_rule"]
    return Pin(
        counting=Counting(row["counting"]),
        contract_concluded_on=row["contract_concluded_on"],
        rate_list=row["rate_list"],
        domestic_legs=DomesticLegs(row["domestic_legs"]),
        several_countries=SeveralCountries(row["several_countries"]),
        exchange_rule=None if rule is None else ExchangeRule(rule),
        call_opened_on=row["call_opened_on"],
        unit_costs_opt_in=row["unit_costs_opt_in"],
        compensation_percent=row["compensation_percent"],
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
        **asdict(pin.choices),
    }
    return await tx.hot(_PUT_NEWER, **values) is not None


async def note_released_seat(tx: Tx, nomination_id: UUID, event_id: UUID, reason: str) -> None:
    """Remember that no trip will be opened for a nomination."""
    values = {
        "nomination_id": nomination_id,
        "event_id": event_id,
        "reason": reason,
        "at": tx.now,
    }
    await tx.sql.execute(insert(released_seat).values(values).on_conflict_do_nothing())
