"""What hangs on a programme: components, topic leads, partnerships, bodies, units, deliverables."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar
from uuid import UUID

from contracts.programmes.facts import PartChanged
from kit.auth import Caller
from kit.days import home_day
from kit.db.unit import Tx, Unit
from kit.ids import uuid7
from programmes.domain.component import Component, Partnership, TopicLead
from programmes.domain.cooperation_unit import CooperationUnit
from programmes.domain.deliverable import Deliverable, DeliverableStatus
from programmes.domain.governance import GovernanceBody, Meeting
from programmes.domain.indicator import Indicator
from programmes.domain.programme import Programme
from programmes.domain.register import TopicKey
from programmes.storage import cooperation, organisations, partners, parts, programmes, registers

Plain = Component | GovernanceBody | CooperationUnit | Deliverable | Indicator
PartT = TypeVar("PartT", bound=Plain)
Make = Callable[[UUID, Programme], PartT]
_NAMES = {
    Component: ("component", "code"),
    TopicLead: ("topic_lead", "topic"),
    Partnership: ("bilateral_partnership", "country"),
    GovernanceBody: ("governance_body", "code"),
    Meeting: ("meeting", "body"),
    CooperationUnit: ("cooperation_unit", "name"),
    Deliverable: ("deliverable", "title"),
    Indicator: ("indicator", "code"),
}


def _tell(tx: Tx, it: Plain | TopicLead | Partnership | Meeting) -> None:
    part, key = _NAMES[type(it)]
    fact = PartChanged(programme_code=it.programme, part=part, key=getattr(it, key))
    tx.tell(fact, about=it)


async def add_part(unit: Unit, code: str, make: Make[PartT], *, by: Caller) -> PartT:
    """Record something that hangs on a programme; refused if it is there already."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        new = make(uuid7(tx.now), programme)
        await parts.add(tx, programme.id, new)
        _tell(tx, new)
        return tx.result(new)


async def name_topic_lead(
    unit: Unit, code: str, make: Callable[[UUID, Programme], TopicLead], *, by: Caller
) -> TopicLead:
    """Say who leads a topic of a component, or why nobody is named.

    A lead outside the consortium is recorded with a warning (INV-07). Refused if the component
    or the topic is unknown, or the topic has its lead.
    """
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        new = make(uuid7(tx.now), programme)
        await cooperation.require_component(tx, programme.id, new.component)
        await registers.topic_id(tx, TopicKey(new.topic_scheme, new.topic))
        await parts.add(tx, programme.id, new)
        _tell(tx, new)
        present = await partners.of(tx, programme)
        return tx.result(new.checked(present, await organisations.homes(tx)))


async def form_partnership(
    unit: Unit, code: str, make: Callable[[UUID, Programme], Partnership], *, by: Caller
) -> Partnership:
    """Record the partnership of a beneficiary country; refused while it has one (INV-06)."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        new = make(uuid7(tx.now), programme)
        await parts.add(tx, programme.id, new)
        _tell(tx, new)
        return tx.result(new)


async def end_partnership(
    unit: Unit, code: str, partnership_id: UUID, *, expected: int, by: Caller
) -> Partnership:
    """End a partnership; the country may form another one then."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        former = await cooperation.partnership(tx, programme, partnership_id, expected=expected)
        ended = former.ended()
        await parts.save(tx, ended)
        _tell(tx, ended)
        return tx.result(ended)


async def plan_meeting(
    unit: Unit, code: str, make: Callable[[UUID, Programme], Meeting], *, by: Caller
) -> Meeting:
    """Record a meeting of a body; refused if the body is unknown or meets then already."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        new = make(uuid7(tx.now), programme)
        await cooperation.require_body(tx, programme.id, new.body)
        await parts.add(tx, programme.id, new)
        _tell(tx, new)
        return tx.result(new)


async def move_meeting(
    unit: Unit,
    code: str,
    meeting_id: UUID,
    becomes: Callable[[Meeting, date], Meeting],
    *,
    expected: int,
    by: Caller,
) -> Meeting:
    """Record what became of a meeting: held, on a day that is not to come, or cancelled."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        former = await cooperation.meeting(tx, programme, meeting_id, expected=expected)
        moved = becomes(former, home_day(tx.now))
        await parts.save(tx, moved)
        _tell(tx, moved)
        return tx.result(moved)


async def progress_deliverable(
    unit: Unit,
    code: str,
    deliverable_id: UUID,
    status: DeliverableStatus,
    *,
    expected: int,
    by: Caller,
) -> Deliverable:
    """Move a deliverable on; refused if the status cannot follow."""
    async with unit.begin() as tx:
        programme = await programmes.lock(tx, code, by=by)
        former = await cooperation.deliverable(tx, programme, deliverable_id, expected=expected)
        moved = former.progressed_to(status)
        await parts.save(tx, moved)
        _tell(tx, moved)
        return tx.result(moved)
