"""Money of a programme as it stands, or stood at the end of a day: reports and roll-ups."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select, true

from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Read, Unit
from kit.db.visible import visible
from programmes.domain.errors import NoSuchProgramme
from programmes.domain.financial_report import CurrencyReport, Funding, HeadingTotals, reports
from programmes.domain.ledger import Totals
from programmes.domain.programme import BELOW
from programmes.domain.rollup import Kinship, MoneyRow, RollUp, below, roll_up
from programmes.queries.parts import UNKNOWN
from programmes.storage.budgets import funding
from programmes.storage.tables import budget_line, programme, programme_relation
from programmes.storage.tables_money import budget, budget_entry, funding_source

_p = programme.c
_l = budget_line.c
_e = budget_entry.c
_b = budget.c
_f = funding_source.c


async def financial_report(
    unit: Unit, code: str, as_of: date | None, *, by: Caller
) -> tuple[date, Funding | None, tuple[CurrencyReport, ...]]:
    """Return the day, who pays, and a report per currency; raises NoSuchProgramme.

    Without `as_of` the maintained totals are read; with it the newest entry of each line until
    the end of that day (UTC) says where the line stood. Neither adds up the ledger.
    """
    on = as_of or home_day(unit.clock.now())
    async with unit.read() as read:
        found = await _programme(read, code, by)
        chosen = _now(found.id) if as_of is None else _then(found.id, as_of)
        rows = [
            HeadingTotals(row.currency, row.category, row.amount, Totals(*row[3:]))
            for row in await read.rows(chosen)
        ]
        paying = await effective_funding(read, found.id, on)
    return on, paying, reports(rows, paying, (found.starts_from, found.ends_to), on)


async def _programme(read: Read, code: str, by: Caller) -> Any:  # noqa: ANN401 (a row)
    chosen = select(_p.id, _p.starts_from, _p.ends_to)
    found = await read.first(chosen.where(_p.code == code, visible(_p.audience, by)))
    if found is None:
        raise NoSuchProgramme(UNKNOWN)
    return found


def _now(programme_id: object) -> Select[*tuple[Any, ...]]:
    sums = (func.sum(_l[name]) for name in ("amount", "reserved", "committed", "spent"))
    amount, *used = sums
    return (
        select(_l.currency, _l.category, amount.label("amount"), *used)
        .where(_l.programme_id == programme_id)
        .group_by(_l.currency, _l.category)
    )


def _then(programme_id: object, as_of: date) -> Select[*tuple[Any, ...]]:
    end = datetime.combine(as_of + timedelta(days=1), time(), UTC)
    last = (
        select(_e.line_amount, _e.line_reserved, _e.line_committed, _e.line_spent)
        .where(_e.line_id == _l.id, _e.at < end)
        .order_by(_e.at.desc(), _e.line_version.desc())
        .limit(1)
        .lateral("last")
    )
    names = ("line_amount", "line_reserved", "line_committed", "line_spent")
    amount, *used = (func.sum(last.c[name]) for name in names)
    return (
        select(_l.currency, _l.category, amount.label("amount"), *used)
        .join(last, true())
        .where(_l.programme_id == programme_id)
        .group_by(_l.currency, _l.category)
    )


async def effective_funding(read: Read, programme_id: object, on: date) -> Funding | None:
    """Return who pays by the budget in effect on a day (INV-13), or None."""
    chosen = (
        select(_b.id, _b.number, _b.currency)
        .where(_b.programme_id == programme_id, _b.effective_from <= on)
        .order_by(_b.number.desc())
        .limit(1)
    )
    found = await read.first(chosen)
    if found is None:
        return None
    sources = select(funding_source).where(_f.budget_id == found.id).order_by(_f.position)
    payers = tuple(funding(row) for row in await read.rows(sources))
    return Funding(found.number, found.currency, payers)


async def rolled_up(unit: Unit, code: str, *, by: Caller) -> RollUp:
    """Add up a programme and all below it that the caller sees; raises NoSuchProgramme."""
    r = programme_relation.c
    child, parent = programme.alias("child"), programme.alias("parent")
    kin = (
        select(parent.c.code, child.c.code, r.additional)
        .select_from(programme_relation)
        .join(child, child.c.id == r.programme_id)
        .join(parent, parent.c.id == r.to_id)
        .where(r.type.in_(BELOW), visible(child.c.audience, by), visible(parent.c.audience, by))
    )
    async with unit.read() as read:
        await _programme(read, code, by)
        kinships = [Kinship(*row) for row in await read.rows(kin)]
        under = list(below(code, kinships))
        lines = (
            select(_l.id, _p.code, _l.currency, _l.amount, _l.reserved, _l.committed, _l.spent)
            .join(programme, _p.id == _l.programme_id)
            .where(_p.code.in_(under))
            .order_by(_l.id)
        )
        rows = [MoneyRow(*row[:4], Totals(*row[4:])) for row in await read.rows(lines)]
    return roll_up(code, kinships, rows)
