"""The training service put together; loaded by its command line, tools and tests only."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

from contracts.participants.facts import PersonErased, PersonMerged, PersonMergeUndone
from contracts.programmes.facts import ParticipationChanged, ProgrammeChanged
from kit.auth import TokenSigner
from kit.db.unit import Unit
from kit.facts import Fact
from kit.feed.follow import Follower, Handler, HttpFeedSource
from kit.feed.serve import feed_router
from kit.http import Upstream
from kit.service import Service
from training.api import (
    batch,
    calendars,
    certificates,
    evaluations,
    events,
    experts,
    jobs,
    nominations,
    presence,
    reach,
    seats,
    subscriptions,
    totals,
)
from training.commands.jobs import keep_working
from training.config import Config
from training.consumers.participants import (
    on_person_erased,
    on_person_merge_undone,
    on_person_merged,
)
from training.consumers.participation import on_participation_changed
from training.consumers.programmes import on_programme_changed
from training.load import load
from training.storage.constraints import CONSTRAINTS

_PROGRAMMES: Final[Mapping[type[Fact], Handler]] = {
    ProgrammeChanged: on_programme_changed,
    ParticipationChanged: on_participation_changed,
}
_PARTICIPANTS: Final[Mapping[type[Fact], Handler]] = {
    PersonErased: on_person_erased,
    PersonMerged: on_person_merged,
    PersonMergeUndone: on_person_merge_undone,
}


async def followers(config: Config, unit: Unit, stack: AsyncExitStack) -> Sequence[Follower]:
    """Follow programmes, on which events hang, and participants: who is one, who was erased."""
    signer = TokenSigner.from_file(config.key_file)
    found = []
    for name, url, handlers in (
        ("programmes", config.programmes_url, _PROGRAMMES),
        ("participants", config.participants_url, _PARTICIPANTS),
    ):
        upstream = Upstream(name, url)
        stack.push_async_callback(upstream.close)
        client = await stack.enter_async_context(upstream.client())
        source = HttpFeedSource(name, client, signer, unit.clock)
        found.append(Follower(source, unit, handlers))
    return found


SERVICE: Final = Service(
    package="training",
    description="Training events, series, nominations, attendance and head-count reports.",
    config=Config,
    routers=[
        events.router,
        nominations.router,
        presence.router,
        seats.router,
        batch.router,
        jobs.router,
        totals.router,
        reach.router,
        calendars.router,
        subscriptions.router,
        certificates.router,
        evaluations.router,
        experts.router,
        feed_router("training"),
    ],
    constraints=CONSTRAINTS,
    followers=followers,
    load=load,
    loops=lambda unit, _config: [partial(keep_working, unit)],
)
