"""Rows of budgets: versions with their lines and with who pays, stated sources, transfers."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, union, update

from kit.auth import Caller
from kit.db.unit import Tx
from kit.db.visible import visible
from kit.errors import StaleVersion
from kit.money import Money
from programmes.domain.budget import BudgetStatus, BudgetVersion, NoSuchBudget
from programmes.domain.costing import CostLine, CostModel, FlatRateOn, PricedLine, StatedLine
from programmes.domain.errors import NoSuchOrganisation
from programmes.domain.financing import FundingKind, FundingSource
from programmes.domain.transfer import Transfer
from programmes.storage import values
from programmes.storage.tables import organisation, programme
from programmes.storage.tables_money import (
    budget,
    budget_cost,
    budget_transfer,
    funding_source,
    stated_line,
)

_b = budget.c
_k = budget_cost.c
_f = funding_source.c


async def next_number(tx: Tx, programme_id: UUID) -> int:
    """Return the number of the next version; the programme is locked meanwhile."""
    newest = select(func.coalesce(func.max(_b.number), 0)).where(_b.programme_id == programme_id)
    return int((await tx.sql.execute(newest)).scalar_one()) + 1


async def must_know(tx: Tx, funders: Iterable[str]) -> None:
    """Raise NoSuchOrganisation unless each funder is an organisation or a programme."""
    asked = set(funders)
    named = union(
        select(organisation.c.code).where(organisation.c.code.in_(asked)),
        select(programme.c.code).where(programme.c.code.in_(asked)),
    )
    known = {row.code for row in await tx.sql.execute(named)}
    if asked - known:
        raise NoSuchOrganisation("a funder is neither an organisation nor a programme")


async def must_know_partners(tx: Tx, partners: Iterable[str | None]) -> None:
    """Raise NoSuchOrganisation unless each partner that is named is an organisation."""
    asked = {each for each in partners if each is not None}
    chosen = select(organisation.c.code).where(organisation.c.code.in_(asked))
    if len((await tx.sql.execute(chosen)).all()) < len(asked):
        raise NoSuchOrganisation("a partner of a line is no organisation on record")


async def add(tx: Tx, programme_id: UUID, new: BudgetVersion) -> None:
    """Store a draft with its lines and with who pays."""
    row = {
        "id": new.id,
        "version": new.version,
        "audience": sorted(new.audience),
        "updated_at": tx.now,
        "programme_id": programme_id,
        "number": new.number,
        "status": new.status,
        "total": new.total.amount,
        "currency": new.total.currency,
        "transfer_limit": new.transfer_limit,
        "line_tolerance": new.line_tolerance,
        "drafted_by": new.drafted_by,
    }
    await tx.sql.execute(insert(budget).values(**row))
    costs = [_cost_row(new.id, at, each) for at, each in enumerate(new.priced)]
    await tx.sql.execute(insert(budget_cost), costs)
    await add_sources(tx, programme_id, new.id, new.sources)


async def add_sources(
    tx: Tx, programme_id: UUID, budget_id: UUID | None, sources: Sequence[FundingSource]
) -> None:
    """Store who pays, for a budget or as stated; raises FundingSourceDuplicate."""
    rows = [
        {
            "programme_id": programme_id,
            "budget_id": budget_id,
            "position": at,
            "funder": each.funder,
            "kind": each.kind,
            "instrument": each.instrument,
            "rate": each.rate,
            "amount": each.amount and each.amount.amount,
            "currency": each.amount and each.amount.currency,
            "source": values.source_json(each.source),
        }
        for at, each in enumerate(sources)
    ]
    if rows:
        await tx.sql.execute(insert(funding_source), rows)


async def add_stated_line(tx: Tx, programme_id: UUID, stated: StatedLine) -> None:
    """Store what a source says money is spent on; raises LineCodeTwice."""
    row = asdict(stated) | {"source": values.cited(stated.source)}
    await tx.sql.execute(insert(stated_line).values(programme_id=programme_id, **row))


async def add_transfer(tx: Tx, programme_id: UUID, budget_id: UUID, new: Transfer) -> None:
    """Store a transfer."""
    await tx.sql.execute(
        insert(budget_transfer).values(
            id=new.id,
            version=new.version,
            audience=sorted(new.audience),
            updated_at=new.at,
            programme_id=programme_id,
            budget_id=budget_id,
            giver=new.giver,
            taker=new.taker,
            amount=new.money.amount,
            currency=new.money.currency,
            reason=new.reason,
            by=new.by,
        )
    )


async def save(tx: Tx, changed: BudgetVersion) -> None:
    """Store where a version stands; raises StaleVersion if it was changed meanwhile."""
    statement = (
        update(budget)
        .where(_b.id == changed.id, _b.version == changed.version - 1)
        .values(
            version=changed.version,
            updated_at=tx.now,
            status=changed.status,
            approved_by=changed.approved_by,
            effective_from=changed.effective_from,
        )
    )
    if (await tx.sql.execute(statement)).rowcount != 1:
        raise StaleVersion("the budget was changed meanwhile")


async def lock(
    tx: Tx, code: str, number: int, *, by: Caller, expected: int | None = None
) -> BudgetVersion:
    """Return a version for change.

    Raises NoSuchBudget if it is unknown or not visible, StaleVersion if it is not at `expected`.
    """
    found = await _locked(
        tx, programme.c.code == code, _b.number == number, visible(_b.audience, by)
    )
    if found is None:
        raise NoSuchBudget("the programme has no such version")
    if expected not in {None, found.version}:
        raise StaleVersion("the budget is at another version")
    return found


async def approved(tx: Tx, code: str) -> BudgetVersion | None:
    """Return the version approved until now, for change, or None."""
    return await _locked(tx, programme.c.code == code, _b.status == BudgetStatus.APPROVED.value)


async def _locked(tx: Tx, *conditions: Any) -> BudgetVersion | None:  # noqa: ANN401 (conditions)
    chosen = (
        select(budget, programme.c.code.label("programme"))
        .join(programme, programme.c.id == _b.programme_id)
        .where(*conditions)
        .with_for_update(of=budget)
    )
    row = (await tx.sql.execute(chosen)).first()
    if row is None:
        return None
    costs = select(budget_cost).where(_k.budget_id == row.id).order_by(_k.position)
    sources = select(funding_source).where(_f.budget_id == row.id).order_by(_f.position)
    lines = [_cost(each, row.currency) for each in await tx.sql.execute(costs)]
    payers = [funding(each) for each in await tx.sql.execute(sources)]
    return BudgetVersion(
        id=row.id,
        version=row.version,
        audience=frozenset(row.audience),
        programme=row.programme,
        number=row.number,
        status=BudgetStatus(row.status),
        total=Money(row.total, row.currency),
        lines=tuple(lines),
        sources=tuple(payers),
        drafted_by=row.drafted_by,
        approved_by=row.approved_by,
        effective_from=row.effective_from,
        transfer_limit=row.transfer_limit,
        line_tolerance=row.line_tolerance,
    )


def funding(row: Row[Any]) -> FundingSource:
    """Return who pays from a row."""
    return FundingSource(
        funder=row.funder,
        kind=FundingKind(row.kind),
        instrument=row.instrument,
        rate=row.rate,
        amount=None if row.amount is None else Money(row.amount, row.currency),
        source=values.source(row.source),
    )


def _cost(row: Row[Any], currency: str) -> CostLine:
    return CostLine(
        code=row.code,
        category=row.category,
        model=CostModel(row.model),
        unit=row.unit,
        quantity=row.quantity,
        unit_price=None if row.unit_price is None else Money(row.unit_price, currency),
        amount=None if row.lump_sum is None else Money(row.lump_sum, currency),
        percent=row.percent,
        percent_of=row.percent_of and FlatRateOn(row.percent_of),
        partner=row.partner,
        period=row.period,
        title=row.title,
    )


def _cost_row(budget_id: UUID, position: int, priced: PricedLine) -> dict[str, Any]:
    line = priced.line
    return {
        "budget_id": budget_id,
        "position": position,
        "code": line.code,
        "title": line.title,
        "category": line.category,
        "model": line.model,
        "unit": line.unit,
        "quantity": line.quantity,
        "unit_price": line.unit_price and line.unit_price.amount,
        "lump_sum": line.amount and line.amount.amount,
        "percent": line.percent,
        "percent_of": line.percent_of,
        "partner": line.partner,
        "period": line.period,
        "amount": priced.amount.amount,
        "base": priced.base and priced.base.amount,
    }
