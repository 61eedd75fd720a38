"""The participants service put together; loaded by its command line, tools and tests only."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

from kit.auth import TokenSigner
from kit.db.unit import Unit
from kit.feed.follow import Follower, HttpFeedSource
from kit.feed.serve import feed_router
from kit.http import Upstream
from kit.service import Service
from participants.api import (
    advances,
    claims,
    duplicates,
    identities,
    per_diems,
    persons,
    protection,
    rate_sets,
    settlement_jobs,
    settlements,
    totals,
    trips,
)
from participants.commands.chain import keep_linking
from participants.commands.settlement_jobs import keep_settling
from participants.commands.tallying import keep_summing_up
from participants.config import Config
from participants.consumers import programmes, training
from participants.load import load
from participants.operating import TASKS
from participants.storage.constraints import CONSTRAINTS


async def followers(config: Config, unit: Unit, stack: AsyncExitStack) -> Sequence[Follower]:
    """Follow training, whose seats become trips, and programmes, which have rules and money."""
    signer = TokenSigner.from_file(config.key_file)
    found = []
    for name, url, handlers in (
        ("programmes", config.programmes_url, programmes.HANDLERS),
        ("training", config.training_url, training.HANDLERS),
    ):
        upstream = Upstream(name, url)
        stack.push_async_callback(upstream.close)
        client = await stack.enter_async_context(upstream.client())
        source = HttpFeedSource(name, client, signer, unit.clock)
        found.append(Follower(source, unit, handlers))
    return found


SERVICE: Final = Service(
    package="participants",
    description="Persons under pseudonyms, trips, and per diems explained line by line.",
    config=Config,
    routers=[
        persons.router,
        identities.router,
        protection.router,
        claims.router,
        duplicates.router,
        advances.router,
        settlements.router,
        settlement_jobs.router,
        trips.router,
        rate_sets.router,
        per_diems.router,
        totals.router,
        feed_router("participants"),
    ],
    constraints=CONSTRAINTS,
    followers=followers,
    load=load,
    loops=lambda unit, config: [
        partial(keep_linking, unit, config.notary),
        partial(keep_settling, unit),
        partial(keep_summing_up, unit),
    ],
    tasks=TASKS,
)
