"""Filling the registers that every caller may read."""

from collections.abc import Callable
from uuid import UUID

from contracts.programmes.facts import RegisterEntryAdded
from kit.auth import Caller
from kit.db.unit import Unit
from kit.ids import uuid7
from programmes.domain.register import CountryGroup, Instrument, Standing, Topic, TopicMapping
from programmes.storage import registers


async def register_instrument(
    unit: Unit,
    make: Callable[[UUID], Instrument],
    *,
    by: Caller,  # noqa: ARG001 (the scope decides; every command says who asks)
) -> Instrument:
    """Let a financing instrument be named; refused if its code is taken."""
    async with unit.begin() as tx:
        new = make(uuid7(tx.now))
        await registers.add(tx, new)
        tx.tell(RegisterEntryAdded(list_name="instruments", key=new.code), about=new)
        return tx.result(new)


async def register_topic(
    unit: Unit,
    make: Callable[[UUID], Topic],
    *,
    by: Caller,  # noqa: ARG001 (the scope decides; every command says who asks)
) -> Topic:
    """Let a topic be named in its scheme; refused if its code is taken there."""
    async with unit.begin() as tx:
        new = make(uuid7(tx.now))
        await registers.add(tx, new)
        tx.tell(RegisterEntryAdded(list_name="topics", key=f"{new.scheme}/{new.code}"), about=new)
        return tx.result(new)


async def map_topics(
    unit: Unit,
    make: Callable[[UUID], TopicMapping],
    *,
    by: Caller,  # noqa: ARG001 (the scope decides; every command says who asks)
) -> TopicMapping:
    """Say what a topic is to one of another scheme; refused if one is unknown or it is said."""
    async with unit.begin() as tx:
        new = make(uuid7(tx.now))
        await registers.add_mapping(tx, new)
        key = f"{new.from_topic.scheme}/{new.from_topic.code} {new.relation} {new.to_topic.code}"
        tx.tell(RegisterEntryAdded(list_name="topic-mappings", key=key), about=new)
        return tx.result(new)


async def register_country_group(
    unit: Unit,
    make: Callable[[UUID], CountryGroup],
    *,
    by: Caller,  # noqa: ARG001 (the scope decides; every command says who asks)
) -> CountryGroup:
    """Let a group of countries be named; refused if its code is taken."""
    async with unit.begin() as tx:
        new = make(uuid7(tx.now))
        await registers.add(tx, new)
        tx.tell(RegisterEntryAdded(list_name="country-groups", key=new.code), about=new)
        return tx.result(new)


async def give_standing(
    unit: Unit,
    make: Callable[[UUID], Standing],
    *,
    by: Caller,  # noqa: ARG001 (the scope decides; every command says who asks)
) -> Standing:
    """Say that an organisation has a status from a date on; refused if it is unknown or said."""
    async with unit.begin() as tx:
        new = make(uuid7(tx.now))
        await registers.add(tx, new)
        key = f"{new.organisation}/{new.status}"
        tx.tell(RegisterEntryAdded(list_name="organisation-statuses", key=key), about=new)
        return tx.result(new)
