"""Who takes part: adding partners and ending their roles."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from contracts.programmes.facts import PartnerAdded, PartnerEnded
from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from programmes.commands.telling import save_and_tell
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.partner import Partner, admit
from programmes.domain.programme import Programme
from programmes.storage import partners, programmes


async def add_partner(
    unit: Unit, code: str, make: Callable[[UUID], Partner], *, by: Caller
) -> Partner:
    """Give a party a role in a programme; it sees the programme from now on.

    Refused if it has the role already, or if the programme has another lead (INV-01, INV-02).
    """
    async with unit.begin() as tx:
        former = await programmes.lock(tx, code, by=by)
        present = await partners.of(tx, former)
        new = make(uuid7(tx.now))
        admit(new, present)
        await partners.add(tx, former.id, new)
        saved = await save_and_tell(tx, former, [*present, new])
        shown = replace(new, audience=saved.audience)
        tx.tell(PartnerAdded(**_named(shown, code)), about=shown)
        return tx.result(shown)


async def end_partner(
    unit: Unit, code: str, partner_id: UUID, on: FuzzyDate, *, expected: int, by: Caller
) -> Partner:
    """End a party's role; without another one it no longer sees the programme.

    `expected` is the version of the partner. Refused if the role has ended already.
    """
    async with unit.begin() as tx:
        former = await programmes.lock(tx, code, by=by)
        present = await partners.of(tx, former)
        chosen = partners.chosen(present, partner_id, expected=expected)
        ended = chosen.end(on, home_day(tx.now))
        await partners.save_end(tx, ended)
        rest = [ended if each.id == partner_id else each for each in present]
        saved = await save_and_tell(tx, former, rest)
        return tx.result(partner_ended(tx, ended, former, saved))


def partner_ended(tx: Tx, ended: Partner, former: Programme, saved: Programme) -> Partner:
    """Tell that a role is over, and return it as those see it who see the programme now."""
    shown = replace(ended, audience=saved.audience)
    fact = PartnerEnded(**_named(shown, saved.code), ended_on=ended.valid_to.edtf)
    tx.tell(fact, about=shown, lost=former.audience - saved.audience)
    return shown


def _named(partner: Partner, code: str) -> dict[str, Any]:
    return {
        "partner_id": partner.id,
        "programme_code": code,
        "organisation": partner.organisation,
        "country": partner.country,
        "role": partner.role,
        "scope": partner.scope,
    }
