"""The programmes service put together; imported by nobody but `__main__`, tools and tests."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

from contracts.participants.facts import PerDiemEstimated, TripCancelled
from kit.auth import TokenSigner
from kit.db.unit import Unit
from kit.facts import Fact
from kit.feed.follow import Follower, Handler, HttpFeedSource
from kit.feed.serve import feed_router
from kit.http import Upstream
from kit.service import Service
from programmes.api import (
    budget_lines,
    budgets,
    cooperation,
    iati,
    ledger,
    parts,
    programmes,
    rates,
    registers,
)
from programmes.config import Config
from programmes.consumers.participants import on_per_diem_estimated, on_trip_cancelled
from programmes.load import load
from programmes.storage.constraints import CONSTRAINTS


async def followers(config: Config, unit: Unit, stack: AsyncExitStack) -> Sequence[Follower]:
    """Follow the participants service: its trips ask for money."""
    upstream = Upstream("participants", config.participants_url)
    stack.push_async_callback(upstream.close)
    client = await stack.enter_async_context(upstream.client())
    signer = TokenSigner.from_file(config.key_file)
    source = HttpFeedSource("participants", client, signer, unit.clock)
    handlers: dict[type[Fact], Handler] = {
        PerDiemEstimated: on_per_diem_estimated,
        TripCancelled: on_trip_cancelled,
    }
    return [Follower(source, unit, handlers)]


SERVICE: Final = Service(
    package="programmes",
    description="Programmes, partners, published budget figures, budget lines and commitments.",
    config=Config,
    routers=[
        programmes.router,
        parts.router,
        budget_lines.router,
        ledger.router,
        budgets.router,
        rates.router,
        rates.files,
        iati.router,
        *cooperation.ROUTERS,
        registers.router,
        feed_router("programmes"),
    ],
    constraints=CONSTRAINTS,
    followers=followers,
    load=load,
)
