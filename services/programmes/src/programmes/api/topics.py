"""Routes of open registers: topics, instruments, country groups, standings of organisations."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from kit.once import Once
from kit.problems import problems
from kit.reply import Listing, unless_known
from kit.route import StrictRoute
from programmes.api import requests_cooperation as bodies
from programmes.api import wire_cooperation as wire
from programmes.commands import registers as commands
from programmes.context import Reader, UnitDep, Writer, ready
from programmes.domain import errors
from programmes.domain.register import EntryTaken, NoSuchEntry
from programmes.queries import topics as queries

router = APIRouter(prefix="/v1", route_class=StrictRoute, tags=["registers"])
EntryCode = Annotated[str, Path(max_length=40, description="Code of the entry.")]
Scheme = Annotated[
    str | None, Query(max_length=60, description="One list of topics.", examples=["eap-bilateral"])
]
Group = Annotated[int | None, Query(ge=1, le=100, description="A group of the scheme.")]
Word = Annotated[
    str | None,
    Query(min_length=2, max_length=100, description="A word of title, text or keywords."),
]


@router.get("/codelists/topics", operation_id="list_topics", response_model=Listing[wire.Topic])
async def list_topics(
    _caller: Reader,
    unit: UnitDep,
    *,
    scheme: Scheme = None,
    group: Group = None,
    q: Word = None,
) -> Response:
    """List topics in the order of their source, with what they are to topics of other schemes."""
    return ready(await queries.topics(unit, scheme=scheme, q=q, group=group))


@router.post(
    "/topics",
    status_code=201,
    operation_id="register_topic",
    response_model=wire.NewTopic,
    responses=problems(EntryTaken),
)
async def register_topic(new: bodies.NewTopic, caller: Writer, once: Once) -> Response:
    """Register a topic, so that it can be led, planned and excluded."""
    return await once(
        lambda unit: commands.register_topic(unit, new.topic, by=caller), wire.NewTopic.of
    )


@router.post(
    "/topic-mappings",
    status_code=201,
    operation_id="map_topics",
    response_model=wire.TopicMapping,
    responses=problems(EntryTaken, NoSuchEntry),
)
async def map_topics(new: bodies.NewTopicMapping, caller: Writer, once: Once) -> Response:
    """Say what a topic is to a topic of another scheme."""
    return await once(
        lambda unit: commands.map_topics(unit, new.mapping, by=caller), wire.TopicMapping.of
    )


@router.get(
    "/instruments", operation_id="list_instruments", response_model=Listing[wire.Instrument]
)
async def list_instruments(caller: Reader, unit: UnitDep) -> Response:
    """List the financing instruments, by code."""
    return ready(await queries.instruments(unit, by=caller))


@router.post(
    "/instruments",
    status_code=201,
    operation_id="register_instrument",
    response_model=wire.Instrument,
    responses=problems(EntryTaken, NoSuchEntry, errors.DatesInvalid),
)
async def register_instrument(new: bodies.NewInstrument, caller: Writer, once: Once) -> Response:
    """Register a financing instrument."""
    return await once(
        lambda unit: commands.register_instrument(unit, new.instrument, by=caller),
        wire.Instrument.of,
        location=lambda made: f"/v1/instruments/{made.code}",
    )


@router.get(
    "/instruments/{entry}",
    operation_id="instrument",
    response_model=wire.Instrument,
    responses=problems(NoSuchEntry),
)
async def instrument(request: Request, entry: EntryCode, caller: Reader, unit: UnitDep) -> Response:
    """Read an instrument: its legal basis, its period, and the one it replaces."""
    body, tag = await queries.instrument_of(unit, entry, by=caller)
    return unless_known(request, body.encode(), tag)


@router.get(
    "/country-groups",
    operation_id="list_country_groups",
    response_model=Listing[wire.CountryGroup],
)
async def list_country_groups(caller: Reader, unit: UnitDep) -> Response:
    """List the groups of countries, by code."""
    return ready(await queries.country_groups(unit, by=caller))


@router.post(
    "/country-groups",
    status_code=201,
    operation_id="register_country_group",
    response_model=wire.CountryGroup,
    responses=problems(EntryTaken),
)
async def register_country_group(
    new: bodies.NewCountryGroup, caller: Writer, once: Once
) -> Response:
    """Register a group of countries with the members a source names."""
    return await once(
        lambda unit: commands.register_country_group(unit, new.group, by=caller),
        wire.CountryGroup.of,
        location=lambda made: f"/v1/country-groups/{made.code}",
    )


@router.get(
    "/country-groups/{entry}",
    operation_id="country_group",
    response_model=wire.CountryGroup,
    responses=problems(NoSuchEntry),
)
async def country_group(
    request: Request, entry: EntryCode, caller: Reader, unit: UnitDep
) -> Response:
    """Read a group: the number of countries a source states, its regions, the members named."""
    body, tag = await queries.country_group_of(unit, entry, by=caller)
    return unless_known(request, body.encode(), tag)


@router.post(
    "/organisations/{entry}/statuses",
    status_code=201,
    operation_id="give_organisation_status",
    response_model=wire.Standing,
    responses=problems(errors.NoSuchOrganisation, EntryTaken, errors.DatesInvalid),
)
async def give_status(
    entry: EntryCode, new: bodies.NewStanding, caller: Writer, once: Once
) -> Response:
    """Say that an organisation has a status, such as mandated_body, from a date on."""
    return await once(
        lambda unit: commands.give_standing(
            unit, lambda new_id: new.standing(new_id, entry), by=caller
        ),
        wire.Standing.of,
    )
