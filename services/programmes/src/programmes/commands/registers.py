"""Filling the registers that every caller may read: organisations, sources, topics and the like."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from contracts.programmes.facts import (
    OrganisationRegistered,
    RegisterEntryAdded,
    SourceRegistered,
)
from kit.auth import Caller
from kit.db.unit import Tx, Unit, Versioned
from kit.facts import Fact
from kit.ids import uuid7
from programmes.domain.organisation import Organisation
from programmes.domain.register import CountryGroup, Instrument, Standing, Topic, TopicMapping
from programmes.domain.source import SourceDocument
from programmes.storage import organisations, registers

EntryT = TypeVar("EntryT", bound=Versioned)
Make = Callable[[UUID], EntryT]


async def register_organisation(
    unit: Unit, make: Make[Organisation], *, by: Caller
) -> Organisation:
    """Let an organisation be named; refused if its code is taken or its parent unknown."""
    return await _entered(unit, make, organisations.add, _organisation, by=by)


async def correct_organisation(
    unit: Unit,
    code: str,
    change: Callable[[Organisation], Organisation],
    *,
    expected: int,
    by: Caller,
) -> Organisation:
    """Say anew what an organisation is called and what it is; its code stays.

    Refused: NoSuchOrganisation, StaleVersion, OrganisationOfOthers.
    """
    async with unit.begin() as tx:
        former = await organisations.lock(tx, code, expected=expected)
        former.must_be_correctable_by(by)
        changed = change(former)
        await organisations.save(tx, changed)
        tx.tell(_organisation(changed), about=changed)
        return tx.result(changed)


async def register_source(unit: Unit, make: Make[SourceDocument], *, by: Caller) -> SourceDocument:
    """Let a document be cited; refused if its code is taken."""
    return await _entered(unit, make, organisations.add_source, _source, by=by)


async def register_instrument(unit: Unit, make: Make[Instrument], *, by: Caller) -> Instrument:
    """Let a financing instrument be named; refused if its code is taken."""
    return await _entered(unit, make, registers.add, _instrument, by=by)


async def register_topic(unit: Unit, make: Make[Topic], *, by: Caller) -> Topic:
    """Let a topic be named in its scheme; refused if its code is taken there."""
    return await _entered(unit, make, registers.add, _topic, by=by)


async def map_topics(unit: Unit, make: Make[TopicMapping], *, by: Caller) -> TopicMapping:
    """Say what a topic is to one of another scheme; refused if one is unknown or it is said."""
    return await _entered(unit, make, registers.add_mapping, _mapping, by=by)


async def register_country_group(
    unit: Unit, make: Make[CountryGroup], *, by: Caller
) -> CountryGroup:
    """Let a group of countries be named; refused if its code is taken."""
    return await _entered(unit, make, registers.add, _group, by=by)


async def give_standing(unit: Unit, make: Make[Standing], *, by: Caller) -> Standing:
    """Say that an organisation has a status from a date on; refused if it is unknown or said."""
    return await _entered(unit, make, registers.add, _standing, by=by)


async def _entered(
    unit: Unit,
    make: Make[EntryT],
    store: Callable[[Tx, EntryT], Awaitable[None]],
    told: Callable[[EntryT], Fact],
    *,
    by: Caller,  # noqa: ARG001 (the scope decides; every command says who asks)
) -> EntryT:
    """Add one entry and tell everybody."""
    async with unit.begin() as tx:
        new = make(uuid7(tx.now))
        await store(tx, new)
        tx.tell(told(new), about=new)
        return tx.result(new)


def _organisation(new: Organisation) -> Fact:
    return OrganisationRegistered(code=new.code, name=new.name, kind=new.type, country=new.country)


def _source(new: SourceDocument) -> Fact:
    return SourceRegistered(code=new.code, title=new.title)


def _instrument(new: Instrument) -> Fact:
    return RegisterEntryAdded(list_name="instruments", key=new.code)


def _topic(new: Topic) -> Fact:
    return RegisterEntryAdded(list_name="topics", key=f"{new.scheme}/{new.code}")


def _mapping(new: TopicMapping) -> Fact:
    key = f"{new.from_topic.scheme}/{new.from_topic.code} {new.relation} {new.to_topic.code}"
    return RegisterEntryAdded(list_name="topic-mappings", key=key)


def _group(new: CountryGroup) -> Fact:
    return RegisterEntryAdded(list_name="country-groups", key=new.code)


def _standing(new: Standing) -> Fact:
    key = f"{new.organisation}/{new.status}"
    return RegisterEntryAdded(list_name="organisation-statuses", key=key)
