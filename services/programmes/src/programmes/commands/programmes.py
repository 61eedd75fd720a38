"""Registering and amending programmes, and what they relate to."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from kit.auth import STAFF, Caller
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from programmes.commands.telling import line_opened, programme_changed, save_and_tell
from programmes.domain import errors
from programmes.domain.budget_line import LineState
from programmes.domain.figures import BudgetFigure, assess
from programmes.domain.partner import CountryRole, Partner
from programmes.domain.programme import (
    BELOW,
    OVER,
    Milestone,
    Profile,
    Programme,
    ProgrammeStatus,
    Relation,
    led_by,
)
from programmes.domain.readiness import Readiness
from programmes.domain.source import Source
from programmes.storage import budget_lines, claims, figures, indicators, partners, programmes


async def register_programme(unit: Unit, profile: Profile, *, by: Caller) -> Programme:  # noqa: ARG001 (the scope decides)
    """Register a programme; the staff sees it, partners do once they are added.

    Refused if its code or one of its identifiers is taken.
    """
    async with unit.begin() as tx:
        new = Programme(uuid7(tx.now), 1, frozenset({STAFF}), profile, None)
        await programmes.add(tx, new)
        tx.tell(programme_changed(new), about=new)
        return tx.result(new)


async def amend_programme(
    unit: Unit,
    code: str,
    change: Callable[[Profile], Profile],
    *,
    status: ProgrammeStatus | None,
    reason: str | None = None,
    expected: int,
    by: Caller,
) -> Programme:
    """Change what is said of a programme, decided on its `expected` version.

    Refused if the programme is unknown or changed meanwhile, if the status cannot follow, or if
    what the status needs is not there: a leader and the day of the contract to be contracted,
    nothing owed and everything reported to be closed, a reason to be reopened. The lines of one
    that is over are closed with it.
    """
    async with unit.begin() as tx:
        former = await programmes.lock(tx, code, by=by, expected=expected)
        present = await partners.of(tx, former)
        profile = change(former.profile)
        if status is not None and status is not profile.status:
            moved = profile.advanced_to(status, reason)
            ready = await _readiness(tx, former, present, profile)
            ready.must_allow(profile.status, status, reason)
            profile = moved
            if status in OVER:
                await _close_lines(tx, former)
        saved = await save_and_tell(tx, former, present, former.amended(profile))
        if profile.identifiers != former.profile.identifiers:
            await programmes.save_identifiers(tx, saved)
        return tx.result(saved)


async def _readiness(
    tx: Tx, former: Programme, present: Sequence[Partner], profile: Profile
) -> Readiness:
    lines = await budget_lines.of(tx, former.id)
    return Readiness(
        led=led_by(present),
        contract_concluded_on=profile.contract_concluded_on,
        lines=tuple(each.code for each in lines if each.reserved or each.committed),
        indicators=await indicators.unapproved(tx, former.id),
        claims=await claims.waiting_of(tx, former.code),
    )


async def _close_lines(tx: Tx, former: Programme) -> None:
    for line in await budget_lines.of(tx, former.id):
        if line.state is LineState.OPEN:
            closed = replace(line, version=line.version + 1, state=LineState.CLOSED)
            await budget_lines.save(tx, closed)
            tx.tell(line_opened(closed), about=closed)


async def add_country(
    unit: Unit, code: str, country: str, role: CountryRole, *, source: Source | None, by: Caller
) -> Programme:
    """Say that a programme is for a country or that it takes part; it sees the programme then."""
    async with unit.begin() as tx:
        former = await programmes.lock(tx, code, by=by)
        await programmes.add_country(tx, former.id, country, role, source)
        present = await partners.of(tx, former)
        return tx.result(await save_and_tell(tx, former, present))


async def publish_budget_figure(
    unit: Unit, code: str, figure: BudgetFigure, *, by: Caller
) -> Programme:
    """Record a figure as published; its doubts and what follows from it are computed anew.

    Refused if the same document states a figure of this kind already.
    """
    async with unit.begin() as tx:
        former = await programmes.lock(tx, code, by=by)
        known = await figures.of(tx, former.id)
        await figures.save_all(tx, former.id, assess([*known, figure]))
        present = await partners.of(tx, former)
        return tx.result(await save_and_tell(tx, former, present))


async def record_milestone(unit: Unit, code: str, milestone: Milestone, *, by: Caller) -> Programme:
    """Record that something happened on a date; the same is recorded once."""
    async with unit.begin() as tx:
        former = await programmes.lock(tx, code, by=by)
        await programmes.add_milestone(tx, former.id, milestone)
        present = await partners.of(tx, former)
        return tx.result(await save_and_tell(tx, former, present))


async def relate_programmes(unit: Unit, code: str, new: Relation, *, by: Caller) -> Programme:
    """Say how a programme stands to another; both must be visible to whoever says so.

    Refused if they are related so already, or would be under one another.

    Rows are locked in the order of their codes, so that two such commands never wait in a circle.
    """
    async with unit.begin() as tx:
        both = sorted({code, new.to})
        locked = {each: await programmes.lock(tx, each, by=by) for each in both}
        former, other = locked[code], locked[new.to]
        if new.type in BELOW and await programmes.is_under(tx, other.id, former.id):
            raise errors.RelationCircle(f"{new.to} is under {code}")
        await programmes.add_relation(tx, former.id, new, other.id)
        present = await partners.of(tx, former)
        return tx.result(await save_and_tell(tx, former, present))
