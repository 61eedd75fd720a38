"""What the IATI export tells of a programme, read from what is on record."""

from typing import Any, Final

from sqlalchemy import Row, case, func, or_, select

from kit.auth import Caller
from kit.db.unit import Read, Unit
from kit.db.visible import visible
from kit.money import Money
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.financing import FundingKind
from programmes.domain.iati import (
    ORGANISATION_CODES,
    Activity,
    BudgetItem,
    Participant,
    Publisher,
    Relative,
    Spending,
    SpendingKind,
)
from programmes.domain.organisation import OrganisationType
from programmes.domain.partner import CountryRole, PartnerRole
from programmes.domain.programme import Identifier, ProgrammeStatus, RelationType
from programmes.queries.parts import UNKNOWN
from programmes.storage import values
from programmes.storage.tables import (
    budget_line,
    organisation,
    programme,
    programme_country,
    programme_identifier,
    programme_partner,
    programme_relation,
)
from programmes.storage.tables_money import budget, budget_entry, funding_source

REPORTING: Final = "PL-MOI"
"""The organisation that keeps this register and reports."""
_GOVERNMENT: Final = "10"
_p = programme.c
_o = organisation.c


async def activity(unit: Unit, code: str, *, by: Caller) -> Activity:
    """Return a programme as IATI tells it; raises NoSuchProgramme."""
    async with unit.read() as read:
        chosen = select(programme).where(_p.code == code, visible(_p.audience, by))
        found = await read.first(chosen)
        if found is None:
            raise NoSuchProgramme(UNKNOWN)
        objectives = [values.objective(each) for each in found.objectives]
        return Activity(
            publisher=await _publisher(read),
            code=code,
            title=found.title,
            description=objectives[0].text if objectives else None,
            status=ProgrammeStatus(found.status),
            start=values.fuzzy(found.starts),
            end=values.fuzzy(found.ends),
            updated=unit.clock.now(),
            identifiers=await _identifiers(read, found.id),
            participants=(*await _partners(read, found.id), *await _donors(read, found.id)),
            recipients=await _recipients(read, found.id),
            relatives=await _relatives(read, found.id, by),
            budgets=await _budgets(read, found),
            spending=await _spending(read, found.id),
        )


async def _publisher(read: Read) -> Publisher:
    found = await read.first(select(_o.name, _o.type).where(_o.code == REPORTING))
    if found is None:
        return Publisher(REPORTING, _GOVERNMENT, REPORTING)
    type_code = ORGANISATION_CODES.get(OrganisationType(found.type), _GOVERNMENT)
    return Publisher(REPORTING, type_code, found.name)


async def _identifiers(read: Read, programme_id: object) -> tuple[Identifier, ...]:
    i = programme_identifier.c
    chosen = select(i.scheme, i.value, i.issuer).where(i.programme_id == programme_id)
    return tuple(Identifier(*row) for row in await read.rows(chosen.order_by(i.scheme, i.value)))


async def _partners(read: Read, programme_id: object) -> list[Participant]:
    a = programme_partner.c
    chosen = (
        select(func.coalesce(_o.name, a.country).label("name"), a.role, _o.type)
        .select_from(programme_partner)
        .outerjoin(organisation, _o.code == a.organisation)
        .where(a.programme_id == programme_id)
        .order_by(a.id)
    )
    return [
        Participant(row.name, PartnerRole(row.role), row.type and OrganisationType(row.type))
        for row in await read.rows(chosen)
    ]


async def _donors(read: Read, programme_id: object) -> list[Participant]:
    """Return the organisations that give grants: as sources state it, or by the budget."""
    f = funding_source.c
    chosen = (
        select(_o.name, _o.type)
        .join(funding_source, f.funder == _o.code)
        .outerjoin(budget, budget.c.id == f.budget_id)
        .where(
            f.programme_id == programme_id,
            f.kind == FundingKind.GRANT.value,
            or_(f.budget_id.is_(None), budget.c.status == "approved"),
        )
        .distinct()
        .order_by(_o.name)
    )
    return [
        Participant(row.name, PartnerRole.DONOR, OrganisationType(row.type))
        for row in await read.rows(chosen)
    ]


async def _recipients(read: Read, programme_id: object) -> tuple[str, ...]:
    n = programme_country.c
    chosen = select(n.country).where(
        n.programme_id == programme_id, n.role == CountryRole.BENEFICIARY.value
    )
    return tuple(row.country for row in await read.rows(chosen.order_by(n.country)))


async def _relatives(read: Read, programme_id: object, by: Caller) -> tuple[Relative, ...]:
    r = programme_relation.c
    inverse = r.to_id == programme_id
    chosen = (
        select(_p.code, r.type, inverse.label("inverse"))
        .join(programme_relation, _p.id == case((inverse, r.programme_id), else_=r.to_id))
        .where(or_(inverse, r.programme_id == programme_id), visible(_p.audience, by))
        .order_by(_p.code, r.type)
    )
    return tuple(
        Relative(row.code, RelationType(row.type), inverse=row.inverse)
        for row in await read.rows(chosen)
    )


async def _budgets(read: Read, found: Row[Any]) -> tuple[BudgetItem, ...]:
    """Return the approved budget, once; without the days of the programme it cannot be told."""
    b = budget.c
    chosen = select(b.number, b.total, b.currency, b.effective_from)
    row = await read.first(chosen.where(b.programme_id == found.id, b.status == "approved"))
    if row is None or found.starts_from is None or found.ends_to is None:
        return ()
    money = Money(row.total, row.currency)
    item = BudgetItem(
        revised=row.number > 1,
        begins=found.starts_from,
        ends=found.ends_to,
        money=money,
        valued_on=row.effective_from or found.starts_from,
    )
    return (item,)


async def _spending(read: Read, programme_id: object) -> tuple[Spending, ...]:
    """Return what was spent for each subject in each quarter, so that each counts once.

    Money taken back is taken off; lines that no source states are not told.
    """
    e, ln = budget_entry.c, budget_line.c
    quarter = func.date_trunc("quarter", e.spent_on)
    amount = func.sum(e.more_spent)
    chosen = (
        select(ln.currency, func.max(e.spent_on).label("on_day"), amount.label("amount"))
        .join(budget_line, ln.id == e.line_id)
        .where(ln.programme_id == programme_id, ~ln.synthetic, e.spent_on.is_not(None))
        .group_by(ln.currency, e.subject_service, e.subject_id, quarter)
        .having(amount > 0)
    )
    return tuple(
        Spending(SpendingKind.EXPENDITURE, row.on_day, Money(row.amount, row.currency))
        for row in await read.rows(chosen)
    )
