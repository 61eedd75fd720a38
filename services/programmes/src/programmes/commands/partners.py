"""Who takes part: adding partners and ending their roles."""

from dataclasses import replace
from uuid import UUID

from contracts.programmes.facts import PartnerAdded, PartnerEnded
from kit.auth import Caller
from kit.db.unit import Unit
from kit.ids import uuid7
from programmes.commands.telling import save_and_tell
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.partner import Partner, PartnerRole, Party, admit
from programmes.domain.source import Source
from programmes.storage import partners, programmes


async def add_partner(
    unit: Unit,
    code: str,
    party: Party,
    role: PartnerRole,
    *,
    scope: str,
    valid_from: FuzzyDate,
    source: Source | None,
    by: Caller,
) -> Partner:
    """Give a party a role in a programme; it sees the programme from now on.

    Refused if it has the role already, or if the programme has another lead (INV-01, INV-02).
    """
    async with unit.begin() as tx:
        former = await programmes.lock(tx, code, by=by)
        present = await partners.of(tx, former)
        new = Partner(
            id=uuid7(tx.now),
            version=1,
            audience=former.audience,
            party=party,
            role=role,
            scope=scope,
            valid_from=valid_from,
            valid_to=FuzzyDate.unknown(),
            ended=False,
            source=source,
        )
        admit(new, present)
        await partners.add(tx, former.id, new)
        saved = await save_and_tell(tx, former, [*present, new])
        shown = replace(new, audience=saved.audience)
        tx.tell(_added(shown, code), about=shown)
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
        ended = partners.chosen(present, partner_id, expected=expected).end(on)
        await partners.save_end(tx, ended)
        rest = [ended if each.id == partner_id else each for each in present]
        saved = await save_and_tell(tx, former, rest)
        shown = replace(ended, audience=saved.audience)
        tx.tell(_ended(shown, code), about=shown, lost=former.audience - saved.audience)
        return tx.result(shown)


def _added(partner: Partner, code: str) -> PartnerAdded:
    return PartnerAdded(
        partner_id=partner.id,
        programme_code=code,
        organisation=partner.party.organisation,
        country=partner.party.country,
        role=partner.role,
        scope=partner.scope,
    )


def _ended(partner: Partner, code: str) -> PartnerEnded:
    return PartnerEnded(
        partner_id=partner.id,
        programme_code=code,
        organisation=partner.party.organisation,
        country=partner.party.country,
        role=partner.role,
        scope=partner.scope,
        ended_on=partner.valid_to.edtf,
    )
