"""What the IATI export tells of a programme, read from what is on record."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)

from kit.auth import Caller
from kit.db.unit import Read, Unit
from kit.db.visible import visible
from kit.money import Money
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.financing import FundingKind
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.iati import (
    ORGANISATION_CODES,
    Activity,
    BudgetItem,
    Evidence,
    Participant,
    Publisher,
    Relative,
    Result,
    ResultPeriod,
    Spending,
    SpendingKind,
)
from programmes.domain.ledger import EntryKind
from programmes.domain.organisation import OrganisationType
from programmes.domain.partner import CountryRole, PartnerRole
from programmes.domain.programme import (
    Identifier,
    MilestoneKind,
    ProgrammeStatus,
    RelationType,
)
from programmes.queries.parts import UNKNOWN
from programmes.queries.results import indicators_of
from programmes.storage import values
from programmes.storage.tables import (
    budget_line,
    milestone,
    organisation,
    programme,
    programme_country,
    programme_identifier,
    programme_partner,
    programme_relation,
    source_document,
)
from programmes.storage.tables_money import budget, budget_entry, funding_source

REPORTING: Final = "PL-MOI"
"""The organisation that keeps this register and reports."""
_GOVERNMENT: Final = "10"
_OVER: Final = {ProgrammeStatus.COMPLETED.value, ProgrammeStatus.CLOSED.value}
_TELLING: Final = {
    MilestoneKind.LAUNCHED.value: "it was launched",
    MilestoneKind.CONTRACT_SIGNED.value: "the contract was signed",
    MilestoneKind.TENDER_WON.value: "the tender was won",
    MilestoneKind.ANNOUNCED.value: "it was announced",
    MilestoneKind.CALL_PUBLISHED.value: "the call was published",
}
"""Milestones near a start, the nearest first."""
_p, _o, _e, _ln = programme.c, organisation.c, budget_entry.c, budget_line.c


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
            results=await _results(read, found),
            evidence=await _evidence(read, found),
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
    """Return what each subject was promised and cost in each quarter, so that each counts once.

    Money taken back is taken off; lines that no source states are not told.
    """
    promised = _e.kind.in_((EntryKind.COMMITTED.value, EntryKind.RELEASED.value))
    on_day = cast(func.timezone("UTC", _e.at), Date)
    told = (
        (SpendingKind.COMMITMENT, _e.more_committed, on_day, promised),
        (SpendingKind.EXPENDITURE, _e.more_spent, _e.spent_on, _e.spent_on.is_not(None)),
    )
    found: list[Spending] = []
    for kind, amount, on, condition in told:
        rows = await read.rows(_per_quarter(programme_id, amount, on).where(condition))
        found += [Spending(kind, row.on_day, Money(row.amount, row.currency)) for row in rows]
    return tuple(found)


def _per_quarter(
    programme_id: object, amount: ColumnElement[Any], on: ColumnElement[Any]
) -> Select[*tuple[Any, ...]]:
    total = func.sum(amount)
    return (
        select(_ln.currency, func.max(on).label("on_day"), total.label("amount"))
        .join(budget_line, _ln.id == _e.line_id)
        .where(_ln.programme_id == programme_id, ~_ln.synthetic)
        .group_by(_ln.currency, _e.subject_service, _e.subject_id, func.date_trunc("quarter", on))
        .having(total != 0)
    )


async def _results(read: Read, found: Row[*tuple[Any, ...]]) -> tuple[Result, ...]:
    """Return the indicators with what was approved for each period; parts are not told."""
    first = found.starts_from
    return tuple(
        Result(
            title=each.title,
            baseline=None
            if first is None or each.baseline is None
            else (first.year, each.baseline),
            periods=tuple(
                ResultPeriod(it.begins, it.ends, it.target, each.approved_measure(it.code))
                for it in each.periods
            ),
            smallest=each.smallest_cell,
        )
        for each in await indicators_of(read, found.id, found.code)
    )


async def _evidence(read: Read, found: Row[*tuple[Any, ...]]) -> tuple[Evidence, ...]:
    """Return the days that bound a start or an end no source states, the best first.

    They are those of the contract, of milestones, of the first partner, of the programme above,
    and of the document that tells of it.
    """
    return (
        *_derived(found),
        *await _happened(read, found.id),
        *await _joined(read, found.id),
        *await _above(read, found.id),
        *await _published(read, found),
    )


def _derived(found: Row[*tuple[Any, ...]]) -> Iterator[Evidence]:
    if found.contract_concluded_on is not None:
        signed = FuzzyDate.on(found.contract_concluded_on)
        yield Evidence(signed, "on this day the contract was signed")
    if found.ends_derived is not None:
        months = found.duration_months
        words = f"computed from the duration of {months} months"
        yield Evidence(values.fuzzy(found.ends_derived), words, of_end=True)


async def _happened(read: Read, programme_id: object) -> list[Evidence]:
    m = milestone.c
    rows = await read.rows(
        select(m.kind, m.on_date).where(m.programme_id == programme_id, m.kind.in_(_TELLING))
    )
    rows = sorted(rows, key=lambda row: list(_TELLING).index(row.kind))
    return [Evidence(values.fuzzy(row.on_date), _TELLING[row.kind]) for row in rows]


async def _joined(read: Read, programme_id: object) -> list[Evidence]:
    a = programme_partner.c
    since = a.valid_from.op("->>")(literal_column("'from'"))
    first = await read.first(
        select(a.valid_from)
        .where(a.programme_id == programme_id, since.is_not(None))
        .order_by(since)
        .limit(1)
    )
    return (
        []
        if first is None
        else [Evidence(values.fuzzy(first[0]), "the first partner takes part from then on")]
    )


async def _above(read: Read, programme_id: object) -> list[Evidence]:
    """Return the bounds of the programme it is a child of: its own dates, contract, duration."""
    r = programme_relation.c
    row = await read.first(
        select(_p.code, _p.starts, _p.ends, _p.ends_derived, _p.contract_concluded_on)
        .join(programme_relation, r.to_id == _p.id)
        .where(r.programme_id == programme_id, r.type == RelationType.CHILD.value)
        .order_by(_p.code)
        .limit(1)
    )
    if row is None:
        return []
    words = f"not before that of {row.code}, of which it is a part"
    begins = values.fuzzy(row.starts)
    if begins.earliest is None and row.contract_concluded_on is not None:
        begins = FuzzyDate.on(row.contract_concluded_on)
    ends = values.fuzzy(row.ends_derived or row.ends)
    later = f"not after that of {row.code}, of which it is a part"
    return [Evidence(begins, words), Evidence(ends, later, of_end=True)]


async def _published(read: Read, found: Row[*tuple[Any, ...]]) -> list[Evidence]:
    s = source_document.c
    document = found.citations.get("title", {}).get("document")
    row = await read.first(select(s.published).where(s.code == document))
    if row is None:
        return []
    on, over = values.fuzzy(row.published), found.status in _OVER
    tells = "it was over" if over else "it was told of"
    return [Evidence(on, f"{tells} when a document of this day was published", of_end=over)]
