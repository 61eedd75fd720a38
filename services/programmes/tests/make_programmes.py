"""Callers and small records for the tests of this service."""

from datetime import date

from sqlalchemy import func, select

from kit.auth import Caller
from kit.db.tables import change
from programmes.api.requests import NewOrganisation, NewPartner
from programmes.api.requests_money import NewBudget, NewBudgetLine
from programmes.commands import budget_lines, budgets, partners, programmes, registers
from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.partner import PartnerRole
from programmes.domain.programme import (
    Profile,
    ProgrammeKind,
    ProgrammeStatus,
    Rulesets,
    TitleQualifier,
)
from programmes.domain.source import Source

READ = {"programmes:read"}
OFFICER = Caller(
    "demo-officer",
    "officer",
    "PL-MOI",
    "PL",
    frozenset({*READ, "programmes:write", "changes:read", "records:all"}),
)
APPROVER = Caller("demo-second", "second", "PL-MOI", "PL", OFFICER.scopes)
MINISTRY = Caller("demo-ministry-md", "ministry", "MD-MIA", "MD", frozenset(READ))
SERBIA = Caller("demo-ministry-rs", "ministry", "RS-MOI", "RS", frozenset(READ))
WRITING_MINISTRY = Caller(
    "demo-writer-md", "ministry", "MD-MIA", "MD", frozenset({*READ, "programmes:write"})
)
OPS = Caller("demo-ops", "ops", "PL-MOI", "PL", frozenset({"ops:health"}))
SOURCE = Source("mswia-eu-projects", "made for a test", "a quote")


def profile(code="P-1", **changes):
    values = {
        "code": code,
        "title": f"Programme {code}",
        "title_qualifier": TitleQualifier.PUBLISHED,
        "kind": ProgrammeKind.PROJECT,
        "status": ProgrammeStatus.APPROVED,
        "start": FuzzyDate.unknown(),
        "end": FuzzyDate.unknown(),
        "duration_months": None,
        "contract_concluded_on": None,
        "rulesets": Rulesets(),
        "website": None,
        "identifiers": (),
        "objectives": (),
        "target_groups": (),
        "funding_rules": None,
        "counts": (),
        "citations": {"title": SOURCE},
    }
    return Profile(**{**values, **changes})


async def programme(unit, code="P-1", **changes):
    return await programmes.register_programme(unit, profile(code, **changes), by=OFFICER)


async def organisation(unit, code="MD-MIA", country="MD", parent=None):
    new = NewOrganisation(
        code=code, name=f"Organisation {code}", type="ministry", country=country, parent=parent
    )
    return await registers.register_organisation(unit, new.organisation, by=OFFICER)


async def partner(unit, code="P-1", who="MD", role=PartnerRole.IMPLEMENTING, valid_from=None):
    party = {"country": who} if len(who) == 2 else {"organisation": who}
    new = NewPartner(**party, role=role, valid_from=valid_from)
    return await partners.add_partner(unit, code, new.partner, by=OFFICER)


async def line(unit, programme_code="P-1", amount="1000.00", currency="EUR", code="PER-DIEM"):
    new = NewBudgetLine(
        code=code,
        title="Per diems",
        category="per_diem",
        amount={"amount": amount, "currency": currency},
        synthetic=True,
    )
    return await budget_lines.open_budget_line(unit, programme_code, new.line, by=OFFICER)


async def draft(unit, costs, total="1000.00", currency="EUR", **changes):
    """Draft a version of P-1's budget."""
    body = {"total": {"amount": total, "currency": currency}, "lines": costs, **changes}
    new = NewBudget(**body)
    return await budgets.draft_budget(unit, "P-1", new.version, by=OFFICER)


async def approved_budget(unit, lines, total="1000.00", **changes):
    """Draft a version and have it approved."""
    made = await draft(unit, lines, total, **changes)
    return await budgets.approve_budget(
        unit, "P-1", made.number, date(2015, 1, 1), expected=1, by=APPROVER
    )


async def told(unit):
    """Return the types of the facts told so far."""
    async with unit.read() as read:
        return [row.type for row in await read.rows(select(change.c.type).order_by(change.c.id))]


async def told_last(unit):
    """Return the newest change."""
    columns = (change.c.type, change.c.data, change.c.audience, change.c.lost_audience)
    async with unit.read() as read:
        return await read.first(select(*columns).order_by(change.c.id.desc()).limit(1))


async def count(unit, table):
    """Return how many rows a table has."""
    async with unit.read() as read:
        return (await read.first(select(func.count()).select_from(table)))[0]
